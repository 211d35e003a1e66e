/* Looking at packs: for who writes one, who sells one and who is to use one. */
#include <stdlib.h>

#include "crypto.h"
#include "flow.h"
#include "pack_made.h"
#include "packs.h"

#define KEY_MAX      ((size_t)64 * 1024)
#define SECRET_TRIES 3

/* One look at packs; what is found is shown at its end, with a fault as without. */
struct look {
    struct session *s;
    const char *path;
    struct pack_world world;
    struct pack_values found;
};

/* The pack of pack.path with what is shown of it, verified and checked. */
static int32_t open_pack(struct look *l, const struct pack_trust *trust, struct fault *why) {
    struct pack_values *v = &l->found;
    int32_t rc = pack_read(&l->world, l->path, &v->pack, why);
    if (rc != SHK_OK) {
        return rc;
    }
    rc = pack_manifest_verify(&v->pack->folder, trust, &v->is_signed, why);
    v->is_verified = rc == SHK_OK || rc == SHK_E_PACK_UNSIGNED;
    return rc == SHK_OK ? pack_check(v->pack, &l->world, why) : rc;
}

static int32_t open_trusted(struct look *l, struct fault *why) {
    struct bytes keys = {0};
    struct pack_trust trust;
    int32_t rc = packs_trust(l->s, &keys, &trust, why);
    rc = rc == SHK_OK ? open_pack(l, &trust, why) : rc;
    bytes_clear(&keys);
    return rc;
}

static int32_t check(struct look *l, struct fault *why) {
    return open_trusted(l, why);
}

static int32_t test(struct look *l, struct fault *why) {
    int32_t rc = open_trusted(l, why);
    return rc == SHK_OK ? pack_samples_run(l->found.pack, &l->world, true, &l->found.samples, why)
                        : rc;
}

/* What can be read is shown beside what is wrong. */
static int32_t show(struct look *l, struct fault *why) {
    int32_t rc = open_trusted(l, why);
    if (l->found.pack == NULL) {
        return rc;
    }
    int32_t shown = pack_rows_read(l->found.pack, &l->found.rows, why);
    if (shown == SHK_OK && pack_values_label(&l->found) != SHK_OK) {
        shown = fault_raise(why, SHK_E_MEMORY);
    }
    return rc == SHK_OK ? shown : rc;
}

static int32_t list(struct look *l, struct fault *why) {
    struct bytes keys = {0};
    struct pack_trust trust;
    int32_t rc = packs_trust(l->s, &keys, &trust, why);
    rc = rc == SHK_OK ? pack_list_read(&l->world, &trust, l->path, &l->found.list, why) : rc;
    bytes_clear(&keys);
    return rc;
}

static int32_t refuse_key(struct fault *why, int32_t code, const struct fault *native) {
    return fault_set(why, code, native != NULL ? native->native_kind : SHK_NATIVE_NONE,
                     native != NULL ? native->native : 0, "pack.key");
}

/* A locked key's passphrase is asked for, as for the device's key. */
static int32_t sign_bytes(struct session *s, const struct bytes *key, const struct bytes *text,
                          uint8_t signature[ED25519_SIGNATURE], struct fault *why) {
    int32_t rc = ed25519_sign(key->p, key->n, "", text->p, text->n, signature);
    for (int tries = 0; rc == SHK_E_PASSPHRASE && tries < SECRET_TRIES; tries++) {
        if (tries > 0) {
            struct fault wrong = {0};
            (void)refuse_key(&wrong, SHK_E_PASSPHRASE, NULL);
            session_post_fault(s, &wrong);
        }
        int32_t asked = session_ask_secret(s, why);
        if (asked != SHK_OK) {
            return asked;
        }
        rc = ed25519_sign(key->p, key->n, s->secret.text, text->p, text->n, signature);
        session_secret_done(s);
    }
    return rc == SHK_OK ? rc : refuse_key(why, rc == SHK_E_ARGUMENT ? SHK_E_INPUT : rc, NULL);
}

