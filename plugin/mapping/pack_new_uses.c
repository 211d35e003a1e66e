#include <string.h>

#include "pack_new_write.h"

/* The name of the field that the record has to show for a row. */
static size_t field_length(const char *from) {
    static const char label[] = "_label";
    size_t n = strcspn(from, "["), label_n = sizeof label - 1;
    bool is_label = n > label_n && memcmp(from + n - label_n, label, label_n) == 0;
    return is_label ? n - label_n : n;
}

static bool same_field(const char *a, const char *b) {
    size_t n = field_length(a);
    return n == field_length(b) && memcmp(a, b, n) == 0;
}

static bool was_before(const struct pack_draft *draft, const char *from, size_t i) {
    for (size_t k = 0; k < i; k++) {
        const char *other = draft->choices[k].from;
        if (other[0] != '\0' && same_field(other, from)) {
            return true;
        }
    }
    return false;
}

static void use(struct pack_new_text *t, const char *from) {
    char path[PACK_CHOICE_PATH_MAX];
    text_copy_n(path, sizeof path, from, field_length(from));
    pack_put(t, "    ");
    pack_put_quoted(t, path);
    pack_put(t, ",\n");
}

bool pack_uses_any(const struct pack_draft *draft) {
    bool any = draft->source->xml;
    for (size_t i = 0; i < draft->source->n; i++) {
        any = any || draft->choices[i].from[0] != '\0';
    }
    return any;
}

/* Also what the functions of the script read. */
void pack_put_uses(struct pack_new_text *t, const struct pack_draft *draft) {
    bool burden = false;
    pack_put(t, "  uses = {\n");
    for (size_t i = 0; i < draft->source->n; i++) {
        const char *from = draft->choices[i].from;
        burden = burden || text_equal(from, "burden_percent");
        if (from[0] != '\0' && !was_before(draft, from, i)) {
            use(t, from);
        }
    }
    if (burden && !was_before(draft, "elderly.burden_percent", draft->source->n)) {
        use(t, "elderly.burden_percent");
    }
    if (draft->source->xml && !was_before(draft, "confirmation_date", draft->source->n)) {
        use(t, "confirmation_date");
    }
    pack_put(t, "  },\n");
}
