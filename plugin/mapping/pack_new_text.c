#include <string.h>

#include "pack_new_write.h"

static void put_n(struct pack_new_text *text, const char *p, size_t n) {
    if (text->rc == SHK_OK) {
        text->rc = bytes_append(text->out, p, n);
    }
}

void pack_put(struct pack_new_text *text, const char *p) {
    put_n(text, p, strlen(p));
}

void pack_put_number(struct pack_new_text *text, int64_t number) {
    char digits[24];
    text_format(digits, sizeof digits, "%lld", (long long)number);
    pack_put(text, digits);
}

void pack_put_quoted(struct pack_new_text *text, const char *p) {
    char escape[8];
    pack_put(text, "\"");
    for (; *p != '\0'; p++) {
        uint8_t c = (uint8_t)*p;
        if (c == '"' || c == '\\') {
            pack_put(text, "\\");
        }
        if (c < 0x20 || c == 0x7F) {
            text_format(escape, sizeof escape, "\\%03d", (int)c);
            pack_put(text, escape);
        } else {
            put_n(text, p, 1);
        }
    }
    pack_put(text, "\"");
}

void pack_put_cell(struct pack_new_text *text, const char *p) {
    for (; *p != '\0'; p++) {
        uint8_t c = (uint8_t)*p;
        if (c < 0x20 || c == 0x7F) {
            pack_put(text, " ");
        } else {
            pack_put(text, strchr("|\\`*_<>[]&#", *p) != NULL ? "\\" : "");
            put_n(text, p, 1);
        }
    }
}

static void remark(struct pack_new_text *text, bool *any, const char *words) {
    pack_put(text, *any ? "; " : "");
    pack_put(text, words);
    *any = true;
}

void pack_put_remarks(struct pack_new_text *text, const struct pack_draft *draft, size_t column) {
    const struct pack_choice *choice = &draft->choices[column];
    const struct pack_form *form = &draft->source->columns[column].form;
    bool any = false;
    if (draft->source->columns[column].constant != NULL) {
        remark(text, &any, "見本のまま / as in the sample");
    } else if (choice->from[0] == '\0') {
        remark(text, &any, "要確認 / not guessed");
    } else if (!choice->sure) {
        remark(text, &any, "推測 / guess");
    }
    if (choice->form_guessed) {
        remark(text, &any, "書き方は推測 / form guessed");
    }
    if (choice->misfit) {
        remark(text, &any, "見本の値は別の形 / the sample's values look different");
    }
    if (choice->helpless) {
        remark(text, &any, "見本の書き方にする変換がない / no helper writes the sample's form");
    }
    if (form->longest > 0) {
        remark(text, &any, "見本で最長 ");
        pack_put_number(text, (int64_t)form->longest);
        pack_put(text, " バイト / bytes");
    }
}
