#include "probe.h"

#include <stdlib.h>
#include <string.h>

#include "card.h"
#include "tlv.h"

#define ROUNDS       3 /* of SELECT and READ that are measured */
#define SAMPLES_MAX  24
#define ENOUGH_MS    3000 /* a slow card is not measured for longer than that */
#define PIECE        256
#define LABEL_LEN    32
#define PRESENT      0x8F
#define TAG_SEQUENCE 0x30
#define SW_DONE      0x9000
#define SW_END       0x6282

static const uint8_t jpki_aid[] = {0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01};

/* The only files that are touched: what kind of card it is, which certificates are there, and the
 * certificate of their authority, which is the same for everybody. All are free to read. */
enum probe_file { FILE_LABEL = 0x06, FILE_AVAILABLE = 0x08, FILE_AUTHORITY = 0x0B };

struct probing {
    const struct env *env;
    const struct identity_rules *rules;
    const char *reader;
    struct card card;
    struct probe *out;
    int32_t apdus_before; /* of connections that broke */
    int64_t sample_ms[SAMPLES_MAX];
    size_t samples;
    uint8_t start[PIECE]; /* of the authority's certificate, read in the plainest way */
    size_t start_len;
    size_t total; /* of that certificate; 0: not known */
};

static int64_t now_ms(const struct probing *p) {
    return p->env->clock->mono_ms(p->env->clock_self);
}

/* True when `rc` is only a card that refuses a file: what is asked for next does not depend on it. */
static bool is_refusal(const struct probing *p, int32_t rc) {
    return rc == SHK_E_CARD_ANSWER && p->card.sw != SW_DONE && p->card.sw != 0;
}

/* A command that got no answer says nothing of how long one takes. */
static void sample(struct probing *p, int64_t began_ms, int32_t rc) {
    if (p->samples < SAMPLES_MAX && (rc == SHK_OK || is_refusal(p, rc))) {
        p->sample_ms[p->samples++] = now_ms(p) - began_ms;
    }
}

static int32_t open_card(struct probing *p, struct fault *why) {
    p->apdus_before += p->card.apdu_count;
    p->card.apdu_count = 0;
    int32_t rc = card_open(&p->card, p->reader, why);
    if (rc == SHK_OK) {
        p->out->waited = p->out->waited || p->card.waited;
        rc = card_select_aid(&p->card, jpki_aid, sizeof jpki_aid, why);
    }
    return rc;
}

static int32_t select_file(struct probing *p, enum probe_file file, struct fault *why) {
    int64_t began = now_ms(p);
    int32_t rc = card_select_ef(&p->card, (uint16_t)file, why);
    sample(p, began, rc);
    return rc;
}

/* 0 with whatever status word came. */
static int32_t read_start(struct probing *p, uint8_t want, struct fault *why) {
    const uint8_t apdu[] = {0x00, 0xB0, 0x00, 0x00, want};
    int64_t began = now_ms(p);
    int32_t rc = card_send(&p->card, apdu, sizeof apdu, why);
    sample(p, began, rc);
    return rc;
}

static bool has_data(const struct card *card) {
    return (card->sw == SW_DONE || card->sw == SW_END) && card->reply_len > 0;
}

static void keep_start(struct probing *p) {
    struct tlv head;
    if (!has_data(&p->card)) {
        return;
    }
    p->start_len = p->card.reply_len < PIECE ? p->card.reply_len : PIECE;
    memcpy(p->start, p->card.reply, p->start_len);
    bool whole = tlv_head(p->start, p->start_len, &head) && head.tag == TAG_SEQUENCE;
    p->total = whole ? head.total : 0;
}

static int32_t measure(struct probing *p, struct fault *why) {
    int64_t began = now_ms(p);
    int32_t rc = SHK_OK;
    for (int i = 0; i < ROUNDS && rc == SHK_OK && (i == 0 || now_ms(p) - began < ENOUGH_MS); i++) {
        rc = select_file(p, FILE_AUTHORITY, why);
        rc = rc == SHK_OK ? read_start(p, 0, why) : rc;
        if (rc == SHK_OK) {
            keep_start(p);
        }
    }
    return rc;
}

/* The same bytes as the plain way brought, as many as it brought. */
static bool same_start(const struct probing *p) {
    return p->start_len > 0 && p->card.reply_len >= p->start_len &&
           memcmp(p->card.reply, p->start, p->start_len) == 0;
}

/* The card and the reader are there as before, so a way that failed can be done without. */
static bool can_go_on(int32_t rc) {
    return rc == SHK_E_READER || rc == SHK_E_CARD_ANSWER || rc == SHK_E_CARD_MUTE ||
           rc == SHK_E_CARD_RESET;
}

/* Sends one command that may not be understood. The driver may have lost the card over it. */
static int32_t attempt(struct probing *p, const uint8_t *apdu, size_t n, enum trial *result,
                       struct fault *why) {
    struct fault own = {0};
    int32_t rc = card_send(&p->card, apdu, n, &own);
    if (rc == SHK_OK) {
        *result = has_data(&p->card) ? TRIAL_WORKS : TRIAL_REFUSED;
        return rc;
    }
    if (can_go_on(rc) || rc == SHK_E_CARD_HANGS) {
        *result = TRIAL_BROKE;
    }
    return can_go_on(rc) ? open_card(p, why)
                         : fault_set(why, rc, own.native_kind, own.native, own.where);
}

