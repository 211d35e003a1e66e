/* The tree of applications and files, SELECT and the READ commands. */
#include <string.h>

#include "internal.h"

static const struct application {
    uint8_t aid[10];
    uint8_t df, banned;
} applications[] = {
    {{0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01}, DF_JPKI, 0},
    {{0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x08}, DF_TEXT, 0},
    {{0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x01, 0x00}, DF_COMMON, 0},
    /* The number's image (EF 0005) and its key (0013) live behind the first; both stay shut whole. */
    {{0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x02}, DF_VISUAL, 1},
    {{0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x01}, DF_JUKI, 1},
};

/* EF_OPAQUE: it exists on the plastic, its contents are unknown or of no use here. */
static const struct ef tree[] = {
    {DF_JPKI, 0x01, EF_BODY, BODY_SIGN_CERT, BIT(PIN_SIGN), BAN_SIGNATURE},
    {DF_JPKI, 0x02, EF_BODY, BODY_SIGN_CA, 0, BAN_NONE},
    {DF_JPKI, 0x05, EF_OPAQUE, 0, 0, BAN_NONE},
    {DF_JPKI, 0x06, EF_BODY, BODY_TOKEN, 0, BAN_NONE},
    {DF_JPKI, 0x08, EF_BODY, BODY_AVAILABLE, 0, BAN_NONE},
    {DF_JPKI, 0x09, EF_OPAQUE, 0, 0, BAN_NONE},
    {DF_JPKI, 0x0A, EF_BODY, BODY_AUTH_CERT, 0, BAN_NONE},
    {DF_JPKI, 0x0B, EF_BODY, BODY_AUTH_CA, 0, BAN_NONE},
    {DF_JPKI, 0x10, EF_OPAQUE, 0, 0, BAN_NONE},
    {DF_JPKI, 0x16, EF_OPAQUE, 0, 0, BAN_NONE},
    {DF_JPKI, 0x17, EF_KEY, KEY_AUTH, BIT(PIN_AUTH), BAN_NONE},
    {DF_JPKI, 0x18, EF_PIN, PIN_AUTH, 0, BAN_NONE},
    {DF_JPKI, 0x19, EF_OPAQUE, 0, 0, BAN_NONE},
    {DF_JPKI, 0x1A, EF_KEY, KEY_SIGN, BIT(PIN_SIGN), BAN_SIGNATURE},
    {DF_JPKI, 0x1B, EF_PIN, PIN_SIGN, 0, BAN_SIGNATURE},
    {DF_JPKI, 0x1C, EF_OPAQUE, 0, 0, BAN_NONE},
    {DF_JPKI, 0x1E, EF_OPAQUE, 0, 0, BAN_NONE},
    {DF_TEXT, 0x01, EF_OPAQUE, 0, 0, BAN_NUMBER},
    {DF_TEXT, 0x02, EF_BODY, BODY_ATTRIBUTES, BIT(PIN_TEXT) | BIT(PIN_CODE_B), BAN_NONE},
    {DF_TEXT, 0x03, EF_OPAQUE, 0, 0, BAN_NONE},
    {DF_TEXT, 0x04, EF_OPAQUE, 0, 0, BAN_NONE},
    {DF_TEXT, 0x05, EF_BODY, BODY_AP_INFO, 0, BAN_NONE},
    {DF_TEXT, 0x06, EF_OPAQUE, 0, 0, BAN_NONE},
    {DF_TEXT, 0x07, EF_OPAQUE, 0, 0, BAN_NONE},
    {DF_TEXT, 0x08, EF_OPAQUE, 0, 0, BAN_NONE},
    {DF_TEXT, 0x11, EF_PIN, PIN_TEXT, 0, BAN_NONE},
    {DF_TEXT, 0x12, EF_PIN, PIN_SPARE, 0, BAN_NONE},
    {DF_TEXT, 0x14, EF_OPAQUE, 0, 0, BAN_NUMBER},
    {DF_TEXT, 0x15, EF_PIN, PIN_CODE_B, 0, BAN_NONE},
    {DF_COMMON, 0x01, EF_RECORD, BODY_RECORD, 0, BAN_NONE},
    {DF_COMMON, 0x19, EF_OPAQUE, 0, 0, BAN_NONE},
    {DF_COMMON, 0x1C, EF_OPAQUE, 0, 0, BAN_NONE},
};

