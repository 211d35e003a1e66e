#include <string.h>

#include "pack_new_write.h"

#define NOT_GIVEN "（未記入 / not given）"

static void key(struct pack_new_text *t, const char *name, const char *value) {
    pack_put(t, "  ");
    pack_put(t, name);
    pack_put(t, " = ");
    pack_put_quoted(t, value != NULL && value[0] != '\0' ? value : NOT_GIVEN);
    pack_put(t, ",\n");
}

int32_t pack_write_description(const struct pack_draft *draft, struct bytes *out) {
    const struct pack_new_job *job = draft->job;
    const struct pack_new_source *source = draft->source;
    struct pack_new_text t = {.out = out};
    bool has_host = job->host != NULL && job->host[0] != '\0';
    pack_put(&t,
             "-- パックの説明。試した版が決まったら host_versions に書きます。\n"
             "-- What this pack is. Name the versions in host_versions once they were tried.\n\n"
             "---@type shikaku.Pack\nreturn {\n  pack = 1,\n");
    key(&t, "id", job->id);
    key(&t, "version", "0.1.0");
    key(&t, "name", has_host ? job->host : job->id);
    key(&t, "name_en", job->id);
    key(&t, "vendor", job->vendor);
    key(&t, "host", job->host);
    pack_put(&t, "  host_versions = {},\n  contract = 1,\n");
    key(&t, "format", source->xml ? "xml" : "csv");
    key(&t, "encoding", source->cp932 ? "cp932" : source->bom ? "utf-8-bom" : "utf-8");
    key(&t, "adapter", "folder");
    key(&t, "script", "mapping.lua");
    pack_put(&t, "  -- スクリプトが見てよい項目。mapping.lua の uses と同じにします。\n"
                 "  -- What the script may see of a record; the same as in mapping.lua.\n");
    pack_put_uses(&t, draft);
    pack_put(&t, "}\n");
    return t.rc;
}