static int32_t try_short_ids(struct probing *p, struct fault *why) {
    const uint8_t apdu[] = {0x00, 0xB0, 0x80 | FILE_AUTHORITY, 0x00, 0x00};
    if ((p->rules != NULL && p->rules->no_short_ids) || p->start_len == 0) {
        return SHK_OK;
    }
    int32_t rc = attempt(p, apdu, sizeof apdu, &p->out->short_ids, why);
    if (rc == SHK_OK && p->out->short_ids == TRIAL_WORKS && !same_start(p)) {
        p->out->short_ids = TRIAL_REFUSED;
    }
    return rc;
}

/* One READ of the whole certificate. A card whose certificate fits a short answer proves nothing. */
static int32_t try_extended(struct probing *p, struct fault *why) {
    uint8_t apdu[] = {0x00, 0xB0, 0x00, 0x00, 0x00, 0x00, 0x00};
    int32_t rc = SHK_OK;
    if ((p->rules != NULL && p->rules->extended == EXTENDED_NEVER) || p->total <= PIECE) {
        return rc;
    }
    if (p->out->short_ids == TRIAL_WORKS) {
        apdu[2] = 0x80 | FILE_AUTHORITY;
    } else {
        rc = select_file(p, FILE_AUTHORITY, why);
    }
    rc = rc == SHK_OK ? attempt(p, apdu, sizeof apdu, &p->out->extended, why) : rc;
    if (rc == SHK_OK && p->out->extended == TRIAL_WORKS &&
        (!same_start(p) || p->card.reply_len < p->total)) {
        p->out->extended = TRIAL_REFUSED;
    }
    return rc;
}

static int32_t kind_of(const uint8_t *label) {
    static const struct {
        const char *label;
        int32_t kind;
    } kinds[] = {
        {"JPKIAPICCTOKEN2", SHK_CARD_MYNUMBER},
        {"JPKIAPICCTOKEN", SHK_CARD_JUKI},
        {"JPKIAPGPSETOKEN", SHK_CARD_ANDROID},
        {"JPKIAPIOSTOKEN", SHK_CARD_IPHONE},
    };
    size_t n = LABEL_LEN;
    while (n > 0 && (label[n - 1] == ' ' || label[n - 1] == 0)) {
        n--;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (text_equal_n(kinds[i].label, (const char *)label, n)) {
            return kinds[i].kind;
        }
    }
    return SHK_CARD_UNKNOWN;
}

static int32_t read_file(struct probing *p, enum probe_file file, uint8_t want, struct fault *why) {
    int32_t rc = select_file(p, file, why);
    return rc == SHK_OK ? read_start(p, want, why) : rc;
}

static int32_t ask_kind(struct probing *p, struct fault *why) {
    int32_t rc = read_file(p, FILE_LABEL, LABEL_LEN, why);
    if (rc == SHK_OK && has_data(&p->card) && p->card.reply_len >= LABEL_LEN) {
        p->out->kind = kind_of(p->card.reply);
    }
    return rc;
}

static int32_t ask_certificate(struct probing *p, struct fault *why) {
    int32_t rc = read_file(p, FILE_AVAILABLE, 3, why);
    if (rc == SHK_OK && has_data(&p->card) && p->card.reply_len >= 2) {
        p->out->certificate_known = true;
        p->out->certificate = p->card.reply[1] == PRESENT;
    }
    return rc;
}

static int by_value(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Below a few milliseconds the clock is too coarse for a median; the mean of all is not. */
static int32_t typical_us(struct probing *p) {
    int64_t sum = 0;
    if (p->samples == 0) {
        return -1;
    }
    for (size_t i = 0; i < p->samples; i++) {
        sum += p->sample_ms[i];
    }
    qsort(p->sample_ms, p->samples, sizeof p->sample_ms[0], by_value);
    int64_t median_ms = p->sample_ms[p->samples / 2];
    int64_t us = median_ms >= 3 ? median_ms * 1000 : sum * 1000 / (int64_t)p->samples;
    return us < INT32_MAX ? (int32_t)us : INT32_MAX;
}

/* Each step goes on where the card merely refuses a file, and ends with anything else. */
static int32_t find_out(struct probing *p, struct fault *why) {
    static int32_t (*const steps[])(struct probing *, struct fault *) = {
        measure, ask_kind, ask_certificate, try_short_ids, try_extended};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct fault own = {0};
        int32_t rc = steps[i](p, &own);
        if (rc != SHK_OK && !is_refusal(p, rc)) {
            return fault_set(why, rc, own.native_kind, own.native, own.where);
        }
    }
    return SHK_OK;
}

static int32_t run(struct probing *p, struct fault *why) {
    struct fault unused = {0};
    int32_t rc = open_card(p, why);
    if (p->card.connected) {
        (void)p->env->card->traits(p->env->card_self, &p->out->traits, &unused);
    }
    if (rc != SHK_OK) {
        return rc;
    }
    p->out->application = true;
    return find_out(p, why);
}

int32_t probe_reader(const struct env *env, struct log *log, const struct identity_rules *rules,
                     const char *reader, struct probe *out, struct fault *why) {
    *out = (struct probe){.kind = SHK_CARD_UNKNOWN, .apdu_us = -1};
    struct probing p = {.env = env, .rules = rules, .reader = reader, .out = out};
    int32_t rc = card_init(&p.card, env->card, env->card_self, log);
    if (rc != SHK_OK) {
        return fault_raise(why, rc);
    }
    rc = run(&p, why);
    out->apdus = p.apdus_before + p.card.apdu_count;
    out->apdu_us = typical_us(&p);
    card_clear(&p.card);
    log_event(log, SHK_LOG_INFO, "reader.probe", "code,apdus,apdu_us,extended,short_ids",
              (int64_t)rc, (int64_t)out->apdus, (int64_t)out->apdu_us, (int64_t)out->extended,
              (int64_t)out->short_ids);
    return rc;
}
