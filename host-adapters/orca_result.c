/* Result codes. */
#include <string.h>

#include "orca_call.h"

static int is_zeros(const char *code) {
    size_t n = strlen(code);
    return n > 0 && strspn(code, "0") == n;
}

static int is_one_of(const char *code, const char *const *list) {
    for (; *list != NULL; list++) {
        if (strcmp(code, *list) == 0) {
            return 1;
        }
    }
    return 0;
}

static int is_warning(const char *code) {
    return strcmp(code, "W00") == 0 ||
           (code[0] == 'K' && code[1] >= '0' && code[1] <= '9' && code[2] == '\0');
}

/* The same number means another thing in another call. */
static enum orca_meaning of_call(enum orca_call call, const char *code) {
    static const char *const nobody[] = {"10", "20", NULL}; /* 10: a character that ORCA lacks */
    if (call == ORCA_LIST) {
        return is_one_of(code, nobody)   ? ORCA_NOBODY
               : strcmp(code, "21") == 0 ? ORCA_DONE_WARNING
                                         : ORCA_REFUSED;
    }
    if (call == ORCA_V32) {
        return strcmp(code, "S20") == 0   ? ORCA_QUESTION
               : strcmp(code, "E10") == 0 ? ORCA_UNKNOWN
               : strcmp(code, "E50") == 0 ? ORCA_FAULTY
                                          : ORCA_REFUSED;
    }
    if (call == ORCA_FIRST && strcmp(code, "62") == 0) {
        return ORCA_SAME;
    }
    return strcmp(code, "10") == 0 && call != ORCA_REGISTER ? ORCA_UNKNOWN : ORCA_REFUSED;
}

enum orca_meaning orca_meaning_of(enum orca_call call, const char *code) {
    static const char *const busy[] = {"90", "E90", "E9999", NULL};
    if (is_zeros(code)) {
        return ORCA_DONE;
    }
    if (is_warning(code)) {
        return ORCA_DONE_WARNING;
    }
    if (is_one_of(code, busy)) {
        return ORCA_BUSY;
    }
    return strcmp(code, "99") == 0 ? ORCA_LOGIN : of_call(call, code);
}

int orca_is_done(const struct orca_answer *a) {
    return a->meaning == ORCA_DONE || a->meaning == ORCA_DONE_WARNING;
}

static const char *call_name(enum orca_call call) {
    static const char *const names[] = {"patientgetv2",          "patientlst3v2",
                                        "patientmodv2 class=01", "patientmodv2 class=02",
                                        "patientmodv2 class=04", "patientmodv32"};
    return names[call];
}

static void add(char where[ORCA_WHERE_MAX], const char *word) {
    size_t n = strlen(where), more = strlen(word);
    if (more > 0 && n + more + 2 <= ORCA_WHERE_MAX) {
        where[n] = ' ';
        memcpy(where + n + (n > 0), word, more + 1);
    }
}

static int32_t number_of(const char *code) {
    int32_t value = 0;
    for (; *code != '\0'; code++) {
        if (*code >= '0' && *code <= '9') {
            value = value * 10 + (*code - '0');
        }
    }
    return value;
}

static int32_t say(struct shk_host *h, int32_t code, int32_t native, const char *where) {
    return h->quiet ? code : h->sv->fail(h->sv->self, code, native, where);
}

int32_t orca_fail(struct shk_host *h, int32_t code, const char *where) {
    return say(h, code, 0, where);
}

int32_t orca_fail_call(struct shk_host *h, int32_t rc, const struct orca_answer *a, int writes) {
    char where[ORCA_WHERE_MAX] = "";
    add(where, call_name(a->call));
    add(where, a->step);
    add(where, a->code);
    if (rc == SHK_E_DELIVERY_UNSURE && !writes) {
        rc = a->unread ? SHK_E_HOST_ANSWER : SHK_E_HOST_UNREACHABLE;
    }
    return say(h, rc, number_of(a->code), where);
}

int32_t orca_fail_code(struct shk_host *h, const struct orca_answer *a, const char *detail) {
    char where[ORCA_WHERE_MAX] = "";
    int32_t code = a->meaning == ORCA_BUSY    ? SHK_E_HOST_BUSY
                   : a->meaning == ORCA_LOGIN ? SHK_E_HOST_LOGIN
                                              : SHK_E_HOST_REFUSED;
    add(where, call_name(a->call));
    add(where, a->step);
    add(where, a->code);
    add(where, detail);
    return say(h, code, number_of(a->code), where);
}
