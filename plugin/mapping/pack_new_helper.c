#include <string.h>

#include "helper.h"
#include "pack_new_choose.h"

/* "name" or "name:argument", as a row's `as` takes it. */
bool pack_helper_usable(const char *as) {
    size_t n = strcspn(as, ":");
    const struct helper *helper = helper_find(as, n);
    if (helper == NULL || as[n] == '\0') {
        return helper != NULL && helper->takes != HELPER_NEEDS;
    }
    const struct word argument = {as + n + 1, strlen(as + n + 1)};
    return helper->takes != HELPER_PLAIN && helper->argument_usable(argument);
}
