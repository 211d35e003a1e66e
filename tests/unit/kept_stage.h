/* A session with a store in a folder of its own, and a host whose patients and moods the test decides: the
 * adapters "host" and "finder" (which looks patients up) are this file's (the linker's --wrap). */
#ifndef UNIT_KEPT_STAGE_H
#define UNIT_KEPT_STAGE_H

#include "db_fault.h"
#include "session_fakes.h"
#include "shikaku/adapter.h"
#include "temp_folder.h"

#define KEPT_GOT_MAX      64
#define KEPT_PATIENTS_MAX 6

struct kept_patient {
    const char *id;
    shk_field at[8];
    uint32_t n;
};

struct kept_host {
    struct mutex *lock;
    int32_t fault;     /* what every delivery fails with; 0: it is taken */
    int32_t find_code; /* of find_patients */
    bool hang;         /* a delivery waits until it is false */
    int32_t inside;    /* calls that wait so */
    int32_t tried;
    struct kept_got {
        char id[37], patient[64], body[512], script[64];
    } got[KEPT_GOT_MAX];
    size_t got_n;
    const char *gives; /* patient number of the receipt; null: none */
    struct kept_patient patients[KEPT_PATIENTS_MAX];
    size_t patients_n;
    int64_t skipped_ms; /* of the session's clock */
    int64_t stopped_ms; /* where the real one stands for it; 0: it goes on */
};
extern struct kept_host kept;

/* For cmocka, around each case; the log must hold no value of a person. */
int kept_open(void **state);
int kept_close(void **state);
#define KEPT_CASE(name) cmocka_unit_test_setup_teardown(name, kept_open, kept_close)

const char *kept_path(const char *name); /* in the case's folder; as temp_path */
struct temp_folder *kept_folder(void);
void kept_set(struct stage *f, const char *key, const char *value);
int32_t kept_put(struct stage *f, const char *path, const char *text);
void kept_script(struct stage *f, const char *delivery, const char *name, const char *fields);
void kept_skip(int64_t ms); /* the session's clock goes forward */
void kept_stop_clock(void); /* it goes forward by kept_skip alone */
void kept_mood(int32_t fault);
void kept_hang(bool hang);
void kept_await_hanging(void);
size_t kept_got(void);
int32_t kept_inside(void);
void kept_add_patient(const char *id, const char *name, const char *kana, const char *birth,
                      const char *insurer, const char *number, const char *more_path,
                      const char *more);

struct kept_person {
    const char *name, *kana, *birth, *number, *day, *insurer, *address;
};
/* The usual sample; what is null in `p` is taken from it. */
void kept_answer(const struct kept_person *p, char *out, size_t cap);
/* Starts an import of that person. */
void kept_import(struct stage *f, const struct kept_person *p);
/* The next event that is neither OUTBOX nor PROGRESS. */
int32_t kept_next(struct stage *f);
void kept_expect(struct stage *f, int32_t event);
/* Takes events up to DONE; how many of `event` came. */
int32_t kept_drain(struct stage *f, int32_t event);
/* One whole import that is delivered. */
void kept_deliver(struct stage *f, const struct kept_person *p);
void kept_job(struct stage *f, int32_t job, const char *path, const char *action);

#endif
