/* A bulk run over the real disk and a service in a folder; waiting costs no time. */
#ifndef UNIT_BULK_STAGE_H
#define UNIT_BULK_STAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bulk.h"
#include "clock_fake.h"
#include "route_fake.h"
#include "temp_folder.h"

#define COLUMNS                                                                                               \
    "return { id = \"患者番号\", columns = { insurer_number = \"保険者番号\", symbol = \"記号\", " \
    "number = \"番号\", branch_number = \"枝番\", birth_date = \"生年月日\", name = \"氏名\" },\n"  \
    "reference_number = \"患者番号\" }\n"
#define HEADING "患者番号,氏名,生年月日,保険者番号,記号,番号,枝番\n"

/* The calls of the file seam, counted; one of them can be the last thing this process does. */
enum bulk_death { DIES_NEVER, DIES_BEFORE, DIES_TORN, DIES_AFTER };

struct bulk_stage {
    struct temp_folder input, out, server;
    struct route_fake service;
    struct clock_fake clock;
    struct env env;
    struct bulk_world world;
    struct bulk_job job;
    struct bulk_progress last;
    struct fault why;
    char table[96], columns[96];
    bool stop;
    int32_t stop_after; /* questions about stopping until it says yes; 0 never */
    uint32_t told;      /* progress */
    uint64_t most_done;
    int64_t told_ms[64];
    int64_t slept_ms;
    int32_t calls;  /* of files and service */
    int32_t die_at; /* this call, from 1 */
    enum bulk_death death;
    int32_t fail_at; /* this call of the files, from 1, fails with fail_code */
    int32_t fail_code;
    int32_t file_calls;
};

extern struct bulk_stage stage;

int bulk_stage_set_up(void **state);
int bulk_stage_tear_down(void **state);

void bulk_table_is(const char *content);
void bulk_columns_are(const char *content);
/* `symbols` in rows with numbers from 1: "same", "moved" and what route_fake.c knows. */
void bulk_people_are(const char *const *symbols, size_t n);
int32_t bulk_stage_run(void);
/* The same in another process, which may die in the middle. Its exit code: 0 it ended with SHK_OK,
 * 1 with a fault, BULK_DIED. */
#define BULK_DIED 42
int bulk_stage_run_apart(void);
/* A file of the result folder; valid until the next call for the same name. "" when it is not there. */
const char *bulk_stage_file(const char *name);
/* The n-th line of results.jsonl, from 1; "" when there is none. Valid until the next call. */
const char *bulk_stage_line(size_t n);
void expect_in(const char *text, const char *part);
void expect_not_in(const char *text, const char *part);
void bulk_stage_empty(void); /* results and service as at the beginning */

#endif
