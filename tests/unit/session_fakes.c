#include "session_fakes.h"

#include <stdio.h>
#include <string.h>

#include "platform.h"

struct fakes fakes;

int fakes_open(void **state) {
    memset(&fakes, 0, sizeof fakes);
    fakes.lock = mutex_new();
    return stage_open(state);
}

int fakes_close(void **state) {
    int rc = stage_close(state);
    for (size_t i = 0; i < FAKES_MAX; i++) {
        bytes_clear(&fakes.queue[i].body);
    }
    mutex_free(fakes.lock);
    return rc;
}

void fakes_arrive(enum arrival_form form, const char *text) {
    mutex_lock(fakes.lock);
    struct arrival *a = &fakes.queue[fakes.queue_n++];
    a->form = form;
    (void)bytes_append_text(&a->body, text);
    mutex_unlock(fakes.lock);
}

void fakes_fail_once(int32_t code) {
    mutex_lock(fakes.lock);
    fakes.wait_fault = code;
    mutex_unlock(fakes.lock);
}

void fakes_fail_open(int32_t code) {
    mutex_lock(fakes.lock);
    fakes.open_fault = code;
    mutex_unlock(fakes.lock);
}

int32_t fakes_settled(int32_t *good) {
    mutex_lock(fakes.lock);
    int32_t n = fakes.settled;
    *good = fakes.good;
    mutex_unlock(fakes.lock);
    return n;
}

void fakes_answer(char *out, size_t cap, const char *institution, const char *name,
                  const char *birth_date, const char *more) {
    snprintf(
        out, cap,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><XmlMsg><MessageHeader>"
        "<QualificationConfirmationDate>%%D</QualificationConfirmationDate>"
        "<MedicalInstitutionCode>%s</MedicalInstitutionCode>"
        "<ArbitraryFileIdentifier>%%I</ArbitraryFileIdentifier>"
        "<SegmentOfResult>1</SegmentOfResult><CharacterCodeIdentifier>0"
        "</CharacterCodeIdentifier></MessageHeader><MessageBody><ProcessingResultStatus>1"
        "</ProcessingResultStatus><QualificationValidity>1</QualificationValidity>%s<ResultList>"
        "<ResultOfQualificationConfirmation><Name>%s</Name><Birthdate>%s</Birthdate>%s"
        "</ResultOfQualificationConfirmation></ResultList></MessageBody></XmlMsg>",
        institution, more, name, birth_date, fakes.result != NULL ? fakes.result : "");
}

static int32_t wait_arrival(void *self, int32_t ms, struct arrival *out, const struct watch *watch,
                            struct fault *why) {
    (void)self, (void)watch;
    for (int32_t waited = 0; waited < ms; waited += 5) {
        mutex_lock(fakes.lock);
        int32_t fault = fakes.wait_fault;
        bool there = fakes.taken < fakes.queue_n;
        fakes.wait_fault = 0;
        if (there && fault == 0) {
            *out = fakes.queue[fakes.taken];
            fakes.queue[fakes.taken++].body = (struct bytes){0};
        }
        mutex_unlock(fakes.lock);
        if (fault != 0 || there) {
            return fault != 0 ? fault_raise(why, fault) : SHK_OK;
        }
        thread_sleep(5);
    }
    return SHK_E_TIMEOUT;
}

static void settle(void *self, bool good) {
    (void)self;
    mutex_lock(fakes.lock);
    fakes.settled++;
    fakes.good += good ? 1 : 0;
    mutex_unlock(fakes.lock);
}

static void free_arrivals(void *self) {
    (void)self;
    fakes.freed++;
}

static const struct arrival_ops arrival_ops = {wait_arrival, settle, free_arrivals};

static int32_t open_arrivals(struct arrival_source *out, struct fault *why) {
    *out = (struct arrival_source){0};
    mutex_lock(fakes.lock);
    int32_t fault = fakes.open_fault;
    fakes.opened += fault == 0 ? 1 : 0;
    mutex_unlock(fakes.lock);
    if (fault != 0) {
        return fault_raise(why, fault);
    }
    *out = (struct arrival_source){&arrival_ops, &fakes};
    return SHK_OK;
}

