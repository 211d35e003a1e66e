#include "pack_new_source.h"

#include <stdlib.h>
#include <string.h>

#include "charset.h"
#include "contract_keys.h"

int32_t pack_new_source_fault(const struct pack_new_sample *sample, int64_t line,
                              const char *reason, struct fault *why) {
    char where[160];
    text_format(where, sizeof where, "%s:%lld %s", sample->name, (long long)line, reason);
    return fault_set(why, SHK_E_PACK_SOURCE, SHK_NATIVE_NONE, 0, where);
}

static bool is_control(char c) {
    return (uint8_t)c < 0x20 || c == 0x7F;
}

const char *pack_to_problem(const char *to, bool cp932) {
    size_t n = strlen(to);
    for (size_t i = 0; i < n; i++) {
        if (is_control(to[i])) {
            return "改行や制御文字があります";
        }
    }
    if (n == 0) {
        return "見出しがありません";
    }
    if (n > CONTRACT_NAME_MAX) {
        return "名前が長すぎます";
    }
    if (strstr(to, "[]") != NULL) {
        return "[] を含む名前は使えません"; /* it stands for a group's entries */
    }
    return cp932 && !cp932_has(to, n) ? "出力できない文字があります" : NULL;
}

static struct pack_column *room_for_one(struct pack_new_source *source) {
    if (source->n == source->cap) {
        size_t cap = source->cap > 0 ? 2 * source->cap : 64;
        struct pack_column *more = realloc(source->columns, cap * sizeof *more);
        if (more == NULL) {
            return NULL;
        }
        source->columns = more;
        source->cap = cap;
    }
    source->columns[source->n] = (struct pack_column){0};
    return &source->columns[source->n];
}

int32_t pack_new_source_add(struct pack_new_source *source, const char *to, const char *names,
                            struct pack_column **column) {
    *column = room_for_one(source);
    if (*column == NULL) {
        return SHK_E_MEMORY;
    }
    source->n++;
    (*column)->to = text_dup(to);
    (*column)->names = text_dup(names);
    return (*column)->to != NULL && (*column)->names != NULL ? SHK_OK : SHK_E_MEMORY;
}

void pack_new_source_clear(struct pack_new_source *source) {
    for (size_t i = 0; i < source->n; i++) {
        free(source->columns[i].to);
        free(source->columns[i].names);
        free(source->columns[i].constant);
    }
    free(source->columns);
    free(source->root);
    free(source->leaf.name);
    free(source->leaf.value);
    free(source->group.name);
    free(source->group.value);
    *source = (struct pack_new_source){0};
}

void pack_new_source_look(const struct pack_new_sample *sample, struct pack_new_source *out) {
    static const uint8_t mark[] = {0xEF, 0xBB, 0xBF};
    out->bom = sample->n >= sizeof mark && memcmp(sample->p, mark, sizeof mark) == 0;
    out->ascii = true;
    out->cr = sample->n > 0 && sample->p[sample->n - 1] == '\r';
    for (size_t i = 0; i < sample->n; i++) {
        bool after_cr = i > 0 && sample->p[i - 1] == '\r';
        out->ascii = out->ascii && sample->p[i] < 0x80;
        out->crlf = out->crlf || (sample->p[i] == '\n' && after_cr);
        out->lf = out->lf || (sample->p[i] == '\n' && !after_cr);
        out->cr = out->cr || (sample->p[i] != '\n' && after_cr);
    }
}
