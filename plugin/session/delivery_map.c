#include "delivery_map.h"

#include <stdlib.h>
#include <string.h>

#include "crypto.h"
#include "pack_job.h"
#include "packs.h"

#define VERSION_HEX ((size_t)6) /* bytes of a script's digest that name its version */

void delivery_name_pack(struct parcel *out, const struct pack *pack, bool is_signed) {
    text_copy(out->pack, sizeof out->pack, pack->text[PACK_ID]);
    text_copy(out->version, sizeof out->version, pack->text[PACK_VERSION]);
    text_format(out->script, sizeof out->script, "%s/%s", pack->text[PACK_ID],
                pack->text[PACK_SCRIPT]);
    out->pack_signed = is_signed;
}

/* A script or the pack that is active, opened for one document. */
struct opening {
    struct mapping_job job;
    struct bytes script, overlay; /* of a script of its own */
    const struct pack *pack;
    struct mapping *mapping;
};

static const char *overlay_of(const struct session *s, size_t n) {
    return config_delivery(s->config, n, "overlay");
}

/* A script of its own has no number; the first digits of its digest tell one state from another. */
static void name_script(struct parcel *out, const char *name, const struct bytes *script) {
    uint8_t digest[32];
    char hex[2 * VERSION_HEX + 1];
    text_copy(out->script, sizeof out->script, name);
    if (sha256(script->p, script->n, digest) == SHK_OK) {
        hex_encode(digest, VERSION_HEX, hex);
        text_format(out->version, sizeof out->version, "sha256:%s", hex);
    }
}

static int32_t open_script(struct session *s, size_t n, struct opening *o, struct parcel *out,
                           struct fault *why) {
    const char *path = config_delivery(s->config, n, "script");
    text_copy(out->script, sizeof out->script, text_file_name(path));
    int32_t rc = packs_read_text(s, path, &o->script, why);
    rc = rc == SHK_OK ? packs_read_text(s, overlay_of(s, n), &o->overlay, why) : rc;
    if (rc == SHK_OK) {
        name_script(out, text_file_name(path), &o->script);
    }
    o->job.script = (struct mapping_text){text_file_name(path), o->script.p, o->script.n};
    o->job.overlay =
        (struct mapping_text){text_file_name(overlay_of(s, n)), o->overlay.p, o->overlay.n};
    return rc;
}

static void open_pack(struct session *s, size_t n, const struct pack_active *active,
                      struct opening *o) {
    struct pack_world world;
    packs_world(s, &world);
    o->pack = active->pack;
    o->job = pack_job_for(active->pack, &world);
    o->job.overlay = (struct mapping_text){text_file_name(overlay_of(s, n)), active->overlay->p,
                                           active->overlay->n};
}

static int32_t open_mapping(struct session *s, size_t n, struct opening *o, struct parcel *out,
                            struct fault *why) {
    struct pack_active active;
    int32_t rc = SHK_OK;
    *o = (struct opening){
        .job = {.budget = packs_budget(s), .clock = s->env.clock, .clock_self = s->env.clock_self}};
    if (packs_active(s, n, &active)) {
        open_pack(s, n, &active, o);
        delivery_name_pack(out, active.pack, active.is_signed);
    } else {
        rc = open_script(s, n, o, out, why);
    }
    return rc == SHK_OK ? mapping_open(&o->job, &o->mapping, why) : rc;
}

static void close_mapping(struct opening *o) {
    mapping_close(&o->mapping);
    bytes_clear(&o->script);
    bytes_clear(&o->overlay);
}

int32_t delivery_map(struct session *s, size_t n, const struct record_set *set, size_t record,
                     struct parcel *out, struct fault *why) {
    struct opening o;
    int32_t rc = open_mapping(s, n, &o, out, why);
    rc = rc == SHK_OK ? mapping_map(o.mapping, set, record, &out->document, why) : rc;
    if (rc != SHK_OK && o.pack != NULL) {
        pack_name_fault(o.pack, why);
    }
    close_mapping(&o);
    return rc;
}

static void look_at_script(struct session *s, size_t n, struct delivery_facts *out) {
    struct opening o;
    struct parcel unused = {0};
    struct fault unsaid = {0};
    struct mapping_facts facts;
    if (open_mapping(s, n, &o, &unused, &unsaid) == SHK_OK) {
        const char *find = mapping_find(o.mapping);
        mapping_facts(o.mapping, &facts);
        out->whole = facts.per_answer;
        out->find = find != NULL ? text_dup(find) : NULL;
        out->known = find == NULL || out->find != NULL;
    }
    close_mapping(&o);
}

const struct delivery_facts *delivery_facts(struct session *s, size_t n) {
    static const struct delivery_facts none;
    if (n == 0 || n > CONFIG_DELIVERIES_MAX) {
        return &none;
    }
    struct delivery_facts *facts = &s->facts[n - 1];
    if (!facts->known) {
        look_at_script(s, n, facts);
    }
    return facts;
}

void delivery_facts_ask(struct session *s) {
    for (size_t n = 1; n <= config_deliveries(s->config); n++) {
        (void)delivery_facts(s, n);
    }
}

void delivery_facts_forget(struct session *s) {
    for (size_t i = 0; i < CONFIG_DELIVERIES_MAX; i++) {
        free(s->facts[i].find);
        s->facts[i] = (struct delivery_facts){0};
    }
}
