#include "known.h"

#include <stdatomic.h>
#include <string.h>

#include "bytes.h"
#include "thread.h"

static struct record_place places[KNOWN_COUNT];
static atomic_bool found;

static void find(void) {
#define KNOWN(name, path) path,
    static const char *const paths[] = {
#include "known.def"
    };
#undef KNOWN
    for (size_t i = 0; i < KNOWN_COUNT; i++) {
        (void)record_place(paths[i], strlen(paths[i]), &places[i]);
    }
    atomic_store_explicit(&found, true, memory_order_release);
}

const struct record_place *known_place(enum known which) {
    if (!atomic_load_explicit(&found, memory_order_acquire)) {
        (void)field_find("name",
                         sizeof "name" - 1); /* which is found out once too, and not within */
        run_once(find);
    }
    return &places[which];
}

struct value known_said(const struct record_set *set, size_t record, enum known which) {
    struct value value;
    if (record_value_at(set, record, known_place(which), &value) != SHK_OK ||
        value.state != VALUE_PRESENT) {
        value = (struct value){.text = ""};
    }
    return value;
}

bool known_says(const struct record_set *set, size_t record, enum known which, const char *word) {
    struct value value = known_said(set, record, which);
    return value.state == VALUE_PRESENT && text_equal(value.text, word);
}

bool known_has(const struct record_set *set, size_t record, enum known which) {
    return known_said(set, record, which).state == VALUE_PRESENT;
}
