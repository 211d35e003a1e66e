/* From a host's sample to a pack that passes its own test: what `pack new` and `pack test` do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "files_fake.h"
#include "mapping.h"
#include "pack_new_stage.h"
#include "pack_samples.h"

#define AT "/packs/mihon"

static struct files_fake files;
static struct clock_fake clock_now;
static struct env env;

static bool is_folder(const char *name) {
    return text_equal(name, "folder");
}

static const struct pack_world world = {.env = &env, .adapter_known = is_folder};

static int set_up(void **state) {
    (void)state;
    files_fake_init(&files, "/packs");
    files_fake_add_folder(&files, AT);
    files_fake_add_folder(&files, AT "/samples");
    env = (struct env){.files = &files_fake_ops,
                       .files_self = &files,
                       .clock = &clock_fake_ops,
                       .clock_self = &clock_now};
    return 0;
}

static int tear_down(void **state) {
    files_fake_clear(&files);
    return pack_tear_down(state);
}

static void write_files(void) {
    for (size_t i = 0; i < made->files_n; i++) {
        char path[200];
        snprintf(path, sizeof path, AT "/%s", made->files[i].name);
        files_fake_set_n(&files, path, made->files[i].content.p, made->files[i].content.n);
    }
}

/* The caller's part of making a pack. */
static void run_once(void) {
    const struct bytes *script = pack_new_file(made, "mapping.lua");
    const struct bytes *person = pack_new_file(made, "samples/mihon.xml");
    const struct mapping_job job = {.script = {"mapping.lua", script->p, script->n}};
    struct record_set *records = NULL;
    struct mapping_result *result = NULL;
    assert_int_equal(oqs_read(person->p, person->n, NULL, &records, &pack_why), SHK_OK);
    int32_t rc = mapping_run(&job, records, 1, &result, &pack_why);
    if (rc != SHK_OK) {
        print_error("%s\n", pack_why.where);
    }
    assert_int_equal(rc, SHK_OK);
    assert_int_equal(pack_new_expect(made, &result->head, &result->body, result->file_name, NULL),
                     SHK_OK);
    mapping_result_free(&result);
    record_free(&records);
}

static int32_t test_pack(void) {
    struct pack *pack = NULL;
    struct pack_samples samples = {0};
    fault_clear(&pack_why);
    int32_t rc = pack_read(&world, AT, &pack, &pack_why);
    rc = rc == SHK_OK ? pack_check(pack, &world, &pack_why) : rc;
    rc = rc == SHK_OK ? pack_samples_run(pack, &world, true, &samples, &pack_why) : rc;
    pack_samples_clear(&samples);
    pack_free(&pack);
    return rc;
}

static void a_new_pack_passes_its_own_test(void **state) {
    (void)state;
    for (size_t i = 0; pack_samples[i] != NULL; i++) {
        assert_int_equal(make_pack_of_file(pack_samples[i]), SHK_OK);
        run_once();
        write_files();
        if (test_pack() != SHK_OK) {
            print_error("%s: %s\n", pack_samples[i], pack_why.where);
            fail();
        }
    }
}

static void without_an_expectation_it_does_not_pass(void **state) {
    (void)state;
    assert_int_equal(make_pack_of_file("clinic.csv"), SHK_OK);
    write_files();
    assert_int_equal(test_pack(), SHK_E_PACK_SAMPLE);
}

static void a_pack_that_knows_nothing_is_a_pack(void **state) {
    (void)state;
    assert_int_equal(make_pack_of_text("謎,なぞ２\n"), SHK_OK);
    run_once();
    write_files();
    assert_int_equal(test_pack(), SHK_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_new_pack_passes_its_own_test, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_an_expectation_it_does_not_pass, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_pack_that_knows_nothing_is_a_pack, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("pack_new_whole", tests, NULL, NULL);
}
