/* Modules of strangers, through the loader and the bounded call. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dlfcn.h>
#include <fenv.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapter_module.h"
#include "adapter_stage.h"

static int begin(void **state) {
    struct fault why = {0};
    int failed = actor_begin(state);
    if (failed != 0) {
        return failed;
    }
    /* A module that is good has the time that a busy machine needs. */
    actor_limit(120000);
    return config_set(actor.session->config, "adapters.folder", MODULES, &why);
}

/* In a module that is loaded, or just being loaded. */
static void *symbol_of(const char *file, const char *name) {
    void *library = NULL;
    char path[600];
    text_format(path, sizeof path, "%s/%s", MODULES, file);
    for (int i = 0; library == NULL && i < 6000; i++) {
        library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD);
        if (library == NULL) {
            thread_sleep(10);
        }
    }
    assert_non_null(library);
    void *found = dlsym(library, name);
    assert_non_null(found);
    return found; /* the plugin never lets go of a module, so it may stay loaded here, too */
}

static int32_t find(const char *name, const shk_adapter **out, struct fault *why) {
    fault_clear(why);
    int32_t rc = adapter_module_find(actor.session, name, out, why);
    assert_int_equal(rc, why->code);
    assert_true(rc == SHK_OK ? *out != NULL : *out == NULL);
    return rc;
}

static void a_good_module_delivers(void **state) {
    (void)state;
    const shk_adapter *a = NULL;
    const shk_adapter *again = NULL;
    struct adapter_call *c = NULL;
    struct fault why;
    shk_delivery d = actor_delivery();
    shk_receipt receipt;
    const shk_setting settings[] = {{"path", temp_path(&actor.folder, "made")}};
    assert_int_equal(find("good", &a, &why), SHK_OK);
    assert_int_equal(find("good", &again, &why), SHK_OK);
    assert_ptr_equal(a, again);
    assert_string_equal(a->id, "module/1");
    assert_int_equal(adapter_call_open(actor.session, 1, a, settings, 1, &c, &why), SHK_OK);
    assert_int_equal(adapter_call_deliver(c, &d, &receipt, &why), SHK_OK);
    assert_true(temp_holds(&actor.folder, "made", "1,2\r\n"));
    assert_int_equal(adapter_call_deliver(c, &d, &receipt, &why), SHK_E_FILE_EXISTS);
    adapter_call_close(&c);
}

static void a_module_that_breaks_the_interface_is_told_apart(void **state) {
    (void)state;
    static const char *const broken[] = {"short",    "no_id",     "no_open",  "no_deliver",
                                         "no_close", "other_abi", "no_table", "empty",
                                         "odd_name", "no_entry"};
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        const shk_adapter *a = NULL;
        struct fault why;
        char file[64];
        text_format(file, sizeof file, "%s.so", broken[i]);
        assert_int_equal(find(broken[i], &a, &why), SHK_E_ADAPTER_BROKEN);
        assert_string_equal(why.where, file);
        /* Loaded once: the second answer is remembered. */
        assert_int_equal(find(broken[i], &a, &why), SHK_E_ADAPTER_BROKEN);
    }
}

static void names_that_are_none_are_not_looked_for(void **state) {
    (void)state;
    char name[65];
    memset(name, 'x', 64);
    name[64] = '\0';
    const char *const bad[] = {"",    "../good", "good.so",      "a b",
                               "a/b", "a\\b",    "\xE8\xA6\x8B", name};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const shk_adapter *a = NULL;
        struct fault why;
        assert_int_equal(find(bad[i], &a, &why), SHK_E_ADAPTER_UNKNOWN);
    }
}

static void use_folder(const char *folder) {
    struct fault why = {0};
    assert_int_equal(config_set(actor.session->config, "adapters.folder", folder, &why), SHK_OK);
}

static void expect_file_fault(const char *name, const char *where) {
    const shk_adapter *a = NULL;
    struct fault why;
    assert_int_equal(find(name, &a, &why), SHK_E_MODULE_FILE);
    assert_string_equal(why.where, where);
}

static void what_is_no_library_is_no_module(void **state) {
    (void)state;
    use_folder(actor.folder.path);
    expect_file_fault("text", "text.so");
    temp_write(&actor.folder, "text.so", "not a library");
    expect_file_fault("text", "text.so");
    assert_int_equal(symlink(MODULES "/good.so", temp_path(&actor.folder, "link.so")), 0);
    expect_file_fault("link", "link.so");
    assert_int_equal(mkdir(temp_path(&actor.folder, "folder.so"), 0700), 0);
    expect_file_fault("folder", "folder.so");
    assert_int_equal(rmdir(temp_path(&actor.folder, "folder.so")), 0);
}

