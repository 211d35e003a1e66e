/* Reading one table of a contract key by key; whatever is wrong raises SHK_E_SCRIPT_CONTRACT with the
 * line and the key. */
#ifndef MAPPING_CONTRACT_KEYS_H
#define MAPPING_CONTRACT_KEYS_H

#include <lua.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdnoreturn.h>

#include "source_map.h"

#define CONTRACT_NAME_MAX 100 /* bytes of a name, a word or a path */

struct key_reader {
    lua_State *L;
    const struct source_map *map;
    int table, kept; /* stack places: the table being read, the values to keep */
    int32_t row;     /* 0: the outer table */
    const char *to;  /* of the row, once known */
};

/* The line of a key of this table; "" is the table itself. */
int32_t keys_line(const struct key_reader *r, const char *key);
/* "script.lua:7 BURDEN as"; a row without a name is called by its number. */
noreturn void keys_complain(const struct key_reader *r, const char *key);

/* Pushes the value of a key and returns its type. */
int keys_push(const struct key_reader *r, const char *key);
/* Moves the value on the top into the table of kept values. */
void keys_keep(const struct key_reader *r);
bool keys_has(const struct key_reader *r, const char *key);

/* The text of a key, kept; null when the key is not there. */
const char *keys_text(const struct key_reader *r, const char *key, size_t max);
const char *keys_need_text(const struct key_reader *r, const char *key, size_t max);
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

#endif
