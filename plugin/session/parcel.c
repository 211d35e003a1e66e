#include "parcel.h"

#include <stdlib.h>
#include <string.h>

#define MARK    "SHKP"
#define VERSION 1u
/* More than a document can be; a longer one was never written by us. */
#define PIECE_MAX     ((size_t)80 * 1024 * 1024)
#define FIELD_MAX     ((size_t)UINT16_MAX)
#define STATEMENT_MAX ((size_t)64)

static int32_t put_number(struct bytes *out, uint64_t number) {
    uint8_t raw[8];
    for (size_t i = 0; i < sizeof raw; i++) {
        raw[i] = (uint8_t)(number >> (8 * i));
    }
    return bytes_append(out, raw, sizeof raw);
}

static int32_t put_piece(struct bytes *out, const void *p, size_t n) {
    int32_t rc = put_number(out, n);
    return rc == SHK_OK && n > 0 ? bytes_append(out, p, n) : rc;
}

static int32_t put_text(struct bytes *out, const char *text) {
    return put_piece(out, text, strlen(text));
}

/* A value that is absent in the host's database is not an empty one. */
static int32_t put_fields(struct bytes *out, const struct mapping_result *d) {
    int32_t rc = put_number(out, d->fields_n);
    for (size_t i = 0; rc == SHK_OK && i < d->fields_n; i++) {
        bool there = d->fields[i].value != NULL;
        rc = put_text(out, d->fields[i].to);
        rc = rc == SHK_OK ? put_number(out, there ? 1 : 0) : rc;
        rc = rc == SHK_OK ? put_text(out, there ? d->fields[i].value : "") : rc;
    }
    return rc;
}

static int32_t put_statements(struct bytes *out, const struct mapping_result *d) {
    int32_t rc = put_number(out, d->statements_n);
    for (size_t i = 0; rc == SHK_OK && i < d->statements_n; i++) {
        rc = put_text(out, d->statements[i]);
        rc = rc == SHK_OK ? put_number(out, (uint64_t)((int64_t)d->statement_rows[i])) : rc;
    }
    return rc;
}

static int32_t put_document(struct bytes *out, const struct mapping_result *d) {
    int32_t rc = put_text(out, d->id);
    rc = rc == SHK_OK ? put_text(out, d->format) : rc;
    rc = rc == SHK_OK ? put_text(out, d->encoding) : rc;
    rc = rc == SHK_OK ? put_text(out, d->file_name) : rc;
    rc = rc == SHK_OK ? put_piece(out, d->head.p, d->head.n) : rc;
    rc = rc == SHK_OK ? put_piece(out, d->body.p, d->body.n) : rc;
    rc = rc == SHK_OK ? put_piece(out, d->plain.p, d->plain.n) : rc;
    rc = rc == SHK_OK ? put_number(out, d->whole ? 1 : 0) : rc;
    rc = rc == SHK_OK ? put_number(out, (uint64_t)d->losses) : rc;
    rc = rc == SHK_OK ? put_fields(out, d) : rc;
    return rc == SHK_OK ? put_statements(out, d) : rc;
}

int32_t parcel_write(const struct parcel *parcel, struct bytes *out) {
    const struct mapping_result *d = parcel->document;
    if (d->fields_n > FIELD_MAX || d->statements_n > STATEMENT_MAX) {
        return SHK_E_FIELD_TOO_LONG;
    }
    int32_t rc = bytes_append_text(out, MARK);
    rc = rc == SHK_OK ? put_number(out, VERSION) : rc;
    rc = rc == SHK_OK ? put_text(out, parcel->patient) : rc;
    rc = rc == SHK_OK ? put_number(out, (uint64_t)parcel->grade) : rc;
    rc = rc == SHK_OK ? put_number(out, parcel->confirmed ? 1 : 0) : rc;
    rc = rc == SHK_OK ? put_text(out, parcel->script) : rc;
    rc = rc == SHK_OK ? put_text(out, parcel->pack) : rc;
    rc = rc == SHK_OK ? put_text(out, parcel->version) : rc;
    rc = rc == SHK_OK ? put_number(out, parcel->pack_signed ? 1 : 0) : rc;
    rc = rc == SHK_OK ? put_text(out, parcel->reasons) : rc;
    rc = rc == SHK_OK ? put_text(out, parcel->taken) : rc;
    return rc == SHK_OK ? put_document(out, parcel->document) : rc;
}

