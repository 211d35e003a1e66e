#include <string.h>

#include "jpki_parts.h"

#define LABEL_LEN     32
#define AVAILABLE_LEN 3
#define TAG_SEQUENCE  0x30
#define PIECE         256 /* what a short READ brings as well */
#define SW_END        0x6282

/* One way of reading, and what became of the ways before it. */
struct reading {
    struct card_read ask;
    bool at_long; /* the extended READ itself is what failed */
    size_t first; /* bytes that the first READ brought */
    struct {
        bool failed, surely; /* surely: not by something that passes */
        uint16_t sw;
    } extended, short_ids;
};

enum outcome { READ_DONE, READ_REFUSED, READ_BROKEN, READ_FAILED };

static int32_t begin_read(struct jpki *j, enum jpki_file file, const struct card_read *ask,
                          struct fault *why) {
    int32_t rc = card_read_begin(&j->card, ask, why);
    if (ask->short_id != 0) {
        j->selected = rc == SHK_OK ? (uint16_t)file : 0;
    }
    return rc;
}

static int32_t read_once(struct jpki *j, struct reading *r, struct bytes *out, struct fault *why) {
    r->at_long = false;
    if (r->ask.short_id == 0) {
        int32_t rc = jpki_select(j, FILE_CERTIFICATE, why);
        if (rc != SHK_OK) {
            return rc;
        }
    }
    int32_t rc = begin_read(j, FILE_CERTIFICATE, &r->ask, why);
    r->at_long = rc != SHK_OK && r->ask.extended;
    r->first = j->card.reply_len;
    return rc == SHK_OK ? card_read_rest(&j->card, TAG_SEQUENCE, CERTIFICATE_MAX, out, why) : rc;
}

/* What a driver may make of a command that is too long for it. */
static bool is_driver_fault(int32_t rc) {
    return rc == SHK_E_READER || rc == SHK_E_CARD_RESET || rc == SHK_E_CARD_ANSWER ||
           rc == SHK_E_CARD_MUTE;
}

static enum outcome judge(const struct jpki *j, const struct reading *r, int32_t rc) {
    if (rc == SHK_OK) {
        return READ_DONE;
    }
    if (rc == SHK_E_CARD_ANSWER && j->card.sw != 0) {
        return j->card.sw == SW_NOT_VERIFIED ? READ_FAILED : READ_REFUSED;
    }
    return r->at_long && !j->pin_sent && is_driver_fault(rc) ? READ_BROKEN : READ_FAILED;
}

/* A status word of 0 stands for a failing driver; an answer without our object is no passing one either. */
static bool is_sure(uint16_t sw) {
    return card_refuses(sw) || sw == SW_OK || sw == SW_END || sw == 0;
}

/* False when there is nothing simpler. */
static bool simplify(struct reading *r, uint16_t sw) {
    if (r->ask.extended) {
        r->ask.extended = false;
        r->extended.failed = true;
        r->extended.surely = is_sure(sw);
        r->extended.sw = sw;
        return true;
    }
    if (r->ask.short_id != 0) {
        r->ask.short_id = 0;
        r->short_ids.failed = true;
        r->short_ids.surely = is_sure(sw);
        r->short_ids.sw = sw;
        return true;
    }
    return false;
}

static char plan_of(const struct reading *r, size_t n) {
    if (r->ask.short_id == 0) {
        return 'A';
    }
    return r->ask.extended && r->first >= n ? 'C' : 'B';
}

/* A way counts as failing only now that a simpler one worked: else it was something else. */
static void remember(struct jpki *j, const struct reading *r, size_t n) {
    /* The same answer to both forms was meant for the file's short identifier, not for the length. */
    bool same = r->short_ids.failed && r->extended.sw == r->short_ids.sw && r->extended.sw != 0;
    j->plan = plan_of(r, n);
    if (r->ask.extended) {
        jpki_learn(j, HABIT_EXTENDED, r->first >= n || r->first > PIECE);
    } else if (r->extended.failed && r->extended.surely && !same) {
        jpki_learn(j, HABIT_EXTENDED, false);
    }
    if (r->ask.short_id != 0) {
        jpki_learn(j, HABIT_SHORT_IDS, true);
    } else if (r->short_ids.failed && r->short_ids.surely) {
        jpki_learn(j, HABIT_SHORT_IDS, false);
    }
}

