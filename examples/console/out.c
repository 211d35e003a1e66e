#include "out.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "platform.h"
#include "utf8.h"

void out_init(struct out *out, FILE *stream) {
    const char *no_color = platform_variable("NO_COLOR");
    bool refused = no_color != NULL && no_color[0] != '\0';
    out->stream = stream;
    out->broken = false;
    out->gone = false;
    out->color = !refused && platform_shows_colors(stream);
}

static void note_broken(struct out *out) {
    out->broken = true;
    out->gone = errno == EPIPE;
}

void out_raw(struct out *out, const char *text, size_t n) {
    if (!out->broken && n > 0 && !platform_write(out->stream, text, n)) {
        note_broken(out);
    }
}

static bool is_control(uint32_t c) {
    /* Direction overrides would show a name in another order than it has. */
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069);
}

void out_text(struct out *out, const char *text, bool lines) {
    size_t left = strlen(text);
    while (left > 0) {
        uint32_t c;
        size_t n = utf8_next(text, left, &c);
        bool newline = lines && (c == '\n' || c == '\t') && n == 1;
        bool ending = lines && left > 1 && text[0] == '\r' && text[1] == '\n';
        if (n == 0 || (is_control(c) && !newline && !ending)) {
            out_raw(out, "\xEF\xBF\xBD", 3);
        } else if (!ending) {
            out_raw(out, text, n);
        }
        n = n == 0 ? 1 : n;
        text += n;
        left -= n;
    }
}

void out_style(struct out *out, enum style style) {
    static const char *const codes[] = {"\x1B[0m",    "\x1B[1m",    "\x1B[2m",
                                        "\x1B[1;32m", "\x1B[1;33m", "\x1B[1;31m"};
    if (out->color) {
        out_raw(out, codes[style], strlen(codes[style]));
    }
}

void out_line(struct out *out, enum style style, const char *text) {
    if (style != STYLE_PLAIN) {
        out_style(out, style);
    }
    out_text(out, text, false);
    if (style != STYLE_PLAIN) {
        out_style(out, STYLE_PLAIN);
    }
    out_raw(out, "\n", 1);
    out_flush(out);
}

void out_spaces(struct out *out, int n) {
    for (; n > 0; n--) {
        out_raw(out, " ", 1);
    }
}

void out_flush(struct out *out) {
    if (!out->broken && fflush(out->stream) != 0) {
        note_broken(out);
    }
}

void out_tell_lost(const struct out *out, bool english) {
    struct out err;
    out_init(&err, stderr);
    if (out->broken && !out->gone) {
        out_line(&err, STYLE_BAD,
                 english
                     ? "The output could not be written; is the disk full?"
                     : "結果を書き出せませんでした。出力先とディスクの空きを確かめてください。");
    }
}