/* What is left to read; `bad` once something does not fit, and stays. */
struct reader {
    const uint8_t *p;
    size_t n;
    bool bad, full;
};

static uint64_t take_number(struct reader *r) {
    uint64_t number = 0;
    if (r->bad || r->n < 8) {
        r->bad = true;
        return 0;
    }
    for (size_t i = 0; i < 8; i++) {
        number |= (uint64_t)r->p[i] << (8 * i);
    }
    r->p += 8;
    r->n -= 8;
    return number;
}

/* One thing is written in one way only. */
static bool take_flag(struct reader *r) {
    uint64_t number = take_number(r);
    r->bad = r->bad || number > 1;
    return !r->bad && number == 1;
}

static const char *take_piece(struct reader *r, size_t *n) {
    uint64_t len = take_number(r);
    *n = 0;
    if (r->bad || len > PIECE_MAX || len > r->n) {
        r->bad = true;
        return "";
    }
    const char *p = (const char *)r->p;
    *n = (size_t)len;
    r->p += *n;
    r->n -= *n;
    return p;
}

static void take_text(struct reader *r, char *out, size_t cap) {
    size_t n = 0;
    const char *p = take_piece(r, &n);
    if (n >= cap || (n > 0 && memchr(p, 0, n) != NULL)) {
        r->bad = true;
        n = 0;
    }
    (void)text_copy_n(out, cap, p, n);
}

static void take_bytes(struct reader *r, struct bytes *out) {
    size_t n = 0;
    const char *p = take_piece(r, &n);
    if (!r->bad && n > 0 && bytes_append(out, p, n) != SHK_OK) {
        r->bad = r->full = true;
    }
}

/* Where a text stands in the document's own; it grows meanwhile, so an offset and not a pointer. */
static size_t keep_text(struct reader *r, struct bytes *text) {
    size_t n = 0, at = text->n;
    const char *p = take_piece(r, &n);
    r->bad = r->bad || (n > 0 && memchr(p, 0, n) != NULL);
    if (!r->bad && (bytes_append(text, p, n) != SHK_OK || bytes_append_byte(text, 0) != SHK_OK)) {
        r->bad = r->full = true;
    }
    return at;
}

/* Where the texts of fields and statements stand, until no more are added. */
struct place {
    size_t to, value;
    bool there;
};

struct places {
    struct place *field;
    size_t *statement;
    size_t fields_n, statements_n;
};

static size_t take_count(struct reader *r, size_t most) {
    uint64_t n = take_number(r);
    if (r->bad || n > most) {
        r->bad = true;
        return 0;
    }
    return (size_t)n;
}

static bool no_memory(struct reader *r) {
    r->bad = r->full = true;
    return false;
}

static bool take_fields(struct reader *r, struct mapping_result *d, struct places *places) {
    size_t n = take_count(r, FIELD_MAX);
    places->field = calloc(n + 1, sizeof *places->field);
    d->fields = calloc(n + 1, sizeof *d->fields);
    if (places->field == NULL || d->fields == NULL) {
        return no_memory(r);
    }
    places->fields_n = n;
    for (size_t i = 0; i < n; i++) {
        places->field[i].to = keep_text(r, &d->text);
        places->field[i].there = take_flag(r);
        places->field[i].value = keep_text(r, &d->text);
        r->bad = r->bad || (!places->field[i].there && d->text.n != places->field[i].value + 1);
    }
    return !r->bad;
}

