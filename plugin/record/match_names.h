/* How two names, and two readings, agree. */
#ifndef RECORD_MATCH_NAMES_H
#define RECORD_MATCH_NAMES_H

#include <stdbool.h>
#include <stddef.h>

enum name_match {
    NAME_UNKNOWN, /* one is missing, nothing but ●, or written in another script */
    NAME_NO,
    NAME_GAPS,    /* the same where neither has ● */
    NAME_ORDER,   /* the same words in another order: foreign names */
    NAME_VARIANT, /* the same but for variant characters, or hiragana and katakana */
    NAME_YES
};

enum kana_match {
    KANA_UNKNOWN,
    KANA_NO,
    KANA_LONG,  /* the same but for long vowels (ー ウ オ) and ヂヅヲ */
    KANA_SMALL, /* the same but for small and large letters */
    KANA_YES
};

enum name_match match_name(const char *a, const char *b);
enum kana_match match_kana(const char *a, const char *b);
/* True when the last words are the same and the first ones are not: another family name. Of kana, or with
 * `kanji` of names; without spaces to go by the ends are compared, three letters at least. */
bool match_given(const char *a, const char *b, bool kanji);

#endif
