/* The question at the terminal: first the patient, then what of the answer is taken over. */
#include <string.h>

#include "match.h"
#include "utf8.h"

enum reply {
    REPLY_CHOSEN,
    REPLY_AGAIN,
    REPLY_CLOSED, /* nobody is there any more */
    REPLY_OVER    /* the question is */
};

static void say(const struct question *q, const char *japanese, const char *english) {
    struct screen *screen = &q->run->screen;
    out_line(&screen->out, STYLE_WARN, screen_say(screen, japanese, english));
}

/* Who types Japanese has full-width letters and digits at hand. */
static void fold(struct question *q) {
    size_t from = 0, to = 0;
    while (from < q->len) {
        uint32_t c;
        size_t n = utf8_next(q->line + from, q->len - from, &c);
        bool wide = n > 0 && c > 0xFF00 && c < 0xFF5F;
        char narrow = wide ? (char)(c - 0xFEE0) : q->line[from];
        q->line[to++] = (char)(narrow >= 'A' && narrow <= 'Z' ? narrow + ('a' - 'A') : narrow);
        from += wide ? n : 1;
    }
    q->line[to] = '\0';
    q->len = to;
}

static enum input_state reply_line(struct question *q, const char *prompt) {
    enum input_state state = match_line(q, prompt);
    if (state == INPUT_LINE) {
        fold(q);
    }
    return state;
}

static bool has_ended(enum input_state state) {
    return state == INPUT_WAITING || state == INPUT_CLOSED;
}

static enum reply ended(enum input_state state) {
    return state == INPUT_CLOSED ? REPLY_CLOSED : REPLY_OVER;
}

/* A candidate's number, 0: none. */
static int32_t read_candidate(const char *line, int32_t most) {
    int32_t n = 0;
    for (const char *p = line; *p != '\0'; p++) {
        if (*p < '0' || *p > '9' || n > most) {
            return 0;
        }
        n = n * 10 + (*p - '0');
    }
    return n <= most ? n : 0;
}

static bool choose_candidate(const struct session *s, int32_t candidate, struct match_choice *out) {
    char *id = match_text(s, candidate, NULL, 0, "id");
    bool known = id != NULL;
    (void)snprintf(out->answer, sizeof out->answer, "patient:%s", known ? id : "");
    value_free(&id);
    return known;
}

/* Only where the plugin is sure, and where it was asked to ask all the same, is a bare Enter enough. */
static bool is_sure(const struct session *s, int32_t candidates) {
    int32_t grade = 0;
    return candidates == 1 && match_number(s, 0, NULL, 0, "grade", &grade) &&
           (grade == SHK_MATCH_SAME || grade == SHK_MATCH_CHANGED);
}

static const char *patient_prompt(const struct screen *screen, int32_t candidates, bool sure) {
    if (candidates == 0) {
        return screen_say(screen, "n 新しい患者  s 渡さない  l あとで決める: ",
                          "n new patient, s do not deliver, l later: ");
    }
    return sure ? screen_say(screen, "1(Enter)この患者  n 新しい患者  s 渡さない  l あとで決める: ",
                             "1 (Enter) this patient, n new patient, s do not deliver, l later: ")
                : screen_say(screen, "番号で患者を選ぶ  n 新しい患者  s 渡さない  l あとで決める: ",
                             "number of the patient, n new patient, s do not deliver, l later: ");
}

static bool choose_word(const char *line, struct match_choice *out) {
    static const struct {
        const char *key, *answer;
    } words[] = {{"n", "new"}, {"s", "skip"}, {"l", "later"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(line, words[i].key) == 0) {
            (void)snprintf(out->answer, sizeof out->answer, "%s", words[i].answer);
            return true;
        }
    }
    return false;
}

/* candidate becomes 0 where no patient on file is meant. */
static enum reply ask_patient(struct question *q, struct match_choice *out, int32_t *candidate) {
    const struct session *s = &q->run->s;
    int32_t n = match_count(s, 0, NULL);
    bool sure = is_sure(s, n);
    enum input_state state = reply_line(q, patient_prompt(&q->run->screen, n, sure));
    *candidate = 0;
    if (has_ended(state)) {
        return ended(state);
    }
    if (state == INPUT_LINE && choose_word(q->line, out)) {
        return REPLY_CHOSEN;
    }
    *candidate = state != INPUT_LINE ? 0 : sure && q->len == 0 ? 1 : read_candidate(q->line, n);
    if (*candidate > 0 && choose_candidate(s, *candidate, out)) {
        return REPLY_CHOSEN;
    }
    if (state == INPUT_LINE && q->len == 0) {
        say(q, "Enter だけでは決まりません。番号か文字を入力してください",
            "Enter alone is no answer here; type a number or a letter");
    } else {
        say(q, "示された番号か、n、s、l を入力してください", "Type a number shown, or n, s, l");
    }
    return REPLY_AGAIN;
}

static bool add_path(const struct session *s, int32_t candidate, int32_t n,
                     struct match_choice *out) {
    char *path = match_text(s, candidate, "field", n, "path");
    size_t used = strlen(out->take), length = path != NULL ? strlen(path) : 0;
    bool room = length > 0 && used + length + 2 < sizeof out->take;
    if (room) {
        (void)snprintf(out->take + used, sizeof out->take - used, "%s%s", used > 0 ? "," : "",
                       path);
    }
    value_free(&path);
    return room;
}

