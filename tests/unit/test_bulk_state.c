#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bulk_state.h"
#include "bulk_table.h"

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct bulk_state sample(void) {
    struct bulk_state s = {.kind = BULK_REGISTER,
                           .institution_code = "9910000001",
                           .table = HASH,
                           .columns = HASH,
                           .total = 100000,
                           .done = 21,
                           .results_at = UINT64_C(5000000000),
                           .differences_at = 4096,
                           .count = {1, 2, 3, 4, 5, 6},
                           .batch = 1000,
                           .date = "20260601",
                           .key = "00000000-0000-4000-8000-000000000000",
                           .reception = "R0001"};
    return s;
}

static void expect_equal(const struct bulk_state *a, const struct bulk_state *b) {
    assert_int_equal(a->kind, b->kind);
    assert_string_equal(a->institution_code, b->institution_code);
    assert_string_equal(a->table, b->table);
    assert_string_equal(a->columns, b->columns);
    assert_int_equal(a->total, b->total);
    assert_string_equal(a->finished_on, b->finished_on);
    assert_int_equal(a->done, b->done);
    assert_int_equal(a->results_at, b->results_at);
    assert_int_equal(a->differences_at, b->differences_at);
    assert_memory_equal(a->count, b->count, sizeof a->count);
    assert_int_equal(a->batch, b->batch);
    assert_string_equal(a->date, b->date);
    assert_string_equal(a->key, b->key);
    assert_string_equal(a->reception, b->reception);
}

static void expect_round(const struct bulk_state *s) {
    struct bytes text = {0};
    struct bulk_state back;
    assert_int_equal(bulk_state_write(s, &text), SHK_OK);
    assert_true(text.n < BULK_STATE_MAX);
    assert_true(bulk_state_read(text.p, text.n, &back));
    expect_equal(&back, s);
    bytes_clear(&text);
}

static void what_is_written_is_read(void **state) {
    (void)state;
    struct bulk_state s = sample();
    expect_round(&s);
    s.kind = BULK_CHECK;
    s.batch = 0;
    s.key[0] = s.reception[0] = '\0';
    expect_round(&s);
    s.total = s.done;
    text_copy(s.finished_on, sizeof s.finished_on, "20261122");
    expect_round(&s);
    memset(s.count, 0, sizeof s.count);
    s.total = s.done = 0;
    expect_round(&s);
}

static void a_state_of_any_other_length_is_none(void **state) {
    (void)state;
    struct bulk_state s = sample(), back;
    struct bytes text = {0};
    assert_int_equal(bulk_state_write(&s, &text), SHK_OK);
    for (size_t n = 0; n < text.n; n++) {
        assert_false(bulk_state_read(text.p, n, &back));
        assert_int_equal(back.done, 0);
    }
    bytes_append_byte(&text, '\n');
    assert_false(bulk_state_read(text.p, text.n, &back));
    bytes_clear(&text);
}

static void expect_none(struct bulk_state s) {
    struct bytes text = {0};
    struct bulk_state back;
    assert_int_equal(bulk_state_write(&s, &text), SHK_OK);
    assert_false(bulk_state_read(text.p, text.n, &back));
    bytes_clear(&text);
}

static void a_state_that_contradicts_itself_is_none(void **state) {
    (void)state;
    struct bulk_state s = sample();
    s.count[0]++;
    expect_none(s);
    s = sample();
    s.count[0] = UINT64_MAX; /* a sum that would come round */
    expect_none(s);
    s = sample();
    s.total = s.done - 1;
    expect_none(s);
    s = sample();
    s.batch = s.total;
    expect_none(s);
    s = sample();
    s.key[0] = '\0';
    expect_none(s);
    s = sample();
    s.date[7] = '\0';
    expect_none(s);
    s = sample();
    s.table[0] = 'G';
    expect_none(s);
    s = sample();
    s.columns[63] = '\0';
    expect_none(s);
    s = sample();
    text_copy(s.finished_on, sizeof s.finished_on, "20261122");
    expect_none(s);
    s.total = s.done;
    expect_none(s); /* a batch is out */
    s.batch = 0;
    text_copy(s.finished_on, sizeof s.finished_on, "2026112x");
    expect_none(s);
    s = sample();
    s.batch = 0;
    s.date[0] = '\0';
    expect_none(s);
    s = sample();
    s.reception[1] = '\n';
    expect_none(s);
}

static void hash_in_pieces(size_t total, size_t piece, char out[BULK_HASH_LEN]) {
    struct bulk_hash hash;
    uint8_t part[4096];
    uint8_t next = 0;
    bulk_hash_begin(&hash);
    while (total > 0) {
        size_t n = total < piece ? total : piece;
        for (size_t i = 0; i < n; i++) {
            part[i] = next++;
        }
        assert_int_equal(bulk_hash_add(&hash, part, n), SHK_OK);
        total -= n;
    }
    assert_int_equal(bulk_hash_end(&hash, out), SHK_OK);
}

static void a_hash_depends_on_the_bytes_and_not_on_the_pieces(void **state) {
    (void)state;
    static const size_t lengths[] = {
        0, 1, BULK_BLOCK_LEN - 1, BULK_BLOCK_LEN, BULK_BLOCK_LEN + 1, (size_t)2 * BULK_BLOCK_LEN};
    char seen[6][BULK_HASH_LEN];
    for (size_t i = 0; i < 6; i++) {
        char other[BULK_HASH_LEN];
        hash_in_pieces(lengths[i], 4096, seen[i]);
        hash_in_pieces(lengths[i], 7, other);
        assert_string_equal(seen[i], other);
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(seen[i], seen[k]);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(a_state_of_any_other_length_is_none),
        cmocka_unit_test(a_state_that_contradicts_itself_is_none),
        cmocka_unit_test(a_hash_depends_on_the_bytes_and_not_on_the_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