static int32_t put(struct look *l, const char *name, const uint8_t *p, size_t n,
                   struct fault *why) {
    const struct env *env = &l->s->env;
    struct fault native = {0};
    char *path = pack_join(l->path, name);
    int32_t rc =
        path != NULL ? env->files->put(env->files_self, path, p, n, true, &native) : SHK_E_MEMORY;
    free(path);
    return rc == SHK_OK ? rc : fault_set(why, rc, native.native_kind, native.native, name);
}

/* The manifest first: a pack with only half of it new is refused. */
static int32_t put_both(struct look *l, const struct bytes *text,
                        const uint8_t signature[ED25519_SIGNATURE], struct fault *why) {
    int32_t rc = put(l, PACK_MANIFEST, text->p, text->n, why);
    return rc == SHK_OK ? put(l, PACK_SIGNATURE, signature, ED25519_SIGNATURE, why) : rc;
}

static int32_t read_key(const struct session *s, struct bytes *out, struct fault *why) {
    struct fault native = {0};
    int32_t rc = s->env.files->read(s->env.files_self, inputs_text(&s->inputs, "pack.key"), KEY_MAX,
                                    out, &native);
    return rc == SHK_OK ? rc : refuse_key(why, rc == SHK_E_MEMORY ? rc : SHK_E_FILE_READ, &native);
}

/* Whatever manifest lies there is replaced; what could not be activated is not signed. */
static int32_t sign(struct look *l, struct fault *why) {
    static const struct pack_trust no_keys;
    struct pack_values *v = &l->found;
    struct bytes key = {0}, text = {0};
    uint8_t signature[ED25519_SIGNATURE];
    int32_t rc = open_pack(l, &no_keys, why);
    rc = rc == SHK_OK ? pack_samples_run(v->pack, &l->world, true, &v->samples, why) : rc;
    rc = rc == SHK_OK ? read_key(l->s, &key, why) : rc;
    if (rc == SHK_OK && pack_manifest_write(&v->pack->folder, &text) != SHK_OK) {
        rc = fault_raise(why, SHK_E_MEMORY);
    }
    rc = rc == SHK_OK ? sign_bytes(l->s, &key, &text, signature, why) : rc;
    rc = rc == SHK_OK ? put_both(l, &text, signature, why) : rc;
    v->is_signed = rc == SHK_OK;
    bytes_clear(&text);
    bytes_clear(&key);
    return rc;
}

static int32_t make(struct look *l, struct fault *why) {
    return pack_made_write(l->s, &l->world, &l->found.made, why);
}

static const struct action {
    const char *name;
    int32_t (*run)(struct look *l, struct fault *why);
    const char *needs[2]; /* inputs */
} actions[] = {
    {"check", check, {"pack.path"}}, /* also when none is named */
    {"test", test, {"pack.path"}},
    {"show", show, {"pack.path"}},
    {"list", list, {"pack.path"}},
    {"sign", sign, {"pack.path", "pack.key"}},
    {"new", make, {"pack.sample", "pack.out"}},
};

static const struct action *find_action(const struct session *s) {
    const char *name = inputs_text(&s->inputs, "pack.action");
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (text_equal(actions[i].name, name)) {
            return &actions[i];
        }
    }
    return name[0] == '\0' ? &actions[0] : NULL;
}

int32_t job_pack_ready(const struct session *s, struct fault *why) {
    const struct action *action = find_action(s);
    const char *missing = action == NULL ? "pack.action" : NULL;
    for (size_t i = 0; missing == NULL && i < 2 && action->needs[i] != NULL; i++) {
        missing = inputs_bytes(&s->inputs, action->needs[i])->n == 0 ? action->needs[i] : NULL;
    }
    return missing == NULL ? SHK_OK : fault_set(why, SHK_E_INPUT, SHK_NATIVE_NONE, 0, missing);
}

void job_pack(struct session *s, struct fault *why) {
    struct look l = {.s = s, .path = inputs_text(&s->inputs, "pack.path")};
    const struct action *action = find_action(s);
    packs_world(s, &l.world);
    int32_t rc = action->run(&l, why);
    if (l.found.pack != NULL) {
        pack_forget_samples(l.found.pack);
    }
    mutex_lock(s->lock);
    s->values.pack = l.found;
    mutex_unlock(s->lock);
    log_event(s->log, SHK_LOG_INFO, "pack.end", "code,samples", (int64_t)rc,
              (int64_t)l.found.samples.n);
}
