/* Asks the host's database for patients. */
#include <string.h>

#include "sql_host.h"

/* "elderly__valid_from" and "elderly.valid_from". */
static int is_path(const char *name, size_t n, const char *path) {
    size_t i = 0;
    for (; i < n && *path != '\0'; path++) {
        int dot = *path == '.';
        if (dot ? (n - i < 2 || name[i] != '_' || name[i + 1] != '_') : name[i] != *path) {
            return 0;
        }
        i += dot ? 2 : 1;
    }
    return i == n && *path == '\0';
}

struct question {
    const shk_field *asked;
    uint32_t asked_n;
    int some; /* something is asked for at all */
};

/* What the answer does not say is NULL, as in the host's own rows. */
static const char *value_of(void *who, const char *name, size_t n, int *known) {
    struct question *q = who;
    *known = 1;
    for (uint32_t i = 0; i < q->asked_n; i++) {
        if (is_path(name, n, q->asked[i].to)) {
            q->some = q->some || (q->asked[i].value != NULL && q->asked[i].value[0] != '\0');
            return q->asked[i].value;
        }
    }
    return NULL;
}

struct answer {
    shk_host *h;
    shk_patient_found found;
    void *who;
    int named;       /* a row had an id */
    int32_t stopped; /* what `found` said */
};

static void write_path(char out[ODBC_NAME_ROOM], const char *name) {
    size_t n = 0;
    for (const char *p = name; *p != '\0' && n + 1 < ODBC_NAME_ROOM; p++) {
        int dot = p[0] == '_' && p[1] == '_';
        out[n++] = *p;
        if (dot) {
            out[n - 1] = '.';
            p++;
        }
    }
    out[n] = '\0';
}

/* A column that is NULL is one that the host does not know. */
static int32_t take_row(void *who, const char *const *names, const char *const *values,
                        uint32_t n) {
    struct answer *a = who;
    char paths[ODBC_COLUMNS_MAX][ODBC_NAME_ROOM];
    shk_field fields[ODBC_COLUMNS_MAX];
    const char *id = NULL;
    uint32_t fields_n = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (strcmp(names[i], "id") == 0) {
            id = values[i];
        } else if (values[i] != NULL) {
            write_path(paths[fields_n], names[i]);
            fields[fields_n].to = paths[fields_n];
            fields[fields_n++].value = values[i];
        }
    }
    if (id == NULL || id[0] == '\0') {
        return SHK_E_HOST_ANSWER;
    }
    a->stopped = a->found(a->who, id, fields, fields_n);
    return a->stopped == 0 ? SHK_OK : a->stopped;
}

int32_t SHK_CALL sql_find_patients(shk_host *h, const shk_field *asked, uint32_t asked_n,
                                   shk_patient_found found, void *who) {
    struct question q = {asked, asked_n, 0};
    struct answer a = {.h = h, .found = found, .who = who};
    struct sql_bound bound;
    if (h->set.find[0] == '\0') {
        return SHK_E_ABSENT; /* nobody said how to ask: documents are still written */
    }
    int32_t rc = sql_bind(h->set.find, value_of, &q, &bound);
    if (rc != SHK_OK) {
        return sql_fail(h, rc, "find");
    }
    /* Nothing equals NULL: such a question would be answered with nobody. */
    if (!q.some && bound.n > 0) {
        rc = sql_fail(h, SHK_E_ARGUMENT, "find");
    }
    rc = rc == SHK_OK ? sql_connect(h) : rc;
    if (rc == SHK_OK) {
        rc = odbc_read(h->odbc, bound.text, bound.values, bound.n, take_row, &a);
        if (rc != SHK_OK && a.stopped == 0) {
            int own = rc == SHK_E_HOST_ANSWER || rc == SHK_E_MEMORY;
            rc = own ? sql_fail(h, rc, "find") : sql_fail_driver(h, rc, "find");
            if (rc == SHK_E_HOST_UNREACHABLE) {
                odbc_disconnect(h->odbc);
            }
        }
    }
    sql_bound_clear(&bound);
    return rc;
}
