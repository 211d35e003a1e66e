#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "internal.h"

void forbidden(const struct vcard *card, const struct apdu *a, unsigned id) {
    char line[64];
    FILE *f;

    (void)snprintf(line, sizeof line, "FORBIDDEN %02X%02X%02X%02X object %04X\n", (unsigned)a->cla,
                   (unsigned)a->ins, (unsigned)a->p1, (unsigned)a->p2, id);
    fputs(line, stderr);
    fflush(stderr);
    if (card->profile.forbidden_marker[0] != '\0' &&
        (f = fopen(card->profile.forbidden_marker, "a")) != NULL) {
        fputs(line, f);
        (void)fclose(f);
    }
    abort();
}

int card_wait(struct vcard *card, int32_t ms) {
    if (ms > 0 && card->sleep != NULL) {
        if (card->sleep(card->sleep_self, (uint32_t)ms) != 0) {
            vcard_remove(card);
        }
    } else if (ms > 0) {
        host_sleep_ms((uint32_t)ms);
    }
    return card->present ? 0 : -1;
}

struct vcard *vcard_new(const char *profile_path, char *why, size_t why_cap) {
    struct vcard *card = calloc(1, sizeof *card);

    if (why_cap > 0) {
        why[0] = '\0';
    }
    if (card == NULL) {
        (void)snprintf(why, why_cap, "out of memory");
        return NULL;
    }
    card->present = 1;
    if (profile_read(&card->profile, profile_path, why, why_cap) != 0 ||
        bodies_load(card, why, why_cap) != 0) {
        goto fail;
    }
    verify_init(card);
    if (state_load(card) != 0) {
        (void)snprintf(why, why_cap, "state file %s cannot be understood", card->profile.state);
        goto fail;
    }
    return card;
fail:
    vcard_free(card);
    return NULL;
}

void vcard_free(struct vcard *card) {
    if (card == NULL) {
        return;
    }
    bodies_free(card);
    OPENSSL_cleanse(card, sizeof *card);
    free(card);
}

static int set_path(char *to, const char *path) {
    size_t len = path != NULL ? strlen(path) : 0;

    if (len >= PATH_CAP) {
        return -1;
    }
    if (len > 0) {
        memcpy(to, path, len);
    }
    to[len] = '\0';
    return 0;
}

int vcard_set_state(struct vcard *card, const char *path) {
    return set_path(card->profile.state, path) != 0 ? -1 : state_load(card);
}

int vcard_set_forbidden_marker(struct vcard *card, const char *path) {
    return set_path(card->profile.forbidden_marker, path);
}

void vcard_allow_signature(struct vcard *card, int allow) {
    card->profile.allow_signature = allow != 0;
}

void vcard_remove_at(struct vcard *card, uint32_t n) {
    card->profile.remove_at_apdu = n > INT32_MAX ? INT32_MAX : (int32_t)n;
}

void vcard_set_trace(struct vcard *card, vcard_trace_fn fn, void *self) {
    card->trace = fn;
    card->trace_self = self;
}

void vcard_set_sleep(struct vcard *card, vcard_sleep_fn fn, void *self) {
    card->sleep = fn;
    card->sleep_self = self;
}

static void to_start(struct vcard *card) {
    card->df = DF_ISD;
    card->current = NULL;
    card->out_len = card->out_sent = 0;
}

void vcard_power_off(struct vcard *card) {
    to_start(card);
    card->powered = 0;
    card->fresh = 0;
    card->verified = 0;
}

void vcard_reset(struct vcard *card) {
    if (!card->present || !card->powered) {
        return;
    }
    to_start(card);
    if (!card->profile.verify_survives_reset) {
        card->verified = 0;
    }
}

void vcard_power_on(struct vcard *card) {
    if (!card->present) {
        return;
    }
    /* Power on a card that has it takes nothing away: only a gap clears what was verified. */
    if (card->powered) {
        vcard_reset(card);
        return;
    }
    to_start(card);
    card->powered = 1;
    card->fresh = 1;
}

void vcard_remove(struct vcard *card) {
    vcard_power_off(card);
    card->present = 0;
}

void vcard_insert(struct vcard *card) {
    card->present = 1;
}

int vcard_present(const struct vcard *card) {
    return card->present;
}

const uint8_t *vcard_atr(const struct vcard *card, size_t *len) {
    *len = card->profile.atr_len;
    return card->profile.atr;
}

uint32_t vcard_apdu_count(const struct vcard *card) {
    return card->apdus;
}

uint32_t vcard_verify_count(const struct vcard *card) {
    return card->verifies;
}

uint32_t vcard_sign_count(const struct vcard *card) {
    return card->signatures;
}

int vcard_pin_tries(const struct vcard *card) {
    return (int)card->pin[PIN_AUTH].tries;
}
