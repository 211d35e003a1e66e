#include "card_users.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bytes.h"
#include "platform.h"
#include "text.h"

#define CLIENT   "/libpcsclite" /* the begin of its file's name; newer ones load a second part */
#define MOST_MS  500
#define PIECE    16384
#define MAPS_MAX ((size_t)4 * 1024 * 1024) /* of one process */
#define OVERLAP  (sizeof CLIENT - 2)

static bool is_process(const char *name, int64_t *pid) {
    return text_to_int64(name, strlen(name), pid) && *pid > 0 && *pid != (int64_t)getpid();
}

static int open_of(const char *pid, const char *file) {
    char path[64];
    text_format(path, sizeof path, "/proc/%s/%s", pid, file);
    return open(path, O_RDONLY | O_CLOEXEC);
}

static bool holds(const char *p, size_t n) {
    for (size_t i = 0; i + sizeof CLIENT - 1 <= n; i++) {
        if (memcmp(p + i, CLIENT, sizeof CLIENT - 1) == 0) {
            return true;
        }
    }
    return false;
}

/* The end of each piece is looked at again together with the next one. */
static bool has_client(const char *pid) {
    char buffer[OVERLAP + PIECE];
    size_t kept = 0, total = 0;
    bool found = false;
    int fd = open_of(pid, "maps");
    while (fd >= 0 && !found && total < MAPS_MAX) {
        ssize_t n = read(fd, buffer + kept, PIECE);
        if (n <= 0) {
            break;
        }
        size_t have = kept + (size_t)n;
        total += (size_t)n;
        found = holds(buffer, have);
        kept = have < OVERLAP ? have : OVERLAP;
        memmove(buffer, buffer + have - kept, kept);
    }
    if (fd >= 0) {
        (void)close(fd);
    }
    return found;
}

static bool read_name(const char *pid, char *name) {
    int fd = open_of(pid, "comm");
    ssize_t n = fd >= 0 ? read(fd, name, CARD_USER_NAME_MAX - 1) : -1;
    if (fd >= 0) {
        (void)close(fd);
    }
    while (n > 0 && name[n - 1] == '\n') {
        n--;
    }
    name[n > 0 ? n : 0] = '\0';
    return n > 0 && utf8_valid(name, (size_t)n);
}

static bool known(char (*names)[CARD_USER_NAME_MAX], size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (text_equal(names[i], names[n])) {
            return true;
        }
    }
    return false;
}

size_t card_users(char (*names)[CARD_USER_NAME_MAX], size_t max) {
    int64_t until_ms = platform_clock.mono_ms(NULL) + MOST_MS, pid = 0;
    size_t n = 0;
    DIR *folder = opendir("/proc");
    struct dirent *entry = NULL;
    while (folder != NULL && n < max && platform_clock.mono_ms(NULL) < until_ms &&
           (entry = readdir(folder)) != NULL) {
        if (is_process(entry->d_name, &pid) && has_client(entry->d_name) &&
            read_name(entry->d_name, names[n]) && !known(names, n)) {
            n++;
        }
    }
    if (folder != NULL) {
        (void)closedir(folder);
    }
    return n;
}
