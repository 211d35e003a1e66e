/* The sql adapter with a database that answers what the input says. Two bytes for reply_host, one for the settings and
 * what is done; then a byte for each call of ODBC (odbc_desk.c). An input that has ended is a good database. */
#include <string.h>

#include "odbc_desk.h"
#include "registry.h"

#define ATTEMPTS   3
#define STATEMENTS 2

static int32_t open_host(uint8_t how, shk_host **h) {
    const shk_setting all[] = {
        {"connection", "Driver=none"},
        {"wide", how & 2 ? "yes" : "no"},
        {"make_id_table", how & 4 ? "no" : "yes"},
        {"find", "select id, name, elderly__valid_from from p where n = :name"}};
    int32_t rc = adapter_sql.open(&reply_host.table, all, sizeof all / sizeof all[0], h);
    fuzz_must((rc == SHK_OK) == (*h != NULL), "an open without a handle");
    fuzz_should(rc == SHK_OK, "good settings");
    return rc;
}

/* All of it or nothing, and never twice. */
static void judge_truth(int32_t rc) {
    const struct odbc_rows *r = &odbc_desk.lasting;
    if (!odbc_desk.lied) {
        fuzz_must(r->writes == (r->known ? STATEMENTS : 0), "not written once and whole");
        fuzz_must(rc != SHK_OK || r->known, "a success without a row");
    }
    fuzz_must(rc != SHK_OK || odbc_desk.committed || odbc_desk.told, "a success that nobody said");
    fuzz_must(rc == SHK_OK || reply_host.said != 0, "a fault that was not said");
}

static int32_t deliver_once(shk_host *h, uint8_t how) {
    static const char *const statements[] = {"insert into t (name, d) values (:name, :delivery_id)",
                                             "update p set n = :name where i = :none"};
    static const shk_field fields[] = {{"name", "見本 太郎"}, {"none", NULL}};
    static const int32_t rows[] = {1, 1};
    static shk_receipt receipt;
    const shk_delivery d = {.struct_size = sizeof d,
                            .abi = SHK_ADAPTER_ABI,
                            .id = ODBC_ID,
                            .format = "sql",
                            .encoding = "utf-8",
                            .fields = fields,
                            .fields_n = 2,
                            .statements = statements,
                            .statements_n = STATEMENTS,
                            .statement_rows = how & 8 ? rows : NULL,
                            .attempt = 1,
                            .patient = "",
                            .note = ""};
    receipt = (shk_receipt){.struct_size = sizeof receipt, .abi = SHK_ADAPTER_ABI};
    reply_host_call();
    odbc_desk_call();
    fuzz_faults(true);
    int32_t rc = adapter_sql.deliver(h, &d, &receipt);
    fuzz_faults(false);
    return rc;
}

static int32_t SHK_CALL hear(void *who, const char *id, const shk_field *values, uint32_t n) {
    int32_t *heard = who;
    fuzz_must(id != NULL && id[0] != '\0' && n <= 64, "a patient without a number");
    for (uint32_t i = 0; i < n; i++) {
        fuzz_must(values[i].to != NULL && values[i].value != NULL, "a value that is none");
    }
    ++*heard;
    return SHK_OK;
}

static void find_once(shk_host *h) {
    static const shk_field asked[] = {{"name", "見本 太郎"}};
    int32_t heard = 0;
    reply_host_call();
    odbc_desk_call();
    fuzz_faults(true);
    int32_t rc = adapter_sql.find_patients(h, asked, 1, hear, &heard);
    fuzz_faults(false);
    fuzz_must(rc != SHK_OK || (odbc_desk.ended && heard == odbc_desk.rows),
              "a search that was cut short");
    fuzz_must(rc == SHK_OK || reply_host.said != 0, "a fault that was not said");
}

static void run(shk_host **h, uint8_t how) {
    int32_t rc = SHK_E_HOST_BUSY;
    for (int i = 0; i < ATTEMPTS && rc != SHK_OK; i++) {
        if (how & 1) {
            find_once(*h);
        } else {
            rc = deliver_once(*h, how);
        }
    }
    adapter_sql.close(h);
    if (!(how & 1)) {
        judge_truth(rc);
    }
}

void fuzz_one(const uint8_t *p, size_t n) {
    shk_host *h = NULL;
    fuzz_faults(false);
    reply_host_begin(p, n);
    reply_host.table.library_open = odbc_desk_open;
    reply_host.table.library_find = odbc_desk_find;
    uint8_t how = fuzz_byte(&reply_host.in);
    odbc_desk = (struct odbc_desk){.lasting = {.table = how & 16}};
    fuzz_faults(true);
    int32_t rc = open_host(how, &h);
    fuzz_faults(false);
    if (rc == SHK_OK) {
        run(&h, how);
    }
    fuzz_must(odbc_desk.env == 0 && odbc_desk.connections == 0 && odbc_desk.statements == 0 &&
                  !odbc_desk.connected,
              "a handle that was not freed");
    fuzz_faults(true);
}
