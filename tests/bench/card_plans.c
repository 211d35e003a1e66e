/* What one proof of identity costs on a card in a reader, phase by phase:
 *     card_plans A|B|C PIN ROUNDS
 * The plan is forced by the rules of the configuration; a round that was done by another one ends the
 * program. One line for each round and phase: round phase apdus sent received microseconds, bytes as they
 * cross the seam to the reader. ROUNDS 0 starts everything and touches no card. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "identity.h"
#include "pcsc_transport.h"
#include "platform.h"

enum phase { CONNECTING, SELECTING, CERTIFICATE, QUERY, VERIFYING, SIGNING, LEAVING, PHASES };

static const char *const names[PHASES] = {"connect", "select", "certificate", "query",
                                          "verify",  "sign",   "leave"};

struct count {
    long apdus;
    size_t sent, received;
    double us;
};

/* The card seam, counted. */
struct meter {
    void *card;
    struct count phase[PHASES];
    double since; /* what passes until the next answer belongs to that command's phase */
};

static double now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void pass(struct meter *m, enum phase phase) {
    double now = now_us();
    m->phase[phase].us += now - m->since;
    m->since = now;
}

/* A file is selected for what is done with it. */
static enum phase phase_of_file(const uint8_t *apdu, size_t n) {
    unsigned file = n >= 7 ? apdu[6] : 0;
    return file == 0x17 ? SIGNING : file == 0x18 ? QUERY : CERTIFICATE;
}

static enum phase phase_of(const uint8_t *apdu, size_t n) {
    switch (n >= 4 ? apdu[1] : 0) {
    case 0xA4:
        return apdu[2] == 0x04 ? SELECTING : phase_of_file(apdu, n);
    case 0x20:
        return n > 5 ? VERIFYING : QUERY;
    case 0x2A:
        return SIGNING;
    default:
        return CERTIFICATE;
    }
}

static int32_t list(void *self, struct reader_list *out, struct fault *why) {
    return pcsc_transport.list(((struct meter *)self)->card, out, why);
}

static int32_t wait_change(void *self, struct reader_list *seen, int32_t ms, struct fault *why) {
    return pcsc_transport.wait(((struct meter *)self)->card, seen, ms, why);
}

static int32_t connect_card(void *self, const char *reader, struct fault *why) {
    return pcsc_transport.connect(((struct meter *)self)->card, reader, why);
}

static int32_t begin(void *self, bool *waited, struct fault *why) {
    struct meter *m = self;
    int32_t rc = pcsc_transport.begin(m->card, waited, why);
    pass(m, CONNECTING);
    return rc;
}

static int32_t transmit(void *self, const uint8_t *tx, size_t tx_len, uint8_t *rx, size_t *rx_len,
                        struct fault *why) {
    struct meter *m = self;
    enum phase phase = phase_of(tx, tx_len);
    int32_t rc = pcsc_transport.transmit(m->card, tx, tx_len, rx, rx_len, why);
    m->phase[phase].apdus++;
    m->phase[phase].sent += tx_len;
    m->phase[phase].received += rc == SHK_OK ? *rx_len : 0;
    pass(m, phase);
    return rc;
}

static void end(void *self, bool power_down) {
    pcsc_transport.end(((struct meter *)self)->card, power_down);
}

static void disconnect(void *self) {
    pcsc_transport.disconnect(((struct meter *)self)->card);
}

static int32_t traits(void *self, struct reader_traits *out, struct fault *why) {
    return pcsc_transport.traits(((struct meter *)self)->card, out, why);
}

static int32_t pad_verify(void *self, const struct pad_question *ask, uint16_t *sw,
                          struct fault *why) {
    return pcsc_transport.pad_verify(((struct meter *)self)->card, ask, sw, why);
}

static const struct card_ops metered = {list, wait_change, connect_card, begin,      transmit,
                                        end,  disconnect,  traits,       pad_verify, NULL};

