#include "log.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "log_sink.h"
#include "text.h"
#include "thread.h"

#define LINE_MAX_LEN 1024

struct log {
    int32_t level;
    const struct env *env;
    struct mutex *lock;
    struct log_sink *sink; /* null: everything is dropped */
    int64_t wall_minus_mono_ms;
};

/* One line while it is made; always room for the line feed. */
struct line {
    char p[LINE_MAX_LEN];
    size_t n;
};

static int64_t mono_ms(const struct log *log) {
    return log->env->clock->mono_ms(log->env->clock_self);
}

static int64_t wall_s(const struct log *log) {
    return log->env->clock->wall_s(log->env->clock_self);
}

static int32_t open_parts(struct log *log, const char *path, struct fault *why) {
    log->lock = mutex_new();
    if (log->lock == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    if (path == NULL || path[0] == '\0') {
        return SHK_OK;
    }
    log->wall_minus_mono_ms = wall_s(log) * 1000 - mono_ms(log);
    return log_sink_open(path, &log->sink, why);
}

int32_t log_open(const char *path, int32_t level, const struct env *env, struct log **out,
                 struct fault *why) {
    *out = NULL;
    struct log *log = calloc(1, sizeof *log);
    if (log == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    log->level = level;
    log->env = env;
    int32_t rc = open_parts(log, path, why);
    if (rc != SHK_OK) {
        log_close(&log);
        return rc;
    }
    *out = log;
    return SHK_OK;
}

void log_close(struct log **log) {
    if (log == NULL || *log == NULL) {
        return;
    }
    log_sink_close(&(*log)->sink);
    mutex_free((*log)->lock);
    free(*log);
    *log = NULL;
}

/* The clock seam gives whole seconds and running milliseconds. Their offset is held inside the
 * second that the wall clock names, so it comes right by itself and follows a clock that is set. */
static int64_t now_ms(struct log *log) {
    int64_t second = wall_s(log) * 1000;
    int64_t mono = mono_ms(log);
    int64_t now = mono + log->wall_minus_mono_ms;
    if (now < second) {
        now = second;
    } else if (now > second + 999) {
        now = second + 999;
    }
    log->wall_minus_mono_ms = now - mono;
    return now;
}

struct date {
    int64_t year;
    int32_t month, day;
};

/* Days since 1970-01-01 to the proleptic Gregorian date, counted in years that begin in March. */
static struct date date_of(int64_t days) {
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day = day_of_era - (365 * year + year / 4 - year / 100);
    int32_t month = (int32_t)((5 * day + 2) / 153);
    struct date d = {.day = (int32_t)(day - (153 * month + 2) / 5 + 1)};
    d.month = month < 10 ? month + 3 : month - 9;
    d.year = year + era * 400 + (d.month <= 2 ? 1 : 0);
    return d;
}

static void add(struct line *line, const char *text, size_t n) {
    size_t room = sizeof line->p - 2 - line->n;
    size_t fits = utf8_cut(text, n, room);
    memcpy(line->p + line->n, text, fits);
    line->n += fits;
}

static void add_text(struct line *line, const char *text) {
    add(line, text, strlen(text));
}

static void add_number(struct line *line, int64_t number) {
    char digits[24];
    text_format(digits, sizeof digits, "%" PRId64, number);
    add_text(line, digits);
}

/* Free text cannot end the line or its quotes. */
static void add_quoted(struct line *line, const char *text) {
    size_t n = strlen(text);
    add_text(line, "\"");
    while (n > 0) {
        uint32_t code = 0;
        size_t len = utf8_decode(text, n, &code);
        bool plain = len > 0 && code >= 0x20 && code != '"' && (code < 0x7F || code > 0x9F) &&
                     code != 0x2028 && code != 0x2029;
        len = len > 0 ? len : 1;
        add(line, plain ? text : "?", plain ? len : 1);
        text += len;
        n -= len;
    }
    add_text(line, "\"");
}

static void add_time(struct line *line, int64_t ms) {
    char text[40];
    int64_t day = (ms >= 0 ? ms : ms - 86399999) / 86400000;
    int32_t rest = (int32_t)(ms - day * 86400000);
    struct date d = date_of(day);
    text_format(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ ", (int)d.year, d.month,
                d.day, rest / 3600000, rest / 60000 % 60, rest / 1000 % 60, rest % 1000);
    add_text(line, text);
}

static bool wanted(const struct log *log, int32_t level) {
    return log != NULL && log->sink != NULL && level <= log->level;
}

static const char *level_word(int32_t level) {
    static const char *const words[] = {"error", "warn", "info", "debug"};
    bool known = level >= SHK_LOG_ERROR && level <= SHK_LOG_DEBUG;
    return known ? words[level - SHK_LOG_ERROR] : "error";
}

/* Takes the lock and begins the line, so that the times of a file never run backwards. */
static void begin(struct log *log, struct line *line, int32_t level, const char *what) {
    mutex_lock(log->lock);
    line->n = 0;
    add_time(line, now_ms(log));
    add_text(line, level_word(level));
    add_text(line, " ");
    add_text(line, what);
}

static void finish(struct log *log, struct line *line) {
    line->p[line->n++] = '\n';
    log_sink_write(log->sink, line->p, line->n);
    mutex_unlock(log->lock);
}

void log_event(struct log *log, int32_t level, const char *what, const char *names, ...) {
    if (!wanted(log, level)) {
        return;
    }
    struct line line;
    begin(log, &line, level, what);
    va_list ap;
    va_start(ap, names);
    while (names != NULL && names[0] != '\0') {
        size_t n = strcspn(names, ",");
        add_text(&line, " ");
        add(&line, names, n);
        add_text(&line, "=");
        add_number(&line, va_arg(ap, int64_t));
        names += names[n] == ',' ? n + 1 : n;
    }
    va_end(ap);
    finish(log, &line);
}

static const char *stage_word(int32_t stage) {
    static const char *const words[] = {"api",    "card",    "identity", "lookup",
                                        "record", "mapping", "host"};
    return stage >= 0 && stage <= SHK_STAGE_HOST ? words[stage] : "?";
}

static const char *native_word(int32_t kind) {
    static const char *const words[] = {"none", "pcsc",     "sw",       "curl", "http",
                                        "tls",  "xml_line", "lua_line", "os"};
    return kind >= 0 && kind <= SHK_NATIVE_OS ? words[kind] : "?";
}

/* PC/SC results and status words are known to everyone by their hexadecimal form. */
static void add_native(struct line *line, const struct fault *why) {
    char text[24];
    bool hex = why->native_kind == SHK_NATIVE_PCSC || why->native_kind == SHK_NATIVE_SW;
    if (hex) {
        text_format(text, sizeof text, "0x%" PRIX32, (uint32_t)why->native);
    } else {
        text_format(text, sizeof text, "%" PRId32, why->native);
    }
    add_text(line, " native_kind=");
    add_text(line, native_word(why->native_kind));
    add_text(line, " native=");
    add_text(line, text);
}

/* Which character was lost is for the person at the desk; it is a part of a patient's name. */
static void place_without_character(const struct fault *why, char where[sizeof why->where]) {
    text_copy(where, sizeof why->where, why->where);
    char *code_point = why->code == SHK_E_CHARACTER_LOST ? strstr(where, " U+") : NULL;
    if (code_point != NULL) {
        *code_point = '\0';
    }
}

void log_fault(struct log *log, const struct fault *why) {
    if (!wanted(log, SHK_LOG_ERROR) || why->code == SHK_OK) {
        return;
    }
    const struct fault_row *row = fault_find(why->code);
    struct line line;
    begin(log, &line, SHK_LOG_ERROR, "fault code=");
    add_number(&line, why->code);
    add_text(&line, " name=");
    add_text(&line, row != NULL ? row->name : "?");
    add_text(&line, " stage=");
    add_text(&line, stage_word(why->stage));
    add_native(&line, why);
    if (why->where[0] != '\0') {
        char where[sizeof why->where];
        add_text(&line, " where=");
        place_without_character(why, where);
        add_quoted(&line, where);
    }
    finish(log, &line);
}

void log_reader(struct log *log, int32_t level, const char *what, const char *reader) {
    if (!wanted(log, level)) {
        return;
    }
    struct line line;
    begin(log, &line, level, what);
    add_text(&line, " reader=");
    add_quoted(&line, reader);
    finish(log, &line);
}
