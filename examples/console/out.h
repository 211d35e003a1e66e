/* One stream that knows whether it has colours and whether its reader has gone. */
#ifndef CONSOLE_OUT_H
#define CONSOLE_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum style { STYLE_PLAIN, STYLE_BOLD, STYLE_DIM, STYLE_GOOD, STYLE_WARN, STYLE_BAD };

struct out {
    FILE *stream;
    bool color;
    bool broken; /* a write failed; nothing more is written */
    bool gone;   /* because the reader had left, who does not care */
};

/* Colours on a terminal only, and not with NO_COLOR. */
void out_init(struct out *out, FILE *stream);
void out_raw(struct out *out, const char *text, size_t n);
/* Text from elsewhere: control characters cannot reach the terminal; newlines pass when `lines`. */
void out_text(struct out *out, const char *text, bool lines);
void out_style(struct out *out, enum style style);
/* The text in that style, a newline, and out to the reader. */
void out_line(struct out *out, enum style style, const char *text);
void out_spaces(struct out *out, int n);
void out_flush(struct out *out);
/* Says on stderr that what was to be read is lost. */
void out_tell_lost(const struct out *out, bool english);

#endif
