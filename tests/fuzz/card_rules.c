#include "card_rules.h"

#include <string.h>

#include "fuzz.h"

#define CURRENT 0x80 /* P2: the selected file, or with a short identifier that one */

struct files {
    uint8_t readable[4], pin, key; /* 0: none */
};

/* Of the 公的個人認証AP nothing of the 署名用 (0001, 0002, 001A, 001B); of the 券面事項入力補助AP not the 個人番号
 * (0001). */
static const struct files files_of[] = {
    [WATCH_IDENTITY] = {{0x06, 0x08, 0x0A}, 0x18, 0x17},
    [WATCH_PROBE] = {{0x06, 0x08, 0x0B}, 0, 0},
    [WATCH_TEXT_PIN] = {{0x02}, 0x11, 0},
    [WATCH_CODE_B] = {{0x02}, 0x15, 0},
};

static bool is_readable(const struct files *f, unsigned id) {
    return id != 0 && id < 0x100 && memchr(f->readable, (int)id, sizeof f->readable) != NULL;
}

static void check_application(const struct card_watch *w, const uint8_t *tx, size_t n) {
    static const uint8_t jpki[] = {0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01};
    static const uint8_t text[] = {0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x08};
    bool wants_text = w->user == WATCH_TEXT_PIN || w->user == WATCH_CODE_B;
    fuzz_must(n == 15 && tx[4] == 10 && memcmp(tx + 5, wants_text ? text : jpki, 10) == 0,
              "another application is selected");
}

static void check_select(struct card_watch *w, const uint8_t *tx, size_t n) {
    const struct files *f = &files_of[w->user];
    if (tx[2] == 0x04) {
        check_application(w, tx, n);
        w->file = 0;
        return;
    }
    fuzz_must(tx[2] == 0x02 && n == 7 && tx[4] == 2, "an odd SELECT");
    w->file = (uint16_t)((uint32_t)tx[5] << 8 | tx[6]);
    bool own = w->file != 0 && (w->file == f->pin || w->file == f->key);
    fuzz_must(own || is_readable(f, w->file), "a file is selected that must not be");
}

static void check_read(struct card_watch *w, const uint8_t *tx, size_t n) {
    fuzz_must(n == 5 || n == 7, "an odd READ");
    if ((tx[2] & 0x80) != 0) {
        w->file = tx[2] & 0x1F;
    }
    fuzz_must(is_readable(&files_of[w->user], w->file), "a file is read that must not be");
}

/* The file of a PIN or a key is the selected one, or named by its short identifier. */
static bool names(struct card_watch *w, uint8_t p2, uint8_t file) {
    if (p2 == (CURRENT | file)) {
        w->file = file;
        return file != 0;
    }
    return p2 == CURRENT && file != 0 && w->file == file;
}

void card_rules_check(struct card_watch *w, const uint8_t *tx, size_t n) {
    const struct files *f = &files_of[w->user];
    fuzz_must(n >= 4 && n <= 261, "the length of a command");
    switch (tx[0] << 8 | tx[1]) {
    case 0x00A4:
        check_select(w, tx, n);
        break;
    case 0x00B0:
        check_read(w, tx, n);
        break;
    case 0x00C0:
        fuzz_must(n == 5 && w->more, "GET RESPONSE that nothing asked for");
        break;
    case 0x0020:
        fuzz_must(tx[2] == 0 && names(w, tx[3], f->pin), "VERIFY of another PIN");
        break;
    case 0x802A:
        fuzz_must(w->may_sign && w->verified && names(w, tx[3], f->key), "a signature unasked");
        break;
    default:
        fuzz_must(false, "a command that is not known");
    }
}