/* NOLINTBEGIN(bugprone-reserved-identifier): the linker gives the names */
int32_t __wrap_face_arrivals_new(const struct folder_settings *settings, const struct env *env,
                                 struct log *log, struct arrival_source *out, struct fault *why);
int32_t __wrap_face_arrivals_new(const struct folder_settings *settings, const struct env *env,
                                 struct log *log, struct arrival_source *out, struct fault *why) {
    (void)settings, (void)env, (void)log;
    return open_arrivals(out, why);
}

int32_t __wrap_clipboard_arrivals_new(bool clear, const struct app_words *words,
                                      const struct env *env, struct log *log,
                                      struct arrival_source *out, struct fault *why);
int32_t __wrap_clipboard_arrivals_new(bool clear, const struct app_words *words,
                                      const struct env *env, struct log *log,
                                      struct arrival_source *out, struct fault *why) {
    (void)clear, (void)words, (void)env, (void)log;
    return open_arrivals(out, why);
}
/* NOLINTEND(bugprone-reserved-identifier) */

/* The template with the question's own numbers. */
static int32_t fill(const char *template, const struct question *q, struct bytes *out) {
    for (const char *p = template; *p != '\0'; p++) {
        bool marked = *p == '%' && (p[1] == 'I' || p[1] == 'D');
        int32_t rc = !marked ? bytes_append_byte(out, (uint8_t)*p)
                             : bytes_append_text(out, p[1] == 'I' ? q->file_identifier : q->date);
        if (rc != SHK_OK) {
            return rc;
        }
        p += marked ? 1 : 0;
    }
    return SHK_OK;
}

static int32_t prepare(void *self, struct question *q, const struct watch *watch,
                       struct fault *why) {
    (void)self, (void)q, (void)watch, (void)why;
    return SHK_OK;
}

static int32_t ask(void *self, const struct question *q, struct bytes *answer,
                   const struct watch *watch, struct fault *why) {
    (void)self;
    fakes.asks++;
    fakes.asked = *q;
    fakes.person = *q->search;
    while (fakes.hang && !watch->stop(watch->self)) {
        thread_sleep(5);
    }
    if (fakes.hang) {
        return fault_raise(why, SHK_E_CANCELLED);
    }
    return fakes.ask_fault != 0 ? fault_raise(why, fakes.ask_fault) : fill(fakes.answer, q, answer);
}

static int32_t registration(void *self, const struct bulk_question *q, struct bytes *answer,
                            const struct watch *watch, struct fault *why) {
    (void)self, (void)watch, (void)why;
    fakes.registrations++;
    fakes.person = q->people[0];
    return bytes_append_text(answer, fakes.answer);
}

static void settle_answer(void *self, bool used) {
    (void)self;
    fakes.settles++;
    fakes.used += used ? 1 : 0;
}

static void free_route(void *self) {
    (void)self;
    fakes.routes_freed++;
}

static const struct route_ops folder_ops = {.prepare = prepare,
                                            .ask = ask,
                                            .settle = settle_answer,
                                            .free = free_route,
                                            .registration = registration};

/* NOLINTBEGIN(bugprone-reserved-identifier): the linker gives the name */
int32_t __wrap_folder_route_new(const struct folder_settings *settings, const struct env *env,
                                struct log *log, struct lookup_route *out, struct fault *why);
int32_t __wrap_folder_route_new(const struct folder_settings *settings, const struct env *env,
                                struct log *log, struct lookup_route *out, struct fault *why) {
    (void)settings, (void)env, (void)log, (void)why;
    fakes.routes_opened++;
    *out = (struct lookup_route){&folder_ops, &fakes};
    return SHK_OK;
}
/* NOLINTEND(bugprone-reserved-identifier) */
