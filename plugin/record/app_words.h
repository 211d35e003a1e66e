/* The table of words from the inside: what the reader of the app's text looks up. */
#ifndef RECORD_APP_WORDS_H
#define RECORD_APP_WORDS_H

#include "app.h"
#include "fields.h"

enum app_kind { APP_KIND_NONE, APP_INSURANCE, APP_AID }; /* 医療保険, 医療扶助 */
#define APP_KINDS 3
const char *app_kind_name(enum app_kind kind); /* "", "医療保険", "医療扶助" */

/* A heading or key in its plain form with its terminator; longer is unknown. */
#define APP_NAME_MAX 96
/* A name's plain form without the colon behind it; false and "" for none and for one that is too long. */
bool app_name_read(const char *p, size_t n, char out[APP_NAME_MAX]);
/* Takes "(医療保険)" or "(医療扶助)" off the end. */
enum app_kind app_name_take_kind(char *name);

enum app_word_type { APP_SECTION, APP_HEADING, APP_KEY, APP_VALUE, APP_BEGINNING, APP_DATE };

struct app_word {
    enum app_word_type type;
    const char *scope; /* section of a key, path of a value; else "" */
    const char *word;  /* in its plain form */
    const char *means; /* section of a heading, value of a value; else "" */
    enum app_kind kind;
    struct field_ref ref; /* of a key; field null: known and without a place */
    uint32_t word_hash, scope_hash;
    size_t next; /* of the table: another word of the same bucket, counted from 1; 0: none */
};

/* Null: unknown. `word` plain. */
const struct app_word *app_words_find(const struct app_words *words, enum app_word_type type,
                                      const char *scope, const char *word);
/* True for a key of any section. */
bool app_words_know_key(const struct app_words *words, const char *name);
/* A scope that is asked for often. */
struct app_scope {
    const char *name;
    uint32_t hash;
};
uint32_t app_words_hash(const char *text);
/* The key as the first of n scopes has it that has it at all; null: none has. *known: as app_words_know_key. */
const struct app_word *app_words_find_key(const struct app_words *words,
                                          const struct app_scope *scopes, size_t n,
                                          const char *name, bool *known);
/* The index-th word of a type, from 0; null behind the last. */
const struct app_word *app_words_at(const struct app_words *words, enum app_word_type type,
                                    size_t index);

#endif
