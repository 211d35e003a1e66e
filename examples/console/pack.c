/* `shikaku pack`: a job that looks at packs or makes something of them, and what it came to. */
#include "pack.h"

/* A sample that fails is told with the others, and what came of all of them below. */
static bool is_told_with_samples(const struct run *r, const struct failure *f) {
    return r->args->command == COMMAND_PACK_TEST && f->code == SHK_E_PACK_SAMPLE &&
           pack_faulty(&r->s, "pack.samples") > 0;
}

static void show_good(struct run *r) {
    switch (r->args->command) {
    case COMMAND_PACK_LIST:
        pack_show_list(r);
        break;
    case COMMAND_PACK_NEW:
        pack_show_new(r);
        break;
    case COMMAND_PACK_SIGN:
        pack_show_signed(r);
        break;
    default:
        break;
    }
}

/* Of a pack with something wrong what could be read is shown all the same. */
static void show(struct run *r, const struct failure *f) {
    switch (r->args->command) {
    case COMMAND_PACK_CHECK:
        pack_show_line(r, f);
        break;
    case COMMAND_PACK_TEST:
        pack_show_line(r, f);
        pack_show_samples(r);
        break;
    case COMMAND_PACK_SHOW:
        pack_show_all(r);
        break;
    default:
        if (f->code == 0) {
            show_good(r);
        }
        break;
    }
    out_flush(&r->screen.out);
    if (f->code != 0 && f->code != r->shown.code && !is_told_with_samples(r, f)) {
        run_tell(r, f);
    }
}

static int code_of(const struct run *r, const struct failure *f) {
    if (f->code == SHK_E_CANCELLED) {
        return r->own.code != 0 ? EXIT_FAULT : EXIT_CANCELLED;
    }
    if (r->args->command == COMMAND_PACK_TEST && f->code == SHK_E_PACK_SAMPLE) {
        return EXIT_NOT_ELIGIBLE;
    }
    if (f->code != 0) {
        return run_refused_input(f->code) ? EXIT_USAGE : EXIT_FAULT;
    }
    bool faulty = r->args->command == COMMAND_PACK_LIST && pack_faulty(&r->s, "packs") > 0;
    return faulty ? EXIT_NOT_ELIGIBLE : EXIT_ELIGIBLE;
}

static int end(struct run *r) {
    struct failure f;
    failure_read_event(&r->s, &f);
    int code = code_of(r, &f);
    if (f.code == SHK_E_CANCELLED && r->own.code != 0) {
        f = r->own;
    }
    r->ended = true;
    if (r->screen.json) {
        struct failure named = f;
        inputs_name(r, &named);
        pack_report(r, &named);
    } else {
        show(r, &f);
    }
    return code;
}

static void tell_wrong_passphrase(struct run *r) {
    struct failure f;
    failure_read_event(&r->s, &f);
    if (f.code == SHK_E_PASSPHRASE) {
        run_tell(r, &f);
    }
}

bool pack_event(struct run *r, int32_t event, int *code) {
    switch (event) {
    case SHK_EVENT_SECRET:
        if (!r->cancelled) {
            secret_answer(r);
        }
        return false;
    case SHK_EVENT_FAULT:
        tell_wrong_passphrase(r);
        return false;
    case SHK_EVENT_DONE:
        *code = end(r);
        return true;
    default:
        return false;
    }
}

int pack_run(struct run *r) {
    r->one_object = r->screen.json;
    int code = run_once(r);
    if (r->screen.json && !r->ended) {
        struct failure named = r->shown;
        inputs_name(r, &named);
        pack_report(r, &named);
    }
    return code;
}
