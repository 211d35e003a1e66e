/* What the card's own files share. Nothing here is for callers. */
#ifndef VIRTUAL_CARD_INTERNAL_H
#define VIRTUAL_CARD_INTERNAL_H

#include <openssl/evp.h>

#include "virtual_card.h"

#define BIT(n)   (1u << (n))
#define PATH_CAP 1024
#define BODY_CAP 65000u /* an extended READ of any file, and its status, fits one vpcd message */

enum sw {
    SW_OK = 0x9000,
    SW_MORE = 0x6100,
    SW_WRONG_PIN = 0x63C0,
    SW_MEMORY = 0x6581,
    SW_LENGTH = 0x6700,
    SW_CHANNEL = 0x6881,
    SW_SECURE_MESSAGING = 0x6882,
    SW_STRUCTURE = 0x6981,
    SW_SECURITY = 0x6982,
    SW_BLOCKED = 0x6984,
    SW_CONDITIONS = 0x6985,
    SW_NO_CURRENT_EF = 0x6986,
    SW_NOT_FOUND = 0x6A82,
    SW_NO_RECORD = 0x6A83,
    SW_P1P2 = 0x6A86,
    SW_NO_REFERENCE = 0x6A88,
    SW_OFFSET = 0x6B00,
    SW_INS = 0x6D00,
    SW_CLA = 0x6E00,
    SW_INTERNAL = 0x6F00
};

enum df { DF_ISD, DF_JPKI, DF_TEXT, DF_COMMON, DF_VISUAL, DF_JUKI };
enum pin_id { PIN_AUTH, PIN_SIGN, PIN_TEXT, PIN_CODE_B, PIN_SPARE, PIN_COUNT };
enum key_id { KEY_AUTH, KEY_SIGN, KEY_TEXT, KEY_COUNT };
enum body_id {
    BODY_SIGN_CERT,
    BODY_SIGN_CA,
    BODY_TOKEN,
    BODY_AVAILABLE,
    BODY_AUTH_CERT,
    BODY_AUTH_CA,
    BODY_ATTRIBUTES,
    BODY_AP_INFO,
    BODY_RECORD,
    BODY_COUNT
};

enum ef_kind { EF_BODY, EF_RECORD, EF_PIN, EF_KEY, EF_OPAQUE };
enum ef_ban { BAN_NONE, BAN_SIGNATURE, BAN_NUMBER };

/* All file ids of this card lie in 01..1E, so the short id and the file id are the same number. */
struct ef {
    uint8_t df, id;
    uint8_t kind;      /* enum ef_kind */
    uint8_t item;      /* body, PIN or key, by kind */
    uint8_t opened_by; /* bits of PINs, any of which opens it; 0: free */
    uint8_t ban;       /* enum ef_ban */
};

struct bytes {
    uint8_t *p;
    size_t len;
};

struct pin {
    uint8_t value[16];
    size_t len;
    int32_t tries, max;
};

enum rule_kind { RULE_BYTES, RULE_CUT, RULE_DROP, RULE_HANG };

#define RULES_MAX 16

/* What to answer, and to which command. */
struct rule {
    int32_t at;        /* number of the command; 0: known by its header */
    uint8_t header[4]; /* or the instruction alone */
    size_t header_len; /* 1 or 4 */
    int always;        /* from then on, not once */
    int carried_out;   /* before it is answered so */
    int used;
    enum rule_kind kind;
    int32_t cut;          /* bytes of its own answer that are left */
    uint8_t answer[4100]; /* whole, status word included */
    size_t answer_len;
};

enum ecdsa_form { ECDSA_RAW, ECDSA_DER };

struct profile {
    char label[33];
    uint8_t atr[33];
    size_t atr_len;
    int atr_given;
    struct rule rules[RULES_MAX];
    size_t rules_n;
    char pin[17], sign_password[17], text_pin[17], code_b[17];
    int32_t pin_tries, sign_tries, text_tries, code_b_tries;
    char auth_key[PATH_CAP], auth_cert[PATH_CAP], auth_ca[PATH_CAP];
    char sign_key[PATH_CAP], sign_cert[PATH_CAP], sign_ca[PATH_CAP];
    char text_key[PATH_CAP], state[PATH_CAP], forbidden_marker[PATH_CAP];
    char name[256], address[1024], birth[9], sex[2], common_record[29];
    int32_t chaining_61xx, delay_ms, sign_delay_ms, remove_at_apdu, filler;
    int32_t first_command_6f00, child, android, old_juki, no_jpki, no_extended;
    int32_t verify_survives_reset, select_clears_verify, accept_aid_prefix, verified_query_9000;
    int32_t allow_signature;
    int32_t no_short_ids, no_short_verify, no_short_sign, short_id_sw, short_sign_sw;
    int32_t extended_drops, extended_short, hang_at_apdu;
    int32_t iphone, no_certificate, no_pin_key;
    int32_t ecdsa_form; /* enum ecdsa_form */
};

struct apdu {
    uint8_t cla, ins, p1, p2;
    const uint8_t *data;
    int32_t lc, le; /* -1: absent */
    int extended;
};

struct vcard {
    struct profile profile;
    struct bytes body[BODY_COUNT];
    EVP_PKEY *key[KEY_COUNT];
    struct pin pin[PIN_COUNT];

    int present, powered, fresh;
    enum df df;
    const struct ef *current;
    uint32_t verified; /* bits of PINs */

    uint8_t out[BODY_CAP];
    size_t out_len, out_sent; /* out_sent < out_len while GET RESPONSE has something to fetch */

    uint32_t apdus, verifies, signatures;
    vcard_trace_fn trace;
    void *trace_self;
    vcard_sleep_fn sleep;
    void *sleep_self;
};

/* profile.c */
int profile_read(struct profile *p, const char *path, char *why, size_t why_cap);

/* script.c: "3:6F00" by number, "B0:6F00" by instruction or header. 0 or -1. */
int script_parse(struct rule *r, const char *text, int by_number);
/* The rule for this command, now used; NULL: none. */
const struct rule *script_find(struct vcard *card, const struct apdu *a);

/* bodies.c: fills card->body and card->key from the profile. */
int bodies_load(struct vcard *card, char *why, size_t why_cap);
void bodies_free(struct vcard *card);

/* state.c */
int state_load(struct vcard *card);
int state_save(const struct vcard *card);

/* files.c: each handler returns a status word and leaves its answer in card->out. */
uint16_t files_select(struct vcard *card, const struct apdu *a);
uint16_t files_read(struct vcard *card, const struct apdu *a);
uint16_t files_read_record(struct vcard *card, const struct apdu *a);
/* P2 of VERIFY and of the signature command: 80 the current EF, 80|id that EF. NULL: *sw says why. */
const struct ef *files_by_reference(struct vcard *card, const struct apdu *a, uint16_t *sw);

/* verify.c, sign.c */
void verify_init(struct vcard *card);
uint16_t verify_command(struct vcard *card, const struct apdu *a);
uint16_t sign_command(struct vcard *card, const struct apdu *a);

/* card.c: does not return. */
void forbidden(const struct vcard *card, const struct apdu *a, unsigned id);
/* 0, or -1 when the card was removed meanwhile. */
int card_wait(struct vcard *card, int32_t ms);

/* host_posix.c, host_win32.c */
int64_t host_now_us(void);
void host_sleep_ms(uint32_t ms);
/* Replaces the file as a whole, readable by its owner only. 0 or -1. */
int host_replace_file(const char *path, const void *data, size_t len);

#endif