static int ef_exists(const struct vcard *card, const struct ef *e) {
    if (card->profile.no_pin_key && e->kind == EF_PIN && e->item == PIN_AUTH) {
        return 0;
    }
    if (e->kind == EF_BODY || e->kind == EF_RECORD) {
        return card->body[e->item].p != NULL;
    }
    return e->kind != EF_KEY || card->key[e->item] != NULL;
}

/* Makes the EF current. The ban comes first: asking for a banned file is the offence, found or not. */
static const struct ef *enter_ef(struct vcard *card, const struct apdu *a, unsigned id) {
    size_t i;

    for (i = 0; i < sizeof tree / sizeof tree[0]; i++) {
        const struct ef *e = &tree[i];

        if (e->df != card->df || e->id != id) {
            continue;
        }
        if (e->ban == BAN_NUMBER || (e->ban == BAN_SIGNATURE && !card->profile.allow_signature)) {
            forbidden(card, a, id);
        }
        if (!ef_exists(card, e)) {
            return NULL;
        }
        card->current = e;
        return e;
    }
    return NULL;
}

static int aid_matches(const struct vcard *card, const struct application *app,
                       const struct apdu *a) {
    size_t n = (size_t)a->lc;

    if (n > sizeof app->aid || (n < sizeof app->aid && !card->profile.accept_aid_prefix)) {
        return 0;
    }
    return memcmp(app->aid, a->data, n) == 0;
}

static int df_exists(const struct vcard *card, unsigned df) {
    const struct profile *p = &card->profile;

    if (p->no_jpki) {
        return 0;
    }
    return df == DF_JPKI || !(p->android || p->iphone || p->old_juki);
}

static uint16_t select_application(struct vcard *card, const struct apdu *a) {
    size_t i;

    if (a->lc < 1 || a->lc > 16) {
        return SW_LENGTH;
    }
    for (i = 0; i < sizeof applications / sizeof applications[0]; i++) {
        const struct application *app = &applications[i];

        if (!aid_matches(card, app, a)) {
            continue;
        }
        if (app->banned) {
            forbidden(card, a, 0);
        }
        if (!df_exists(card, app->df)) {
            continue;
        }
        card->df = (enum df)app->df;
        card->current = NULL;
        if (card->profile.select_clears_verify) {
            card->verified = 0;
        }
        return SW_OK;
    }
    return SW_NOT_FOUND;
}

static uint16_t select_file(struct vcard *card, const struct apdu *a) {
    unsigned id;

    if (a->lc != 2) {
        return SW_LENGTH;
    }
    id = ((unsigned)a->data[0] << 8) | a->data[1];
    return enter_ef(card, a, id) != NULL ? SW_OK : SW_NOT_FOUND;
}

static uint16_t select_master(const struct vcard *card, const struct apdu *a) {
    if (a->lc > 0) {
        return SW_NOT_FOUND;
    }
    return card->df == DF_ISD ? SW_P1P2 : SW_OK;
}

uint16_t files_select(struct vcard *card, const struct apdu *a) {
    if (a->p2 != 0x0C && a->p2 != 0x00) {
        return SW_P1P2;
    }
    if (a->p1 == 0x04) {
        return select_application(card, a);
    }
    if (a->p1 == 0x02) {
        return select_file(card, a);
    }
    return a->p1 == 0x00 ? select_master(card, a) : SW_P1P2;
}

static uint8_t opened_by(const struct vcard *card, const struct ef *e) {
    int phone = card->profile.android || card->profile.iphone;

    if (phone && e->df == DF_JPKI && e->id == 0x0A) {
        return BIT(PIN_AUTH);
    }
    return e->opened_by;
}

