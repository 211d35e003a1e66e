#include "routes.h"

#include <string.h>

#define SECRET_TRIES 3

bool routes_is(const struct session *s, const char *name) {
    return text_equal(config_text(s->config, "route"), name);
}

static bool says(const struct session *s, const char *key, const char *word) {
    return text_equal(config_text(s->config, key), word);
}

static int32_t milliseconds(const struct session *s, const char *key) {
    return (int32_t)config_int(s->config, key);
}

static void place(const struct session *s, const char *key, const char *name, char out[1024]) {
    const char *own = config_text(s->config, key);
    const char *root = config_text(s->config, "folder.root");
    if (own[0] != '\0' || root[0] == '\0') {
        text_copy(out, 1024, own);
        return;
    }
    char last = root[strlen(root) - 1];
    text_format(out, 1024, "%s%s%s", root, last == '/' || last == '\\' ? "" : "/", name);
}

void routes_folder_settings(const struct session *s, struct folder_places *room,
                            struct folder_settings *out) {
    place(s, "folder.req", "req", room->req);
    place(s, "folder.res", "res", room->res);
    place(s, "folder.face", "face", room->face);
    /* Beside the folders that all machines share, so that they share the numbers too. */
    place(s, "folder.state", "shikaku-requests.state", room->state);
    *out = (struct folder_settings){
        .req = room->req,
        .res = room->res,
        .face = room->face,
        .encoding = says(s, "folder.encoding", "shift_jis") ? OQS_CP932 : OQS_UTF8,
        .long_identifier = says(s, "folder.identifier", "long"),
        .state = room->state,
        .timeout_ms = milliseconds(s, "folder.timeout_ms"),
        .renew_min = (int32_t)config_int(s->config, "folder.renew_min"),
        .poll_ms = milliseconds(s, "folder.poll_ms"),
        .stable_ms = milliseconds(s, "folder.stable_ms"),
        .remove_results = says(s, "folder.results", "delete"),
        .face_existing = says(s, "folder.face_start", "all"),
        .face_after = says(s, "folder.face_after", "delete") ? FACE_DELETE : FACE_LEAVE,
    };
}

static int32_t open_folder(struct session *s, struct fault *why) {
    struct folder_places room;
    struct folder_settings settings;
    routes_folder_settings(s, &room, &settings);
    return folder_route_new(&settings, &s->env, s->log, &s->route, why);
}

static int32_t open_gateway(struct session *s, const char *secret, struct fault *why) {
    const struct config *c = s->config;
    const struct gateway_settings settings = {
        .url = config_text(c, "gateway.url"),
        .http = {.ca_file = config_text(c, "gateway.ca_file"),
                 .client_cert = config_text(c, "gateway.client_cert"),
                 .client_key = config_text(c, "gateway.client_key"),
                 .client_secret = secret,
                 .pin = config_text(c, "gateway.pin"),
                 .proxy = config_text(c, "gateway.proxy"),
                 .proxy_user = config_text(c, "gateway.proxy_user"),
                 .proxy_password = config_text(c, "gateway.proxy_password"),
                 .proxy_from_environment = says(s, "gateway.proxy_environment", "yes"),
                 .connect_ms = milliseconds(s, "gateway.connect_ms")},
        .timeout_ms = milliseconds(s, "gateway.timeout_ms"),
        .bulk_timeout_ms = milliseconds(s, "gateway.bulk_timeout_ms"),
        .clock_tolerance_s = (int32_t)config_int(c, "gateway.clock_tolerance_s"),
    };
    return gateway_route_new(&settings, &s->env, s->log, &s->route, why);
}

/* One question and one attempt with its answer. *asked: an answer came and was tried. */
static int32_t open_with_answer(struct session *s, bool *asked, struct fault *why) {
    int32_t rc = session_ask_secret(s, why);
    *asked = rc == SHK_OK;
    if (*asked) {
        rc = open_gateway(s, s->secret.text, why);
        session_secret_done(s);
    }
    return rc;
}

static int32_t open_locked_gateway(struct session *s, struct fault *why) {
    const char *configured = config_text(s->config, "gateway.client_secret");
    int32_t rc = open_gateway(s, configured, why);
    bool may_ask = configured[0] == '\0' && !s->blocking;
    for (int tries = 0; rc == SHK_E_PASSPHRASE && may_ask && tries < SECRET_TRIES; tries++) {
        if (tries > 0) {
            session_post_fault(s, why);
        }
        fault_clear(why);
        rc = open_with_answer(s, &may_ask, why);
    }
    if (rc == SHK_E_PASSPHRASE) {
        fault_where(why, "gateway.client_secret");
    }
    return rc;
}

int32_t routes_open(struct session *s, struct fault *why) {
    if (s->route.ops != NULL) {
        return SHK_OK;
    }
    if (routes_is(s, "gateway")) {
        return open_locked_gateway(s, why);
    }
    if (routes_is(s, "folder")) {
        return open_folder(s, why);
    }
    if (routes_is(s, "demo")) {
        return demo_route_new(config_text(s->config, "demo.folder"), &s->env, &s->route, why);
    }
    return fault_set(why, SHK_E_ROUTE_CANNOT, SHK_NATIVE_NONE, 0, "route");
}

void routes_forget(struct session *s) {
    routes_close(s);
    if (s->pushes.ops != NULL) {
        s->pushes.ops->free(s->pushes.self);
        s->pushes = (struct arrival_source){0};
    }
}

void routes_close(struct session *s) {
    if (s->route.ops != NULL) {
        s->route.ops->free(s->route.self);
        s->route = (struct lookup_route){0};
    }
}

static bool may_be_put_right(int32_t rc) {
    return rc == SHK_E_DEVICE_REFUSED || rc == SHK_E_GATEWAY_UNTRUSTED || rc == SHK_E_DEVICE_KEY ||
           rc == SHK_E_PROXY;
}

void routes_note(struct session *s, int32_t rc) {
    struct route_report report = {0};
    if (s->route.ops != NULL && routes_is(s, "gateway")) {
        gateway_route_report(&s->route, &report);
    }
    mutex_lock(s->lock);
    s->values.report = report;
    mutex_unlock(s->lock);
    if (may_be_put_right(rc)) {
        routes_close(s);
    }
}

bool routes_depend_on(const char *key) {
    static const char *const parts[] = {"route", "gateway.", "folder.", "demo.", "log."};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (text_starts(key, parts[i])) {
            return true;
        }
    }
    return false;
}
