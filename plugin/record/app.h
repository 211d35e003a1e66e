/* The text that the official app copies. Its format is not published: what is uncertain is in tables
 * (app_words.def) that a clinic can extend. */
#ifndef RECORD_APP_H
#define RECORD_APP_H

#include "record.h"

#define APP_TEXT_MAX ((size_t)256 * 1024)

/* Headings, keys, value words and notations the reader knows. */
struct app_words;
struct app_words *app_words_new(void); /* the built-in ones; null: out of memory */
void app_words_free(struct app_words **words);
/* Adds one; a word that is there already gets the new meaning. SHK_E_ARGUMENT when the section or path
 * does not exist or the word is empty, SHK_E_MEMORY.
 * section     "資格情報", "裏面記載情報", "高齢受給者証", "限度額適用認定証", … as fields.def and
 *             app_words.def name them; for keys also with the kind of record behind, as in
 *             "資格情報(医療扶助)"; "" for the place before every heading.
 * record_kind "", "医療保険" or "医療扶助". A heading with such a kind in brackets behind it is known when it
 *             is known without. */
int32_t app_words_add_heading(struct app_words *words, const char *heading, const char *section,
                              const char *record_kind);
int32_t app_words_add_key(struct app_words *words, const char *section, const char *key,
                          const char *path);
/* `value` in the source's form of OQS: "020", "1", "A03", "20240801"; "" for a word that means nothing is
 * there. SHK_E_ARGUMENT also for a value that the path cannot hold. */
int32_t app_words_add_value(struct app_words *words, const char *path, const char *word,
                            const char *value);
/* A key or heading that is known and has no place in a record: not drift. A heading stands in section
 * ""; what stands below it is passed over. */
int32_t app_words_add_ignored(struct app_words *words, const char *section, const char *key);
/* A heading or key that a text may begin with. */
int32_t app_words_add_beginning(struct app_words *words, const char *beginning);
/* A notation of dates besides those of when.h, in the letters of when_judge. */
int32_t app_words_add_date(struct app_words *words, const char *notation);

/* True when the text begins as a copied text does (byte order marks and blank lines passed over). */
bool app_is_text(const char *p, size_t n, const struct app_words *words);

/* One copied text holds one person's records (医療保険 and 医療扶助 apart), several texts one after the
 * other hold several persons: the length of the first one. Where items between two of them may be of
 * either it does not divide, and app_read refuses both. */
size_t app_first_length(const char *p, size_t n, const struct app_words *words);

/* The line ends in a piece of text: what is to be added to the number of its first line for the next. */
int32_t app_line_count(const char *p, size_t n);

/* Reads one copied text, UTF-8, whose first line has the number first_line. What it does not understand is
 * drift with line and key. SHK_E_APP_TEXT, SHK_E_APP_INCOMPLETE, SHK_E_APP_CONTRADICTION, SHK_E_APP_VALUE (an
 * impossible date and the like), SHK_E_APP_UNREAD (what must be understood and is not), each with line and
 * key in `where`; SHK_E_XML_ENCODING (also a character that was lost on its way, U+FFFD),
 * SHK_E_FILE_TOO_LARGE. */
int32_t app_read(const char *p, size_t n, int32_t first_line, const struct app_words *words,
                 struct record_set **out, struct fault *why);

#endif
