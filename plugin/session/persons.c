#include "persons.h"

#include "answer.h"
#include "app_words_load.h"
#include "arrival_text.h"

static int32_t go_on(struct persons *p, struct fault *why) {
    struct session *s = p->s;
    session_post(s, SHK_EVENT_NEXT);
    session_turn_page(s);
    return session_stopping(s) ? fault_raise(why, SHK_E_CANCELLED) : SHK_OK;
}

static void show(struct persons *p, struct record_set *set, const struct fault *unread) {
    struct fault why = *unread;
    answer_show(p->s, set, why.code == 0, p->source);
    if (why.code == 0) {
        (void)answer_tell(p->s, &why);
    } else {
        answer_tell_fault(p->s, &why);
    }
    p->unsafe = p->unsafe || (why.code != 0 && !p->s->kept);
    if (p->first.code == 0) {
        p->first = why;
    }
}

int32_t persons_take(struct persons *p, struct record_set *set, const struct fault *unread) {
    struct fault why = {0};
    if (p->n > 0 && go_on(p, &why) != SHK_OK) {
        record_free(&set);
        p->first = why;
        p->unsafe = true; /* the rest is kept nowhere */
        return why.code;
    }
    p->n++;
    if (set != NULL && unread->code == 0 && p->accept != NULL && !p->accept(p->s, set)) {
        record_free(&set);
        fault_raise(&why, SHK_E_ANSWER_FOREIGN);
    } else {
        why = *unread;
    }
    show(p, set, &why);
    return SHK_OK;
}

int32_t persons_words(const struct session *s, struct app_words **out, struct fault *why) {
    const char *path = config_text(s->config, "app.words");
    *out = app_words_new();
    if (*out == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    int32_t rc = path[0] != '\0' ? app_words_load(path, &s->env, *out, why) : SHK_OK;
    if (rc != SHK_OK) {
        app_words_free(out);
    }
    return rc;
}

int32_t persons_decode(const uint8_t *p, size_t n, struct bytes *out) {
    struct bytes raw = {0};
    int32_t rc = bytes_append(&raw, p, n);
    rc = rc == SHK_OK ? arrival_decode(&raw, out) : rc;
    bytes_clear(&raw);
    return rc;
}

static int32_t take_texts(struct persons *p, const char *text, size_t n,
                          const struct app_words *words) {
    int32_t rc = SHK_OK, line = 1;
    do {
        struct record_set *set = NULL;
        struct fault unread = {0};
        size_t len = app_first_length(text, n, words);
        len = len > 0 && len <= n ? len : n;
        if (p->s->blocking && !text_is_blank(text + len, n - len)) {
            /* Nobody could go on to the second one, so the first is not taken for all either. */
            len = n;
            fault_raise(&unread, SHK_E_APP_CONTRADICTION);
        } else {
            (void)app_read(text, len, line, words, &set, &unread);
        }
        rc = persons_take(p, set, &unread);
        line += app_line_count(text, len);
        text += len;
        n -= len;
    } while (rc == SHK_OK && !text_is_blank(text, n));
    return rc;
}

int32_t persons_take_app(struct persons *p, const uint8_t *bytes, size_t n,
                         const struct app_words *words) {
    struct bytes text = {0};
    struct fault why = {0};
    int32_t rc = persons_decode(bytes, n, &text);
    if (rc == SHK_OK) {
        rc = take_texts(p, bytes_text(&text), text.n, words);
    } else {
        fault_raise(&why, rc);
        rc = persons_take(p, NULL, &why);
    }
    bytes_clear(&text);
    return rc;
}
