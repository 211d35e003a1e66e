#include "attributes.h"

#include <stdlib.h>
#include <string.h>

#include "card.h"
#include "wrong_pins.h"

#define FILE_MAX 8192
#define PIECE    256
#define SW_OK    0x9000

static const uint8_t text_aid[] = {0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x08};

/* Every file of this application that can be named. Those of the individual number (個人番号) have no name
 * here, and select_file takes nothing but these names. */
enum text_file { FILE_ATTRIBUTES = 0x0002, FILE_PIN = 0x0011, FILE_CODE_B = 0x0015 };

/* Between the calls: nothing is open; what was typed may be sent. */
enum stage { STAGE_CLOSED, STAGE_PIN };

/* The VERIFY command lies in struct pin as it goes to the card. */
_Static_assert(offsetof(struct pin, head) == 0 &&
                   offsetof(struct pin, digits) == sizeof((struct pin *)0)->head,
               "head and digits are one command");

struct attributes_card {
    struct card card;
    struct log *log;
    int32_t kind; /* SHK_PIN_ */
    enum stage stage;
    struct attributes_tries tries;
    struct wrong_pins *wrong; /* of this transaction */
    int32_t apdus_before;     /* of the connection before this one, within one open */
};

int32_t attributes_new(const struct env *env, struct log *log, int32_t kind,
                       struct attributes_card **out) {
    *out = NULL;
    if (kind != SHK_PIN_TEXT && kind != SHK_PIN_CODE_B) {
        return SHK_E_ARGUMENT;
    }
    struct attributes_card *a = calloc(1, sizeof *a);
    struct wrong_pins *wrong = wrong_pins_new();
    if (a == NULL || wrong == NULL ||
        card_init(&a->card, env->card, env->card_self, log) != SHK_OK) {
        wrong_pins_free(&wrong);
        free(a);
        return SHK_E_MEMORY;
    }
    a->wrong = wrong;
    a->log = log;
    a->kind = kind;
    *out = a;
    return SHK_OK;
}

void attributes_free(struct attributes_card **card) {
    if (*card != NULL) {
        wrong_pins_free(&(*card)->wrong);
        card_clear(&(*card)->card);
        free(*card);
    }
    *card = NULL;
}

int32_t attributes_apdus(const struct attributes_card *a) {
    return a->apdus_before + a->card.apdu_count;
}

static enum text_file file_of_kind(const struct attributes_card *a) {
    return a->kind == SHK_PIN_CODE_B ? FILE_CODE_B : FILE_PIN;
}

static int32_t select_file(struct attributes_card *a, enum text_file file, struct fault *why) {
    return card_select_ef(&a->card, (uint16_t)file, why);
}

static bool is_count(uint16_t sw) {
    return (sw & 0xFFF0) == 0x63C0;
}

static bool is_uncounted(uint16_t sw) {
    return sw == 0x6300;
}

static bool is_blocked(uint16_t sw) {
    return sw == 0x63C0 || sw == 0x6983 || sw == 0x6984;
}

/* The file is there, and nothing to compare with. */
static bool is_absent(uint16_t sw) {
    return sw == 0x6A82 || sw == 0x6A88;
}

/* Answers of a card that does not understand the question, and has spent nothing by it. */
static bool is_not_understood(uint16_t sw) {
    uint8_t high = (uint8_t)(sw >> 8);
    return high == 0x67 || high == 0x6A || high == 0x6D;
}

/* Whether 照合番号B has a limit is not established, so a card may well say that it counts none. Of the PIN it
 * is known that it has one: then the counter is only hidden. */
static void note_tries(struct attributes_card *a, uint16_t sw) {
    a->tries.left = is_count(sw) ? sw & 0x0F : -1;
    a->tries.unlimited = is_uncounted(sw) && a->kind == SHK_PIN_CODE_B;
}

static int32_t blocked(struct attributes_card *a, struct fault *why) {
    a->tries = (struct attributes_tries){0};
    return fault_set(why, SHK_E_CODE_BLOCKED, SHK_NATIVE_SW, a->card.sw, NULL);
}

/* VERIFY without data asks for the tries left and costs none. */
static int32_t query(struct attributes_card *a, struct fault *why) {
    static const uint8_t apdu[] = {0x00, 0x20, 0x00, 0x80};
    int32_t rc = card_send_once(&a->card, apdu, sizeof apdu, why);
    if (rc != SHK_OK) {
        return rc;
    }
    uint16_t sw = a->card.sw;
    if (is_blocked(sw)) {
        return blocked(a, why);
    }
    if (sw == 0x6986) {
        return fault_set(why, SHK_E_CARD_RESET, SHK_NATIVE_SW, sw, NULL);
    }
    if (!is_count(sw) && !is_uncounted(sw) && sw != SW_OK && !is_not_understood(sw)) {
        return card_fault_sw(&a->card, why, "VERIFY query");
    }
    note_tries(a, sw);
    return SHK_OK;
}

/* The reader and the application are there; only what opens it may be missing. */
static int32_t select_key(struct attributes_card *a, struct fault *why) {
    struct fault reason = {0};
    int32_t rc = select_file(a, file_of_kind(a), &reason);
    if (rc == SHK_E_CARD_ANSWER && a->card.sw >> 8 == 0x6A) {
        return fault_set(why, SHK_E_ATTRIBUTES, SHK_NATIVE_SW, a->card.sw, "SELECT file");
    }
    if (rc != SHK_OK) {
        fault_set(why, rc, reason.native_kind, reason.native, reason.where);
    }
    return rc;
}

