#include <string.h>

#include "platform.h"
#include "screen.h"

static void copy(char *to, size_t cap, const char *from) {
    (void)snprintf(to, cap, "%s", from);
}

static void read_text(const struct session *s, const char *prefix, const char *name, char *to,
                      size_t cap) {
    char path[96];
    (void)snprintf(path, sizeof path, "%s.%s", prefix, name);
    to[0] = '\0';
    /* A sentence that does not fit is cut between characters by the plugin. */
    if (s->door->text(s->id, path, -1, to, (int32_t)cap) < 0) {
        to[0] = '\0';
    }
}

static bool read_int(const struct session *s, const char *prefix, const char *name, int32_t *to) {
    char path[96];
    (void)snprintf(path, sizeof path, "%s.%s", prefix, name);
    return value_int(s, path, to);
}

static void read_details(const struct session *s, const char *prefix, struct failure *out) {
    (void)read_int(s, prefix, "stage", &out->stage);
    (void)read_int(s, prefix, "retry", &out->retry);
    (void)read_int(s, prefix, "retry_after_s", &out->retry_after_s);
    (void)read_int(s, prefix, "native_kind", &out->native_kind);
    out->has_native =
        read_int(s, prefix, "native", &out->native) && out->native_kind != SHK_NATIVE_NONE;
    read_text(s, prefix, "name", out->name, sizeof out->name);
    read_text(s, prefix, "where", out->where, sizeof out->where);
    read_text(s, prefix, "message", out->message, sizeof out->message);
    read_text(s, prefix, "message_en", out->message_en, sizeof out->message_en);
}

void failure_read(const struct session *s, const char *prefix, struct failure *out) {
    memset(out, 0, sizeof *out);
    if (!read_int(s, prefix, "code", &out->code)) {
        out->code = 0;
    }
    if (out->code != 0) {
        read_details(s, prefix, out);
    }
}

static void read_service(const struct session *s, const char *first, const char *second, char *to,
                         size_t cap) {
    read_text(s, "record", first, to, cap);
    if (to[0] == '\0') {
        read_text(s, "record", second, to, cap);
    }
}

void failure_read_event(const struct session *s, struct failure *out) {
    failure_read(s, "fault", out);
    if (out->code == SHK_E_ANSWER_REFUSED || out->code == SHK_E_ANSWER_ERROR ||
        out->code == SHK_E_ANSWER_PENDING) {
        read_service(s, "error_code", "result_code", out->service_code, sizeof out->service_code);
        read_service(s, "error_message", "result_message", out->service_message,
                     sizeof out->service_message);
    }
}

void failure_of_call(const struct session *s, int32_t code, struct failure *out) {
    int32_t told = code;
    memset(out, 0, sizeof *out);
    /* Without a session there are the words alone. */
    (void)(s->id != 0 && read_int(s, "fault", "code", &told));
    if (told == code) {
        read_details(s, "fault", out);
    }
    if (out->message_en[0] == '\0') {
        copy(out->message_en, sizeof out->message_en, "The call failed.");
    }
    out->code = code;
}

void failure_own(struct failure *out, int32_t code, const char *name, const char *japanese,
                 const char *english) {
    memset(out, 0, sizeof *out);
    out->code = code;
    copy(out->name, sizeof out->name, name);
    copy(out->message, sizeof out->message, japanese);
    copy(out->message_en, sizeof out->message_en, english);
}

const char *screen_say(const struct screen *screen, const char *japanese, const char *english) {
    return screen->english ? english : japanese;
}

void screen_step(struct screen *screen, const char *japanese, const char *english) {
    /* The program that reads our JSON has its own screen; a person at the terminal has ours. */
    bool shown = !screen->json || platform_is_terminal(stderr);
    if (!screen->quiet && shown) {
        out_line(screen->json ? &screen->err : &screen->out, STYLE_PLAIN,
                 screen_say(screen, japanese, english));
    }
}

/* A server's SQLSTATE, "01000" and above, is read in base 36; SQLite's numbers are smaller. */
enum { LEAST_SQLSTATE = 36 * 36 * 36 };

static void write_sqlstate(int32_t number, char *words, size_t cap) {
    char state[6] = "";
    for (size_t i = 5; i > 0; i--, number /= 36) {
        state[i - 1] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[number % 36];
    }
    (void)snprintf(words, cap, " [SQLSTATE %s]", state);
}