static bool take_statements(struct reader *r, struct mapping_result *d, struct places *places) {
    size_t n = take_count(r, STATEMENT_MAX);
    places->statement = calloc(n + 1, sizeof *places->statement);
    d->statements = calloc(n + 1, sizeof *d->statements);
    d->statement_rows = calloc(n + 1, sizeof *d->statement_rows);
    if (places->statement == NULL || d->statements == NULL || d->statement_rows == NULL) {
        return no_memory(r);
    }
    places->statements_n = n;
    for (size_t i = 0; i < n; i++) {
        places->statement[i] = keep_text(r, &d->text);
        int64_t rows = (int64_t)take_number(r);
        r->bad = r->bad || rows < INT32_MIN || rows > INT32_MAX;
        d->statement_rows[i] = r->bad ? 0 : (int32_t)rows;
    }
    return !r->bad;
}

static void point(struct mapping_result *d, const struct places *places) {
    const char *text = bytes_text(&d->text);
    for (size_t i = 0; i < places->fields_n; i++) {
        const struct place *place = &places->field[i];
        d->fields[i].to = text + place->to;
        d->fields[i].value = place->there ? text + place->value : NULL;
    }
    for (size_t i = 0; i < places->statements_n; i++) {
        d->statements[i] = text + places->statement[i];
    }
    d->fields_n = places->fields_n;
    d->statements_n = places->statements_n;
}

static void take_texts(struct reader *r, struct mapping_result *d) {
    struct places places = {0};
    if (take_fields(r, d, &places) && take_statements(r, d, &places)) {
        point(d, &places);
    }
    free(places.field);
    free(places.statement);
}

static void take_document(struct reader *r, struct mapping_result *d) {
    take_text(r, d->id, sizeof d->id);
    take_text(r, d->format, sizeof d->format);
    take_text(r, d->encoding, sizeof d->encoding);
    take_text(r, d->file_name, sizeof d->file_name);
    take_bytes(r, &d->head);
    take_bytes(r, &d->body);
    take_bytes(r, &d->plain);
    d->whole = take_flag(r);
    uint64_t losses = take_number(r);
    r->bad = r->bad || losses > INT32_MAX;
    d->losses = r->bad ? 0 : (int32_t)losses;
    take_texts(r, d);
}

static void take_head(struct reader *r, struct parcel *out) {
    take_text(r, out->patient, sizeof out->patient);
    uint64_t grade = take_number(r);
    r->bad = r->bad || grade > MATCH_NEW;
    out->grade = r->bad ? MATCH_NONE : (enum match_grade)grade;
    out->confirmed = take_flag(r);
    take_text(r, out->script, sizeof out->script);
    take_text(r, out->pack, sizeof out->pack);
    take_text(r, out->version, sizeof out->version);
    out->pack_signed = take_flag(r);
    take_text(r, out->reasons, sizeof out->reasons);
    take_text(r, out->taken, sizeof out->taken);
}

int32_t parcel_read(const uint8_t *p, size_t n, struct parcel *out) {
    const size_t mark = sizeof MARK - 1;
    *out = (struct parcel){0};
    if (n < mark || memcmp(p, MARK, mark) != 0) {
        return SHK_E_STORE_BROKEN;
    }
    struct reader r = {p + mark, n - mark, false, false};
    uint64_t version = take_number(&r);
    if (!r.bad && version != VERSION) {
        return version > VERSION ? SHK_E_STORE_NEWER : SHK_E_STORE_BROKEN;
    }
    out->document = calloc(1, sizeof *out->document);
    if (out->document == NULL) {
        return SHK_E_MEMORY;
    }
    take_head(&r, out);
    take_document(&r, out->document);
    if (r.bad || r.n > 0) {
        parcel_clear(out);
        return r.full ? SHK_E_MEMORY : SHK_E_STORE_BROKEN;
    }
    return SHK_OK;
}

void parcel_clear(struct parcel *parcel) {
    mapping_result_free(&parcel->document);
    memory_wipe(parcel, sizeof *parcel);
}
