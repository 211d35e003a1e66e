/* The packs that ship: each can be read, has what a pack has, and all its samples pass. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pack_list.h"
#include "pack_samples.h"
#include "platform.h"
#include "registry.h"
#include "slurp.h"

#define PACKS         SOURCE_ROOT "/scripts"
#define LEAST_SAMPLES 14

/* One for each line of what the product promises. */
static const char *const promised[] = {
    "generic-csv",
    "generic-xml",
    "oqs-face",
    "orca-patientmod",
    "orca-insurance-update",
    "fhir-jp-core",
    "fhir-jp-core-xml",
    "tokutei-kenshin",
    "tokutei-kenshin-claim",
    "childbirth-csv",
    "judo-maple",
    "judo-maple-sql",
    "judo-csv",
    "acupuncture-csv",
    "rezept-records",
    "jahis-qr",
    "hl7-adt",
    "openemr",
    "gnuhealth",
};

/* What every pack shows, by the names of the sample persons: one of each list. */
static const char *const cases[][3] = {
    {"kouki-10", "kouki-20-shift-jis"},
    {"kourei-70-74"},
    {"mishugaku"},
    {"kokuho-6"},
    {"no-symbol"},
    {"branch-00"},
    {"branch-empty"},
    {"gaiji"},
    {"tsusho"},
    {"aid-and-insurance"},
    {"lost"},
    {"foreign-40", "foreign-40-wide"},
    {"taisho"},
    {"reiwa-gannen"},
};

static bool adapter_known(const char *name) {
    return adapter_find(name) != NULL;
}

static struct env env;
static struct pack_world world;

static int set_world(void **state) {
    (void)state;
    env = (struct env){.clock = &platform_clock, .files = &platform_files};
    world = (struct pack_world){.env = &env, .adapter_known = adapter_known};
    return 0;
}

static bool has_sample(const struct pack_samples *samples, const char *name) {
    for (size_t i = 0; i < samples->n; i++) {
        if (strcmp(samples->at[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static void assert_cases(const char *pack, const struct pack_samples *samples) {
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool shown = false;
        for (size_t k = 0; k < 3 && cases[i][k] != NULL; k++) {
            shown = shown || has_sample(samples, cases[i][k]);
        }
        if (!shown) {
            fail_msg("%s has no sample %s", pack, cases[i][0]);
        }
    }
}

static void assert_pack(const char *name) {
    char path[512];
    struct pack *pack = NULL;
    struct pack_samples samples = {0};
    struct fault why = {0};
    text_format(path, sizeof path, "%s/%s", PACKS, name);
    int32_t rc = pack_read(&world, path, &pack, &why);
    rc = rc == SHK_OK ? pack_check(pack, &world, &why) : rc;
    rc = rc == SHK_OK ? pack_samples_run(pack, &world, true, &samples, &why) : rc;
    if (rc != SHK_OK) {
        fail_msg("%s: %d %s", name, (int)rc, why.where);
    }
    assert_string_equal(pack->text[PACK_ID], name);
    assert_non_null(pack_folder_find(&pack->folder, "README.md"));
    assert_true(samples.n >= LEAST_SAMPLES);
    assert_cases(name, &samples);
    pack_samples_clear(&samples);
    pack_free(&pack);
}

static void every_promised_pack_passes(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof promised / sizeof promised[0]; i++) {
        assert_pack(promised[i]);
    }
}

static void each_is_named_on_the_page(void **state) {
    (void)state;
    const char *page = slurp(PACKS "/README.md", NULL);
    for (size_t i = 0; i < sizeof promised / sizeof promised[0]; i++) {
        char line[128];
        text_format(line, sizeof line, "\n| [%s](%s/README.md) | ", promised[i], promised[i]);
        if (strstr(page, line) == NULL) {
            fail_msg("scripts/README.md does not name %s", promised[i]);
        }
    }
}

static void nothing_else_lies_among_them(void **state) {
    (void)state;
    static const struct pack_trust no_keys;
    struct pack_list list = {0};
    struct fault why = {0};
    assert_int_equal(pack_list_read(&world, &no_keys, PACKS, &list, &why), SHK_OK);
    assert_int_equal(list.n, sizeof promised / sizeof promised[0]);
    pack_list_clear(&list);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_promised_pack_passes),
        cmocka_unit_test(each_is_named_on_the_page),
        cmocka_unit_test(nothing_else_lies_among_them),
    };
    return cmocka_run_group_tests_name("packs_shipped", tests, set_world, NULL);
}
