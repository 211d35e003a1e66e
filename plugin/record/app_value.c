#include "app_value.h"

#include <string.h>

#include "bytes.h"
#include "plain.h"
#include "value.h"
#include "when.h"

static enum app_reading take(struct app_value *out, const char *text) {
    out->n = text_copy(out->room, sizeof out->room, text);
    out->text = out->room;
    return out->n > 0 ? APP_READ_VALUE : APP_READ_EMPTY;
}

static enum app_reading read_date(const struct app_words *words, const char *p, size_t n,
                                  struct app_value *out) {
    char day[9];
    enum when_state state = when_judge(p, n, NULL, day);
    const struct app_word *own;
    for (size_t i = 0; state != WHEN_DATE && (own = app_words_at(words, APP_DATE, i)); i++) {
        enum when_state one = when_judge(p, n, own->word, day);
        state = one > state ? one : state;
    }
    enum app_reading reading = state == WHEN_IMPOSSIBLE ? APP_READ_IMPOSSIBLE : APP_READ_UNKNOWN;
    reading = state == WHEN_DATE ? take(out, day) : reading;
    memory_wipe(day, sizeof day);
    return reading;
}

static bool fits(const struct field *field, const char *text) {
    struct reading reading;
    bool good = value_read(field, text, strlen(text), &reading) == SHK_OK;
    memory_wipe(&reading, sizeof reading);
    return good;
}

/* "12,000円" to "12000". */
static void drop_money_signs(char *text) {
    static const char yen[] = "円";
    size_t n = strlen(text), len = sizeof yen - 1, at = 0;
    if (n > len && text_equal(text + n - len, yen)) {
        text[n - len] = '\0';
    }
    for (const char *p = text; *p != '\0'; p++) {
        if (*p != ',') {
            text[at++] = *p;
        }
    }
    text[at] = '\0';
}

static enum app_reading read_typed(const struct app_words *words, const struct field *field,
                                   const char *p, size_t n, char *plain, struct app_value *out) {
    switch (field->type) {
    case FIELD_DATE:
        return read_date(words, p, n, out);
    case FIELD_INSURER:
        return fits(field, plain) ? take(out, plain) : APP_READ_IMPOSSIBLE;
    case FIELD_INT:
        drop_money_signs(plain);
        return plain[0] != '\0' && fits(field, plain) ? take(out, plain) : APP_READ_UNKNOWN;
    case FIELD_MONTH:
    case FIELD_TIME:
        return fits(field, plain) ? take(out, plain) : APP_READ_UNKNOWN;
    default:
        return APP_READ_UNKNOWN; /* only by its words */
    }
}

enum app_reading app_value_read(const struct app_words *words, const struct field *field,
                                const char *p, size_t n, struct app_value *out) {
    char plain[APP_NAME_MAX];
    *out = (struct app_value){.text = p, .n = n};
    if (n == 0) {
        return APP_READ_EMPTY;
    }
    bool short_enough = plain_fold(p, n, plain, sizeof plain);
    const struct app_word *word =
        short_enough ? app_words_find(words, APP_VALUE, field->path, plain) : NULL;
    enum app_reading reading = APP_READ_VALUE;
    if (word != NULL) {
        reading = take(out, word->means);
    } else if (field->type != FIELD_TEXT) {
        reading = short_enough ? read_typed(words, field, p, n, plain, out) : APP_READ_UNKNOWN;
    }
    memory_wipe(plain, sizeof plain);
    return reading;
}