static int32_t find_card(struct meter *m, char reader[READER_NAME_MAX], struct fault *why) {
    struct reader_list seen = {0};
    for (int tries = 0; tries < 50; tries++) {
        int32_t rc = list(m, &seen, why);
        if (rc != SHK_OK) {
            return rc;
        }
        for (size_t i = 0; i < seen.n; i++) {
            if (seen.at[i].card_present) {
                text_copy(reader, READER_NAME_MAX, seen.at[i].name);
                return SHK_OK;
            }
        }
        rc = wait_change(m, &seen, 200, why);
        if (rc != SHK_OK && rc != SHK_E_TIMEOUT) {
            return rc;
        }
        fault_clear(why);
    }
    return fault_raise(why, SHK_E_NO_CARD);
}

static struct identity_rules rules_of(char plan) {
    return (struct identity_rules){.extended = plan == 'C' ? EXTENDED_ALWAYS : EXTENDED_NEVER,
                                   .no_short_ids = plan == 'A',
                                   .no_short_sign = plan == 'A'};
}

static int32_t prove(const struct identity_source *card, const char *reader, const char *digits,
                     struct identity *id, struct fault *why) {
    static const uint8_t digest[48] = {1, 2, 3};
    struct pin pin = {.len = PIN_DIGITS};
    struct bytes signature = {0};
    memcpy(pin.digits, digits, PIN_DIGITS);
    int32_t rc = card->ops->read(card->self, reader, id, why);
    if (rc == SHK_OK) {
        rc = card->ops->verify(card->self, id, &pin, false, why);
    }
    if (rc == SHK_OK) {
        size_t n = text_equal(id->algorithm, "ES384") ? 48 : 32;
        rc = card->ops->sign(card->self, id, digest, n, &signature, why);
    }
    bytes_clear(&signature);
    return rc;
}

static bool round_of(struct meter *m, const struct identity_source *card, char plan,
                     const char *reader, const char *digits, long round) {
    struct identity id = {0};
    struct fault why = {0};
    memset(m->phase, 0, sizeof m->phase);
    m->since = now_us();
    int32_t rc = prove(card, reader, digits, &id, &why);
    card->ops->finish(card->self);
    pass(m, LEAVING);
    char used = id.plan;
    identity_clear(&id);
    if (rc != SHK_OK || used != plan) {
        fprintf(stderr, "plan %c: fault %d %s, done by plan %c\n", plan, (int)rc, why.where,
                used != 0 ? used : '-');
        return false;
    }
    for (int i = 0; i < PHASES; i++) {
        printf("%ld %s %ld %zu %zu %.1f\n", round, names[i], m->phase[i].apdus, m->phase[i].sent,
               m->phase[i].received, m->phase[i].us);
    }
    return true;
}

static int run(struct meter *m, char plan, const char *digits, long rounds) {
    struct env env = {.clock = &platform_clock, .card = &metered, .card_self = m};
    struct identity_rules rules = rules_of(plan);
    struct identity_source card = {0};
    struct fault why = {0};
    char reader[READER_NAME_MAX];
    if (mynumber_new(&env, NULL, &rules, NULL, &card) != SHK_OK) {
        return 1;
    }
    int32_t rc = rounds > 0 ? find_card(m, reader, &why) : SHK_OK;
    if (rc != SHK_OK) {
        fprintf(stderr, "no card: fault %d %s\n", (int)rc, why.where);
    }
    bool good = rc == SHK_OK;
    for (long i = 1; good && i <= rounds; i++) {
        good = round_of(m, &card, plan, reader, digits, i);
    }
    card.ops->free(card.self);
    return good ? 0 : 1;
}

int main(int argc, char **argv) {
    struct meter m = {0};
    if (argc != 4 || strlen(argv[1]) != 1 || strchr("ABC", argv[1][0]) == NULL ||
        strlen(argv[2]) != PIN_DIGITS) {
        fprintf(stderr, "card_plans A|B|C PIN ROUNDS\n");
        return 2;
    }
    if (pcsc_transport_new(NULL, &m.card) != SHK_OK) {
        return 1;
    }
    int rc = run(&m, argv[1][0], argv[2], strtol(argv[3], NULL, 10));
    pcsc_transport_free(&m.card);
    return rc;
}
