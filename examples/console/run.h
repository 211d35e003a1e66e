/* One job from its start to its end, and the questions on the way. */
#ifndef CONSOLE_RUN_H
#define CONSOLE_RUN_H

#include "args.h"
#include "platform.h"
#include "screen.h"

enum exit_code {
    EXIT_ELIGIBLE = 0,
    EXIT_NOT_ELIGIBLE = 1,
    EXIT_USAGE = 2,
    EXIT_FAULT = 3,
    EXIT_CANCELLED = 130
};

struct run {
    const struct args *args;
    struct screen screen;
    struct session s;
    struct failure own;   /* why the console itself ended the job */
    struct failure shown; /* the last one that was told, not to be told twice */
    int32_t pending;      /* an event that came while a line was typed */
    int32_t deliveries_shown;
    const char *source;    /* the operand that the job is given */
    struct import *import; /* import --json */
    struct map *map;       /* of the command map */
    bool one_object;       /* --json writes one object, at the end */
    const char *action;    /* what the job does, where the command's own word is not it; or null */
    bool unsaid;           /* what the job found is looked at, and not told */
    bool took;             /* "match.take" was given for the open question */
    bool skipped;          /* a person said that something is not delivered */
    bool unanswered;       /* a question about the patient ended without an answer */
    int32_t waiting, undecided; /* in the outbox, as told last */
    int worst;                  /* exit code of the persons so far */
    int32_t percent_shown;
    int progress_width;
    bool secret_given;
    bool
        unreadable; /* what the job needs could not be read: a fault, no mistake of the command line */
    bool ended;     /* a pack's job came to its end */
    bool cancelled;
    int64_t deadline_ms; /* 0: none */
    int64_t patience_ms; /* when waiting for the end of a cancelled job ends */
};

/* Runs the command's job and returns the exit code. */
int run_job(struct run *r);
/* One job for r->source, from its inputs to its end. */
int run_once(struct run *r);
/* Ends the job early; `why` may be null when the person asked for it. */
void run_cancel(struct run *r, const struct failure *why);
void run_tell(struct run *r, const struct failure *told);
/* What was given with the command line or on the standard input cannot be used. */
bool run_refused_input(int32_t code);
/* True when a question has to be given up: Ctrl-C, time, or an event that came. */
bool run_disturbed(struct run *r);
/* Handles the event that came when it does not end the question; false: the question is over. */
bool run_aside(struct run *r);

/* ending.c: new documents; a fault; one person of several; true when the job is over. */
void ending_deliveries(struct run *r);
void ending_fault(struct run *r);
void ending_next(struct run *r);
bool ending_done(struct run *r, int *code);

/* inputs.c: what the job needs besides the configuration; false when that was refused and told. */
bool inputs_give(struct run *r);
bool inputs_put(struct run *r, const char *path, const void *p, size_t n);
bool inputs_put_text(struct run *r, const char *path, const char *text);
/* inputs_pack.c: what a pack command does, and with what. */
bool inputs_give_pack(struct run *r);
/* inputs_kept.c: the same for the outbox, the history and the store. */
bool inputs_give_kept(struct run *r);
/* A fault's place in the words of the command line: "--birth (query.birth_date)", a file's name. */
void inputs_name(const struct run *r, struct failure *f);
/* waiting.c: what a person has to do for the next answer to come. */
struct words {
    const char *japanese, *english;
};
struct words waiting_words(const struct run *r);
/* Where the answer comes through a file that somebody saves: its name, in a line of its own. */
void waiting_file(struct run *r);

/* secret.c: answers SHK_EVENT_SECRET or cancels the job. */
void secret_answer(struct run *r);

/* progress.c */
void progress_show(struct run *r);
/* Ends the line that is written over, before anything else is said. */
void progress_leave_line(struct run *r);
/* Tells what a bulk run came to; the exit code. */
int progress_end(struct run *r, const struct failure *f);

/* import.c */
struct import *import_new(struct screen *screen);
void import_person(struct import *im, const struct session *s);
void import_delivery(struct import *im, const struct session *s, int32_t n);
/* The question that is open, and what was answered. */
void import_match(struct import *im, const struct session *s, const char *answer);
void import_fault(struct import *im, const struct failure *f);
void import_end(struct import *im);
/* The end of one that has none yet: it was refused. */
void import_refused(struct import *im, const struct failure *why);
void import_free(struct import **im);

/* map.c */
int map_run(struct run *r);
bool map_event(struct run *r, int32_t event, int *code);

/* pack.c */
int pack_run(struct run *r);
bool pack_event(struct run *r, int32_t event, int *code);

/* pad.c: true where the reader has keys of its own, on which the PIN is typed. */
bool pad_answer(struct run *r);

/* card_news.c: SHK_EVENT_NOTICE; what a card that is not ours seems to be; SHK_EVENT_READERS. */
void card_notice(struct run *r);
/* Before a question about a card: "リーダー: NAME。", "" where there is only one reader. */
void card_reader_words(const struct run *r, char *out, size_t cap);
void card_other(struct run *r);
void card_readers(struct run *r);

/* pin.c: answers SHK_EVENT_PIN or cancels the job. */
void pin_answer(struct run *r);

/* match.c: answers SHK_EVENT_MATCH; what nobody can answer waits. */
void match_answer(struct run *r);
/* True when another program answers on the standard input. */
bool match_is_asked_by_json(const struct args *args);

/* outbox.c: tells SHK_EVENT_OUTBOX. */
void outbox_changed(struct run *r);
/* What a delivery of the outbox came to. */
void outbox_end(struct run *r);

/* kept.c: what lies in the outbox, the history and the store. */
int kept_run(struct run *r);
bool kept_event(struct run *r, int32_t event, int *code);
bool kept_is(enum command command);

#endif