static void a_folder_that_is_none_has_no_modules(void **state) {
    (void)state;
    use_folder("");
    expect_file_fault("good", "adapters.folder");
    use_folder("relative");
    expect_file_fault("good", "adapters.folder");
    use_folder("/nowhere/at/all");
    expect_file_fault("good", "adapters.folder");
    use_folder(MODULES "/good.so");
    expect_file_fault("good", "adapters.folder");
}

static void what_others_may_write_is_not_loaded(void **state) {
    (void)state;
    use_folder(actor.folder.path);
    temp_write(&actor.folder, "good.so", "x");
    const char *file = temp_path(&actor.folder, "good.so");
    assert_int_equal(chmod(file, 0602), 0);
    expect_file_fault("good", "good.so");
    assert_int_equal(chmod(file, 0620), 0);
    expect_file_fault("good", "good.so");
    assert_int_equal(chmod(file, 0600), 0);
    assert_int_equal(chmod(actor.folder.path, 0770), 0);
    expect_file_fault("good", "adapters.folder");
    assert_int_equal(chmod(actor.folder.path, 01777), 0);
    expect_file_fault("good", "adapters.folder");
    assert_int_equal(chmod(actor.folder.path, 0700), 0);
    if (geteuid() == 0) {
        assert_int_equal(chown(file, 65534, 65534), 0);
        expect_file_fault("good", "good.so");
        assert_int_equal(chown(actor.folder.path, 65534, 65534), 0);
        expect_file_fault("good", "adapters.folder");
    }
}

static void a_module_that_hangs_in_its_entry_is_not_waited_for_twice(void **state) {
    (void)state;
    const shk_adapter *a = NULL;
    struct fault why;
    actor_limit(1000);
    assert_int_equal(find("slow_entry", &a, &why), SHK_E_ADAPTER_TIMEOUT);
    assert_string_equal(why.where, "slow_entry.so");
    actor_limit(120000);
    int64_t start = actor_ms();
    assert_int_equal(find("slow_entry", &a, &why), SHK_E_ADAPTER_TIMEOUT);
    assert_true(actor_ms() - start < 60000);
    /* Late is better than never: the next time it is there. */
    atomic_bool *go_on = symbol_of("slow_entry.so", "slow_entry_go_on");
    atomic_store(go_on, true);
    int32_t rc = SHK_E_ADAPTER_TIMEOUT;
    for (start = actor_ms(); rc == SHK_E_ADAPTER_TIMEOUT && actor_ms() - start < 60000;) {
        thread_sleep(10);
        rc = find("slow_entry", &a, &why);
    }
    assert_int_equal(rc, SHK_OK);
}

static int32_t open_actor(const char *what, struct adapter_call **c) {
    const shk_adapter *a = NULL;
    struct fault why;
    const shk_setting settings[] = {{"do", what}, {"path", temp_path(&actor.folder, "made")}};
    assert_int_equal(find("actor", &a, &why), SHK_OK);
    int32_t rc = adapter_call_open(actor.session, 1, a, settings, 2, c, &why);
    assert_int_equal(rc, why.code);
    return rc;
}

static int32_t deliver_actor(const char *what, shk_receipt *receipt) {
    struct adapter_call *c = NULL;
    struct fault why = {0};
    shk_delivery d = actor_delivery();
    assert_int_equal(open_actor(what, &c), SHK_OK);
    int32_t rc = adapter_call_deliver(c, &d, receipt, &why);
    assert_int_equal(rc, why.code);
    adapter_call_close(&c);
    return rc;
}

static int32_t SHK_CALL hear(void *who, const char *id, const shk_field *values, uint32_t n) {
    (void)id, (void)values, (void)n;
    ++*(int32_t *)who;
    return SHK_OK;
}

static int32_t find_actor(const char *what, int32_t *heard) {
    struct adapter_call *c = NULL;
    struct fault why = {0};
    const shk_field asked[] = {{"name", "見本 太郎"}};
    *heard = 0;
    assert_int_equal(open_actor(what, &c), SHK_OK);
    int32_t rc = adapter_call_find(c, asked, 1, hear, heard, &why);
    adapter_call_close(&c);
    return rc;
}

