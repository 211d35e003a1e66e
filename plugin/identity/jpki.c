#include "jpki.h"

#include <string.h>

#define CERTIFICATE_MAX 4096
#define LABEL_LEN       32
#define INPUT_MAX       64
#define PAD_SECONDS     30

/* The application of the certificates. The card is never asked for another one here. */
static const uint8_t jpki_aid[] = {0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01};

/* Every file that can be selected. Those of the signing key (署名用) and of the individual number
 * (個人番号) have no name here, and select_file takes nothing but these names. */
enum jpki_file {
    FILE_LABEL = 0x0006,
    FILE_CERTIFICATE = 0x000A,
    FILE_KEY = 0x0017,
    FILE_PIN = 0x0018
};

/* The VERIFY command lies in struct pin as it goes to the card. */
_Static_assert(offsetof(struct pin, head) == 0 &&
                   offsetof(struct pin, digits) == sizeof((struct pin *)0)->head,
               "head and digits are one command");

int32_t jpki_init(struct jpki *j, const struct env *env, const struct identity_rules *rules,
                  struct habits *habits, struct log *log) {
    *j = (struct jpki){.rules = rules, .habits = habits, .log = log};
    return card_init(&j->card, env->card, env->card_self, log);
}

void jpki_clear(struct jpki *j) {
    card_clear(&j->card);
}

static int32_t select_file(struct jpki *j, enum jpki_file file, struct fault *why) {
    int32_t rc = card_select_ef(&j->card, (uint16_t)file, why);
    j->selected = rc == SHK_OK ? (uint16_t)file : 0;
    return rc;
}

static int32_t need_file(struct jpki *j, enum jpki_file file, struct fault *why) {
    return j->selected == (uint16_t)file ? SHK_OK : select_file(j, file, why);
}

int32_t jpki_open(struct jpki *j, const char *reader, bool again, struct fault *why) {
    j->selected = 0;
    j->apdus_before = again ? jpki_apdus(j) : 0;
    int32_t rc = card_open(&j->card, reader, why);
    return rc == SHK_OK ? card_select_aid(&j->card, jpki_aid, sizeof jpki_aid, why) : rc;
}

void jpki_close(struct jpki *j) {
    card_close(&j->card);
}

int32_t jpki_apdus(const struct jpki *j) {
    return j->apdus_before + j->card.apdu_count;
}

char jpki_plan(const struct jpki *j) {
    (void)j;
    return 'A';
}

int32_t jpki_read_certificate(struct jpki *j, struct bytes *out, struct fault *why) {
    int32_t rc = select_file(j, FILE_CERTIFICATE, why);
    return rc == SHK_OK ? card_read_der(&j->card, CERTIFICATE_MAX, out, why) : rc;
}

bool jpki_read_label(struct jpki *j, char label[33]) {
    label[0] = '\0';
    if (select_file(j, FILE_LABEL, NULL) != SHK_OK ||
        card_read_start(&j->card, LABEL_LEN, NULL) != SHK_OK || j->card.reply_len < LABEL_LEN) {
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

int32_t jpki_query(struct jpki *j, struct fault *why) {
    static const uint8_t apdu[] = {0x00, 0x20, 0x00, 0x80};
    int32_t rc = need_file(j, FILE_PIN, why);
    return rc == SHK_OK ? card_send_once(&j->card, apdu, sizeof apdu, why) : rc;
}

int32_t jpki_verify(struct jpki *j, struct pin *pin, struct fault *why) {
    static const uint8_t head[] = {0x00, 0x20, 0x00, 0x80, PIN_DIGITS};
    memcpy(pin->head, head, sizeof head);
    int32_t rc = card_send_once(&j->card, (const uint8_t *)pin, sizeof head + PIN_DIGITS, why);
    pin_wipe(pin);
    return rc;
}

int32_t jpki_verify_on_pad(struct jpki *j, struct fault *why) {
    const struct pad_question ask = {.head = {0x00, 0x20, 0x00, 0x80},
                                     .least = PIN_DIGITS,
                                     .most = PIN_DIGITS,
                                     .timeout_s = PAD_SECONDS};
    j->card.apdu_count++;
    return j->card.ops->pad_verify(j->card.self, &ask, &j->card.sw, why);
}

int32_t jpki_sign(struct jpki *j, const uint8_t *input, size_t n, struct fault *why) {
    uint8_t apdu[5 + INPUT_MAX + 1] = {0x80, 0x2A, 0x00, 0x80};
    if (n == 0 || n > INPUT_MAX) {
        return fault_raise(why, SHK_E_ARGUMENT);
    }
    int32_t rc = need_file(j, FILE_KEY, why);
    if (rc != SHK_OK) {
        return rc;
    }
    apdu[4] = (uint8_t)n;
    memcpy(apdu + 5, input, n);
    return card_send(&j->card, apdu, 5 + n + 1, why);
}

int32_t jpki_touch(struct jpki *j, struct fault *why) {
    return select_file(j, FILE_KEY, why);
}
