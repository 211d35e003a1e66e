/* Documents that become files of a folder. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "aside.h"
#include "map_out.h"

static char root[] = "/tmp/shikaku-folder-XXXXXX";
static char path[512];

static int enter(void **state) {
    (void)state;
    (void)snprintf(root, sizeof root, "/tmp/shikaku-folder-XXXXXX");
    return mkdtemp(root) != NULL ? 0 : -1;
}

static int leave(void **state) {
    (void)state;
    return rmdir(root);
}

static const char *path_of(const char *name) {
    (void)snprintf(path, sizeof path, "%s/%s", root, name);
    return path;
}

static bool take(struct map_folder *folder, const char *name, const char *format, const char *body,
                 struct failure *why) {
    char file_name[512], kind[16], text[64];
    (void)snprintf(file_name, sizeof file_name, "%s", name);
    (void)snprintf(kind, sizeof kind, "%s", format);
    (void)snprintf(text, sizeof text, "%s", body);
    const struct document d = {.file_name = file_name,
                               .format = kind,
                               .body = {(uint8_t *)text, strlen(text), sizeof text}};
    return map_folder_take(folder, &d, why);
}

/* Takes the file away again. */
static void assert_file(const char *name, const char *content) {
    char read[64] = "";
    FILE *file = fopen(path_of(name), "rb");
    assert_non_null(file);
    read[fread(read, 1, sizeof read - 1, file)] = '\0';
    (void)fclose(file);
    assert_string_equal(read, content);
    assert_int_equal(remove(path), 0);
}

/* Cleaning names is the plugin's task; what leads out of the folder is not written all the same. */
static void a_name_that_leads_elsewhere_is_refused(void **state) {
    static const char *const names[] = {"../a.xml", "/tmp/a.xml", "a/b.xml", ".",
                                        "..",       ".hidden",    ""};
    char longest[300];
    struct failure why;
    struct map_folder *folder = map_folder_new(root, &why);
    (void)state;
    assert_non_null(folder);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_false(take(folder, names[i], "xml", "x", &why));
        assert_int_equal(why.code, SHK_E_FILE_NAME);
    }
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_false(take(folder, longest, "xml", "x", &why));
    assert_true(map_folder_end(folder, &why));
    assert_int_equal(map_folder_files(folder), 0);
    map_folder_free(&folder);
}

static void numbers_stand_before_the_ending(void **state) {
    struct failure why;
    struct map_folder *folder = map_folder_new(root, &why);
    (void)state;
    assert_true(take(folder, "a.b.xml", "xml", "1", &why));
    assert_true(take(folder, "plain", "xml", "2", &why));
    assert_true(take(folder, "a.b.xml", "xml", "3", &why));
    assert_true(take(folder, "plain", "xml", "4", &why));
    assert_true(map_folder_end(folder, &why));
    assert_int_equal(map_folder_files(folder), 4);
    map_folder_free(&folder);
    assert_file("a.b.xml", "1");
    assert_file("a.b_2.xml", "3");
    assert_file("plain", "2");
    assert_file("plain_2", "4");
}

/* Only lines can stand below each other; a text may be a document of its own. */
static void formats_join_as_they_can(void **state) {
    static const struct {
        const char *format, *body;
        bool one_file;
    } kinds[] = {{"csv", "x\r\n", true}, {"tsv", "x\n", true},   {"fixed", "x\r", true},
                 {"fixed", "x", false},  {"text", "x\n", false}, {"xml", "x\n", false},
                 {"hl7", "x\r", false},  {"json", "x\n", false}, {"face", "x\n", false}};
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct failure why;
        struct map_folder *folder = map_folder_new(root, &why);
        assert_true(take(folder, "a", kinds[i].format, kinds[i].body, &why));
        assert_true(take(folder, "a", kinds[i].format, kinds[i].body, &why));
        assert_true(map_folder_end(folder, &why));
        assert_int_equal(map_folder_files(folder), kinds[i].one_file ? 1 : 2);
        map_folder_free(&folder);
        assert_int_equal(remove(path_of("a")), 0);
        assert_int_equal(remove(path_of("a_2")), kinds[i].one_file ? -1 : 0);
    }
}

static void what_was_not_ended_is_not_there(void **state) {
    struct failure why;
    struct map_folder *folder = map_folder_new(root, &why);
    (void)state;
    assert_true(take(folder, "a.csv", "csv", "x\n", &why));
    map_folder_free(&folder);
    assert_null(folder);
    assert_int_equal(aside_look(path_of("a.csv")), ASIDE_FREE);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_name_that_leads_elsewhere_is_refused),
        CASE(numbers_stand_before_the_ending),
        CASE(formats_join_as_they_can),
        CASE(what_was_not_ended_is_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
