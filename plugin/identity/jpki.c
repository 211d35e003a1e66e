#include "jpki.h"

#include <string.h>

#include "jpki_parts.h"

#define INPUT_MAX   64
#define PAD_SECONDS 30
#define THE_CURRENT 0x80 /* P2: the selected file; with a short identifier: that file */

/* The application of the certificates. The card is never asked for another one here. */
static const uint8_t jpki_aid[] = {0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01};

/* The VERIFY command lies in struct pin as it goes to the card. */
_Static_assert(offsetof(struct pin, head) == 0 &&
                   offsetof(struct pin, digits) == sizeof((struct pin *)0)->head,
               "head and digits are one command");

int32_t jpki_init(struct jpki *j, const struct env *env, const struct identity_rules *rules,
                  struct habits *habits, struct log *log) {
    *j = (struct jpki){.rules = rules, .habits = habits, .log = log, .plan = 'A'};
    return card_init(&j->card, env->card, env->card_self, log);
}

void jpki_clear(struct jpki *j) {
    card_clear(&j->card);
}

int32_t jpki_select(struct jpki *j, enum jpki_file file, struct fault *why) {
    int32_t rc = card_select_ef(&j->card, (uint16_t)file, why);
    j->selected = rc == SHK_OK ? (uint16_t)file : 0;
    return rc;
}

int32_t jpki_need(struct jpki *j, enum jpki_file file, struct fault *why) {
    return j->selected == (uint16_t)file ? SHK_OK : jpki_select(j, file, why);
}

uint8_t jpki_reference(enum jpki_file file) {
    return (uint8_t)(THE_CURRENT | (unsigned)file);
}

static void forget_connection(struct jpki *j) {
    j->selected = 0;
    j->pin_form = PIN_FORM_UNKNOWN;
    j->pin_sent = false;
}

int32_t jpki_open(struct jpki *j, const char *reader, bool again, struct fault *why) {
    bool waited = again && j->card.waited;
    j->apdus_before = again ? jpki_apdus(j) : 0;
    forget_connection(j);
    if (!again) {
        j->plan = 'A';
        j->ways = (struct jpki_ways){0};
    }
    int32_t rc = card_open(&j->card, reader, why);
    if (rc != SHK_OK) {
        return rc;
    }
    j->card.waited = j->card.waited || waited;
    return card_select_aid(&j->card, jpki_aid, sizeof jpki_aid, why);
}

void jpki_close(struct jpki *j) {
    forget_connection(j);
    card_close(&j->card);
}

int32_t jpki_apdus(const struct jpki *j) {
    return j->apdus_before + j->card.apdu_count;
}

char jpki_plan(const struct jpki *j) {
    return j->plan;
}

/* Answers to the query of a PIN that is there, whatever its counter says. */
static bool says_tries(uint16_t sw) {
    return sw >> 8 == 0x63 || sw == SW_OK || sw == 0x6983 || sw == 0x6984;
}

/* P2 of VERIFY, for the query and for the PIN. */
static uint8_t pin_reference(enum jpki_pin_form form) {
    return form == PIN_FORM_SHORT ? jpki_reference(FILE_PIN) : THE_CURRENT;
}

static int32_t name_pin(struct jpki *j, enum jpki_pin_form form, struct fault *why) {
    if (form == PIN_FORM_SELECTED) {
        return jpki_need(j, FILE_PIN, why);
    }
    j->selected = 0;
    return SHK_OK;
}

/* A card that will not select the file of the PIN has answered too. */
static int32_t ask_tries(struct jpki *j, enum jpki_pin_form form, struct fault *why) {
    const uint8_t apdu[] = {0x00, 0x20, 0x00, pin_reference(form)};
    struct fault what = {0};
    int32_t rc = name_pin(j, form, &what);
    if (rc == SHK_OK) {
        return card_send_once(&j->card, apdu, sizeof apdu, why);
    }
    return rc == SHK_E_CARD_ANSWER && j->card.sw != 0
               ? SHK_OK
               : fault_set(why, rc, what.native_kind, what.native, what.where);
}

static int32_t ask_tries_again(struct jpki *j, struct fault *why) {
    int32_t rc = ask_tries(j, j->pin_form, why);
    if (rc == SHK_OK && !says_tries(j->card.sw) && card_refuses(j->card.sw)) {
        return fault_set(why, SHK_E_CARD_RESET, SHK_NATIVE_SW, j->card.sw, "VERIFY query");
    }
    return rc;
}

