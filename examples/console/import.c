/* `import --json`: one object for everything: records, persons, deliveries, drift, faults.
 * The records are written as they come; the rest waits until the end. */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "run.h"

struct noted {
    char *text, *script;
    struct failure *fault;
    int32_t record, number; /* a drift's line, a person's outcome */
    struct delivered delivered;
    char answer[160]; /* of a question about the patient */
};

struct notes {
    struct noted *at;
    size_t n, cap, lost;
};

struct import {
    struct json j;
    struct notes persons, deliveries, matches, drift, faults;
    int32_t records;
    bool begun, ended;
};

/* Of each kind; beyond it they are only counted. */
enum { NOTES_MAX = 1 << 20 };

static struct noted *note(struct notes *notes) {
    if (notes->n == notes->cap && notes->cap < NOTES_MAX) {
        size_t cap = notes->cap == 0 ? 16 : notes->cap * 2;
        struct noted *grown = realloc(notes->at, cap * sizeof *grown);
        notes->at = grown != NULL ? grown : notes->at;
        notes->cap = grown != NULL ? cap : notes->cap;
    }
    if (notes->n == notes->cap) {
        notes->lost++;
        return NULL;
    }
    struct noted *one = &notes->at[notes->n++];
    memset(one, 0, sizeof *one);
    return one;
}

static void note_fault(struct noted *one, const struct failure *f) {
    one->fault = f->code != 0 ? malloc(sizeof *f) : NULL;
    if (one->fault != NULL) {
        *one->fault = *f;
    }
}

static void clear_notes(struct notes *notes) {
    for (size_t i = 0; i < notes->n; i++) {
        value_free(&notes->at[i].text);
        value_free(&notes->at[i].script);
        free(notes->at[i].fault);
        delivered_clear(&notes->at[i].delivered);
    }
    free(notes->at);
    memset(notes, 0, sizeof *notes);
}

struct import *import_new(struct screen *screen) {
    struct import *im = calloc(1, sizeof *im);
    if (im != NULL) {
        im->j = (struct json){&screen->out, true};
    }
    return im;
}

void import_free(struct import **im) {
    if (*im != NULL) {
        clear_notes(&(*im)->persons);
        clear_notes(&(*im)->deliveries);
        clear_notes(&(*im)->matches);
        clear_notes(&(*im)->drift);
        clear_notes(&(*im)->faults);
        free(*im);
        *im = NULL;
    }
}

static void begin(struct import *im) {
    if (!im->begun) {
        im->begun = true;
        json_open(&im->j, NULL, '{');
        json_open(&im->j, "records", '[');
    }
}

static void note_drift(struct import *im, const struct session *s) {
    int32_t n = value_count(s, "drift");
    for (int32_t i = 1; i <= n; i++) {
        char path[48];
        struct noted *one = note(&im->drift);
        if (one == NULL) {
            continue;
        }
        (void)snprintf(path, sizeof path, "drift[%ld].element", (long)i);
        one->text = value_text(s, path);
        (void)snprintf(path, sizeof path, "drift[%ld].line", (long)i);
        (void)value_int(s, path, &one->number);
        one->record = im->records;
    }
}

void import_person(struct import *im, const struct session *s) {
    int32_t n = value_count(s, "records");
    struct noted *person = note(&im->persons);
    begin(im);
    if (person != NULL) {
        (void)value_int(s, "outcome", &person->number);
        person->record = n;
    }
    for (int32_t i = 1; i <= n && !im->j.out->broken; i++) {
        report_record(&im->j, s, i);
    }
    im->records += n;
    note_drift(im, s);
    out_flush(im->j.out);
}

void import_fault(struct import *im, const struct failure *f) {
    struct noted *one = note(&im->faults);
    if (one != NULL) {
        note_fault(one, f);
    }
}

