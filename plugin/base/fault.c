#include "fault.h"

#include "bytes.h"

#define NO       SHK_RETRY_NO
#define SAME     SHK_RETRY_SAME
#define OPERATOR SHK_RETRY_OPERATOR
#define FAULT(name, number, stage, retry, english, japanese)                                       \
    {#name, number, SHK_STAGE_##stage, retry, english, japanese},

static const struct fault_row rows[] = {
#include "fault.def"
};

size_t fault_count(void) {
    return sizeof rows / sizeof rows[0];
}

const struct fault_row *fault_at(size_t index) {
    return index < fault_count() ? &rows[index] : NULL;
}

const struct fault_row *fault_find(int32_t code) {
    for (size_t i = 0; i < fault_count(); i++) {
        if (rows[i].code == code) {
            return &rows[i];
        }
    }
    return NULL;
}

int32_t fault_set(struct fault *why, int32_t code, int32_t native_kind, int32_t native,
                  const char *where) {
    if (why == NULL || why->code != 0) {
        return code;
    }
    const struct fault_row *row = fault_find(code);
    why->code = code;
    why->stage = row != NULL ? row->stage : SHK_STAGE_API;
    why->retry = row != NULL ? row->retry : SHK_RETRY_NO;
    why->native = native;
    why->native_kind = native_kind;
    fault_where(why, where);
    return code;
}

int32_t fault_raise(struct fault *why, int32_t code) {
    return fault_set(why, code, SHK_NATIVE_NONE, 0, NULL);
}

void fault_where(struct fault *why, const char *where) {
    if (why != NULL && where != NULL && why->where[0] == '\0') {
        text_copy(why->where, sizeof why->where, where);
    }
}

void fault_clear(struct fault *why) {
    *why = (struct fault){0};
}
