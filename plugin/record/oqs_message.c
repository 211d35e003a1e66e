#include "oqs_message.h"

#include <string.h>

#include "oqs_walk.h"

#define SEARCH "QualificationConfirmSearchInfo"

struct reading {
    struct oqs_message *out;
    size_t searches;
    bool has_people;
    bool has_error; /* ErrorCode, which is about the whole message */
};

/* The part below the last element of that name, or null. */
static const char *below(const char *path, const char *name) {
    size_t n = strlen(name);
    for (const char *at = path; at != NULL; at = strchr(at, '/')) {
        at += at[0] == '/' ? 1 : 0;
        if (text_starts(at, name) && (at[n] == '/' || at[n] == '\0')) {
            return at[n] == '/' ? at + n + 1 : at + n;
        }
    }
    return NULL;
}

static bool ends_at(const char *path, const char *name) {
    const char *rest = below(path, name);
    return rest != NULL && rest[0] == '\0';
}

static void on_open(void *self, const char *path) {
    struct reading *r = self;
    r->searches += ends_at(path, SEARCH) ? 1 : 0;
    r->has_people = r->has_people || ends_at(path, "ResultOfQualificationConfirmation") ||
                    ends_at(path, "BulkConfirmUnit") || ends_at(path, "BulkRegistrationUnit");
}

static bool on_close(void *self, const char *path) {
    (void)self;
    (void)path;
    return true;
}

struct word {
    const char *name;
    char *to;
    size_t cap;
};

static void keep(const struct word *words, size_t words_n, const char *name, const char *text,
                 size_t n) {
    for (size_t i = 0; i < words_n; i++) {
        if (text_equal(words[i].name, name) && words[i].to[0] == '\0') {
            text_copy_n(words[i].to, words[i].cap, text, n);
        }
    }
}

#define WORD(name, member)                                                                         \
    { name, r->out->member, sizeof r->out->member }

static void read_search(struct reading *r, const char *name, const char *text, size_t n) {
    const struct word words[] = {WORD("InsurerNumber", insurer_number),
                                 WORD("InsuredCardSymbol", symbol),
                                 WORD("InsuredIdentificationNumber", number),
                                 WORD("InsuredBranchNumber", branch_number),
                                 WORD("Birthdate", birth_date),
                                 WORD("ArbitraryIdentifier", arbitrary_identifier)};
    if (r->searches == 1) {
        keep(words, sizeof words / sizeof words[0], name, text, n);
    }
}

static void read_number(int32_t *to, const char *text, size_t n) {
    int32_t number = 0;
    if (*to == 0 && text_to_int32(text, n, &number)) {
        *to = number;
    }
}

static void read_header(struct reading *r, const char *name, const char *text, size_t n) {
    const struct word words[] = {WORD("MedicalInstitutionCode", institution_code),
                                 WORD("ArbitraryFileIdentifier", file_identifier),
                                 WORD("QualificationConfirmationDate", date),
                                 WORD("ReceptionNumber", reception_number)};
    keep(words, sizeof words / sizeof words[0], name, text, n);
    if (text_equal(name, "SegmentOfResult")) {
        read_number(&r->out->segment, text, n);
    } else if (text_equal(name, "ErrorCode") && n > 0 && !r->has_error) {
        text_copy_n(r->out->error_code, sizeof r->out->error_code, text, n);
        r->has_error = true;
    }
}

static void read_body(struct reading *r, const char *name, const char *text, size_t n) {
    const struct word words[] = {WORD("ReceptionNumber", reception_number),
                                 WORD("ProcessingResultCode", error_code)};
    keep(words, sizeof words / sizeof words[0], name, text, n);
    if (text_equal(name, "ProcessingResultStatus")) {
        read_number(&r->out->status, text, n);
    }
}

static void on_leaf(void *self, const char *path, const char *text, size_t n) {
    struct reading *r = self;
    const char *search = below(path, SEARCH), *header = below(path, "MessageHeader");
    const char *body = below(path, "MessageBody");
    if (search != NULL) {
        read_search(r, search, text, n);
    } else if (header != NULL) {
        read_header(r, header, text, n);
    } else if (body != NULL) {
        read_body(r, body, text, n);
    }
}

static void forget_search(struct oqs_message *out) {
    memory_wipe(out->insurer_number, sizeof out->insurer_number);
    memory_wipe(out->symbol, sizeof out->symbol);
    memory_wipe(out->number, sizeof out->number);
    memory_wipe(out->branch_number, sizeof out->branch_number);
    memory_wipe(out->birth_date, sizeof out->birth_date);
    memory_wipe(out->arbitrary_identifier, sizeof out->arbitrary_identifier);
}

bool oqs_message_read(const uint8_t *p, size_t n, struct oqs_message *out) {
    *out = (struct oqs_message){0};
    struct reading reading = {.out = out};
    struct oqs_walker walker = {on_open, on_leaf, on_close, &reading};
    if (n == 0 || n > OQS_SIZE_MAX || oqs_walk(p, n, &walker, NULL) != SHK_OK) {
        memory_wipe(out, sizeof *out);
        return false;
    }
    out->has_search = reading.searches == 1;
    if (!out->has_search) {
        forget_search(out);
    }
    if (reading.has_people) {
        out->status = 0;
    }
    return true;
}
