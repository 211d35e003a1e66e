/* Reading one table of a contract key by key; whatever is wrong raises SHK_E_SCRIPT_CONTRACT with the
 * text's name, the line and the key. */
#ifndef MAPPING_CONTRACT_KEYS_H
#define MAPPING_CONTRACT_KEYS_H

#include <lua.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdnoreturn.h>

#include "contract_texts.h"
#include "encoder.h"

#define CONTRACT_NAME_MAX 200 /* bytes of a name, a word or a path */

struct key_reader {
    lua_State *L;
    struct contract_texts *texts;
    int table, kept;                /* stack places: the table being read, the values to keep */
    const struct key_reader *outer; /* whose `fields` has this table; null: the whole */
    int32_t number;                 /* there, from 1 */
    const char *to;                 /* of the row, once known */
    struct encoder *encoder;        /* once known */
    uint64_t there;                 /* a bit for each key of the table; see keys_open */
};

/* Goes over the table's keys once, so that most of those that are not there need no look. */
void keys_open(struct key_reader *r);

/* The path of the table in its text: "fields[3]"; "" is the whole. */
size_t keys_place(const struct key_reader *r, char *out, size_t cap);
/* "script.lua:7 BURDEN as"; a row without a name is called by its number. */
noreturn void keys_complain(const struct key_reader *r, const char *key);

/* Pushes the value of a key and returns its type. */
int keys_push(const struct key_reader *r, const char *key);
/* Moves the value on the top into the table of kept values and returns its place there. */
int keys_keep(const struct key_reader *r);
bool keys_has(const struct key_reader *r, const char *key);

/* The text of a key, kept; null when the key is not there. */
const char *keys_text(const struct key_reader *r, const char *key, size_t max);
const char *keys_need_text(const struct key_reader *r, const char *key, size_t max);
/* The text on the top of the stack, kept and popped; anything else than a usable text is a complaint. */
const char *keys_top_text(const struct key_reader *r, const char *key, size_t max);
/* The function of a key, kept: its place, 0 when the key is not there. */
int keys_function(const struct key_reader *r, const char *key);
/* One of a few words; the first is the usual one. Returns its number. */
size_t keys_choice(const struct key_reader *r, const char *key, const char *const *words);
bool keys_flag(const struct key_reader *r, const char *key, bool usual);
int32_t keys_number(const struct key_reader *r, const char *key, int32_t usual, int32_t least,
                    int32_t most);

/* No other keys than these, and none of these. */
void keys_check(const struct key_reader *r, const char *const *keys);
void keys_refuse(const struct key_reader *r, const char *const *keys);
/* True when the document's encoding has every character. */
bool keys_encodable(const struct key_reader *r, const char *text);
/* Entries of the list on the top of the stack; anything but a list without gaps is a complaint. */
size_t keys_list(const struct key_reader *r, const char *key, size_t most);

#endif
