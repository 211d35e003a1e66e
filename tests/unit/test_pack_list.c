/* A folder of packs: the good ones, and the bad ones with their faults. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pack_stage.h"

static const struct pack_trust no_trust;

static void copy_file(const char *name, const char *to) {
    char path[300];
    snprintf(path, sizeof path, "/packs/%s/%s", to, name);
    files_fake_set(&stage.files, path, pack_stage_get(name));
}

static void bad_packs_stand_beside_good_ones(void **state) {
    struct pack_list list;
    (void)state;
    files_fake_add_folder(&stage.files, "/packs/b-bad");
    files_fake_add_folder(&stage.files, "/packs/a-copy");
    files_fake_add_folder(&stage.files, "/packs/no-pack");
    files_fake_set(&stage.files, "/packs/b-bad/pack.lua", "return {");
    copy_file("pack.lua", "a-copy");
    files_fake_set(&stage.files, "/packs/a-copy/mapping.lua", "return {}");
    files_fake_set(&stage.files, "/packs/no-pack/mapping.lua", "return {}");
    assert_int_equal(pack_list_read(&stage.world, &no_trust, "/packs", &list, &stage.why), SHK_OK);
    assert_int_equal(list.n, 3);
    assert_string_equal(list.at[0].folder, "a-copy");
    assert_int_equal(list.at[0].fault.code, SHK_E_SCRIPT_CONTRACT);
    assert_string_equal(list.at[0].id, "mihon-csv");
    assert_string_equal(list.at[1].folder, "b-bad");
    assert_int_equal(list.at[1].fault.code, SHK_E_PACK);
    assert_string_equal(list.at[1].id, "");
    assert_string_equal(list.at[2].folder, "mihon-csv");
    assert_string_equal(list.at[2].version, "1.2.3");
    assert_string_equal(list.at[2].name, "見本CSV");
    assert_int_equal(list.at[2].fault.code, 0);
    assert_false(list.at[2].is_signed);
    pack_list_clear(&list);
}

static void what_the_configuration_refuses_is_told(void **state) {
    const struct pack_trust strict = {.refuse_unsigned = true};
    struct pack_list list;
    (void)state;
    assert_int_equal(pack_list_read(&stage.world, &strict, "/packs", &list, &stage.why), SHK_OK);
    assert_int_equal(list.n, 1);
    assert_int_equal(list.at[0].fault.code, SHK_E_PACK_UNSIGNED);
    assert_string_equal(list.at[0].id, "mihon-csv");
    pack_list_clear(&list);
}

static bool stop_now(void *self) {
    (void)self;
    return true;
}

static void a_folder_that_is_not_there_or_a_stop(void **state) {
    struct pack_list list;
    (void)state;
    int32_t rc = pack_list_read(&stage.world, &no_trust, "/none", &list, &stage.why);
    pack_stage_assert_fault(rc, SHK_E_PACK, "none");
    pack_list_clear(&list);
    assert_int_equal(pack_list_read(&stage.world, &no_trust, PACK_AT, &list, &stage.why), SHK_OK);
    assert_int_equal(list.n, 0);
    pack_list_clear(&list);
    stage.world.stop = stop_now;
    assert_int_equal(pack_list_read(&stage.world, &no_trust, "/packs", &list, &stage.why),
                     SHK_E_CANCELLED);
    pack_list_clear(&list);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PACK_CASE(bad_packs_stand_beside_good_ones),
        PACK_CASE(what_the_configuration_refuses_is_told),
        PACK_CASE(a_folder_that_is_not_there_or_a_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
