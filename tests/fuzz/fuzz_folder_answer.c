/* What may lie in the terminal's folders: a result as XML or ZIP, a large result in pieces, and our own
 * state file. The first byte says which of them the rest is. */
#include <stdlib.h>
#include <string.h>

#include "folder_answer.h"
#include "folder_scan.h"
#include "fuzz.h"

static void need(bool true_it_is) {
    fuzz_should(true_it_is, "something else is read than was written");
}

static void judge(enum folder_form form, const uint8_t *p, size_t n) {
    static const struct card_data search = {.insurer_number = "06990014",
                                            .symbol = "77",
                                            .number = "1001",
                                            .branch_number = "01",
                                            .birth_date = "19850312"};
    struct posted posted = {0};
    struct oqs_message m = {0};
    struct bytes raw = {0};
    struct bytes xml = {0};
    const struct folder_state salt = {.salted = true};
    fuzz_faults(false);
    need(folder_hash(&salt, "T-000123", 8, posted.entry.file_identifier) == SHK_OK);
    need(bytes_append(&raw, p, n) == SHK_OK);
    fuzz_faults(true);
    const struct folder_expected expected = {FOLDER_RESULT, "9919999999", &posted, &search};
    if (folder_unpack(form, &raw, &xml, NULL) == SHK_OK &&
        folder_judge(&expected, xml.p, xml.n, &m) == FOLDER_OURS) {
        /* Whatever else it says, and whatever failed: it is nobody else's. */
        fuzz_must(folder_is_answer(&m), "no answer");
        fuzz_must(m.institution_code[0] == '\0' || text_equal(m.institution_code, "9919999999"),
                  "another institution's");
        fuzz_must(m.file_identifier[0] == '\0' || text_equal(m.file_identifier, "T-000123"),
                  "another question's");
        fuzz_must(!m.has_search || text_equal(m.birth_date, "19850312"), "another person's");
    }
    bytes_clear(&raw);
    bytes_clear(&xml);
}

static void scan(const uint8_t *p, size_t n) {
    struct folder_scan whole = {0};
    struct folder_scan pieces = {0};
    struct oqs_message m;
    need(folder_scan_take(&whole, p, n) == SHK_OK);
    for (size_t i = 0; i < n; i++) {
        need(folder_scan_take(&pieces, p + i, 1) == SHK_OK);
    }
    need(whole.hash == pieces.hash && whole.total == pieces.total);
    need(folder_scan_whole(&whole) == folder_scan_whole(&pieces));
    need(folder_scan_header(&whole, &m) == folder_scan_header(&pieces, &m));
    folder_scan_clear(&whole);
    folder_scan_clear(&pieces);
}

/* What was read is written and read again as the same. */
static void remember(const uint8_t *p, size_t n) {
    struct folder_state s = {0};
    struct folder_state back = {0};
    struct bytes text = {0};
    struct bytes again = {0};
    need(folder_state_read(&s, (const char *)p, n) == SHK_OK);
    need(folder_state_write(&s, &text) == SHK_OK);
    need(folder_state_read(&back, bytes_text(&text), text.n) == SHK_OK);
    need(folder_state_write(&back, &again) == SHK_OK);
    need(text.n == again.n && (text.n == 0 || memcmp(text.p, again.p, text.n) == 0));
    folder_state_clear(&s);
    folder_state_clear(&back);
    bytes_clear(&text);
    bytes_clear(&again);
}

void fuzz_one(const uint8_t *p, size_t n) {
    if (n == 0) {
        return;
    }
    switch (p[0]) {
    case 'Z':
        judge(FOLDER_ZIP, p + 1, n - 1);
        break;
    case 'L':
        scan(p + 1, n - 1);
        break;
    case 'S':
        remember(p + 1, n - 1);
        break;
    default:
        judge(FOLDER_XML, p + 1, n - 1);
        break;
    }
}
