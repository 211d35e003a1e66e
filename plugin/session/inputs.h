/* What the host gives a job beforehand, by the paths of inputs.def. */
#ifndef SESSION_INPUTS_H
#define SESSION_INPUTS_H

#include <stdbool.h>

#include "bytes.h"

#define INPUTS_MAX 56
#define SECRET_MAX 255 /* bytes of "secret" */

struct input_row {
    const char *path;
    size_t most; /* bytes, of a text in UTF-8 */
};
/* Null: no such input. *index (may be null) is its place in struct inputs. */
const struct input_row *input_find(const char *path, size_t *index);
size_t input_count(void);
const struct input_row *input_at(size_t index);
bool input_is_secret(const char *path); /* never kept among the inputs */
bool input_is_raw(const char *path);    /* bytes of any kind, not a text */

struct inputs {
    struct bytes at[INPUTS_MAX];
};

/* Empty takes it back. SHK_E_PATH, SHK_E_INPUT when it is too long, SHK_E_MEMORY. */
int32_t inputs_put(struct inputs *in, const char *path, const uint8_t *p, size_t n);
/* "" when it is not given. Borrowed. */
const char *inputs_text(const struct inputs *in, const char *path);
const struct bytes *inputs_bytes(const struct inputs *in, const char *path);
void inputs_wipe(struct inputs *in);

#endif