static int32_t find_pin_form(struct jpki *j, struct fault *why) {
    bool by_short_id = j->ways.short_verify;
    uint16_t refused = 0;
    if (by_short_id) {
        int32_t rc = ask_tries(j, PIN_FORM_SHORT, why);
        if (rc != SHK_OK || says_tries(j->card.sw)) {
            j->pin_form = rc == SHK_OK ? PIN_FORM_SHORT : PIN_FORM_UNKNOWN;
            return rc;
        }
        refused = j->card.sw;
    }
    int32_t rc = ask_tries(j, PIN_FORM_SELECTED, why);
    if (rc == SHK_OK && says_tries(j->card.sw)) {
        j->pin_form = PIN_FORM_SELECTED;
        if (card_refuses(refused)) {
            jpki_learn(j, HABIT_SHORT_VERIFY, false);
        }
    }
    return rc;
}

int32_t jpki_query(struct jpki *j, struct fault *why) {
    if (j->pin_form != PIN_FORM_UNKNOWN) {
        return ask_tries_again(j, why);
    }
    int32_t rc = jpki_find_ways(j, why);
    rc = rc == SHK_OK ? find_pin_form(j, why) : rc;
    if (j->pin_form == PIN_FORM_SHORT) {
        jpki_learn(j, HABIT_SHORT_VERIFY, true);
    }
    return rc;
}

/* Before the PIN leaves: the file is named as in the query that was answered. */
static int32_t begin_verify(struct jpki *j, struct fault *why) {
    if (j->pin_form == PIN_FORM_UNKNOWN || !j->card.in_transaction) {
        return fault_raise(why, SHK_E_STATE);
    }
    int32_t rc = name_pin(j, j->pin_form, why);
    j->pin_sent = j->pin_sent || rc == SHK_OK;
    return rc;
}

int32_t jpki_verify(struct jpki *j, struct pin *pin, struct fault *why) {
    const uint8_t head[] = {0x00, 0x20, 0x00, pin_reference(j->pin_form), PIN_DIGITS};
    int32_t rc = begin_verify(j, why);
    if (rc == SHK_OK) {
        memcpy(pin->head, head, sizeof head);
        rc = card_send_once(&j->card, (const uint8_t *)pin, sizeof head + PIN_DIGITS, why);
    }
    pin_wipe(pin);
    return rc;
}

int32_t jpki_verify_on_pad(struct jpki *j, struct fault *why) {
    const struct pad_question ask = {.head = {0x00, 0x20, 0x00, pin_reference(j->pin_form)},
                                     .least = PIN_DIGITS,
                                     .most = PIN_DIGITS,
                                     .timeout_s = PAD_SECONDS};
    int32_t rc = begin_verify(j, why);
    if (rc != SHK_OK) {
        return rc;
    }
    j->card.apdu_count++;
    return j->card.ops->pad_verify(j->card.self, &ask, &j->card.sw, why);
}

static int32_t compute(struct jpki *j, uint8_t reference, const uint8_t *input, size_t n,
                       struct fault *why) {
    uint8_t apdu[5 + INPUT_MAX + 1] = {0x80, 0x2A, 0x00, reference, (uint8_t)n};
    memcpy(apdu + 5, input, n);
    return card_send(&j->card, apdu, 5 + n + 1, why);
}

/* False: the card will not have the key named so, and has spent nothing on it. */
static bool sign_by_short_id(struct jpki *j, const uint8_t *input, size_t n, int32_t *rc,
                             struct fault *why) {
    j->selected = 0;
    *rc = compute(j, jpki_reference(FILE_KEY), input, n, why);
    if (*rc == SHK_OK && j->card.sw == SW_OK) {
        jpki_learn(j, HABIT_SHORT_SIGN, true);
    }
    return *rc != SHK_OK || j->card.sw == SW_NOT_VERIFIED || !card_refuses(j->card.sw);
}

int32_t jpki_sign(struct jpki *j, const uint8_t *input, size_t n, struct fault *why) {
    int32_t rc = SHK_OK;
    if (n == 0 || n > INPUT_MAX) {
        return fault_raise(why, SHK_E_ARGUMENT);
    }
    bool refused = j->ways.short_sign;
    if (refused && sign_by_short_id(j, input, n, &rc, why)) {
        return rc;
    }
    rc = jpki_need(j, FILE_KEY, why);
    rc = rc == SHK_OK ? compute(j, THE_CURRENT, input, n, why) : rc;
    if (refused && rc == SHK_OK && j->card.sw == SW_OK) {
        jpki_learn(j, HABIT_SHORT_SIGN, false);
    }
    return rc;
}

int32_t jpki_touch(struct jpki *j, struct fault *why) {
    return jpki_select(j, FILE_KEY, why);
}
