#include "utf8_locale.h"

#include <locale.h>
#include <stdlib.h>

struct utf8_locale {
    locale_t ours, before;
};

struct utf8_locale *utf8_locale_enter(void) {
    struct utf8_locale *entered = calloc(1, sizeof *entered);
    if (entered == NULL) {
        return NULL;
    }
    entered->ours = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (entered->ours == (locale_t)0) {
        free(entered);
        return NULL;
    }
    entered->before = uselocale(entered->ours);
    return entered;
}

void utf8_locale_leave(struct utf8_locale **left) {
    if (*left != NULL) {
        (void)uselocale((*left)->before);
        freelocale((*left)->ours);
        free(*left);
        *left = NULL;
    }
}
