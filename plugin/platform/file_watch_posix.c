#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): inotify */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_parts.h"
#include "file_steps_posix.h"
#include "platform.h"
#include "thread.h"

#define SLICE_MS  250 /* between two looks whether the folder is still the same one */
#define READS_MAX 64
#define NOTICES   (IN_CREATE | IN_MOVED_TO | IN_CLOSE_WRITE)
#define GONE      (IN_IGNORED | IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT)

/* fd -1: the system has no notices left to give; whoever watches looks by himself. */
struct file_watch {
    char *folder;
    int fd, wd;
    dev_t device;
    ino_t number;
};

static void let_go(struct file_watch *w) {
    if (w->wd >= 0) {
        (void)inotify_rm_watch(w->fd, w->wd);
        w->wd = -1;
    }
}

/* True when the folder is another one than before: removed and made again, or mounted over. */
static bool renew(struct file_watch *w) {
    struct stat st;
    if (w->fd < 0 || stat(w->folder, &st) != 0 || !S_ISDIR(st.st_mode)) {
        let_go(w);
        return false;
    }
    if (w->wd >= 0 && st.st_dev == w->device && st.st_ino == w->number) {
        return false;
    }
    let_go(w);
    w->wd = inotify_add_watch(w->fd, w->folder, NOTICES | GONE | IN_ONLYDIR);
    w->device = st.st_dev;
    w->number = st.st_ino;
    return w->wd >= 0;
}

int32_t platform_file_watch(void *self, const char *folder, void **watch, struct fault *why) {
    (void)self;
    struct stat st;
    *watch = NULL;
    int error = stat(folder, &st) != 0 ? errno : S_ISDIR(st.st_mode) ? 0 : ENOTDIR;
    if (error != 0) {
        return file_is_gone(error)
                   ? fault_set(why, SHK_E_FOLDER_MISSING, SHK_NATIVE_OS, error, NULL)
                   : platform_file_fault(why, error);
    }
    struct file_watch *w = calloc(1, sizeof *w);
    if (w == NULL || (w->folder = text_dup(folder)) == NULL) {
        free(w);
        return fault_raise(why, SHK_E_MEMORY);
    }
    w->wd = -1;
    w->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    (void)renew(w);
    *watch = w;
    return SHK_OK;
}

/* Our own temporary files are nobody's business. */
static bool counts(struct file_watch *w, const struct inotify_event *event) {
    if ((event->mask & GONE) != 0 && event->wd == w->wd) {
        if ((event->mask & IN_IGNORED) != 0) {
            w->wd = -1;
        }
        let_go(w);
        return false;
    }
    return (event->mask & (NOTICES | IN_Q_OVERFLOW)) != 0 &&
           (event->len == 0 || !platform_is_unfinished(event->name));
}

/* Takes the notices that are there; a program that writes without end does not hold us. */
static bool drain(struct file_watch *w) {
    union {
        struct inotify_event first;
        char room[4096];
    } buffer;
    bool changed = false;
    for (int i = 0; i < READS_MAX; i++) {
        ssize_t n = w->fd >= 0 ? read(w->fd, buffer.room, sizeof buffer.room) : -1;
        if (n <= 0) {
            break;
        }
        for (size_t at = 0; at + sizeof buffer.first <= (size_t)n;) {
            const struct inotify_event *event = (const void *)(buffer.room + at);
            changed = counts(w, event) || changed;
            at += sizeof *event + event->len;
        }
    }
    return changed;
}

static void wait_notice(const struct file_watch *w, int32_t ms) {
    struct pollfd descriptor = {.fd = w->fd, .events = POLLIN};
    if (w->fd < 0) {
        thread_sleep(ms);
    } else {
        (void)poll(&descriptor, 1, ms);
    }
}

bool platform_file_changed(void *self, void *watch, int32_t ms) {
    (void)self;
    struct file_watch *w = watch;
    int64_t end = platform_clock.mono_ms(NULL) + ms;
    for (;;) {
        bool changed = drain(w);
        if (renew(w) || changed) {
            return true;
        }
        int64_t left = end - platform_clock.mono_ms(NULL);
        if (left <= 0) {
            return false;
        }
        wait_notice(w, left < SLICE_MS ? (int32_t)left : SLICE_MS);
    }
}

void platform_file_unwatch(void *self, void *watch) {
    (void)self;
    struct file_watch *w = watch;
    if (w != NULL) {
        if (w->fd >= 0) {
            close(w->fd);
        }
        free(w->folder);
        free(w);
    }
}
