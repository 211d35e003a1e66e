#include <stdlib.h>
#include <string.h>

#include "screen.h"

static struct json begin(struct screen *screen, const char *event) {
    struct json j = {&screen->out, true};
    json_open(&j, NULL, '{');
    json_text(&j, "event", event);
    return j;
}

static void finish(struct json *j) {
    json_close(j, '}');
    json_end_line(j);
}

static void copy_text(struct json *j, const struct session *s, const char *prefix,
                      const char *name) {
    char path[96];
    (void)snprintf(path, sizeof path, "%s.%s", prefix, name);
    char *text = value_text(s, path);
    json_text(j, name, text);
    value_free(&text);
}

static void copy_int(struct json *j, const struct session *s, const char *prefix,
                     const char *name) {
    char path[96];
    int32_t number;
    (void)snprintf(path, sizeof path, "%s.%s", prefix, name);
    if (value_int(s, path, &number)) {
        json_number(j, name, number);
    }
}

static const char *or_absent(const char *text) {
    return text[0] != '\0' ? text : NULL;
}

void report_fault(struct json *j, const char *key, const struct failure *f) {
    json_open(j, key, '{');
    json_number(j, "code", f->code);
    json_text(j, "name", or_absent(f->name));
    json_text(j, "message", or_absent(f->message));
    json_text(j, "message_en", or_absent(f->message_en));
    json_number(j, "stage", f->stage);
    json_number(j, "retry", f->retry);
    json_text(j, "where", or_absent(f->where));
    json_text(j, "service_code", or_absent(f->service_code));
    json_text(j, "service_message", or_absent(f->service_message));
    if (f->retry_after_s > 0) {
        json_number(j, "retry_after_s", f->retry_after_s);
    }
    if (f->has_native) {
        json_number(j, "native", f->native);
        json_number(j, "native_kind", f->native_kind);
    }
    json_close(j, '}');
}

static void put_failure(struct json *j, const struct failure *f) {
    if (f->code != 0) {
        report_fault(j, "fault", f);
    }
}

/* A number only when nothing is lost: "0613" stays text. */
static void put_value(struct json *j, const struct session *s, const char *path, const char *key) {
    int32_t number;
    char digits[16];
    char *text = value_text(s, path);
    if (text != NULL && value_int(s, path, &number)) {
        (void)snprintf(digits, sizeof digits, "%ld", (long)number);
        if (strcmp(digits, text) == 0) {
            json_number(j, key, number);
            value_free(&text);
            return;
        }
    }
    json_text(j, key, text);
    value_free(&text);
}

void report_record(struct json *j, const struct session *s, int32_t record) {
    char path[64];
    (void)snprintf(path, sizeof path, "records[%ld].paths", (long)record);
    int32_t n = value_count(s, path);
    json_open(j, NULL, '{');
    for (int32_t i = 1; i <= n && !j->out->broken; i++) {
        (void)snprintf(path, sizeof path, "records[%ld].paths[%ld]", (long)record, (long)i);
        char *key = value_text(s, path);
        char full[512];
        if (key == NULL) {
            continue;
        }
        int length = snprintf(full, sizeof full, "records[%ld].%s", (long)record, key);
        if (length > 0 && (size_t)length < sizeof full) {
            put_value(j, s, full, key);
        }
        value_free(&key);
    }
    json_close(j, '}');
}

static void put_delivery(struct json *j, const struct session *s, const char *key, int32_t n) {
    static const char *const texts[] = {"id",     "file",     "file_name", "script",
                                        "format", "encoding", "pack",      "pack_signed"};
    char prefix[48];
    struct failure f;
    struct delivered one;
    (void)snprintf(prefix, sizeof prefix, "delivery[%ld]", (long)n);
    json_open(j, key, '{');
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        copy_text(j, s, prefix, texts[i]);
    }
    copy_int(j, s, prefix, "losses");
    delivered_read(&one, s, n);
    delivered_report(j, &one);
    delivered_clear(&one);
    (void)snprintf(prefix, sizeof prefix, "delivery[%ld].fault", (long)n);
    failure_read(s, prefix, &f);
    put_failure(j, &f);
    json_close(j, '}');
}

static void put_deliveries(struct json *j, const struct session *s) {
    int32_t n = value_count(s, "delivery");
    json_open(j, "deliveries", '[');
    for (int32_t i = 1; i <= n && !j->out->broken; i++) {
        put_delivery(j, s, NULL, i);
    }
    json_close(j, ']');
}

static void put_drift(struct json *j, const struct session *s) {
    int32_t n = value_count(s, "drift");
    json_open(j, "drift", '[');
    for (int32_t i = 1; i <= n; i++) {
        char path[48];
        (void)snprintf(path, sizeof path, "drift[%ld].element", (long)i);
        char *element = value_text(s, path);
        json_text(j, NULL, element);
        value_free(&element);
    }
    json_close(j, ']');
}

