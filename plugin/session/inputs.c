#include "inputs.h"

#include "fault.h"

#define INPUT(path, most, japanese, english) {path, most},

static const struct input_row rows[] = {
#include "inputs.def"
};

_Static_assert(sizeof rows / sizeof rows[0] <= INPUTS_MAX, "struct inputs has room for every row");

size_t input_count(void) {
    return sizeof rows / sizeof rows[0];
}

const struct input_row *input_at(size_t index) {
    return index < input_count() ? &rows[index] : NULL;
}

const struct input_row *input_find(const char *path, size_t *index) {
    for (size_t i = 0; i < input_count(); i++) {
        if (text_equal(rows[i].path, path)) {
            if (index != NULL) {
                *index = i;
            }
            return &rows[i];
        }
    }
    return NULL;
}

bool input_is_secret(const char *path) {
    return text_equal(path, "secret");
}

bool input_is_raw(const char *path) {
    return text_equal(path, "import.data") || text_equal(path, "pack.sample");
}

int32_t inputs_put(struct inputs *in, const char *path, const uint8_t *p, size_t n) {
    size_t index = 0;
    const struct input_row *row = input_find(path, &index);
    if (row == NULL || input_is_secret(path)) {
        return SHK_E_PATH;
    }
    if (n > row->most) {
        return SHK_E_INPUT;
    }
    bytes_clear(&in->at[index]);
    return n > 0 ? bytes_append(&in->at[index], p, n) : SHK_OK;
}

const struct bytes *inputs_bytes(const struct inputs *in, const char *path) {
    static const struct bytes none;
    size_t index = 0;
    return input_find(path, &index) != NULL ? &in->at[index] : &none;
}

const char *inputs_text(const struct inputs *in, const char *path) {
    return bytes_text(inputs_bytes(in, path));
}

void inputs_wipe(struct inputs *in) {
    for (size_t i = 0; i < INPUTS_MAX; i++) {
        bytes_clear(&in->at[i]);
    }
}
