/* The table in the host's database that says which deliveries lie there. */
#include <string.h>

#include "sql_host.h"

#define TEXT_ROOM (SQL_TABLE_MAX + 128)

/* The name of the table was checked with the settings: nothing else is put into a statement's text. */
static const char *statement(const shk_host *h, const char *before, const char *behind,
                             char out[TEXT_ROOM]) {
    const char *const parts[] = {before, h->set.id_table, behind};
    size_t n = 0;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        size_t len = strlen(parts[i]);
        memcpy(out + n, parts[i], len);
        n += len;
    }
    out[n] = '\0';
    return out;
}

struct sought {
    const char *id;
    int *there;
};

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* A column of another type gives it in capitals, or with blanks behind it. */
static int is_id(const char *said, const char *id) {
    for (; *id != '\0' && lower(*said) == lower(*id); id++) {
        said++;
    }
    return *id == '\0' && said[strspn(said, " ")] == '\0';
}

/* A row that was not asked for says nothing of this delivery. */
static int32_t note_there(void *who, const char *const *names, const char *const *values,
                          uint32_t n) {
    const struct sought *sought = who;
    (void)names;
    (void)n;
    *sought->there = values[0] != NULL && is_id(values[0], sought->id);
    return *sought->there ? SHK_OK : SHK_E_HOST_ANSWER;
}

static int32_t look(shk_host *h, const char *id, int *there) {
    char text[TEXT_ROOM];
    struct sought sought = {id, there};
    *there = 0;
    return odbc_read(h->odbc,
                     statement(h, "SELECT delivery_id FROM ", " WHERE delivery_id = ?", text), &id,
                     1, note_there, &sought);
}

/* Faults that a new table would not help. */
static int is_of_the_host(int32_t rc) {
    return rc == SHK_E_HOST_UNREACHABLE || rc == SHK_E_HOST_BUSY || rc == SHK_E_HOST_LOGIN ||
           rc == SHK_E_MEMORY;
}

int32_t ledger_find(shk_host *h, const char *id, int *there) {
    char text[TEXT_ROOM];
    int32_t rc = look(h, id, there);
    if (rc == SHK_OK || is_of_the_host(rc)) {
        return rc == SHK_OK ? rc : sql_fail_driver(h, rc, "id_table");
    }
    if (h->set.make_id_table) {
        /* Another machine may be making it at this moment, so only the second look counts. */
        (void)odbc_run(h->odbc,
                       statement(h, "CREATE TABLE ",
                                 " (delivery_id VARCHAR(40) NOT NULL PRIMARY KEY,"
                                 " delivered_at VARCHAR(20))",
                                 text),
                       NULL, 0, NULL);
        rc = look(h, id, there);
    }
    return rc == SHK_OK ? rc : sql_fail_driver(h, rc, "id_table");
}

static void digits(char *to, int64_t value, int n) {
    while (n-- > 0) {
        to[n] = (char)('0' + value % 10);
        value /= 10;
    }
}

/* "2025-06-02T09:15:30Z", so that rows of years ago can be told and removed. */
static void write_time(int64_t ms, char out[21]) {
    int64_t seconds = ms / 1000, days = seconds / 86400, clock = seconds % 86400;
    /* Days since 1 March of year 0, in eras of 400 years. */
    int64_t z = days + 719468, era = z / 146097, doe = z % 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    int64_t month = mp < 10 ? mp + 3 : mp - 9, year = yoe + era * 400 + (month <= 2 ? 1 : 0);
    memcpy(out, "0000-00-00T00:00:00Z", 21);
    digits(out, year, 4);
    digits(out + 5, month, 2);
    digits(out + 8, doy - (153 * mp + 2) / 5 + 1, 2);
    digits(out + 11, clock / 3600, 2);
    digits(out + 14, clock / 60 % 60, 2);
    digits(out + 17, clock % 60, 2);
}

int32_t ledger_add(shk_host *h, const char *id) {
    char text[TEXT_ROOM], now[21];
    write_time(h->sv->now_ms(h->sv->self), now);
    const char *const values[] = {id, now};
    return odbc_run(
        h->odbc, statement(h, "INSERT INTO ", " (delivery_id, delivered_at) VALUES (?, ?)", text),
        values, 2, NULL);
}
