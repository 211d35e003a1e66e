/* What waits in the outbox, in one line. */
#include "run.h"

static void report(struct run *r, int32_t waiting, int32_t undecided) {
    struct json j = {&r->screen.out, true};
    int32_t delivered = 0;
    json_open(&j, NULL, '{');
    json_text(&j, "event", "outbox");
    json_number(&j, "waiting", waiting);
    json_number(&j, "undecided", undecided);
    if (value_int(&r->s, "outbox.delivered", &delivered)) {
        json_number(&j, "delivered", delivered);
    }
    json_close(&j, '}');
    json_end_line(&j);
}

static void show(struct run *r, int32_t waiting, int32_t undecided) {
    char line[160];
    if (waiting == 0) {
        screen_step(&r->screen, "送信待ちはなくなりました", "Nothing waits any more");
        return;
    }
    (void)snprintf(line, sizeof line,
                   screen_say(&r->screen, "送信待ち %ld件、うち患者が決まっていないもの %ld件",
                              "%ld wait to be delivered, of %ld the patient is not decided"),
                   (long)waiting, (long)undecided);
    screen_step(&r->screen, line, line);
}

void outbox_end(struct run *r) {
    char line[240];
    int32_t waiting = 0, undecided = 0, delivered = 0;
    (void)value_int(&r->s, "outbox.waiting", &waiting);
    (void)value_int(&r->s, "outbox.undecided", &undecided);
    (void)value_int(&r->s, "outbox.delivered", &delivered);
    if (r->screen.json) {
        report(r, waiting, undecided);
        return;
    }
    (void)snprintf(line, sizeof line,
                   screen_say(&r->screen,
                              "今回渡したもの %ld件、送信待ち %ld件(うち患者が決まっていないもの "
                              "%ld件)",
                              "%ld delivered now, %ld wait (of %ld the patient is not decided)"),
                   (long)delivered, (long)waiting, (long)undecided);
    out_line(&r->screen.out, STYLE_PLAIN, line);
}

/* The same numbers again are no news, unless something was delivered by itself. */
void outbox_changed(struct run *r) {
    int32_t waiting = 0, undecided = 0, delivered = 0;
    (void)value_int(&r->s, "outbox.waiting", &waiting);
    (void)value_int(&r->s, "outbox.undecided", &undecided);
    (void)value_int(&r->s, "outbox.delivered", &delivered);
    bool same = waiting == r->waiting && undecided == r->undecided;
    if (r->import != NULL || (same && delivered == 0)) {
        return;
    }
    r->waiting = waiting;
    r->undecided = undecided;
    progress_leave_line(r);
    if (r->screen.json) {
        report(r, waiting, undecided);
    } else {
        show(r, waiting, undecided);
    }
}
