/* Lists of objects that a card or a reader hands out: BER-TLV, the four attributes, what a reader can do (PC/SC part 10). */
#include <string.h>

#include "card_judge.h"
#include "fuzz.h"
#include "pcsc_part10.h"
#include "text.h"
#include "tlv.h"

#define LENGTH_MAX 65535

/* The same head, read in the plainest way. */
static size_t plain_tag(const uint8_t *p, size_t n) {
    size_t i = 1;
    if (n == 0 || (p[0] & 0x1F) != 0x1F) {
        return n > 0 ? 1 : 0;
    }
    while (i < n && (p[i] & 0x80) != 0) {
        i++;
    }
    return i < n && i < 3 ? i + 1 : 0;
}

static size_t plain_length(const uint8_t *p, size_t n, size_t *len) {
    size_t more = n > 0 && p[0] >= 0x80 ? p[0] - 0x80u : 0, value = 0;
    if (n == 0 || p[0] == 0x80 || more > 4 || more >= n) {
        return 0;
    }
    for (size_t i = 1; i <= more; i++) {
        value = value << 8 | p[i];
    }
    *len = more > 0 ? value : p[0];
    return *len <= LENGTH_MAX ? 1 + more : 0;
}

static void check_head(const uint8_t *p, size_t n) {
    struct tlv head;
    size_t len = 0, tag_n = plain_tag(p, n);
    size_t len_n = tag_n > 0 ? plain_length(p + tag_n, n - tag_n, &len) : 0;
    bool good = tlv_head(p, n, &head);
    fuzz_must(good == (len_n > 0), "a head that one reads and the other does not");
    fuzz_must(!good || (head.value == p + tag_n + len_n && head.len == len &&
                        head.total == tag_n + len_n + len),
              "another head");
    fuzz_must(good || judge_all_zero(&head, sizeof head), "a head of nothing");
}

static void check_attributes(const uint8_t *p, size_t n) {
    struct attributes a;
    struct fault why = {0};
    int32_t rc = attributes_parse(p, n, &a, &why);
    judge_fault(rc, &why);
    judge_attributes(rc, &a);
    fuzz_must(rc != SHK_OK || (utf8_valid((const char *)a.name.p, a.name.n) &&
                               utf8_valid((const char *)a.address.p, a.address.n)),
              "a text that is not UTF-8");
    attributes_clear(&a);
}

static bool is_plain(const char *text, size_t room) {
    size_t n = strnlen(text, room);
    bool plain = n < room && utf8_valid(text, n);
    for (size_t i = 0; i < n; i++) {
        plain = plain && (uint8_t)text[i] >= 0x20;
    }
    return plain;
}

static void check_reader(const uint8_t *p, size_t n) {
    struct part10_features features;
    struct reader_traits traits = {0};
    bool no_display = false;
    part10_features(p, n, &features);
    part10_properties(p, n, &traits, &no_display);
    part10_vendor(p, n, &traits);
    part10_version(p, n, &traits);
    fuzz_must(is_plain(traits.vendor, sizeof traits.vendor) &&
                  is_plain(traits.driver_version, sizeof traits.driver_version),
              "a text of the reader");
    fuzz_must(traits.apdu_max == 0 ||
                  (traits.says_size && traits.apdu_max > 256 && traits.apdu_max <= 0x10000),
              "the size of a command");
}

void fuzz_one(const uint8_t *p, size_t n) {
    for (size_t at = 0; at <= n && at < 64; at++) {
        check_head(p + at, n - at);
    }
    check_attributes(p, n);
    check_reader(p, n);
}
