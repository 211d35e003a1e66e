/* What the person at the desk, or the program that reads our output, gets to see. */
#ifndef CONSOLE_SCREEN_H
#define CONSOLE_SCREEN_H

#include "door.h"
#include "json.h"
#include "out.h"

/* A fault, kept: the session's own changes with the next call. */
struct failure {
    int32_t code; /* 0: none */
    int32_t stage, native, native_kind, retry, retry_after_s;
    bool has_native;
    char name[64], where[160], message[512], message_en[256];
    char service_code[64], service_message[512]; /* what the service itself said */
};

/* At an event: with what the service itself said, when that is the reason. */
void failure_read_event(const struct session *s, struct failure *out);
void failure_read(const struct session *s, const char *prefix, struct failure *out);
/* Why a call was refused; read at once, with session 0 for a failed open. */
void failure_of_call(const struct session *s, int32_t code, struct failure *out);
/* A fault of the console itself. */
void failure_own(struct failure *out, int32_t code, const char *name, const char *japanese,
                 const char *english);

struct screen {
    struct out out; /* results; one JSON object a line with --json */
    struct out err; /* faults, and the steps with --json */
    bool json, quiet, english, show_document;
};

const char *screen_say(const struct screen *screen, const char *japanese, const char *english);
/* A step on the way. */
void screen_step(struct screen *screen, const char *japanese, const char *english);
void screen_failure(struct screen *screen, const struct failure *f);

/* show_drift.c: what was not understood, by line and name. */
void show_drift(struct screen *screen, const struct session *s);
/* show_verdict.c: the answer in one line. */
void show_verdict(struct screen *screen, const struct session *s);

/* show.c: for a person. */
void show_answer(struct screen *screen, const struct session *s);
/* Whom a fault is about, as far as an answer says it. */
void show_whom(struct screen *screen, const struct session *s);
void show_delivery(struct screen *screen, const struct session *s, int32_t n);
/* After the last document: that there was none, and why. */
void show_not_due(struct screen *screen, const struct session *s);
/* show_readers.c: their names; what can be done with each; whether one can be used. */
void show_readers(struct screen *screen, const struct session *s);
void show_readers_verdict(struct screen *screen, const struct session *s);
bool show_readers_usable(const struct session *s);

/* dates.c: "1954-01-05" with the Japanese year behind it; the text unchanged when it is no date. */
void date_japanese(const char *date, char *out, size_t cap);

/* delivered.c: how a document stands besides its fault, kept. */
struct delivered {
    char *patient, *warning; /* the host's; null: absent */
    int32_t grade, attempt;  /* 0: not matched; not known */
    bool waiting;            /* kept, and tried again */
    bool repeated;           /* was delivered before */
};
void delivered_read(struct delivered *out, const struct session *s, int32_t n);
void delivered_clear(struct delivered *one);
/* Members of the delivery's object; what is not so is left out. */
void delivered_report(struct json *j, const struct delivered *one);
/* What came of a document: delivered, kept, or neither; and what follows its name. */
const char *delivered_heading(const struct screen *screen, const struct delivered *one,
                              const struct failure *f);
void delivered_show(struct screen *screen, const struct delivered *one);

/* report.c: for a program. */
const char *report_outcome(int32_t outcome); /* "eligible" */
void report_record(struct json *j, const struct session *s, int32_t record);
void report_fault(struct json *j, const char *key, const struct failure *f);
void report_event(struct screen *screen, const char *event);
void report_pin(struct screen *screen, const struct session *s, bool known, int32_t tries_left);
void report_failure(struct screen *screen, const struct failure *f);
void report_delivery(struct screen *screen, const struct session *s, int32_t n);
void report_readers(struct screen *screen, const struct session *s);
/* One of several persons, who is not the last. */
void report_next(struct screen *screen, const struct session *s, const struct failure *f);
void report_done(struct screen *screen, const struct session *s, const struct failure *f);
void report_end(struct screen *screen, const struct failure *f);

#endif