void import_delivery(struct import *im, const struct session *s, int32_t n) {
    struct noted *one = note(&im->deliveries);
    char path[48];
    if (one == NULL) {
        return;
    }
    (void)snprintf(path, sizeof path, "delivery[%ld].file", (long)n);
    one->text = value_text(s, path);
    (void)snprintf(path, sizeof path, "delivery[%ld].script", (long)n);
    one->script = value_text(s, path);
    (void)snprintf(path, sizeof path, "delivery[%ld].fault", (long)n);
    struct failure f;
    failure_read(s, path, &f);
    note_fault(one, &f);
    delivered_read(&one->delivered, s, n);
    one->record = im->records;
}

void import_match(struct import *im, const struct session *s, const char *answer) {
    struct noted *one = note(&im->matches);
    if (one == NULL) {
        return;
    }
    one->text = value_text(s, "match.grade_name");
    (void)value_int(s, "match.delivery", &one->number);
    (void)value_int(s, "match.record", &one->record);
    one->record += im->records - value_count(s, "records");
    (void)snprintf(one->answer, sizeof one->answer, "%s", answer);
}

/* What was asked, and what was answered: the questions themselves come with --match ask. */
static void put_matches(struct import *im) {
    if (im->matches.n == 0) {
        return;
    }
    json_open(&im->j, "matches", '[');
    for (size_t i = 0; i < im->matches.n; i++) {
        const struct noted *one = &im->matches.at[i];
        json_open(&im->j, NULL, '{');
        json_text(&im->j, "grade", one->text);
        json_number(&im->j, "delivery", one->number);
        json_number(&im->j, "record", one->record);
        json_text(&im->j, "answer", one->answer);
        json_close(&im->j, '}');
    }
    json_close(&im->j, ']');
}

static void put_deliveries(struct import *im) {
    json_open(&im->j, "deliveries", '[');
    for (size_t i = 0; i < im->deliveries.n; i++) {
        const struct noted *one = &im->deliveries.at[i];
        json_open(&im->j, NULL, '{');
        json_text(&im->j, "file", one->text);
        json_text(&im->j, "script", one->script);
        json_number(&im->j, "record", one->record);
        delivered_report(&im->j, &one->delivered);
        if (one->fault != NULL) {
            report_fault(&im->j, "fault", one->fault);
        }
        json_close(&im->j, '}');
    }
    json_close(&im->j, ']');
}

static void put_persons(struct import *im) {
    json_open(&im->j, "persons", '[');
    for (size_t i = 0; i < im->persons.n; i++) {
        json_open(&im->j, NULL, '{');
        json_text(&im->j, "outcome", report_outcome(im->persons.at[i].number));
        json_number(&im->j, "records", im->persons.at[i].record);
        json_close(&im->j, '}');
    }
    json_close(&im->j, ']');
}

static void put_drift(struct import *im) {
    json_open(&im->j, "drift", '[');
    for (size_t i = 0; i < im->drift.n; i++) {
        const struct noted *one = &im->drift.at[i];
        json_open(&im->j, NULL, '{');
        json_text(&im->j, "element", one->text);
        if (one->number > 0) {
            json_number(&im->j, "line", one->number);
        }
        json_number(&im->j, "record", one->record);
        json_close(&im->j, '}');
    }
    json_close(&im->j, ']');
}

void import_end(struct import *im) {
    if (im->ended) {
        return;
    }
    im->ended = true;
    begin(im);
    json_close(&im->j, ']');
    put_persons(im);
    put_deliveries(im);
    put_matches(im);
    put_drift(im);
    json_open(&im->j, "faults", '[');
    for (size_t i = 0; i < im->faults.n; i++) {
        if (im->faults.at[i].fault != NULL) {
            report_fault(&im->j, NULL, im->faults.at[i].fault);
        }
    }
    json_close(&im->j, ']');
    size_t lost = im->persons.lost + im->deliveries.lost + im->matches.lost + im->drift.lost +
                  im->faults.lost;
    if (lost > 0) {
        json_number(&im->j, "not_listed", lost < INT32_MAX ? (int32_t)lost : INT32_MAX);
    }
    json_close(&im->j, '}');
    json_end_line(&im->j);
}

void import_refused(struct import *im, const struct failure *why) {
    if (!im->ended) {
        import_fault(im, why);
        import_end(im);
    }
}