static void put_measures(struct json *j, const struct session *s) {
    static const char *const times[] = {"card_ms", "challenge_ms", "answer_ms", "delivery_ms"};
    static const char *const texts[] = {"reader",  "kind_name", "name",
                                        "name_en", "plan",      "expires_on"};
    json_open(j, "card", '{');
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        copy_text(j, s, "card", texts[i]);
    }
    copy_int(j, s, "card", "apdus");
    copy_int(j, s, "card", "apdus_after_pin");
    json_close(j, '}');
    json_open(j, "timing", '{');
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        copy_int(j, s, "timing", times[i]);
    }
    json_close(j, '}');
}

void report_event(struct screen *screen, const char *event) {
    struct json j = begin(screen, event);
    finish(&j);
}

void report_pin(struct screen *screen, const struct session *s, bool known, int32_t tries_left) {
    struct json j = begin(screen, "pin");
    if (known) {
        json_number(&j, "tries_left", tries_left);
    }
    copy_text(&j, s, "pin", "kind_name");
    copy_int(&j, s, "pin", "digits");
    copy_int(&j, s, "pin", "last_try");
    copy_int(&j, s, "pin", "pad");
    copy_text(&j, s, "card", "reader");
    finish(&j);
}

void report_failure(struct screen *screen, const struct failure *f) {
    struct json j = begin(screen, "fault");
    put_failure(&j, f);
    finish(&j);
}

void report_delivery(struct screen *screen, const struct session *s, int32_t n) {
    struct json j = begin(screen, "delivered");
    json_number(&j, "number", n);
    put_delivery(&j, s, "delivery", n);
    finish(&j);
}

static void put_yes_no(struct json *j, const struct session *s, const char *prefix,
                       const char *name) {
    char path[64];
    int32_t number = 0;
    (void)snprintf(path, sizeof path, "%s.%s", prefix, name);
    if (value_int(s, path, &number)) {
        json_bool(j, name, number != 0);
    }
}

static void put_reader(struct json *j, const struct session *s, int32_t n) {
    static const char *const texts[] = {
        "atr",        "kind_name",       "card_name",   "card_name_en",  "verdict_name", "verdict",
        "verdict_en", "extended",        "short_ids",   "holder",        "driver",       "usb",
        "listed",     "listed_official", "listed_note", "listed_note_en"};
    static const char *const answers[] = {"usable", "in_use", "pin_pad"};
    char prefix[48];
    (void)snprintf(prefix, sizeof prefix, "readers[%ld]", (long)n);
    json_open(j, NULL, '{');
    copy_text(j, s, prefix, "name");
    put_yes_no(j, s, prefix, "card");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        copy_text(j, s, prefix, texts[i]);
    }
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        put_yes_no(j, s, prefix, answers[i]);
    }
    copy_int(j, s, prefix, "kind");
    copy_int(j, s, prefix, "apdu_us");
    json_close(j, '}');
}

void report_readers(struct screen *screen, const struct session *s) {
    static const char *const texts[] = {"service", "session", "list_date", "verdict", "verdict_en"};
    struct json j = begin(screen, "readers");
    int32_t n = value_count(s, "readers");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        copy_text(&j, s, "readers", texts[i]);
    }
    copy_int(&j, s, "readers", "bits");
    json_open(&j, "readers", '[');
    for (int32_t i = 1; i <= n; i++) {
        put_reader(&j, s, i);
    }
    json_close(&j, ']');
    finish(&j);
}

const char *report_outcome(int32_t outcome) {
    static const char *const names[] = {"none", "eligible", "not_eligible", "unstated"};
    bool known = outcome >= SHK_OUTCOME_NONE && outcome <= SHK_OUTCOME_UNSTATED;
    return names[known ? outcome : SHK_OUTCOME_NONE];
}

/* What an answer came to. */
static void put_answer(struct json *j, const struct session *s) {
    int32_t outcome = SHK_OUTCOME_NONE, not_due = 0;
    (void)value_int(s, "outcome", &outcome);
    json_text(j, "outcome", report_outcome(outcome));
    int32_t n = value_count(s, "records");
    json_open(j, "records", '[');
    for (int32_t i = 1; i <= n && !j->out->broken; i++) {
        report_record(j, s, i);
    }
    json_close(j, ']');
    put_deliveries(j, s);
    if (value_int(s, "delivery.not_due", &not_due) && not_due > 0) {
        json_number(j, "not_due", not_due);
    }
    put_drift(j, s);
}

void report_next(struct screen *screen, const struct session *s, const struct failure *f) {
    struct json j = begin(screen, "next");
    put_answer(&j, s);
    put_failure(&j, f);
    finish(&j);
}

void report_done(struct screen *screen, const struct session *s, const struct failure *f) {
    struct json j = begin(screen, "done");
    put_answer(&j, s);
    put_measures(&j, s);
    put_failure(&j, f);
    finish(&j);
}

void report_end(struct screen *screen, const struct failure *f) {
    struct json j = begin(screen, "end");
    put_failure(&j, f);
    finish(&j);
}
