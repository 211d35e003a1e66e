#include "day.h"

#include <string.h>

#include "japan.h"
#include "when.h"

void day_today(const struct session *s, char out[9]) {
    japan_day(&s->env, out);
}

int32_t day_of_input(const struct session *s, const char *path, char out[9], struct fault *why) {
    const char *given = inputs_text(&s->inputs, path);
    if (given[0] == '\0') {
        day_today(s, out);
        return SHK_OK;
    }
    return when_read(given, strlen(given), out)
               ? SHK_OK
               : fault_set(why, SHK_E_INPUT, SHK_NATIVE_NONE, 0, path);
}
