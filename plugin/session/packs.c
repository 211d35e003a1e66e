#include "packs.h"

#include <stdlib.h>
#include <string.h>

#include "crypto.h"
#include "pack_job.h"
#include "pack_samples.h"
#include "registry.h"

#define SLOTS    16 /* deliveries of a configuration */
#define TEXT_MAX ((size_t)1024 * 1024)
#define KEYS_MAX ((size_t)64 * 1024)

struct slot {
    struct pack *pack; /* null: not active */
    struct bytes overlay;
    uint8_t mark[32]; /* of everything that its being active depends on */
    bool is_signed;
};

struct packs {
    struct slot at[SLOTS];
};

static bool adapter_known(const char *name) {
    return adapter_find(name) != NULL;
}

static bool stop(void *self) {
    return session_stopping(self);
}

struct mapping_budget packs_budget(const struct session *s) {
    return (struct mapping_budget){.steps = config_int(s->config, "script.steps"),
                                   .memory =
                                       (size_t)config_int(s->config, "script.memory_kb") * 1024,
                                   .wall_ms = (int32_t)config_int(s->config, "script.wall_ms")};
}

void packs_world(struct session *s, struct pack_world *out) {
    *out = (struct pack_world){.env = &s->env,
                               .budget = packs_budget(s),
                               .adapter_known = adapter_known,
                               .stop = stop,
                               .stop_self = s};
}

int32_t packs_trust(const struct session *s, struct bytes *keys, struct pack_trust *out,
                    struct fault *why) {
    const char *path = config_text(s->config, "pack.keys");
    *out = (struct pack_trust){.refuse_unsigned =
                                   text_equal(config_text(s->config, "pack.unsigned"), "refuse")};
    if (path[0] == '\0') {
        return SHK_OK;
    }
    int32_t rc = s->env.files->read(s->env.files_self, path, KEYS_MAX, keys, NULL);
    if (rc == SHK_E_MEMORY) {
        return fault_raise(why, rc);
    }
    if (rc != SHK_OK || keys->n == 0) {
        return config_fault(s->config, why, "pack.keys");
    }
    out->keys = keys->p;
    out->keys_n = keys->n;
    return SHK_OK;
}

int32_t packs_read_text(const struct session *s, const char *path, struct bytes *out,
                        struct fault *why) {
    struct fault reason = {0};
    if (path[0] == '\0') {
        return SHK_OK;
    }
    int32_t rc = s->env.files->read(s->env.files_self, path, TEXT_MAX, out, &reason);
    return rc == SHK_OK ? rc
                        : fault_set(why, rc == SHK_E_MEMORY ? rc : SHK_E_SCRIPT_FILE,
                                    reason.native_kind, reason.native, text_file_name(path));
}

static void clear_slot(struct slot *slot) {
    pack_free(&slot->pack);
    bytes_clear(&slot->overlay);
    *slot = (struct slot){0};
}

void packs_forget(struct session *s) {
    for (size_t i = 0; s->packs != NULL && i < SLOTS; i++) {
        clear_slot(&s->packs->at[i]);
    }
    free(s->packs);
    s->packs = NULL;
}

static int32_t add_hash(struct bytes *to, const uint8_t *p, size_t n) {
    uint8_t hash[32];
    int32_t rc = sha256(p, n, hash);
    return rc == SHK_OK ? bytes_append(to, hash, sizeof hash) : rc;
}