static uint16_t read_body(struct vcard *card, const struct ef *e, size_t offset, int32_t le) {
    const struct bytes *b;
    uint8_t pins = opened_by(card, e);
    size_t n;

    if (e->kind == EF_OPAQUE) {
        return SW_SECURITY;
    }
    if (e->kind != EF_BODY) {
        return SW_STRUCTURE;
    }
    if (pins != 0 && (card->verified & pins) == 0) {
        return SW_SECURITY;
    }
    b = &card->body[e->item];
    if (offset >= b->len) {
        return SW_OFFSET;
    }
    if (card->profile.extended_short && le > 256) {
        le = 256;
    }
    n = b->len - offset;
    if (n > (size_t)le) {
        n = (size_t)le;
    }
    memcpy(card->out, b->p + offset, n);
    card->out_len = n;
    return SW_OK;
}

uint16_t files_read(struct vcard *card, const struct apdu *a) {
    unsigned id = a->p1 & 0x1Fu;
    size_t offset = a->p2;
    const struct ef *before = card->current, *e = before;

    if (a->lc >= 0 || a->le < 0) {
        return SW_LENGTH;
    }
    if ((a->p1 & 0x80) == 0) {
        offset |= (size_t)a->p1 << 8;
    } else if ((a->p1 & 0x60) != 0 || id == 0 || id == 0x1F) {
        return SW_P1P2;
    } else if ((e = enter_ef(card, a, id)) == NULL) {
        return SW_NOT_FOUND;
    } else if (card->profile.no_short_ids) {
        card->current = before;
        return (uint16_t)card->profile.short_id_sw;
    }
    return e == NULL ? SW_NO_CURRENT_EF : read_body(card, e, offset, a->le);
}

/* P2 is short id and mode 4 (the record that P1 names). */
uint16_t files_read_record(struct vcard *card, const struct apdu *a) {
    unsigned id = a->p2 >> 3;
    const struct ef *e = card->current;
    const struct bytes *b;

    if (a->lc >= 0 || a->le < 0) {
        return SW_LENGTH;
    }
    if ((a->p2 & 0x07) != 0x04 || id == 0x1F) {
        return SW_P1P2;
    }
    if (id != 0 && (e = enter_ef(card, a, id)) == NULL) {
        return SW_NOT_FOUND;
    }
    if (e == NULL) {
        return SW_NO_CURRENT_EF;
    }
    if (e->kind != EF_RECORD) {
        return SW_STRUCTURE;
    }
    if (a->p1 != 1) {
        return SW_NO_RECORD;
    }
    b = &card->body[e->item];
    card->out_len = b->len > (size_t)a->le ? (size_t)a->le : b->len;
    memcpy(card->out, b->p, card->out_len);
    return SW_OK;
}

/* The status word of a card that wants the EF selected first; 0: it takes the short id. */
static uint16_t refused_reference(const struct profile *p, const struct apdu *a) {
    if (a->ins == 0x20 && (p->no_short_ids || p->no_short_verify)) {
        return (uint16_t)p->short_id_sw;
    }
    return a->ins == 0x2A && p->no_short_sign ? (uint16_t)p->short_sign_sw : 0;
}

const struct ef *files_by_reference(struct vcard *card, const struct apdu *a, uint16_t *sw) {
    unsigned id = a->p2 & 0x1Fu;
    const struct ef *before = card->current, *e = before;

    if ((a->p2 & 0xE0) != 0x80 || id == 0x1F) {
        *sw = SW_P1P2;
        return NULL;
    }
    if (id == 0) {
        *sw = SW_NO_CURRENT_EF;
        return e;
    }
    *sw = SW_NO_REFERENCE;
    if ((e = enter_ef(card, a, id)) != NULL && (*sw = refused_reference(&card->profile, a)) != 0) {
        card->current = before;
        return NULL;
    }
    return e;
}
