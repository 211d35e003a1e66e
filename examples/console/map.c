/* `shikaku map`: answers become documents that go nowhere but here. */
#include "map.h"

#include <stdlib.h>
#include <string.h>

static char *text_of(const struct session *s, int32_t n, const char *name) {
    char path[64];
    (void)snprintf(path, sizeof path, "delivery[%ld].%s", (long)n, name);
    return value_text(s, path);
}

static void note_pack(struct map *m, int32_t n) {
    if (m->pack != NULL) {
        return;
    }
    char *is_signed = text_of(&m->run->s, n, "pack_signed");
    m->pack = text_of(&m->run->s, n, "pack");
    m->pack_unsigned = is_signed != NULL && strcmp(is_signed, "unsigned") == 0;
    value_free(&is_signed);
}

static void forget_texts(struct document *d) {
    value_free(&d->file_name);
    value_free(&d->format);
    value_free(&d->encoding);
}

static bool read_document(struct map *m, int32_t n) {
    const struct session *s = &m->run->s;
    struct document *d = &m->document;
    char path[64];
    forget_texts(d);
    d->file_name = text_of(s, n, "file_name");
    d->format = text_of(s, n, "format");
    d->encoding = text_of(s, n, "encoding");
    (void)snprintf(path, sizeof path, "delivery[%ld].head", (long)n);
    (void)value_bytes(s, path, &d->head);
    (void)snprintf(path, sizeof path, "delivery[%ld].document", (long)n);
    return value_bytes(s, path, &d->body);
}

/* What cannot be written ends the run. */
static void stop(struct map *m, const struct failure *why) {
    if (m->stop.code == 0) {
        m->stop = *why;
    }
    run_cancel(m->run, why);
}

static void take_document(struct map *m, int32_t n) {
    struct failure why;
    int32_t replaced = 0;
    char path[64];
    if (!read_document(m, n)) {
        failure_own(&why, SHK_E_MEMORY, "MEMORY", "メモリが足りません。", "Out of memory.");
        stop(m, &why);
        return;
    }
    if (!map_out_take(&m->out, &m->document, &why)) {
        stop(m, &why);
        return;
    }
    m->records++;
    (void)snprintf(path, sizeof path, "delivery[%ld].losses", (long)n);
    m->replaced += value_int(&m->run->s, path, &replaced) ? replaced : 0;
    if (m->run->args->json && m->run->args->diff == NULL) {
        map_say_document(m, n);
    } else if (m->run->args->explain) {
        map_explain(m, n);
    }
}

static void take_documents(struct map *m) {
    struct run *r = m->run;
    int32_t n = value_count(&r->s, "delivery");
    while (r->deliveries_shown < n && m->stop.code == 0) {
        struct failure f;
        char prefix[48];
        int32_t i = ++r->deliveries_shown;
        (void)snprintf(prefix, sizeof prefix, "delivery[%ld].fault", (long)i);
        failure_read(&r->s, prefix, &f);
        note_pack(m, i);
        if (f.code != 0) {
            map_tell(m, i, &f);
        } else {
            take_document(m, i);
        }
    }
}

/* The fault of a document is told with it, where it is known of which record it is. */
static bool told_with_a_document(const struct run *r, const struct failure *f) {
    for (int32_t n = 1; n <= r->deliveries_shown; n++) {
        char prefix[48];
        struct failure one;
        (void)snprintf(prefix, sizeof prefix, "delivery[%ld].fault", (long)n);
        failure_read(&r->s, prefix, &one);
        if (one.code == f->code && strcmp(one.where, f->where) == 0) {
            return true;
        }
    }
    return false;
}

/* A pack that cannot be opened is the same for the next file; an answer that cannot be read is not. */
static bool is_of_the_run(const struct map *m, const struct failure *f) {
    return !m->answered && f->stage == SHK_STAGE_MAPPING;
}

static void take_fault(struct map *m) {
    struct failure f;
    take_documents(m);
    failure_read_event(&m->run->s, &f);
    bool known = f.code == 0 || f.code == SHK_E_CANCELLED || is_of_the_run(m, &f) ||
                 told_with_a_document(m->run, &f);
    if (!known) {
        /* Of a person there is an answer or a fault: a second one is about what follows. */
        map_tell(m, m->heard ? MAP_AFTER : 0, &f);
        m->heard = true;
    }
}

