/* A clinic's own words for the reader of the official app's text, from a Lua file. */
#ifndef MAPPING_APP_WORDS_LOAD_H
#define MAPPING_APP_WORDS_LOAD_H

#include "app.h"
#include "env.h"

/* Adds the words of the file (docs/app-text.md). SHK_E_CONFIG_FILE, SHK_E_CONFIG_SYNTAX,
 * SHK_E_CONFIG_VALUE (`where` is "file.lua:line name"), SHK_E_MEMORY; with a fault some of the words may
 * have been added. */
int32_t app_words_load(const char *path, const struct env *env, struct app_words *words,
                       struct fault *why);
/* The same from the file's text; `name` for `where`. */
int32_t app_words_take(const char *name, const uint8_t *text, size_t n, struct app_words *words,
                       struct fault *why);

#endif
