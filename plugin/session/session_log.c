/* Opening the log that the configuration asks for. */
#include "session.h"

static int32_t log_level(const struct config *config) {
    static const char *const names[] = {"error", "warn", "info", "debug"};
    const char *level = config_text(config, "log.level");
    for (int32_t i = 0; i < 4; i++) {
        if (text_equal(level, names[i])) {
            return SHK_LOG_ERROR + i;
        }
    }
    return SHK_LOG_INFO;
}

int32_t session_open_log(struct session *s, struct fault *why) {
    struct fault reason = {0};
    const char *path = config_text(s->config, "log.file");
    int32_t rc = log_open(path, log_level(s->config), &s->env, &s->log, &reason);
    if (rc == SHK_OK || rc == SHK_E_MEMORY) {
        return rc == SHK_OK ? rc : fault_raise(why, rc);
    }
    return fault_set(why, SHK_E_LOG_FILE, reason.native_kind, reason.native, "log.file");
}
