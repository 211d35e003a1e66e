#include "real_env.h"

#include "pcsc_transport.h"
#include "platform.h"
#include "run_folder.h"

void real_env_init(struct env *env) {
    *env = (struct env){
        .clock = &platform_clock,
        .card = &pcsc_transport,
        .http = &http_curl,
        .files = &platform_files,
        .random = &platform_random,
        .clipboard = &platform_clipboard,
        .sqlite = &db_sqlite,
        .postgres = &db_postgres,
        .run_folder = platform_run_folder(),
    };
}

static int32_t open_card(struct env *env, const struct config *config, struct fault *why) {
    const char *library = config_text(config, "pcsc_library");
    int32_t rc = SHK_OK;
    if (env->card_self != NULL && !pcsc_transport_is_of(env->card_self, library)) {
        pcsc_transport_free(&env->card_self);
    }
    if (env->card_self == NULL) {
        rc = pcsc_transport_new(library[0] != '\0' ? library : NULL, &env->card_self);
    }
    if (rc != SHK_OK) {
        return fault_raise(why, rc);
    }
    pcsc_transport_limit(env->card_self, (int32_t)config_int(config, "apdu.timeout_ms"));
    return SHK_OK;
}

static void release(struct env *env) {
    if (env->card_self != NULL) {
        pcsc_transport_free(&env->card_self);
    }
}

const struct env_life real_env_life = {open_card, release};
