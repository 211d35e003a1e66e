/* Whether configuration and inputs can serve a job, with the name of what is missing. */
#include <string.h>

#include "card_input.h"
#include "day.h"
#include "flow.h"
#include "routes.h"

static int32_t require(const struct session *s, struct fault *why, const char *key) {
    return config_text(s->config, key)[0] != '\0' ? SHK_OK : config_fault(s->config, why, key);
}

static int32_t refuse_input(struct fault *why, const char *path) {
    return fault_set(why, SHK_E_INPUT, SHK_NATIVE_NONE, 0, path);
}

static int32_t require_input(const struct session *s, struct fault *why, const char *path) {
    return inputs_text(&s->inputs, path)[0] != '\0' ? SHK_OK : refuse_input(why, path);
}

static int32_t institution_ready(const struct session *s, struct fault *why) {
    const char *code = config_text(s->config, "institution_code");
    int64_t unused = 0;
    bool usable = strlen(code) == 10 && code[0] != '-' && text_to_int64(code, 10, &unused);
    return usable ? SHK_OK : config_fault(s->config, why, "institution_code");
}

static int32_t gateway_ready(const struct session *s, struct fault *why) {
    int32_t rc = institution_ready(s, why);
    rc = rc == SHK_OK ? require(s, why, "gateway.url") : rc;
    rc = rc == SHK_OK ? require(s, why, "gateway.client_cert") : rc;
    if (rc == SHK_OK && !text_starts(config_text(s->config, "gateway.url"), "https://")) {
        rc = config_fault(s->config, why, "gateway.url");
    }
    return rc;
}

static int32_t folder_place_ready(const struct session *s, struct fault *why, const char *path,
                                  const char *key) {
    return path[0] != '\0' ? SHK_OK : config_fault(s->config, why, key);
}

static bool is_unasked(int32_t job) {
    return job == SHK_JOB_CHECK || job == SHK_JOB_WATCH;
}

static int32_t folder_ready(const struct session *s, int32_t job, struct fault *why) {
    struct folder_places room;
    struct folder_settings settings;
    routes_folder_settings(s, &room, &settings);
    if (is_unasked(job)) {
        bool named = config_text(s->config, "institution_code")[0] != '\0';
        int32_t rc = folder_place_ready(s, why, settings.face, "folder.face");
        return rc == SHK_OK && named ? institution_ready(s, why) : rc;
    }
    int32_t rc = institution_ready(s, why);
    rc = rc == SHK_OK ? folder_place_ready(s, why, settings.req, "folder.req") : rc;
    return rc == SHK_OK ? folder_place_ready(s, why, settings.res, "folder.res") : rc;
}

static int32_t app_ready(const struct session *s, struct fault *why) {
    if (text_equal(config_text(s->config, "app.source"), "file")) {
        return require(s, why, "app.file");
    }
    /* A desk that waits for a clipboard that never comes would wait all day. */
    bool missing = s->env.clipboard != NULL && s->env.clipboard->missing;
    return missing ? config_fault(s->config, why, "app.source") : SHK_OK;
}

static int32_t cannot(struct fault *why) {
    return fault_set(why, SHK_E_ROUTE_CANNOT, SHK_NATIVE_NONE, 0, "route");
}

static int32_t demo_ready(const struct session *s, int32_t job, struct fault *why) {
    return is_unasked(job) || job == SHK_JOB_QUERY ? require(s, why, "demo.folder") : cannot(why);
}

static int32_t route_ready(const struct session *s, int32_t job, struct fault *why) {
    int32_t rc = require(s, why, "route");
    bool demo_card = text_equal(config_text(s->config, "card"), "demo");
    if (rc != SHK_OK) {
        return rc;
    }
    if (is_unasked(job) && demo_card && (!routes_is(s, "demo") || job == SHK_JOB_WATCH)) {
        return config_fault(s->config, why, "card");
    }
    if (routes_is(s, "gateway")) {
        return gateway_ready(s, why);
    }
    if (routes_is(s, "folder")) {
        return folder_ready(s, job, why);
    }
    if (routes_is(s, "app")) {
        return is_unasked(job) ? app_ready(s, why) : cannot(why);
    }
    return demo_ready(s, job, why);
}