/* The fault may have left the card without power or in the middle of an answer. */
static int32_t reconnect(struct jpki *j, struct fault *why) {
    char reader[READER_NAME_MAX];
    text_copy(reader, sizeof reader, j->card.reader);
    return jpki_open(j, reader, true, why);
}

static struct reading first_way(const struct jpki *j) {
    bool extended = j->ways.extended && (!j->pin_sent || j->habit.extended_works);
    return (struct reading){
        .ask = {.short_id = j->ways.short_ids ? FILE_CERTIFICATE : 0, .extended = extended}};
}

/* The first fault wins, and that of a way that was given up is none. */
static int32_t hand_on(int32_t rc, const struct fault *what, struct fault *why) {
    return fault_set(why, rc, what->native_kind, what->native, what->where);
}

int32_t jpki_read_certificate(struct jpki *j, struct bytes *out, struct fault *why) {
    bytes_clear(out);
    int32_t rc = jpki_find_ways(j, why);
    if (rc != SHK_OK) {
        return rc;
    }
    struct reading r = first_way(j);
    for (;;) {
        struct fault what = {0};
        rc = read_once(j, &r, out, &what);
        enum outcome o = judge(j, &r, rc);
        if (o == READ_DONE) {
            remember(j, &r, out->n);
            return SHK_OK;
        }
        if (o == READ_FAILED && r.at_long && j->card.sw == 0) {
            jpki_doubt(j, HABIT_EXTENDED);
        }
        if (o == READ_FAILED || !simplify(&r, j->card.sw)) {
            return hand_on(rc, &what, why);
        }
        rc = o == READ_BROKEN ? reconnect(j, why) : SHK_OK;
        if (rc != SHK_OK) {
            return rc;
        }
    }
}

static bool read_start(struct jpki *j, enum jpki_file file, bool by_short_id, uint16_t n) {
    const struct card_read ask = {.short_id = by_short_id ? (uint8_t)file : 0, .want = n};
    if (!by_short_id && jpki_select(j, file, NULL) != SHK_OK) {
        return false;
    }
    return begin_read(j, file, &ask, NULL) == SHK_OK && j->card.reply_len >= n;
}

/* The first n bytes of a file. */
static bool read_small(struct jpki *j, enum jpki_file file, uint16_t n) {
    if (jpki_find_ways(j, NULL) != SHK_OK) {
        j->card.sw = 0;
        return false;
    }
    if (!j->ways.short_ids) {
        return read_start(j, file, false, n);
    }
    if (read_start(j, file, true, n)) {
        return true;
    }
    uint16_t sw = j->card.sw;
    if (!card_refuses(sw) || sw == SW_NOT_VERIFIED || !read_start(j, file, false, n)) {
        return false;
    }
    jpki_learn(j, HABIT_SHORT_IDS, false);
    return true;
}

bool jpki_read_label(struct jpki *j, char label[33]) {
    label[0] = '\0';
    if (!read_small(j, FILE_LABEL, LABEL_LEN)) {
        return false;
    }
    size_t n = LABEL_LEN;
    while (n > 0 && (j->card.reply[n - 1] == ' ' || j->card.reply[n - 1] == 0)) {
        n--;
    }
    memcpy(label, j->card.reply, n);
    label[n] = '\0';
    return true;
}

bool jpki_read_available(struct jpki *j, uint8_t out[3]) {
    memset(out, 0, AVAILABLE_LEN);
    if (!read_small(j, FILE_AVAILABLE, AVAILABLE_LEN)) {
        return false;
    }
    memcpy(out, j->card.reply, AVAILABLE_LEN);
    return true;
}