static int end_source(struct map *m) {
    struct failure f;
    struct run *r = m->run;
    take_documents(m);
    failure_read_event(&r->s, &f);
    if (f.code == SHK_E_CANCELLED) {
        return r->own.code != 0 || r->screen.out.broken ? EXIT_FAULT : EXIT_CANCELLED;
    }
    if (f.code != 0 && is_of_the_run(m, &f)) {
        m->stop = f;
        return EXIT_FAULT;
    }
    if (f.code != 0 && !m->told) {
        map_tell(m, 0, &f);
    }
    return f.code != 0 ? EXIT_FAULT : EXIT_ELIGIBLE;
}

bool map_event(struct run *r, int32_t event, int *code) {
    struct map *m = r->map;
    switch (event) {
    case SHK_EVENT_ANSWER:
        m->answered = m->heard = true;
        break;
    case SHK_EVENT_DELIVERED:
        take_documents(m);
        break;
    case SHK_EVENT_FAULT:
        take_fault(m);
        break;
    case SHK_EVENT_NEXT:
        take_documents(m);
        m->person++;
        m->heard = false;
        r->deliveries_shown = 0;
        break;
    case SHK_EVENT_DONE:
        *code = end_source(m);
        return true;
    default:
        break;
    }
    map_progress(m);
    return false;
}

static int run_source(struct map *m, const char *source) {
    struct run *r = m->run;
    r->source = source;
    r->deliveries_shown = 0;
    r->cancelled = false;
    m->person = 1;
    m->told = m->answered = m->heard = false;
    memset(&r->shown, 0, sizeof r->shown);
    int code = run_once(r);
    /* Told already: it was refused before it began, as the next one would be. */
    if (r->shown.code != 0 && m->stop.code == 0) {
        m->stop = r->shown;
        m->stop_told = true;
    }
    return code;
}

static int run_sources(struct map *m) {
    const struct args *args = m->run->args;
    int worst = EXIT_ELIGIBLE;
    for (size_t i = 0; i < args->operands_n; i++) {
        int code = run_source(m, args->operands[i]);
        worst = code > worst ? code : worst;
        if (code == EXIT_CANCELLED || m->stop.code != 0 || m->run->own.code != 0 ||
            m->run->screen.out.broken) {
            break;
        }
    }
    return worst;
}

static int code_of(const struct failure *f) {
    return run_refused_input(f->code) ? EXIT_USAGE : EXIT_FAULT;
}

/* What was made is put where it belongs; of a run that was stopped nothing is. */
static int finish(struct map *m, int code) {
    struct run *r = m->run;
    if (m->stop.code == 0) {
        m->stop = r->own;
    }
    bool whole = code != EXIT_CANCELLED && m->stop.code == 0 && !r->screen.out.broken;
    whole = whole && map_out_end(&m->out, &m->stop);
    if (m->stop.code != 0) {
        map_tell_run(m, &m->stop);
        code = code_of(&m->stop);
    }
    map_say_end(m, whole);
    if (r->screen.out.broken && code != EXIT_CANCELLED) {
        code = EXIT_FAULT; /* known for certain only once everything was handed over */
    }
    bool changed = whole && m->out.diff != NULL && map_diff_changes(m->out.diff) > 0;
    return changed && code == EXIT_ELIGIBLE ? EXIT_NOT_ELIGIBLE : code;
}

static void clear(struct map *m) {
    map_out_close(&m->out);
    forget_texts(&m->document);
    buffer_clear(&m->document.head);
    buffer_clear(&m->document.body);
    value_free(&m->pack);
    map_faults_clear(m);
}

int map_run(struct run *r) {
    struct map m = {.run = r, .json = {&r->screen.out, true}};
    int code = EXIT_FAULT;
    m.began_ms = platform_now_ms();
    r->one_object = r->screen.json;
    r->map = &m;
    if (r->screen.json) {
        map_say_begin(&m);
    }
    if (map_out_open(&m.out, r->args, &r->screen, r->screen.json ? &m.json : NULL, &m.stop)) {
        code = run_sources(&m);
    }
    code = finish(&m, code);
    clear(&m);
    r->map = NULL;
    return code;
}
