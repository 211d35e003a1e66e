#include "json.h"

#include <string.h>

#include "utf8.h"

static void write_string(struct json *j, const char *text) {
    size_t left = strlen(text);
    out_raw(j->out, "\"", 1);
    while (left > 0) {
        uint32_t c;
        char escape[8];
        size_t n = utf8_next(text, left, &c);
        if (n == 0) {
            out_raw(j->out, "\xEF\xBF\xBD", 3);
            n = 1;
        } else if (c == '"' || c == '\\') {
            escape[0] = '\\';
            escape[1] = (char)c;
            out_raw(j->out, escape, 2);
        } else if (c < 0x20 || c == 0x7F) {
            int e = snprintf(escape, sizeof escape, "\\u%04x", (unsigned)c);
            out_raw(j->out, escape, e > 0 ? (size_t)e : 0);
        } else {
            out_raw(j->out, text, n);
        }
        text += n;
        left -= n;
    }
    out_raw(j->out, "\"", 1);
}

static void begin_member(struct json *j, const char *key) {
    if (!j->first) {
        out_raw(j->out, ",", 1);
    }
    j->first = false;
    if (key != NULL) {
        write_string(j, key);
        out_raw(j->out, ":", 1);
    }
}

void json_open(struct json *j, const char *key, char bracket) {
    begin_member(j, key);
    out_raw(j->out, &bracket, 1);
    j->first = true;
}

void json_close(struct json *j, char bracket) {
    out_raw(j->out, &bracket, 1);
    j->first = false;
}

void json_end_line(struct json *j) {
    out_raw(j->out, "\n", 1);
    out_flush(j->out);
    j->first = true;
}

void json_text(struct json *j, const char *key, const char *text) {
    if (text != NULL) {
        begin_member(j, key);
        write_string(j, text);
    }
}

void json_number(struct json *j, const char *key, int32_t number) {
    char digits[16];
    int n = snprintf(digits, sizeof digits, "%ld", (long)number);
    begin_member(j, key);
    out_raw(j->out, digits, n > 0 ? (size_t)n : 0);
}

void json_bool(struct json *j, const char *key, bool yes) {
    begin_member(j, key);
    out_raw(j->out, yes ? "true" : "false", yes ? 4 : 5);
}
