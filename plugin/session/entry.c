/* The exports: guard the host's state, check arguments, find the session, pass on. */
#include <string.h>

#include "door.h"
#include "handles.h"
#include "last_open.h"
#include "real_env.h"
#include "shikaku/shikaku.h"
#include "values.h"

/* Every export runs between these two. */
struct visit {
    struct host_state host;
    struct session *session;
};

static void enter(struct visit *v, shk_session s) {
    host_state_save(&v->host);
    v->session = s != 0 ? handle_hold(s) : NULL;
}

static int32_t leave(struct visit *v, int32_t result) {
    if (v->session != NULL) {
        session_drop(v->session);
    }
    host_state_restore(&v->host);
    return result;
}

static bool speaks_cp932(const struct session *s) {
    return text_equal(config_text(s->config, "text_encoding"), "cp932");
}

int32_t SHK_CALL shk_abi(void) {
    return SHK_ABI;
}

static int32_t open_config(const char *path, const struct env *env, struct config **out,
                           struct fault *why) {
    struct config *config = config_new();
    if (config == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    int32_t rc = path[0] != '\0' ? config_read(config, path, env, why) : SHK_OK;
    if (rc != SHK_OK) {
        config_free(&config);
    }
    *out = config;
    return rc;
}

static int32_t open_session(const char *path, int32_t len, shk_session *out, struct fault *why) {
    struct bytes name = {0};
    struct env env;
    struct config *config = NULL;
    struct session *session = NULL;
    real_env_init(&env);
    int32_t rc = door_in(path, len, false, &name);
    if (rc != SHK_OK) {
        fault_raise(why, rc);
        goto done;
    }
    rc = open_config(bytes_text(&name), &env, &config, why);
    if (rc != SHK_OK) {
        goto done;
    }
    rc = session_new(config, &env, &real_env_life, &session, why);
    if (rc != SHK_OK) {
        goto done;
    }
    *out = handle_add(session);
    if (*out == 0) {
        session_close(session);
        rc = fault_raise(why, SHK_E_TOO_MANY);
    }
done:
    bytes_clear(&name);
    return rc;
}

int32_t SHK_CALL shk_open(const char *config, int32_t config_len, shk_session *out) {
    struct visit v;
    struct fault why = {0};
    enter(&v, 0);
    int32_t rc = SHK_E_ARGUMENT;
    if (out != NULL) {
        *out = 0;
        rc = open_session(config, config_len, out, &why);
    } else {
        fault_raise(&why, rc);
    }
    last_open_store(&why);
    return leave(&v, rc);
}

int32_t SHK_CALL shk_close(shk_session s) {
    struct visit v;
    enter(&v, 0);
    struct session *session = handle_remove(s);
    if (session == NULL) {
        return leave(&v, SHK_E_SESSION);
    }
    session_close(session);
    return leave(&v, SHK_OK);
}

int32_t SHK_CALL shk_set(shk_session s, const char *key, int32_t key_len, const char *value,
                         int32_t value_len) {
    struct visit v;
    struct bytes k = {0};
    struct bytes x = {0};
    enter(&v, s);
    if (v.session == NULL) {
        return leave(&v, SHK_E_SESSION);
    }
    mutex_lock(v.session->lock);
    bool cp932 = speaks_cp932(v.session);
    mutex_unlock(v.session->lock);
    int32_t rc = key != NULL && value != NULL ? SHK_OK : SHK_E_ARGUMENT;
    rc = rc == SHK_OK ? door_in(key, key_len, false, &k) : rc;
    rc = rc == SHK_OK ? door_in(value, value_len, cp932, &x) : rc;
    rc = rc == SHK_OK ? session_set(v.session, bytes_text(&k), bytes_text(&x)) : rc;
    bytes_clear(&k);
    bytes_clear(&x);
    return leave(&v, rc == SHK_E_ARGUMENT ? session_refuse(v.session, rc) : rc);
}

static int32_t put_raw(struct session *s, const char *path, const uint8_t *p, int32_t len) {
    size_t n = len >= 0 ? (size_t)len : strlen((const char *)p);
    return session_put(s, path, p, n);
}

static int32_t put_text(struct session *s, const char *path, const char *p, int32_t len) {
    struct bytes text = {0};
    mutex_lock(s->lock);
    bool cp932 = speaks_cp932(s);
    mutex_unlock(s->lock);
    int32_t rc = door_too_long(p, len) ? SHK_E_INPUT : door_in(p, len, cp932, &text);
    rc = rc == SHK_OK ? session_put(s, path, text.p, text.n) : session_refuse(s, rc);
    bytes_clear(&text);
    return rc;
}

int32_t SHK_CALL shk_put(shk_session s, const char *path, int32_t path_len, const uint8_t *p,
                         int32_t len) {
    struct visit v;
    struct bytes name = {0};
    enter(&v, s);
    if (v.session == NULL) {
        return leave(&v, SHK_E_SESSION);
    }
    int32_t rc = path != NULL && (p != NULL || len == 0) ? SHK_OK : SHK_E_ARGUMENT;
    rc = rc == SHK_OK ? door_in(path, path_len, false, &name) : rc;
    if (rc != SHK_OK) {
        rc = session_refuse(v.session, rc);
    } else if (input_is_raw(bytes_text(&name))) {
        rc = put_raw(v.session, bytes_text(&name), p, len);
    } else {
        rc = put_text(v.session, bytes_text(&name), (const char *)p, len);
    }
    bytes_clear(&name);
    return leave(&v, rc);
}

int32_t SHK_CALL shk_start(shk_session s, int32_t job) {
    struct visit v;
    enter(&v, s);
    return leave(&v, v.session != NULL ? session_start(v.session, job) : SHK_E_SESSION);
}

int32_t SHK_CALL shk_answer_pin(shk_session s, const char *pin, int32_t pin_len,
                                int32_t spend_last_try) {
    struct visit v;
    enter(&v, s);
    if (v.session == NULL) {
        return leave(&v, SHK_E_SESSION);
    }
    if (pin == NULL && pin_len != 0) {
        return leave(&v, session_refuse(v.session, SHK_E_ARGUMENT));
    }
    return leave(
        &v, session_answer_pin(v.session, pin != NULL ? pin : "", pin_len, spend_last_try == 1));
}

int32_t SHK_CALL shk_cancel(shk_session s) {
    struct visit v;
    enter(&v, s);
    return leave(&v, v.session != NULL ? session_cancel(v.session) : SHK_E_SESSION);
}

int32_t SHK_CALL shk_next_event(shk_session s, int32_t timeout_ms) {
    struct visit v;
    enter(&v, s);
    return leave(&v, v.session != NULL ? session_next_event(v.session, timeout_ms) : SHK_E_SESSION);
}

int32_t SHK_CALL shk_wake(shk_session s, int32_t target, int32_t message) {
    struct visit v;
    enter(&v, s);
    return leave(&v, v.session != NULL ? session_wake(v.session, target, message) : SHK_E_SESSION);
}

int32_t SHK_CALL shk_forget(shk_session s) {
    struct visit v;
    enter(&v, s);
    return leave(&v, v.session != NULL ? session_forget(v.session) : SHK_E_SESSION);
}

int32_t SHK_CALL shk_check(shk_session s, const char *pin, int32_t pin_len, int32_t spend_last_try,
                           int32_t timeout_ms) {
    struct visit v;
    enter(&v, s);
    if (v.session == NULL) {
        return leave(&v, SHK_E_SESSION);
    }
    if (pin == NULL && pin_len != 0) {
        return leave(&v, session_refuse(v.session, SHK_E_ARGUMENT));
    }
    return leave(&v, session_check(v.session, pin != NULL ? pin : "", pin_len, spend_last_try == 1,
                                   timeout_ms));
}

/* Finds a value and hands it on while the session's lock is held; session 0 has the words for a
 * failed open. */
static int32_t with_value(struct session *s, const char *path, int32_t path_len,
                          int32_t (*use)(struct session *s, const struct reading *r, void *self),
                          void *self) {
    struct bytes name = {0};
    struct reading found;
    int32_t rc = path != NULL ? door_in(path, path_len, false, &name) : SHK_E_ARGUMENT;
    if (rc == SHK_OK && s != NULL) {
        mutex_lock(s->lock);
        rc = values_read(s, bytes_text(&name), name.n, &found);
        rc = rc == SHK_OK ? use(s, &found, self) : rc;
        mutex_unlock(s->lock);
    } else if (rc == SHK_OK) {
        rc = last_open_read(bytes_text(&name), name.n, &found);
        rc = rc == SHK_OK ? use(NULL, &found, self) : rc;
    }
    bytes_clear(&name);
    return rc;
}

struct out_text {
    char *buf;
    int32_t cap;
};

static int32_t use_document_text(struct session *s, const struct reading *r,
                                 const struct out_text *out, bool cp932) {
    return door_out(r->text, r->len, cp932, out->buf, out->cap, &s->text_losses);
}

static int32_t use_text(struct session *s, const struct reading *r, void *self) {
    const struct out_text *out = self;
    int32_t unused = 0;
    bool cp932 = s != NULL && speaks_cp932(s);
    if (r->is_document) {
        return r->is_number ? use_document_text(s, r, out, cp932) : SHK_E_TYPE;
    }
    return door_out(r->text, r->len, cp932, out->buf, out->cap,
                    s != NULL ? &s->text_losses : &unused);
}

int32_t SHK_CALL shk_text(shk_session s, const char *path, int32_t path_len, char *buf,
                          int32_t cap) {
    struct visit v;
    struct out_text out = {buf, cap};
    enter(&v, s);
    if (buf != NULL && cap > 0) {
        buf[0] = '\0';
    }
    if (s != 0 && v.session == NULL) {
        return leave(&v, SHK_E_SESSION);
    }
    if (cap < 0 || (buf == NULL && cap > 0)) {
        return leave(&v, SHK_E_ARGUMENT);
    }
    int32_t rc = with_value(v.session, path, path_len, use_text, &out);
    if (rc < 0 && cap > 0) {
        buf[0] = '\0';
    }
    return leave(&v, rc);
}

static int32_t use_int(struct session *s, const struct reading *r, void *self) {
    (void)s;
    if (!r->is_number || r->is_document || r->number < INT32_MIN || r->number > INT32_MAX) {
        return SHK_E_TYPE;
    }
    *(int32_t *)self = (int32_t)r->number;
    return SHK_OK;
}

int32_t SHK_CALL shk_int(shk_session s, const char *path, int32_t path_len, int32_t *out) {
    struct visit v;
    enter(&v, s);
    if (s != 0 && v.session == NULL) {
        return leave(&v, SHK_E_SESSION);
    }
    return leave(&v, out != NULL ? with_value(v.session, path, path_len, use_int, out)
                                 : SHK_E_ARGUMENT);
}

int32_t SHK_CALL shk_count(shk_session s, const char *path, int32_t path_len) {
    struct visit v;
    struct bytes name = {0};
    int32_t count = 0;
    enter(&v, s);
    if (v.session == NULL) {
        return leave(&v, SHK_E_SESSION);
    }
    int32_t rc = path != NULL ? door_in(path, path_len, false, &name) : SHK_E_ARGUMENT;
    if (rc == SHK_OK) {
        mutex_lock(v.session->lock);
        rc = values_count(v.session, bytes_text(&name), name.n, &count);
        mutex_unlock(v.session->lock);
    }
    bytes_clear(&name);
    return leave(&v, rc == SHK_OK ? count : rc);
}

struct out_bytes {
    uint8_t *buf;
    int32_t cap;
};

static int32_t use_bytes(struct session *s, const struct reading *r, void *self) {
    const struct out_bytes *out = self;
    (void)s;
    if (r->len > INT32_MAX) {
        return SHK_E_MEMORY;
    }
    size_t fits = r->len < (size_t)out->cap ? r->len : (size_t)out->cap;
    if (fits > 0) {
        memcpy(out->buf, r->text, fits);
    }
    return (int32_t)r->len;
}

int32_t SHK_CALL shk_bytes(shk_session s, const char *path, int32_t path_len, uint8_t *buf,
                           int32_t cap) {
    struct visit v;
    struct out_bytes out = {buf, cap};
    enter(&v, s);
    if (v.session == NULL) {
        return leave(&v, SHK_E_SESSION);
    }
    if (cap < 0 || (buf == NULL && cap > 0)) {
        return leave(&v, SHK_E_ARGUMENT);
    }
    return leave(&v, with_value(v.session, path, path_len, use_bytes, &out));
}
