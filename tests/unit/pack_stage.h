/* A pack of tests/data/packs in files of the memory, where a test can spoil it. */
#ifndef UNIT_PACK_STAGE_H
#define UNIT_PACK_STAGE_H

#include "files_fake.h"
#include "pack_list.h"
#include "pack_samples.h"

#define PACK_AT "/packs/mihon-csv"

struct pack_stage {
    struct files_fake files;
    struct clock_fake clock;
    struct env env;
    struct pack_world world;
    struct fault why;
};

extern struct pack_stage stage;

/* For cmocka, around each case: the pack "mihon-csv" lies at PACK_AT. */
int pack_stage_open(void **state);
int pack_stage_close(void **state);
#define PACK_CASE(name) cmocka_unit_test_setup_teardown(name, pack_stage_open, pack_stage_close)

/* A path in the pack; valid until the fourth call after it. */
const char *pack_stage_path(const char *name);
const char *pack_stage_get(const char *name);
void pack_stage_set(const char *name, const char *content);
/* Replaces one text of a file, which must be there, by another. */
void pack_stage_change(const char *name, const char *from, const char *to);
void pack_stage_assert_fault(int32_t rc, int32_t code, const char *where);

#endif
