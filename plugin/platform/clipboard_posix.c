#include "platform.h"

/* A desktop here has one of several clipboards or none at all, and none that a library may reach
 * without the desktop's own code. A file takes its place (file_arrivals_new). */
static int32_t clipboard_open(void *self, void **clipboard, struct fault *why) {
    (void)self;
    *clipboard = NULL;
    return fault_raise(why, SHK_E_CLIPBOARD);
}

static int32_t clipboard_wait(void *clipboard, int32_t ms, size_t max, struct bytes *out,
                              struct fault *why) {
    (void)clipboard, (void)ms, (void)max;
    bytes_clear(out);
    return fault_raise(why, SHK_E_CLIPBOARD);
}

static void clipboard_nothing(void *clipboard) {
    (void)clipboard;
}

const struct clipboard_ops platform_clipboard = {
    .missing = true,
    .open = clipboard_open,
    .wait = clipboard_wait,
    .clear = clipboard_nothing,
    .close = clipboard_nothing,
};
