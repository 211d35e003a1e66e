/* Faults of `map`: each at its place, without a word of what stands there. */
#include <stdlib.h>
#include <string.h>

#include "map.h"

static char *copy(const char *text) {
    size_t n = strlen(text) + 1;
    char *out = malloc(n);
    if (out != NULL) {
        memcpy(out, text, n);
    }
    return out;
}

static void keep(struct map *m, const char *source, int32_t person, int32_t record,
                 const struct failure *f) {
    if (!m->run->args->json || m->kept_n == MAP_FAULTS_MAX) {
        return;
    }
    if (m->kept == NULL) {
        m->kept = calloc(MAP_FAULTS_MAX, sizeof *m->kept);
    }
    if (m->kept != NULL) {
        m->kept[m->kept_n++] =
            (struct map_fault){*f, source != NULL ? copy(source) : NULL, person, record};
    }
}

static void write_place(const struct map *m, int32_t record, char *out, size_t cap) {
    const struct run *r = m->run;
    const char *source = strcmp(r->source, "-") == 0
                             ? screen_say(&r->screen, "標準入力", "standard input")
                             : r->source;
    if (record == MAP_AFTER) {
        (void)snprintf(out, cap, screen_say(&r->screen, "%s %ld人目のあと", "%s, after person %ld"),
                       source, (long)m->person);
    } else if (record > 0 && value_count(&r->s, "records") > 1) {
        (void)snprintf(out, cap,
                       screen_say(&r->screen, "%s %ld人目の%ld件目", "%s, person %ld, record %ld"),
                       source, (long)m->person, (long)record);
    } else {
        (void)snprintf(out, cap, screen_say(&r->screen, "%s %ld人目", "%s, person %ld"), source,
                       (long)m->person);
    }
}

void map_tell(struct map *m, int32_t record, const struct failure *f) {
    struct run *r = m->run;
    struct failure named = *f;
    char place[1200];
    inputs_name(r, &named);
    keep(m, r->source, m->person, record, &named);
    m->told = true;
    m->faults++;
    if (r->screen.json) {
        return;
    }
    progress_leave_line(r);
    write_place(m, record, place, sizeof place);
    out_line(&r->screen.err, STYLE_BOLD, place);
    screen_failure(&r->screen, &named);
}

void map_tell_run(struct map *m, const struct failure *f) {
    struct run *r = m->run;
    struct failure named = *f;
    inputs_name(r, &named);
    keep(m, NULL, 0, 0, &named);
    if (!m->stop_told) {
        m->stop_told = true;
        progress_leave_line(r);
        screen_failure(&r->screen, &named);
    }
}

void map_faults_json(const struct map *m, struct json *j) {
    json_open(j, "faults", '[');
    for (size_t i = 0; i < m->kept_n; i++) {
        const struct map_fault *one = &m->kept[i];
        json_open(j, NULL, '{');
        json_text(j, "source", one->source);
        if (one->person > 0) {
            json_number(j, one->record == MAP_AFTER ? "after_person" : "person", one->person);
        }
        if (one->record > 0) {
            json_number(j, "record", one->record);
        }
        report_fault(j, "fault", &one->failure);
        json_close(j, '}');
    }
    json_close(j, ']');
}

void map_faults_clear(struct map *m) {
    for (size_t i = 0; i < m->kept_n; i++) {
        free(m->kept[i].source);
    }
    free(m->kept);
    m->kept = NULL;
    m->kept_n = 0;
}
