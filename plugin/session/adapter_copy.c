#include "adapter_copy.h"

#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "text.h"

/* Run twice: first to count, then to fill. */
struct copier {
    uint8_t *block; /* null: counting */
    size_t used;
};

static void *take(struct copier *c, size_t n, size_t align) {
    c->used += (align - c->used % align) % align;
    void *at = c->block != NULL ? c->block + c->used : NULL;
    c->used += n;
    return at;
}

static const uint8_t *put(struct copier *c, const void *p, size_t n) {
    uint8_t *at = take(c, n + 1, 1);
    if (at != NULL) {
        if (n > 0) {
            memcpy(at, p, n);
        }
        at[n] = 0;
    }
    return at;
}

static const char *put_text(struct copier *c, const char *text) {
    const char *from = text != NULL ? text : "";
    return (const char *)put(c, from, strlen(from));
}

static void *put_array(struct copier *c, size_t n, size_t size) {
    return take(c, (n + 1) * size, sizeof(void *));
}

/* A value that is absent in a database is not an empty one. */
static shk_field *put_fields(struct copier *c, const shk_field *fields, uint32_t n) {
    shk_field *out = put_array(c, n, sizeof *out);
    for (uint32_t i = 0; i < n; i++) {
        const char *to = put_text(c, fields[i].to);
        const char *value = fields[i].value != NULL ? put_text(c, fields[i].value) : NULL;
        if (out != NULL) {
            out[i] = (shk_field){to, value};
        }
    }
    return out;
}

static shk_setting *put_settings(struct copier *c, const shk_setting *settings, uint32_t n) {
    shk_setting *out = put_array(c, n, sizeof *out);
    for (uint32_t i = 0; i < n; i++) {
        const char *key = put_text(c, settings[i].key);
        const char *value = put_text(c, settings[i].value);
        if (out != NULL) {
            out[i] = (shk_setting){key, value};
        }
    }
    return out;
}

static const char **put_statements(struct copier *c, const char *const *statements, uint32_t n) {
    const char **out = put_array(c, n, sizeof *out);
    for (uint32_t i = 0; i < n; i++) {
        const char *text = put_text(c, statements[i]);
        if (out != NULL) {
            out[i] = text;
        }
    }
    return out;
}

static const int32_t *put_numbers(struct copier *c, const int32_t *numbers, uint32_t n) {
    int32_t *out = numbers != NULL ? take(c, n * sizeof *out, sizeof *out) : NULL;
    if (out != NULL && n > 0) {
        memcpy(out, numbers, n * sizeof *out);
    }
    return out;
}

static void put_delivery(struct copier *c, const shk_delivery *d, shk_delivery *out) {
    *out = *d;
    out->struct_size = sizeof *out;
    out->abi = SHK_ADAPTER_ABI;
    out->id = put_text(c, d->id);
    out->script = put_text(c, d->script);
    out->format = put_text(c, d->format);
    out->encoding = put_text(c, d->encoding);
    out->file_name = put_text(c, d->file_name);
    out->head = put(c, d->head, d->head_len);
    out->body = put(c, d->body, d->body_len);
    out->fields = put_fields(c, d->fields, d->fields_n);
    out->statements = put_statements(c, d->statements, d->statements_n);
    out->statement_rows = put_numbers(c, d->statement_rows, d->statements_n);
    out->patient = put_text(c, d->patient);
    out->note = put_text(c, d->note);
}

static bool reserve(struct copied *out, struct copier *c) {
    out->size = c->used + 1;
    out->block = malloc(out->size);
    *c = (struct copier){.block = out->block};
    return out->block != NULL;
}

void copied_clear(struct copied *c) {
    if (c->block != NULL) {
        memory_wipe(c->block, c->size);
    }
    free(c->block);
    *c = (struct copied){0};
}

int32_t copied_settings(struct copied *out, const shk_setting *settings, uint32_t n) {
    struct copier c = {0};
    *out = (struct copied){0};
    (void)put_settings(&c, settings, n);
    if (!reserve(out, &c)) {
        return SHK_E_MEMORY;
    }
    out->settings = put_settings(&c, settings, n);
    out->n = n;
    return SHK_OK;
}

int32_t copied_fields(struct copied *out, const char *id, const shk_field *fields, uint32_t n) {
    struct copier c = {0};
    *out = (struct copied){0};
    (void)put_fields(&c, fields, n);
    (void)put_text(&c, id);
    if (!reserve(out, &c)) {
        return SHK_E_MEMORY;
    }
    out->fields = put_fields(&c, fields, n);
    out->id = put_text(&c, id);
    out->n = n;
    return SHK_OK;
}

int32_t copied_delivery(struct copied *out, const shk_delivery *d) {
    struct copier c = {0};
    shk_delivery counted;
    *out = (struct copied){0};
    put_delivery(&c, d, &counted);
    if (!reserve(out, &c)) {
        return SHK_E_MEMORY;
    }
    put_delivery(&c, d, &out->delivery);
    return SHK_OK;
}

/* The length of a text that ends within `cap`, else cap; looks no further. */
static size_t bounded_length(const char *text, size_t cap) {
    const char *end = memchr(text, '\0', cap);
    return end != NULL ? (size_t)(end - text) : cap;
}

/* The length up to which a text is UTF-8 without control characters (C1 ones included). */
static size_t clean_length(const char *text, size_t n) {
    size_t at = 0;
    while (at < n) {
        uint32_t code = 0;
        size_t step = utf8_decode(text + at, n - at, &code);
        if (step == 0 || code < 0x20 || (code >= 0x7F && code < 0xA0)) {
            break;
        }
        at += step;
    }
    return at;
}

static bool is_clean(const char *text, size_t cap, size_t *size) {
    if (text == NULL) {
        return false;
    }
    size_t n = bounded_length(text, cap);
    *size += n + 1;
    return n < cap && clean_length(text, n) == n;
}

bool patient_usable(const char *id, const shk_field *values, uint32_t n, size_t *size) {
    *size = sizeof(struct copied);
    if (!is_clean(id, PATIENT_ID_MAX, size) || id[0] == '\0' || n > PATIENT_VALUES_MAX ||
        (values == NULL && n > 0)) {
        return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        *size += sizeof values[i];
        if (!is_clean(values[i].to, PATIENT_KEY_MAX, size) || values[i].to[0] == '\0' ||
            !is_clean(values[i].value, PATIENT_VALUE_MAX, size)) {
            return false;
        }
    }
    return true;
}

void receipt_text(char *text, size_t cap) {
    size_t n = bounded_length(text, cap - 1);
    size_t clean = clean_length(text, n);
    memset(text + clean, 0, cap - clean);
}
