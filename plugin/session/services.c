#include "services.h"

#include <string.h>

static void SHK_CALL service_log(void *self, int32_t level, const char *what, int32_t number) {
    struct services *lent = self;
    log_event(lent->session->log, level, what, "number", (int64_t)number);
}

static int64_t SHK_CALL service_now_ms(void *self) {
    return session_now(((struct services *)self)->session);
}

static int32_t SHK_CALL service_fail(void *self, int32_t code, int32_t native, const char *where) {
    struct services *lent = self;
    int32_t known = fault_find(code) != NULL ? code : SHK_E_ADAPTER_BROKEN;
    int32_t kind = native != 0 ? SHK_NATIVE_OS : SHK_NATIVE_NONE;
    int32_t rc = fault_set(lent->why, known, kind, native, where);
    /* A service has said what is wrong; only the adapter knows which of its settings it concerns. */
    fault_where(lent->why, where);
    return rc;
}

static int32_t SHK_CALL service_note(void *self, const char *note) {
    struct services *lent = self;
    if (note == NULL || strlen(note) >= SHK_NOTE_MAX) {
        return fault_raise(lent->why, SHK_E_ARGUMENT);
    }
    return lent->note != NULL ? lent->note(lent->note_self, note, lent->why) : SHK_OK;
}

static void SHK_CALL service_pause(void *self, int32_t ms) {
    session_pause(((struct services *)self)->session, ms);
}

static int64_t SHK_CALL service_wall_s(void *self) {
    const struct env *env = &((struct services *)self)->session->env;
    return env->clock->wall_s(env->clock_self);
}

void services_init(struct services *lent, struct session *s, struct fault *why) {
    *lent = (struct services){
        .table = {.struct_size = sizeof lent->table,
                  .abi = SHK_ADAPTER_ABI,
                  .self = lent,
                  .log = service_log,
                  .now_ms = service_now_ms,
                  .fail = service_fail,
                  .note = service_note,
                  .pause = service_pause,
                  .wall_s = service_wall_s},
        .session = s,
        .why = why,
    };
    services_add_files(&lent->table);
    services_lend_http(&lent->table);
    services_lend_library(&lent->table);
}
