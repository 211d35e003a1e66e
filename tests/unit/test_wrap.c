/* Failing calls on demand, and the trailer of an input that asks for them. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bytes.h"
#include "entry.h"
#include "fuzz.h"
#include "shikaku/codes.h"
#include "wrap.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static size_t seen_n;
static bool seen_failed, seen_paused;
static int32_t seen_rc;

static int32_t allocate(void) {
    struct bytes b = {0};
    int32_t rc = bytes_append(&b, (const uint8_t *)"x", 1);
    bytes_clear(&b);
    return rc;
}

void fuzz_one(const uint8_t *p, size_t n) {
    (void)p;
    seen_n = n;
    fuzz_faults(false);
    seen_paused = allocate() == SHK_OK;
    fuzz_faults(true);
    seen_rc = allocate();
    seen_failed = fuzz_failed();
}

static void nothing_fails_unasked(void **state) {
    (void)state;
    wrap_none();
    assert_int_equal(allocate(), SHK_OK);
    wrap_nth(WRAP_FILE, 1, true);
    assert_int_equal(allocate(), SHK_OK);
    assert_int_equal(wrap_failures(), 0);
    wrap_none();
}

static void the_nth_call_fails(void **state) {
    (void)state;
    wrap_nth(WRAP_MEMORY, 2, false);
    assert_int_equal(allocate(), SHK_OK);
    assert_int_equal(allocate(), SHK_E_MEMORY);
    assert_int_equal(allocate(), SHK_OK);
    assert_int_equal(wrap_calls(), 3);
    assert_int_equal(wrap_failures(), 1);
    wrap_nth(WRAP_MEMORY, 2, true);
    assert_int_equal(allocate(), SHK_OK);
    assert_int_equal(allocate(), SHK_E_MEMORY);
    assert_int_equal(allocate(), SHK_E_MEMORY);
    wrap_none();
}

static uint64_t chances(uint32_t seed) {
    uint64_t bits = 0;
    wrap_chance(WRAP_PCSC, seed, 3);
    for (int i = 0; i < 64; i++) {
        bits = bits << 1 | (wrap_fails(WRAP_PCSC) ? 1 : 0);
    }
    wrap_none();
    return bits;
}

static void a_seed_gives_the_same_failures(void **state) {
    (void)state;
    assert_true(chances(1) != 0);
    assert_true(chances(1) == chances(1));
    assert_true(chances(1) != chances(2));
    wrap_chance(WRAP_MEMORY, 5, 1);
    assert_int_equal(allocate(), SHK_E_MEMORY);
    wrap_none();
}

static void a_trailer_asks(void **state) {
    (void)state;
    uint8_t input[3 + ENTRY_TRAILER] = "abc";
    LLVMFuzzerTestOneInput(input, 3);
    assert_int_equal(seen_n, 3);
    assert_int_equal(seen_rc, SHK_OK);
    assert_false(seen_failed);
    entry_trailer(input + 3, WRAP_MEMORY, 1, 1);
    LLVMFuzzerTestOneInput(input, sizeof input);
    assert_int_equal(seen_n, 3);
    assert_true(seen_paused);
    assert_int_equal(seen_rc, SHK_E_MEMORY);
    assert_true(seen_failed);
    LLVMFuzzerTestOneInput(input, sizeof input - 1);
    assert_int_equal(seen_n, sizeof input - 1);
    assert_false(seen_failed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_fails_unasked),
        cmocka_unit_test(the_nth_call_fails),
        cmocka_unit_test(a_seed_gives_the_same_failures),
        cmocka_unit_test(a_trailer_asks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
