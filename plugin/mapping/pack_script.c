/* A pack's script against what pack.lua says of it. */
#include "pack_job.h"

#include <string.h>

struct mapping_job pack_job_for(const struct pack *pack, const struct pack_world *world) {
    return (struct mapping_job){
        .script = pack_script(pack),
        .pack = pack->text[PACK_ID],
        .uses = (const char *const *)pack->uses.at,
        .uses_n = pack->uses.n,
        .budget = world->budget,
        .clock = world->env->clock,
        .clock_self = world->env->clock_self,
    };
}

static int32_t compare(const struct pack *pack, const struct mapping_facts *facts,
                       struct fault *why) {
    if (!text_equal(facts->format, pack->text[PACK_FORMAT])) {
        return pack_refuse(pack, PACK_FORMAT, why);
    }
    if (!text_equal(facts->encoding, pack->text[PACK_ENCODING])) {
        return pack_refuse(pack, PACK_ENCODING, why);
    }
    bool adapter = facts->adapter == NULL || text_equal(facts->adapter, pack->text[PACK_ADAPTER]);
    return adapter ? SHK_OK : pack_refuse(pack, PACK_ADAPTER, why);
}

int32_t pack_check(const struct pack *pack, const struct pack_world *world, struct fault *why) {
    const struct mapping_job job = pack_job_for(pack, world);
    struct mapping *m = NULL;
    struct mapping_facts facts;
    struct fault own = {0};
    int32_t rc = mapping_open(&job, &m, &own);
    if (rc == SHK_OK) {
        mapping_facts(m, &facts);
        rc = compare(pack, &facts, &own);
    } else {
        pack_name_fault(pack, &own);
    }
    mapping_close(&m);
    return rc == SHK_OK ? rc : fault_set(why, rc, own.native_kind, own.native, own.where);
}