static int32_t one_of(const struct session *s, struct fault *why, const char *path,
                      const char *const words[3]) {
    const char *given = inputs_text(&s->inputs, path);
    for (size_t i = 0; i < 3; i++) {
        if (given[0] == '\0' || text_equal(given, words[i])) {
            return SHK_OK;
        }
    }
    return refuse_input(why, path);
}

static int32_t import_ready(const struct session *s, struct fault *why) {
    static const char *const forms[3] = {"auto", "app", "oqs"};
    bool data = inputs_bytes(&s->inputs, "import.data")->n > 0;
    bool file = inputs_text(&s->inputs, "import.file")[0] != '\0';
    if (data == file) {
        return refuse_input(why, data ? "import.file" : "import.data");
    }
    return one_of(s, why, "import.from", forms);
}

static int32_t bulk_ready(const struct session *s, struct fault *why) {
    static const char *const paths[] = {"bulk.table", "bulk.columns", "bulk.folder"};
    static const char *const kinds[3] = {"check", "register", "check"};
    char unused[9];
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        int32_t rc = require_input(s, why, paths[i]);
        if (rc != SHK_OK) {
            return rc;
        }
    }
    int32_t rc = one_of(s, why, "bulk.kind", kinds);
    return rc == SHK_OK ? day_of_input(s, "bulk.date", unused, why) : rc;
}

static int32_t query_ready(const struct session *s, int32_t job, struct fault *why) {
    struct card_data unused;
    char day[9];
    int32_t rc = card_input_read(s, job == SHK_JOB_REGISTER, &unused, why);
    memory_wipe(&unused, sizeof unused);
    return rc == SHK_OK ? day_of_input(s, "query.date", day, why) : rc;
}

static int32_t map_ready(const struct session *s, struct fault *why) {
    int32_t rc = import_ready(s, why);
    return rc == SHK_OK ? job_map_ready(s, why) : rc;
}

static int32_t inputs_ready(const struct session *s, int32_t job, struct fault *why) {
    switch (job) {
    case SHK_JOB_QUERY:
    case SHK_JOB_REGISTER:
        return query_ready(s, job, why);
    case SHK_JOB_IMPORT:
        return import_ready(s, why);
    case SHK_JOB_BULK:
        return bulk_ready(s, why);
    case SHK_JOB_PACK:
        return job_pack_ready(s, why);
    case SHK_JOB_MAP:
        return map_ready(s, why);
    case SHK_JOB_DELIVER:
        return job_deliver_ready(s, why);
    case SHK_JOB_HISTORY:
        return job_history_ready(s, why);
    case SHK_JOB_STORE:
        return job_store_ready(s, why);
    case SHK_JOB_PERSON:
        return job_person_ready(s, why);
    default:
        return SHK_OK;
    }
}

/* Works on what the host gives, whatever the route. */
static bool needs_no_route(int32_t job) {
    return job == SHK_JOB_IMPORT || job == SHK_JOB_PACK || job == SHK_JOB_MAP ||
           job == SHK_JOB_DELIVER || job == SHK_JOB_HISTORY || job == SHK_JOB_STORE ||
           job == SHK_JOB_PERSON;
}

int32_t flow_ready(struct session *s, int32_t job, struct fault *why) {
    if (job == SHK_JOB_READERS) {
        return job_readers_ready(s, why);
    }
    int32_t rc = needs_no_route(job) ? SHK_OK : route_ready(s, job, why);
    rc = rc == SHK_OK ? inputs_ready(s, job, why) : rc;
    return rc == SHK_OK && flow_delivers(job) ? deliver_ready(s, why) : rc;
}
