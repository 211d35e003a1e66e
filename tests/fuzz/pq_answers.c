/* The answers of a server: any status, types, cells and tags. */
#include <stdlib.h>
#include <string.h>

#include "pq_world.h"

#define FIELDS_MOST 40
#define ROWS_MOST   4

struct cell {
    bool null;
    int length;
    char *p;
};

struct pg_result {
    ExecStatusType status;
    char state[8], tag[32];
    int rows, fields;
    Oid type[FIELDS_MOST];
    struct cell cell[ROWS_MOST][FIELDS_MOST];
};

static const struct pg_result *result_of(const PGresult *result) {
    return (const struct pg_result *)result;
}

static void read_cells(struct pg_result *r) {
    static const Oid types[] = {16, 17, 20, 21, 23, 25, 26, 1700};
    r->fields = (int)fuzz_below(&pq_now->in, 6);
    r->fields = r->fields == 5 ? FIELDS_MOST : r->fields;
    r->rows = (int)fuzz_below(&pq_now->in, ROWS_MOST + 1);
    for (int i = 0; i < r->fields; i++) {
        uint8_t which = fuzz_byte(&pq_now->in);
        r->type[i] = which < 128 ? types[which % 8] : which * 7u;
    }
    for (int i = 0; i < r->rows * r->fields; i++) {
        struct cell *c = &r->cell[i / r->fields][i % r->fields];
        uint8_t length = fuzz_byte(&pq_now->in);
        struct fuzz_input bytes = fuzz_bytes(&pq_now->in, length % 32);
        c->null = length == 0xFF;
        c->length = c->null ? 0 : (int)bytes.n;
        c->p = calloc(1, bytes.n + 1);
        fuzz_must(c->p != NULL, "world: memory");
        if (bytes.n > 0) {
            memcpy(c->p, bytes.p, bytes.n);
        }
    }
}

static PGresult *get_result(PGconn *conn) {
    static const ExecStatusType statuses[] = {
        PGRES_TUPLES_OK, PGRES_COMMAND_OK,  PGRES_FATAL_ERROR,    PGRES_BAD_RESPONSE,
        PGRES_COPY_OUT,  PGRES_EMPTY_QUERY, PGRES_NONFATAL_ERROR, PGRES_SINGLE_TUPLE};
    uint8_t how = pq_step();
    if (((struct pg_conn *)conn)->answers-- <= 0 || pq_now->lost) {
        return NULL;
    }
    fuzz_faults(false);
    struct pg_result *r = calloc(1, sizeof *r);
    fuzz_must(r != NULL, "world: memory");
    r->status = statuses[how % 8];
    pq_now->error = pq_now->error || how % 8 > 1;
    if (r->status == PGRES_TUPLES_OK) {
        read_cells(r);
    } else {
        (void)fuzz_text(&pq_now->in, r->state, sizeof r->state);
        (void)fuzz_text(&pq_now->in, r->tag, sizeof r->tag);
    }
    pq_now->committed = strcmp(r->tag, "COMMIT") == 0;
    pq_now->results++;
    fuzz_faults(true);
    return (PGresult *)r;
}

static void clear(PGresult *result) {
    struct pg_result *r = (struct pg_result *)result;
    if (r == NULL) {
        return;
    }
    for (int i = 0; i < r->rows * r->fields; i++) {
        free(r->cell[i / r->fields][i % r->fields].p);
    }
    free(r);
    pq_now->results--;
}

static ExecStatusType result_status(const PGresult *result) {
    return result_of(result)->status;
}

static char *result_error_field(const PGresult *result, int field) {
    (void)field;
    return result_of(result)->state[0] != '\0' ? (char *)result_of(result)->state : NULL;
}

static int ntuples(const PGresult *result) {
    return result_of(result)->rows;
}

static int nfields(const PGresult *result) {
    return result_of(result)->fields;
}

static Oid ftype(const PGresult *result, int column) {
    return result_of(result)->type[column];
}

static int getisnull(const PGresult *result, int row, int column) {
    return result_of(result)->cell[row][column].null;
}

static int getlength(const PGresult *result, int row, int column) {
    return result_of(result)->cell[row][column].length;
}

static char *getvalue(const PGresult *result, int row, int column) {
    return result_of(result)->cell[row][column].p;
}

static char *tag_of(PGresult *result) {
    return ((struct pg_result *)result)->tag;
}

void pq_answers_fill(struct pq *out) {
    out->get_result = get_result;
    out->clear = clear;
    out->result_status = result_status;
    out->result_error_field = result_error_field;
    out->ntuples = ntuples;
    out->nfields = nfields;
    out->ftype = ftype;
    out->getisnull = getisnull;
    out->getlength = getlength;
    out->getvalue = getvalue;
    out->cmd_tuples = tag_of;
    out->cmd_status = tag_of;
}
