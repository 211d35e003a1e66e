/* Short texts that the folder adapters put together, bounded. */
#ifndef HOST_ADAPTERS_FOLDER_TEXT_H
#define HOST_ADAPTERS_FOLDER_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* Text in a buffer of `cap` bytes, always terminated; what does not fit makes it `cap` long. */
struct line {
    char *p;
    size_t cap, n;
};

void line_text_n(struct line *line, const char *text, size_t n);
void line_text(struct line *line, const char *text);
/* At least `digits` digits; not negative. */
void line_number(struct line *line, int64_t number, size_t digits);
/* yyyyMMddHHmmss in Japan. */
void line_time(struct line *line, int64_t time_s);
int line_fits(const struct line *line);

/* 16 hexadecimal digits that stand for an id. */
void text_id_hex(const char *id, char out[17]);
/* 1 when equal but for the case of Latin letters. */
int text_same_name(const char *a, const char *b);
/* Bytes with patients' data are wiped; the compiler must not see that nobody reads them again. */
void text_wipe(void *p, size_t n);

#endif
