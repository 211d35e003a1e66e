/* Samples of hosts: whatever they hold, a pack that comes out of one has a script that the engine takes. */
#include <stdint.h>

#include "fuzz.h"
#include "mapping.h"
#include "pack_new.h"

static bool engine_takes(const struct bytes *script) {
    const struct mapping_job job = {.script = {"mapping.lua", script->p, script->n}};
    struct mapping *mapping = NULL;
    struct fault why = {0};
    int32_t rc = mapping_open(&job, &mapping, &why);
    mapping_close(&mapping);
    return rc == SHK_OK;
}

void fuzz_one(const uint8_t *p, size_t n) {
    const struct pack_new_job job = {
        .sample = p, .sample_len = n, .sample_name = "sample", .id = "mihon"};
    struct pack_new_result *result = NULL;
    struct fault why = {0};
    bool made = pack_new(&job, &result, &why) == SHK_OK;
    fuzz_should(!made || engine_takes(pack_new_file(result, "mapping.lua")),
                "a script that the engine refuses");
    pack_new_free(&result);
}
