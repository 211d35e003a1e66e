#include <stdlib.h>
#include <string.h>

#include "store_parts.h"
#include "text.h"

#define VERSION 1

#define HISTORY_FACT(name, personal, japanese, english) {#name, japanese, english, personal},
static const struct history_fact_row rows[] = {
#include "history_facts.def"
};
#undef HISTORY_FACT

size_t history_fact_count(void) {
    return sizeof rows / sizeof rows[0];
}

const struct history_fact_row *history_fact_at(size_t index) {
    return index < history_fact_count() ? &rows[index] : NULL;
}

static bool is_known(const char *name) {
    for (size_t i = 0; i < history_fact_count(); i++) {
        if (text_equal(rows[i].name, name)) {
            return true;
        }
    }
    return false;
}

static int32_t append_pair(struct bytes *out, const char *name, const char *value) {
    int32_t rc = bytes_append(out, name, strlen(name) + 1);
    return rc == SHK_OK ? bytes_append(out, value, strlen(value) + 1) : rc;
}

int32_t history_pack(const struct history_fact *facts, size_t n, const char *machine,
                     struct bytes *out, struct fault *why) {
    bool named = machine == NULL || machine[0] == '\0';
    int32_t rc = bytes_append_byte(out, VERSION);
    for (size_t i = 0; rc == SHK_OK && i < n; i++) {
        const char *value = facts[i].value;
        if (facts[i].name == NULL || !is_known(facts[i].name)) {
            return fault_set(why, SHK_E_ARGUMENT, 0, 0, "fact");
        }
        if (value == NULL) {
            continue;
        }
        if (!utf8_valid(value, strlen(value))) {
            return fault_set(why, SHK_E_ARGUMENT, 0, 0, facts[i].name);
        }
        named = named || text_equal(facts[i].name, "machine");
        rc = append_pair(out, facts[i].name, value);
    }
    rc = rc == SHK_OK && !named ? append_pair(out, "machine", machine) : rc;
    return rc == SHK_OK ? SHK_OK : fault_raise(why, rc);
}

/* The text at *at, which moves behind it; null when it has no end. */
static const char *next_text(const struct bytes *packed, size_t *at) {
    const char *text = (const char *)packed->p + *at;
    const char *end = memchr(text, 0, packed->n - *at);
    if (end != NULL) {
        *at += (size_t)(end - text) + 1;
    }
    return end != NULL ? text : NULL;
}

int32_t history_unpack(const struct bytes *packed, struct history_fact **facts, size_t *n,
                       struct fault *why) {
    *facts = NULL;
    *n = 0;
    if (packed->n == 0 || packed->p[0] != VERSION) {
        return fault_raise(why, SHK_E_STORE_SEALED);
    }
    size_t room = 0;
    for (size_t i = 1; i < packed->n; i++) {
        room += packed->p[i] == 0 ? 1 : 0;
    }
    struct history_fact *list = calloc(room / 2 + 1, sizeof *list);
    if (list == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    for (size_t at = 1; at < packed->n;) {
        const char *name = next_text(packed, &at);
        const char *value = name != NULL && at < packed->n ? next_text(packed, &at) : NULL;
        if (value == NULL) {
            free(list);
            *n = 0;
            return fault_raise(why, SHK_E_STORE_SEALED);
        }
        list[(*n)++] = (struct history_fact){name, value};
    }
    *facts = list;
    return SHK_OK;
}