static void a_module_that_hangs_is_left_behind_in_every_call(void **state) {
    (void)state;
    struct adapter_call *c = NULL;
    shk_receipt receipt;
    int32_t heard = 0;
    actor_limit(5000); /* what does not hang must come within it */
    int64_t start = actor_ms();
    assert_int_equal(open_actor("open:hang", &c), SHK_E_ADAPTER_TIMEOUT);
    assert_null(c);
    assert_int_equal(deliver_actor("deliver:hang", &receipt), SHK_E_ADAPTER_TIMEOUT);
    assert_int_equal(deliver_actor("close:hang", &receipt), SHK_OK);
    assert_int_equal(find_actor("find:hang", &heard), SHK_E_ADAPTER_TIMEOUT);
    assert_int_equal(heard, 0);
    assert_true(actor_ms() - start < 120000);
    atomic_int *hung = symbol_of("actor.so", "actor_hung");
    for (start = actor_ms(); atomic_load(hung) < 4 && actor_ms() - start < 60000;) {
        thread_sleep(10);
    }
    assert_int_equal(atomic_load(hung), 4);
    atomic_bool *go_on = symbol_of("actor.so", "actor_go_on");
    atomic_store(go_on, true);
    for (start = actor_ms(); atomic_load(hung) > 0 && actor_ms() - start < 60000;) {
        thread_sleep(10);
    }
    assert_int_equal(atomic_load(hung), 0);
    thread_sleep(1000);
    /* The one that came back too late has not written anything; the other had before. */
    assert_int_equal(temp_count(&actor.folder, "made"), 1);
}

static void a_module_that_throws_garbage_is_contained(void **state) {
    (void)state;
    struct adapter_call *c = NULL;
    shk_receipt receipt;
    int32_t heard = 0;
    assert_int_equal(open_actor("open:null", &c), SHK_E_ADAPTER_BROKEN);
    assert_int_equal(deliver_actor("deliver:garbage", &receipt), SHK_E_ADAPTER_BROKEN);
    assert_string_equal(receipt.place, "");
    assert_int_equal(deliver_actor("deliver:receipt", &receipt), SHK_OK);
    assert_int_equal(strlen(receipt.place), sizeof receipt.place - 1);
    assert_int_equal(find_actor("find:count", &heard), SHK_E_ADAPTER_BROKEN);
    assert_int_equal(find_actor("find:null", &heard), SHK_E_ADAPTER_BROKEN);
    assert_int_equal(heard, 0);
    assert_int_equal(find_actor("", &heard), SHK_OK);
    assert_int_equal(heard, 1);
}

static void a_module_that_fails_late_has_failed(void **state) {
    (void)state;
    struct adapter_call *c = NULL;
    struct fault why = {0};
    shk_delivery d = actor_delivery();
    shk_receipt receipt;
    assert_int_equal(open_actor("deliver:late", &c), SHK_OK);
    assert_int_equal(adapter_call_deliver(c, &d, &receipt, &why), SHK_E_HOST_REFUSED);
    assert_int_equal(why.native, 42);
    assert_string_equal(why.where, "deliveries[1].late");
    assert_string_equal(receipt.place, "");
    adapter_call_close(&c);
}

static void a_modules_own_thread_publishes_nothing(void **state) {
    (void)state;
    shk_receipt receipt;
    assert_int_equal(deliver_actor("deliver:thread", &receipt), SHK_OK);
    assert_int_equal(temp_count(&actor.folder, ""), 0);
}

static void what_a_module_does_to_its_thread_stays_there(void **state) {
    (void)state;
    shk_receipt receipt;
    sigset_t before, after;
    const mode_t mask = umask(077);
    memset(&before, 0, sizeof before);
    memset(&after, 0, sizeof after);
    pthread_sigmask(SIG_SETMASK, NULL, &before);
    feclearexcept(FE_ALL_EXCEPT); /* which the set-up of libxml2 in this thread raised */
    assert_int_equal(deliver_actor("deliver:disturb", &receipt), SHK_OK);
    pthread_sigmask(SIG_SETMASK, NULL, &after);
    assert_memory_equal(&before, &after, sizeof before);
    assert_int_equal(fegetround(), FE_TONEAREST);
    assert_int_equal(fetestexcept(FE_DIVBYZERO), 0);
    /* The process's own modes are lost; what is written does not depend on them. */
    assert_int_equal(deliver_actor("", &receipt), SHK_OK);
    assert_int_equal(temp_mode(&actor.folder, "made"), 0600);
    (void)umask(mask);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, actor_end)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_good_module_delivers),
        CASE(a_module_that_breaks_the_interface_is_told_apart),
        CASE(names_that_are_none_are_not_looked_for),
        CASE(what_is_no_library_is_no_module),
        CASE(a_folder_that_is_none_has_no_modules),
        CASE(what_others_may_write_is_not_loaded),
        CASE(a_module_that_hangs_in_its_entry_is_not_waited_for_twice),
        CASE(a_module_that_hangs_is_left_behind_in_every_call),
        CASE(a_module_that_throws_garbage_is_contained),
        CASE(a_module_that_fails_late_has_failed),
        CASE(a_modules_own_thread_publishes_nothing),
        CASE(what_a_module_does_to_its_thread_stays_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
