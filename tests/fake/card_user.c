/* A program that holds a library open until it is killed: card_user LIBRARY DESCRIPTOR. */
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "bytes.h"

int main(int n, char **arguments) {
    int32_t fd = -1;
    if (n != 3 || !text_to_int32(arguments[2], strlen(arguments[2]), &fd) ||
        dlopen(arguments[1], RTLD_NOW) == NULL) {
        return 1;
    }
    (void)prctl(PR_SET_NAME, arguments[0]);
    if (write(fd, "", 1) != 1) {
        return 1;
    }
    for (;;) {
        (void)pause();
    }
}