static void native_words(const struct failure *f, char *words, size_t cap) {
    static const char *const kinds[] = {"",         "PC/SC",    "SW", "curl", "HTTP", "TLS",
                                        "XML line", "Lua line", "OS", "SQL",  "host"};
    words[0] = '\0';
    if (!f->has_native || f->native_kind < 1 || f->native_kind > SHK_NATIVE_HOST) {
        return;
    }
    if (f->native_kind == SHK_NATIVE_SQL && f->native >= LEAST_SQLSTATE) {
        write_sqlstate(f->native, words, cap);
        return;
    }
    bool hex = f->native_kind == SHK_NATIVE_PCSC || f->native_kind == SHK_NATIVE_SW;
    if (hex) {
        (void)snprintf(words, cap, " [%s %04lX]", kinds[f->native_kind],
                       (unsigned long)(uint32_t)f->native);
    } else {
        (void)snprintf(words, cap, " [%s %ld]", kinds[f->native_kind], (long)f->native);
    }
}

/* A line, a key or a field that a person can put right. Elsewhere it is the name of a function, or a
 * measure in English. */
static bool is_place(const struct failure *f) {
    bool measure = f->stage == SHK_STAGE_LOOKUP && strchr(f->where, ' ') != NULL;
    return f->where[0] != '\0' && f->stage != SHK_STAGE_CARD && f->stage != SHK_STAGE_IDENTITY &&
           !measure;
}

/* "line 10 資格情報/氏名" as a Japanese reader says it. */
static void write_place(const struct failure *f, char *line, size_t cap) {
    static const char word[] = "line ";
    const char *number = f->where + sizeof word - 1;
    bool counted = strncmp(f->where, word, sizeof word - 1) == 0;
    int digits = counted ? (int)strspn(number, "0123456789") : 0;
    if (digits > 0) {
        (void)snprintf(line, cap, "該当箇所: %.*s行目%s", digits, number, number + digits);
    } else {
        (void)snprintf(line, cap, "該当箇所: %s", f->where);
    }
}

/* The default there is what only Windows can do. */
static void hint_at_source(struct screen *screen, const struct failure *f) {
    if (f->code == SHK_E_CONFIG_VALUE && strstr(f->where, "app.source") != NULL) {
        out_line(&screen->err, STYLE_PLAIN,
                 screen_say(screen,
                            "クリップボードを読めるのは Windows だけです。設定に "
                            "app = { source = \"file\", file = \"…\" } と書いてください",
                            "The clipboard is read on Windows only; write app = { source = "
                            "\"file\", file = \"…\" } in the configuration"));
    }
}

/* There may be others: the one that the configuration names is missing. */
static void hint_at_reader(struct screen *screen, const struct failure *f) {
    if (f->code == SHK_E_NO_READER && strcmp(f->where, "reader") == 0) {
        out_line(&screen->err, STYLE_PLAIN,
                 screen_say(screen,
                            "設定の reader に書かれたリーダーがありません。つないであるリーダーの"
                            "名前は shikaku readers --quick で見られます",
                            "The reader that the configuration names is not there; shikaku "
                            "readers --quick lists those that are"));
    }
}

void screen_failure(struct screen *screen, const struct failure *f) {
    char native[48], line[700];
    native_words(f, native, sizeof native);
    if (!screen->english && f->message[0] != '\0') {
        out_line(&screen->err, STYLE_BAD, f->message);
        if (is_place(f)) {
            write_place(f, line, sizeof line);
            out_line(&screen->err, STYLE_PLAIN, line);
        }
    }
    if (f->service_code[0] != '\0' || f->service_message[0] != '\0') {
        (void)snprintf(line, sizeof line,
                       screen_say(screen, "回答のメッセージ: %s %s", "The service says: %s %s"),
                       f->service_code, f->service_message);
        out_line(&screen->err, STYLE_PLAIN, line);
    }
    (void)snprintf(line, sizeof line, "%s (%ld%s%s%s%s)%s", f->message_en, (long)f->code,
                   f->name[0] != '\0' ? " " : "", f->name, f->where[0] != '\0' ? ", " : "",
                   f->where, native);
    out_line(&screen->err, screen->english ? STYLE_BAD : STYLE_DIM, line);
    hint_at_source(screen, f);
    hint_at_reader(screen, f);
}
