/* One call of ORCA's interface, and what its answer means. */
#ifndef HOST_ADAPTERS_ORCA_CALL_H
#define HOST_ADAPTERS_ORCA_CALL_H

#include "orca_person.h"
#include "orca_settings.h"
#include "orca_xml.h"
#include "shikaku/adapter.h"

#define ORCA_CODE_MAX  12
#define ORCA_WHERE_MAX 96

struct shk_host {
    const shk_services *sv;
    void *http;
    struct orca_settings set;
    int64_t began_ms; /* of the call of the plugin that is going on */
    int quiet;        /* while it is found out what became of a lost answer, `fail` is not called */
};

enum orca_meaning {
    ORCA_DONE,
    ORCA_DONE_WARNING,
    ORCA_QUESTION, /* S20 */
    ORCA_BUSY,
    ORCA_UNKNOWN, /* no such patient */
    ORCA_NOBODY,  /* a search found nobody */
    ORCA_SAME,    /* the same insurance is there */
    ORCA_LOGIN,
    ORCA_FAULTY, /* E50: the insurances have an error; the lock of step 01 is held all the same */
    ORCA_REFUSED
};

enum orca_call {
    ORCA_GET,      /* patientgetv2 */
    ORCA_LIST,     /* patientlst3v2 */
    ORCA_REGISTER, /* patientmodv2 class=01 */
    ORCA_PERSON,   /* class=02 */
    ORCA_FIRST,    /* class=04 */
    ORCA_V32       /* patientmodv32 */
};

struct orca_answer {
    struct orca_xml *xml;
    const orca_node *node; /* that has Api_Result */
    char code[ORCA_CODE_MAX];
    enum orca_meaning meaning;
    enum orca_call call;
    const char *step; /* of patientmodv32: "01" …; else "" */
    int unread;       /* a whole answer came, but it says no result code */
};

/* The meaning of an Api_Result. Pure. */
enum orca_meaning orca_meaning_of(enum orca_call call, const char *code);

/* Calls and reads the answer; clear it in any case. SHK_OK: there is a result code, whatever it
 * means. Nothing is said through `fail` yet.
 * SHK_E_DELIVERY_UNSURE: it was sent, and what came back does not say what became of it.
 * SHK_E_HOST_UNREACHABLE, SHK_E_HOST_LOGIN, SHK_E_HOST_REFUSED, SHK_E_HOST_ANSWER, SHK_E_MEMORY,
 * SHK_E_CANCELLED: nothing was taken. */
int32_t orca_get_patient(struct shk_host *h, const char *id, struct orca_answer *out);
int32_t orca_post(struct shk_host *h, enum orca_call call, const char *step, const char *body,
                  size_t n, struct orca_answer *out);
/* The same while the patient is open elsewhere, a few times with pauses. */
int32_t orca_post_patiently(struct shk_host *h, enum orca_call call, const char *step,
                            const char *body, size_t n, struct orca_answer *out);
void orca_answer_clear(struct orca_answer *a);

/* Says why and returns the code: of a call that gave no result code, and of a result code. Of a call
 * that only reads an unsure end is "unreachable", or "cannot be understood". */
int32_t orca_fail_call(struct shk_host *h, int32_t rc, const struct orca_answer *a, int writes);
int32_t orca_fail_code(struct shk_host *h, const struct orca_answer *a, const char *detail);
int32_t orca_fail(struct shk_host *h, int32_t code, const char *where);

int orca_is_done(const struct orca_answer *a);
int orca_id_usable(const char *id);
/* 1 when the number at the path is the patient's, whatever zeros ORCA writes in front of it. */
int orca_is_patient(const orca_node *node, const char *path, const char *id);
/* Waits; 0 when the work is to end. */
int orca_wait(struct shk_host *h, int32_t ms);

/* Reads a patient back: `today` is the host's day. SHK_OK, or the code that was said. A patient that
 * is not there is SHK_E_ABSENT, not said. */
int32_t orca_read_patient(struct shk_host *h, const char *id, struct orca_person *out,
                          char today[ORCA_DATE_MAX]);

#endif