/* Equal marks: the same files are tried in the same way. */
static int32_t make_mark(struct slot *slot, const struct pack_world *world,
                         const struct pack_trust *trust, struct fault *why) {
    char settings[100];
    struct bytes all = {0};
    text_format(settings, sizeof settings, "%lld %lld %d %d", (long long)world->budget.steps,
                (long long)world->budget.memory, (int)world->budget.wall_ms,
                trust->refuse_unsigned ? 1 : 0);
    int32_t rc = bytes_append(&all, slot->pack->folder.mark, sizeof slot->pack->folder.mark);
    rc = rc == SHK_OK ? add_hash(&all, trust->keys, trust->keys_n) : rc;
    rc = rc == SHK_OK ? add_hash(&all, slot->overlay.p, slot->overlay.n) : rc;
    rc = rc == SHK_OK ? bytes_append_text(&all, settings) : rc;
    rc = rc == SHK_OK ? sha256(all.p, all.n, slot->mark) : rc;
    bytes_clear(&all);
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

static int32_t run_samples(const struct slot *slot, const struct pack_world *world, size_t *n,
                           struct fault *why) {
    struct pack_samples samples;
    int32_t rc = pack_samples_run(slot->pack, world, false, &samples, why);
    *n = samples.n;
    pack_samples_clear(&samples);
    return rc;
}

/* A conflict with the vendor's new version is found before a patient waits. */
static int32_t try_overlay(const struct slot *slot, const struct pack_world *world,
                           const char *name, struct fault *why) {
    struct mapping_job job = pack_job_for(slot->pack, world);
    struct mapping *m = NULL;
    if (slot->overlay.n == 0) {
        return SHK_OK;
    }
    job.overlay = (struct mapping_text){name, slot->overlay.p, slot->overlay.n};
    int32_t rc = mapping_open(&job, &m, why);
    mapping_close(&m);
    return rc;
}

static int32_t try_pack(struct session *s, size_t n, struct slot *slot,
                        const struct pack_world *world, const struct pack_trust *trust,
                        struct fault *why) {
    size_t samples = 0;
    const char *overlay = text_file_name(config_delivery(s->config, n, "overlay"));
    int32_t rc = pack_manifest_verify(&slot->pack->folder, trust, &slot->is_signed, why);
    rc = rc == SHK_OK ? pack_check(slot->pack, world, why) : rc;
    rc = rc == SHK_OK ? run_samples(slot, world, &samples, why) : rc;
    rc = rc == SHK_OK ? try_overlay(slot, world, overlay, why) : rc;
    if (rc == SHK_OK) {
        log_event(s->log, slot->is_signed ? SHK_LOG_INFO : SHK_LOG_WARN,
                  slot->is_signed ? "pack.signed" : "pack.unsigned", "delivery,samples", (int64_t)n,
                  (int64_t)samples);
    }
    return rc;
}

static int32_t activate(struct session *s, size_t n, const struct pack_world *world,
                        const struct pack_trust *trust, struct fault *why) {
    struct slot *kept = &s->packs->at[n - 1];
    struct slot fresh = {0};
    int32_t rc = pack_read(world, config_delivery(s->config, n, "pack"), &fresh.pack, why);
    rc = rc == SHK_OK
             ? packs_read_text(s, config_delivery(s->config, n, "overlay"), &fresh.overlay, why)
             : rc;
    rc = rc == SHK_OK ? make_mark(&fresh, world, trust, why) : rc;
    if (rc == SHK_OK && kept->pack != NULL &&
        memcmp(kept->mark, fresh.mark, sizeof fresh.mark) == 0) {
        clear_slot(&fresh);
        return SHK_OK;
    }
    clear_slot(kept);
    rc = rc == SHK_OK ? try_pack(s, n, &fresh, world, trust, why) : rc;
    if (rc == SHK_OK) {
        pack_forget_samples(fresh.pack);
        *kept = fresh;
    } else {
        clear_slot(&fresh);
    }
    return rc;
}

static bool has_pack(const struct session *s, size_t n) {
    return config_delivery(s->config, n, "pack")[0] != '\0';
}

static bool needs_packs(const struct session *s) {
    for (size_t n = 1; n <= config_deliveries(s->config); n++) {
        if (has_pack(s, n)) {
            return true;
        }
    }
    return false;
}

int32_t packs_activate(struct session *s, struct fault *why) {
    struct pack_world world;
    struct pack_trust trust;
    struct bytes keys = {0};
    if (!needs_packs(s)) {
        packs_forget(s);
        return SHK_OK;
    }
    s->packs = s->packs != NULL ? s->packs : calloc(1, sizeof *s->packs);
    if (s->packs == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    packs_world(s, &world);
    int32_t rc = packs_trust(s, &keys, &trust, why);
    for (size_t n = 1; rc == SHK_OK && n <= SLOTS; n++) {
        if (n <= config_deliveries(s->config) && has_pack(s, n)) {
            rc = activate(s, n, &world, &trust, why);
        } else {
            clear_slot(&s->packs->at[n - 1]);
        }
    }
    bytes_clear(&keys);
    return rc;
}

bool packs_active(const struct session *s, size_t n, struct pack_active *out) {
    if (s->packs == NULL || n == 0 || n > SLOTS || s->packs->at[n - 1].pack == NULL) {
        return false;
    }
    const struct slot *slot = &s->packs->at[n - 1];
    *out = (struct pack_active){slot->pack, &slot->overlay, slot->is_signed};
    return true;
}