/* Everything that would change, without asking for each. */
static void take_changes(const struct session *s, int32_t candidate, struct match_choice *out) {
    int32_t n = match_count(s, candidate, "field");
    for (int32_t i = 1; i <= n; i++) {
        if (match_field_taken(s, candidate, i)) {
            (void)add_path(s, candidate, i, out);
        }
    }
}

static void field_prompt(const struct question *q, int32_t candidate, int32_t n, char *out,
                         size_t cap) {
    const struct session *s = &q->run->s;
    const struct screen *screen = &q->run->screen;
    char before[256], after[256];
    char *path = match_text(s, candidate, "field", n, "path");
    char *label = match_label(screen, s, candidate, n);
    char *old = match_text(s, candidate, "field", n, "old");
    char *now = match_text(s, candidate, "field", n, "now");
    match_write_value(screen, path != NULL ? path : "", old, before, sizeof before);
    match_write_value(screen, path != NULL ? path : "", now, after, sizeof after);
    (void)snprintf(out, cap,
                   screen_say(screen, "%s: %s → %s  受け入れますか? [%s] (b 選び直す) ",
                              "%s: %s → %s  accept? [%s] (b back) "),
                   label != NULL ? label : "?", before, after,
                   match_field_taken(s, candidate, n) ? "Y/n" : "y/N");
    value_free(&path);
    value_free(&label);
    value_free(&old);
    value_free(&now);
}

static enum reply ask_field(struct question *q, int32_t candidate, int32_t n,
                            struct match_choice *out) {
    char prompt[1200];
    field_prompt(q, candidate, n, prompt, sizeof prompt);
    for (;;) {
        enum input_state state = reply_line(q, prompt);
        if (has_ended(state)) {
            return ended(state);
        }
        bool empty = state == INPUT_LINE && q->len == 0;
        bool yes = empty && match_field_taken(&q->run->s, candidate, n);
        if (yes || strcmp(q->line, "y") == 0) {
            (void)add_path(&q->run->s, candidate, n, out);
            return REPLY_CHOSEN;
        }
        if (empty || strcmp(q->line, "n") == 0) {
            return REPLY_CHOSEN;
        }
        if (strcmp(q->line, "b") == 0) {
            return REPLY_AGAIN;
        }
        say(q, "y、n、b のどれかを入力してください", "Type y, n or b");
    }
}

static enum reply ask_each(struct question *q, int32_t candidate, struct match_choice *out) {
    int32_t n = match_count(&q->run->s, candidate, "field");
    for (int32_t i = 1; i <= n; i++) {
        if (match_field_kind(&q->run->s, candidate, i) == MATCH_KIND_OPEN) {
            enum reply reply = ask_field(q, candidate, i, out);
            if (reply != REPLY_CHOSEN) {
                return reply;
            }
        }
    }
    return REPLY_CHOSEN;
}

static bool has_open_field(const struct session *s, int32_t candidate) {
    int32_t n = match_count(s, candidate, "field");
    bool open = false;
    for (int32_t i = 1; i <= n; i++) {
        open = open || match_field_kind(s, candidate, i) == MATCH_KIND_OPEN;
    }
    return open;
}

static enum reply ask_what(struct question *q, int32_t candidate, struct match_choice *out) {
    const char *prompt = screen_say(
        &q->run->screen,
        "変わる項目をすべて受け入れる(Enter)  e 一つずつ選ぶ  x どれも受け入れない  b 選び直す: ",
        "Enter: accept all that change, e one by one, x none, b back: ");
    for (;;) {
        enum input_state state = reply_line(q, prompt);
        if (has_ended(state)) {
            return ended(state);
        }
        if (state == INPUT_LINE && q->len == 0) {
            take_changes(&q->run->s, candidate, out);
            return REPLY_CHOSEN;
        }
        if (strcmp(q->line, "e") == 0) {
            return ask_each(q, candidate, out);
        }
        if (strcmp(q->line, "x") == 0 || strcmp(q->line, "b") == 0) {
            return q->line[0] == 'x' ? REPLY_CHOSEN : REPLY_AGAIN;
        }
        say(q, "Enter、e、x、b のどれかを入力してください", "Type Enter, e, x or b");
    }
}

/* Where nothing was accepted it is said, so that nothing is taken over on the plugin's own account. */
static enum reply ask_fields(struct question *q, int32_t candidate, struct match_choice *out) {
    enum reply reply = REPLY_CHOSEN;
    if (candidate == 0) {
        return reply;
    }
    if (has_open_field(&q->run->s, candidate)) {
        reply = ask_what(q, candidate, out);
    }
    if (out->take[0] == '\0') {
        (void)snprintf(out->take, sizeof out->take, "none");
    }
    return reply;
}

void match_ask(struct question *q) {
    enum reply reply;
    q->run->unanswered = true;
    do {
        struct match_choice choice = {"", ""};
        int32_t candidate = 0;
        reply = ask_patient(q, &choice, &candidate);
        if (reply == REPLY_CHOSEN) {
            reply = ask_fields(q, candidate, &choice);
        }
        if (reply == REPLY_CHOSEN && match_send(q->run, &choice) == MATCH_REFUSED) {
            reply = REPLY_AGAIN;
        }
        platform_wipe(&choice, sizeof choice);
    } while (reply == REPLY_AGAIN);
    if (reply == REPLY_CLOSED) {
        /* What is said now does not belong behind the question. */
        out_line(&q->run->screen.out, STYLE_PLAIN, "");
        match_put_off(q->run);
    }
}
