#include "card_input.h"

#include <string.h>

#include "day.h"
#include "fold.h"
#include "text.h"
#include "when.h"

#define WIDE_SPACE 0x3000
#define WIDE_ZERO  0xFF10

static int32_t refuse(struct fault *why, const char *path) {
    return fault_set(why, SHK_E_INPUT, SHK_NATIVE_NONE, 0, path);
}

/* The digits of either width, the padding of either side left out. False for anything else. */
static bool read_digits(const char *text, char *out, size_t cap) {
    size_t n = strlen(text);
    size_t count = 0;
    bool ended = false;
    for (size_t i = 0; i < n;) {
        uint32_t code = 0;
        size_t len = utf8_decode(text + i, n - i, &code);
        i += len;
        if (len == 0) {
            return false;
        }
        if (code == ' ' || code == WIDE_SPACE) {
            ended = count > 0;
            continue;
        }
        code = code >= WIDE_ZERO && code < WIDE_ZERO + 10 ? code - WIDE_ZERO + '0' : code;
        if (code < '0' || code > '9' || ended || count + 1 >= cap) {
            return false;
        }
        out[count++] = (char)code;
    }
    out[count] = '\0';
    return true;
}

static int32_t read_insurer(const struct session *s, char out[9], struct fault *why) {
    static const char path[] = "query.insurer_number";
    if (!read_digits(inputs_text(&s->inputs, path), out, 9)) {
        return refuse(why, path);
    }
    size_t padding = insurer_padding(out, strlen(out));
    memmove(out, out + padding, strlen(out) - padding + 1);
    return SHK_OK;
}

static int32_t read_branch(const struct session *s, char out[8], struct fault *why) {
    static const char path[] = "query.branch_number";
    char digits[3];
    if (!read_digits(inputs_text(&s->inputs, path), digits, sizeof digits)) {
        return refuse(why, path);
    }
    text_format(out, 8, "%s%s", strlen(digits) == 1 ? "0" : "", digits);
    return SHK_OK;
}

static int32_t read_birth_date(const struct session *s, char out[9], struct fault *why) {
    static const char path[] = "query.birth_date";
    const char *given = inputs_text(&s->inputs, path);
    /* Whether it may be missing is for the check of the whole. */
    return given[0] == '\0' || when_read(given, strlen(given), out) ? SHK_OK : refuse(why, path);
}

static int32_t read_consent(const struct session *s, bool *out, struct fault *why) {
    static const char path[] = "query.limit_consent";
    const char *given = inputs_text(&s->inputs, path);
    *out = text_equal(given, "1");
    return *out || given[0] == '\0' || text_equal(given, "0") ? SHK_OK : refuse(why, path);
}

/* The fault names the member; the host knows its input. */
static int32_t check(const struct session *s, const struct card_data *data, struct fault *why) {
    struct fault reason = {0};
    char path[sizeof reason.where];
    bool digit = !text_equal(config_text(s->config, "query.check_digit"), "ignore");
    int32_t rc = card_data_check(data, digit, &reason);
    if (rc == SHK_OK) {
        return rc;
    }
    text_format(path, sizeof path, "query.%s", reason.where);
    return fault_set(why, rc, SHK_NATIVE_NONE, 0, path);
}

/* Nobody is insured before he is born: a slip of the keys. */
static int32_t check_birth(const struct session *s, const struct card_data *data,
                           struct fault *why) {
    char day[9];
    int32_t rc = day_of_input(s, "query.date", day, why);
    bool born = rc != SHK_OK || strcmp(data->birth_date, day) <= 0;
    return born ? rc : refuse(why, "query.birth_date");
}

int32_t card_input_read(const struct session *s, bool registering, struct card_data *out,
                        struct fault *why) {
    const struct inputs *in = &s->inputs;
    *out = (struct card_data){0};
    text_copy(out->symbol, sizeof out->symbol, inputs_text(in, "query.symbol"));
    text_copy(out->number, sizeof out->number, inputs_text(in, "query.number"));
    text_copy(out->identifier, sizeof out->identifier, inputs_text(in, "query.identifier"));
    if (registering) {
        text_copy(out->reference_number, sizeof out->reference_number,
                  inputs_text(in, "query.reference_number"));
    }
    int32_t rc = read_insurer(s, out->insurer_number, why);
    rc = rc == SHK_OK ? read_branch(s, out->branch_number, why) : rc;
    rc = rc == SHK_OK ? read_birth_date(s, out->birth_date, why) : rc;
    rc = rc == SHK_OK ? read_consent(s, &out->limit_consent, why) : rc;
    rc = rc == SHK_OK ? check(s, out, why) : rc;
    rc = rc == SHK_OK ? check_birth(s, out, why) : rc;
    if (rc == SHK_OK && registering && out->reference_number[0] == '\0') {
        rc = refuse(why, "query.reference_number");
    }
    return rc;
}
