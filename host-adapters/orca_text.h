/* Texts of ORCA: its full width, and comparing what only differs in how it is written. */
#ifndef HOST_ADAPTERS_ORCA_TEXT_H
#define HOST_ADAPTERS_ORCA_TEXT_H

#include <stddef.h>
#include <stdint.h>

#define ORCA_TEXT_MAX 512 /* bytes of any value with the terminator */

void orca_wipe(void *p, size_t n);
/* 1 when it fits; else out is "". */
int orca_copy(char *out, size_t cap, const char *text);

/* Half-width kana (with its marks joined), letters, digits and spaces in full width, as ORCA keeps
 * names. 1; 0 for bad UTF-8 or no room: out is "" then. */
int orca_widen(const char *text, char *out, size_t cap);

/* Names: width, case, spaces, long marks, small kana do not count; ■ ● 〓 of either side stand for
 * any one character. Two empty ones are the same. */
int orca_same_name(const char *a, const char *b);
/* 記号, 番号, 保険者番号: as names without the wildcards; zeros in front do not count. */
int orca_same_number(const char *a, const char *b);

/* Where the part after the first space begins (full or half width), null without one. */
const char *orca_second_part(const char *name, size_t *first_len);
/* Bytes of the beginning of a kana word that everybody writes alike: up to where a small letter or a
 * long mark might stand for a large one, at least one character. */
size_t orca_sure_kana(const char *kana);
/* 1 when it has a mark for a missing character or one of a private area. */
int orca_has_missing(const char *name);

#endif
