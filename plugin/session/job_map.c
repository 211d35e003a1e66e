/* Mapping answers that the host has, to look at the documents: nothing is delivered. */
#include <string.h>

#include "ahead.h"
#include "deliver.h"
#include "delivery_map.h"
#include "flow.h"
#include "pack_job.h"
#include "packs.h"

struct map_run {
    struct bytes script, overlay;
    struct pack *pack; /* null: a script of its own */
    bool is_signed;
    struct mapping *mapping;
};

static const char *path_of(const struct session *s, const char *input) {
    return inputs_text(&s->inputs, input);
}

/* The pack's samples are not run: who maps with it may be about to mend them. */
static int32_t open_pack(struct session *s, struct map_run *m, struct mapping_job *job,
                         struct fault *why) {
    struct bytes keys = {0};
    struct pack_trust trust;
    struct pack_world world;
    packs_world(s, &world);
    int32_t rc = packs_trust(s, &keys, &trust, why);
    rc = rc == SHK_OK
             ? pack_open(&world, &trust, path_of(s, "map.pack"), &m->pack, &m->is_signed, why)
             : rc;
    if (rc == SHK_OK) {
        pack_forget_samples(m->pack);
        *job = pack_job_for(m->pack, &world);
    }
    bytes_clear(&keys);
    return rc;
}

static int32_t open_script(struct session *s, struct map_run *m, struct mapping_job *job,
                           struct fault *why) {
    const char *path = path_of(s, "map.script");
    int32_t rc = packs_read_text(s, path, &m->script, why);
    *job = (struct mapping_job){.script = {text_file_name(path), m->script.p, m->script.n},
                                .budget = packs_budget(s),
                                .clock = s->env.clock,
                                .clock_self = s->env.clock_self};
    return rc;
}

static int32_t open_run(struct session *s, struct map_run *m, struct fault *why) {
    struct mapping_job job;
    const char *overlay = path_of(s, "map.overlay");
    bool pack = path_of(s, "map.pack")[0] != '\0';
    int32_t rc = pack ? open_pack(s, m, &job, why) : open_script(s, m, &job, why);
    rc = rc == SHK_OK ? packs_read_text(s, overlay, &m->overlay, why) : rc;
    if (rc != SHK_OK) {
        return rc;
    }
    job.overlay = (struct mapping_text){text_file_name(overlay), m->overlay.p, m->overlay.n};
    job.explain = text_equal(path_of(s, "map.explain"), "yes");
    return mapping_open(&job, &m->mapping, why);
}

static void close_run(struct map_run *m) {
    mapping_close(&m->mapping);
    pack_free(&m->pack);
    bytes_clear(&m->script);
    bytes_clear(&m->overlay);
}

static void name_script(const struct session *s, struct delivered *made) {
    const struct map_run *m = s->map;
    if (m->pack != NULL) {
        struct parcel named = {0};
        delivery_name_pack(&named, m->pack, m->is_signed);
        text_copy(made->script, sizeof made->script, named.script);
        text_copy(made->pack, sizeof made->pack, named.pack);
        made->pack_signed = named.pack_signed;
    } else {
        text_copy(made->script, sizeof made->script, text_file_name(path_of(s, "map.script")));
    }
}

int32_t job_map_all(struct session *s, struct fault *why) {
    struct mapping_facts facts;
    mapping_facts(s->map->mapping, &facts);
    const struct record_set *set = ahead_values(s)->records;
    size_t records = facts.per_answer ? 1 : record_count(set);
    for (size_t record = 1; record <= records; record++) {
        struct delivered made = {0};
        name_script(s, &made);
        int32_t rc = mapping_map(s->map->mapping, set, record, &made.document, &made.fault);
        if (rc != SHK_OK && s->map->pack != NULL) {
            pack_name_fault(s->map->pack, &made.fault);
        }
        (void)deliver_tell(s, &made, rc, why);
    }
    return why->code;
}

int32_t job_map_ready(const struct session *s, struct fault *why) {
    bool pack = path_of(s, "map.pack")[0] != '\0', script = path_of(s, "map.script")[0] != '\0';
    const char *explain = path_of(s, "map.explain");
    const char *wrong = NULL;
    if (pack == script) {
        wrong = pack ? "map.script" : "map.pack";
    } else if (explain[0] != '\0' && !text_equal(explain, "yes") && !text_equal(explain, "no")) {
        wrong = "map.explain";
    }
    return wrong == NULL ? SHK_OK : fault_set(why, SHK_E_INPUT, SHK_NATIVE_NONE, 0, wrong);
}

void job_map(struct session *s, struct fault *why) {
    struct map_run m = {0};
    if (open_run(s, &m, why) == SHK_OK) {
        s->map = &m;
        ahead_open(s);
        job_import(s, why);
        ahead_close(s);
        s->map = NULL;
    }
    close_run(&m);
}