static int32_t connect_and_ask(struct attributes_card *a, const char *reader, struct fault *why) {
    int32_t rc = card_open(&a->card, reader, why);
    rc = rc == SHK_OK ? card_select_aid(&a->card, text_aid, sizeof text_aid, why) : rc;
    rc = rc == SHK_OK ? select_key(a, why) : rc;
    rc = rc == SHK_OK ? query(a, why) : rc;
    return rc == SHK_OK && is_absent(a->card.sw)
               ? fault_set(why, SHK_E_ATTRIBUTES, SHK_NATIVE_SW, a->card.sw, "VERIFY query")
               : rc;
}

int32_t attributes_open(struct attributes_card *a, const char *reader,
                        struct attributes_tries *tries, struct fault *why) {
    a->stage = STAGE_CLOSED;
    wrong_pins_forget(a->wrong);
    a->apdus_before = 0;
    a->tries = *tries = (struct attributes_tries){.left = -1};
    int32_t rc = connect_and_ask(a, reader, why);
    if (rc == SHK_OK && a->card.sw == SW_OK) {
        /* Another program left it verified, which hides the counter. Without power the card forgets that. */
        a->apdus_before = a->card.apdu_count;
        rc = connect_and_ask(a, reader, why);
    }
    a->stage = rc == SHK_OK ? STAGE_PIN : STAGE_CLOSED;
    *tries = a->tries;
    return rc;
}

int32_t attributes_keep(struct attributes_card *a, struct attributes_tries *tries,
                        struct fault *why) {
    if (a->stage != STAGE_PIN) {
        return fault_raise(why, SHK_E_STATE);
    }
    bool known = a->tries.left >= 0 || a->tries.unlimited;
    int32_t rc = query(a, why);
    if (rc == SHK_OK && known && a->tries.left < 0 && !a->tries.unlimited) {
        rc = card_fault_sw(&a->card, why, "VERIFY query");
    }
    a->stage = rc == SHK_OK ? STAGE_PIN : STAGE_CLOSED;
    *tries = a->tries;
    return rc;
}

/* Before anything is sent. */
static int32_t refuse(struct attributes_card *a, const struct pin *pin, bool spend_last_try,
                      struct fault *why) {
    if (a->stage != STAGE_PIN) {
        return fault_raise(why, SHK_E_STATE);
    }
    if (!pin_kind_fits(a->kind, pin)) {
        return fault_raise(why, pin_kind_fault(a->kind));
    }
    if (a->tries.left == 0) {
        return fault_raise(why, SHK_E_CODE_BLOCKED);
    }
    int32_t rc = wrong_pins_check(a->wrong, pin);
    if (rc != SHK_OK) {
        return fault_raise(why, rc);
    }
    return a->tries.left > 1 || a->tries.unlimited || spend_last_try
               ? SHK_OK
               : fault_raise(why, SHK_E_PIN_LAST_TRY);
}

static int32_t judge_verify(struct attributes_card *a, struct fault *why) {
    uint16_t sw = a->card.sw;
    if (sw == SW_OK) {
        return SHK_OK;
    }
    if (is_blocked(sw)) {
        return blocked(a, why);
    }
    if (is_count(sw) || is_uncounted(sw)) {
        a->stage = STAGE_PIN;
        wrong_pins_note(a->wrong);
        note_tries(a, sw);
        return fault_set(why, SHK_E_CODE_WRONG, SHK_NATIVE_SW, sw, NULL);
    }
    return card_fault_sw(&a->card, why, "VERIFY");
}

/* After a try whose result is not known, nothing else is sent in this transaction. */
static int32_t verify(struct attributes_card *a, struct pin *pin, struct fault *why) {
    const uint8_t head[] = {0x00, 0x20, 0x00, 0x80, pin->len};
    a->stage = STAGE_CLOSED;
    a->tries = (struct attributes_tries){.left = -1};
    memcpy(pin->head, head, sizeof head);
    int32_t rc =
        card_send_once(&a->card, (const uint8_t *)pin, sizeof head + (size_t)pin->len, why);
    pin_wipe(pin);
    return rc == SHK_OK ? judge_verify(a, why) : rc;
}

/* The one object of the file; what is behind it is filler. */
static int32_t read_file(struct attributes_card *a, struct bytes *out, struct fault *why) {
    const struct card_read whole = {.want = PIECE};
    int32_t rc = select_file(a, FILE_ATTRIBUTES, why);
    rc = rc == SHK_OK ? card_read_begin(&a->card, &whole, why) : rc;
    return rc == SHK_OK ? card_read_rest(&a->card, ATTRIBUTES_TAG, FILE_MAX, out, why) : rc;
}

static int32_t read_and_parse(struct attributes_card *a, struct attributes *out,
                              struct fault *why) {
    struct bytes file = {0};
    int32_t rc = read_file(a, &file, why);
    rc = rc == SHK_OK ? attributes_parse(file.p, file.n, out, why) : rc;
    bytes_clear(&file);
    return rc;
}

int32_t attributes_read(struct attributes_card *a, struct pin *pin, bool spend_last_try,
                        struct attributes *out, struct attributes_tries *tries, struct fault *why) {
    *out = (struct attributes){0};
    int32_t rc = refuse(a, pin, spend_last_try, why);
    rc = rc == SHK_OK ? verify(a, pin, why) : rc;
    pin_wipe(pin);
    rc = rc == SHK_OK ? read_and_parse(a, out, why) : rc;
    *tries = a->tries;
    log_event(a->log, SHK_LOG_INFO, "attributes.read", "code,apdus", (int64_t)rc,
              (int64_t)attributes_apdus(a));
    return rc;
}

void attributes_finish(struct attributes_card *a) {
    a->stage = STAGE_CLOSED;
    wrong_pins_forget(a->wrong);
    card_close(&a->card);
}
