#include "oqs.h"

#include <string.h>

#define LOOK_MAX ((size_t)64 * 1024)

struct look {
    const char *p;
    size_t n;
};

static bool starts(const struct look *look, const char *with) {
    size_t n = strlen(with);
    return look->n >= n && memcmp(look->p, with, n) == 0;
}

static void skip(struct look *look, size_t n) {
    look->p += n;
    look->n -= n;
}

/* To where the text stands, or to the end. */
static void seek(struct look *look, const char *text) {
    while (look->n > 0 && !starts(look, text)) {
        skip(look, 1);
    }
}

/* To the first element: over the mark, the declaration, comments and white space. */
static void skip_prolog(struct look *look) {
    if (starts(look, "\xEF\xBB\xBF")) {
        skip(look, 3);
    }
    for (;;) {
        while (look->n > 0 && char_is_space(look->p[0])) {
            skip(look, 1);
        }
        if (starts(look, "<?")) {
            seek(look, "?>");
            skip(look, look->n < 2 ? look->n : 2);
        } else if (starts(look, "<!--")) {
            seek(look, "-->");
            skip(look, look->n < 3 ? look->n : 3);
        } else {
            return;
        }
    }
}

static bool holds(struct look look, const char *text) {
    seek(&look, text);
    return look.n > 0;
}

enum oqs_document oqs_document_kind(const uint8_t *p, size_t n) {
    static const char root[] = "<XmlMsg";
    struct look look = {(const char *)p, n < LOOK_MAX ? n : LOOK_MAX};
    skip_prolog(&look);
    size_t root_n = sizeof root - 1;
    if (!starts(&look, root) || look.n == root_n ||
        !(char_is_space(look.p[root_n]) || look.p[root_n] == '>' || look.p[root_n] == '/')) {
        return OQS_DOCUMENT_OTHER;
    }
    bool bulk = holds(look, "<BulkConfirmUnit") || holds(look, "<NumberOfProcessingResult");
    return bulk ? OQS_DOCUMENT_BULK : OQS_DOCUMENT_RESULT;
}
