/* Asking again for a table of patients, with news for the host. */
#include "answer.h"
#include "bulk.h"
#include "day.h"
#include "flow.h"
#include "routes.h"

static void tell_progress(void *self, const struct bulk_progress *now) {
    session_post_progress(self, now);
}

static void run(struct session *s, const char *day, struct fault *why) {
    const struct inputs *in = &s->inputs;
    struct bulk_job job = {
        .kind = text_equal(inputs_text(in, "bulk.kind"), "register") ? BULK_REGISTER : BULK_CHECK,
        .table = inputs_text(in, "bulk.table"),
        .columns = inputs_text(in, "bulk.columns"),
        .folder = inputs_text(in, "bulk.folder"),
        .institution_code = config_text(s->config, "institution_code"),
        .date = day,
        .date_given = inputs_text(in, "bulk.date")[0] != '\0',
        .batch = (int32_t)config_int(s->config, "bulk.batch"),
        .check_digit = !text_equal(config_text(s->config, "query.check_digit"), "ignore"),
    };
    answer_oqs_options(s, &job.oqs);
    const struct watch watch = session_watch(s);
    const struct bulk_world world = {.env = &s->env,
                                     .log = s->log,
                                     .route = &s->route,
                                     .stop = watch.stop,
                                     .progress = tell_progress,
                                     .self = s};
    struct bulk_progress last = {.left_s = -1};
    int32_t rc = bulk_run(&job, &world, &last, why);
    routes_note(s, rc);
    mutex_lock(s->lock);
    s->values.progress = last;
    s->values.progressing = last.total > 0;
    mutex_unlock(s->lock);
}

void job_bulk(struct session *s, struct fault *why) {
    char day[9] = "";
    int32_t rc = day_of_input(s, "bulk.date", day, why);
    rc = rc == SHK_OK ? routes_open(s, why) : rc;
    if (rc == SHK_OK) {
        run(s, day, why);
    }
    log_event(s->log, SHK_LOG_INFO, "bulk.end", "code", (int64_t)why->code);
    /* Hours may pass before somebody comes to the desk. */
    routes_close(s);
}
