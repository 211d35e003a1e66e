#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "platform.h"

/* Signal handlers reach nothing but a global. */
static volatile sig_atomic_t interrupts;

static void count_interrupt(int number) {
    (void)number;
    if (interrupts < 100) {
        interrupts = interrupts + 1;
    }
}

/* A closed standard stream must fail, not become the next file that the plugin opens. */
static void occupy_standard_streams(void) {
    for (int fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) == -1) {
            (void)open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
        }
    }
}

void platform_begin(void) {
    static const int stopping[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    struct sigaction action;
    occupy_standard_streams();
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    action.sa_handler = count_interrupt;
    for (size_t i = 0; i < sizeof stopping / sizeof *stopping; i++) {
        sigaction(stopping[i], &action, NULL);
    }
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
}

int platform_interrupts(void) {
    return (int)interrupts;
}

int64_t platform_now_ms(void) {
    struct timespec now = {0, 0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + (int64_t)(now.tv_nsec / 1000000);
}

bool platform_is_terminal(FILE *stream) {
    return isatty(fileno(stream)) == 1;
}

bool platform_shows_colors(FILE *stream) {
    const char *term = getenv("TERM");
    return term != NULL && strcmp(term, "dumb") != 0 && platform_is_terminal(stream);
}

bool platform_write(FILE *stream, const char *text, size_t n) {
    return fwrite(text, 1, n, stream) == n;
}

const char *platform_last_separator(const char *path) {
    return strrchr(path, '/');
}

void platform_arguments(int *argc, char ***argv) {
    (void)argc, (void)argv; /* as they are */
}

const char *platform_variable(const char *name) {
    return getenv(name);
}

FILE *platform_open(const char *path, const char *mode) {
    return fopen(path, mode);
}

bool platform_descriptor_usable(int fd) {
    int flags = fcntl(fd, F_GETFL);
    return flags != -1 && (flags & O_ACCMODE) != O_WRONLY && isatty(fd) != 1;
}

/* A terminal is read line by line, a socket cannot be opened, and of a file somebody may have read. */
const char *platform_input_path(void) {
    static const char path[] = "/dev/stdin";
    struct stat st;
    bool known = fstat(0, &st) == 0 && access(path, R_OK) == 0;
    bool whole = known && S_ISREG(st.st_mode) && lseek(0, 0, SEEK_CUR) == 0;
    return whole || (known && S_ISFIFO(st.st_mode)) ? path : NULL;
}

void *platform_library_open(const char *path) {
    return dlopen(path, RTLD_NOW | RTLD_LOCAL);
}

const char *platform_library_error(void) {
    const char *error = dlerror();
    return error != NULL ? error : "";
}

platform_function platform_library_symbol(void *library, const char *name) {
    void *address = dlsym(library, name);
    platform_function function = NULL;
    /* ISO C has no cast between the two; POSIX promises the same representation. */
    memcpy(&function, &address, sizeof function);
    return function;
}

const char *platform_library_name(void) {
    return "libshikaku.so.1";
}

bool platform_file_exists(const char *path) {
    return access(path, F_OK) == 0;
}

bool platform_own_folder(char *folder, size_t cap) {
    ssize_t n = readlink("/proc/self/exe", folder, cap);
    if (n <= 0 || (size_t)n >= cap) {
        return false;
    }
    folder[n] = '\0';
    char *slash = strrchr(folder, '/');
    if (slash == NULL) {
        return false;
    }
    *slash = '\0';
    return true;
}

void platform_wipe(void *memory, size_t size) {
    volatile unsigned char *p = memory;
    while (p != NULL && size > 0) {
        p[--size] = 0;
    }
}

void *platform_secret_new(size_t size) {
    void *secret = NULL;
    long page = sysconf(_SC_PAGESIZE);
    if (posix_memalign(&secret, page > 0 ? (size_t)page : 4096, size) != 0) {
        return NULL;
    }
    memset(secret, 0, size);
    (void)mlock(secret, size);
    return secret;
}

void platform_secret_free(void **secret, size_t size) {
    if (*secret != NULL) {
        platform_wipe(*secret, size);
        (void)munlock(*secret, size);
        free(*secret);
        *secret = NULL;
    }
}

struct input {
    int fd;
    bool terminal, begun, hidden, too_long;
    struct termios before;
};

static struct input *new_input(int fd, bool terminal) {
    struct input *in = calloc(1, sizeof *in);
    if (in == NULL) {
        return NULL;
    }
    in->fd = fd;
    in->terminal = terminal;
    return in;
}

struct input *input_terminal(void) {
    int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) {
        return NULL;
    }
    struct input *in = new_input(fd, true);
    if (in == NULL) {
        close(fd);
    }
    return in;
}

struct input *input_descriptor(int fd) {
    return new_input(fd, false);
}

static void write_all(int fd, const char *text) {
    size_t left = strlen(text);
    while (left > 0) {
        ssize_t n = write(fd, text, left);
        if (n < 0 && errno != EINTR) {
            return;
        }
        if (n > 0) {
            text += n;
            left -= (size_t)n;
        }
    }
}

static bool hide_typing(struct input *in) {
    if (tcgetattr(in->fd, &in->before) != 0) {
        return false;
    }
    struct termios quiet = in->before;
    quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
    quiet.c_lflag |= ICANON | ISIG;
    /* A stop from the keyboard would hand a terminal without echo to the shell. */
    quiet.c_cc[VSUSP] = _POSIX_VDISABLE;
    in->hidden = true;
    return tcsetattr(in->fd, TCSAFLUSH, &quiet) == 0;
}

bool input_begin(struct input *in, const char *prompt, bool hidden) {
    in->begun = true;
    in->too_long = false;
    if (!in->terminal) {
        return true;
    }
    if (hidden) {
        if (!hide_typing(in)) {
            input_end(in);
            return false;
        }
    } else {
        tcflush(in->fd, TCIFLUSH);
    }
    write_all(in->fd, prompt);
    return true;
}

void input_end(struct input *in) {
    if (in->hidden) {
        tcsetattr(in->fd, TCSAFLUSH, &in->before);
        write_all(in->fd, "\n");
    }
    in->hidden = false;
    in->begun = false;
}

void input_free(struct input **in) {
    if (*in == NULL) {
        return;
    }
    if ((*in)->begun) {
        input_end(*in);
    }
    if ((*in)->terminal) {
        close((*in)->fd);
    }
    free(*in);
    *in = NULL;
}

static bool readable(int fd, int32_t timeout_ms) {
    struct pollfd waiting = {fd, POLLIN, 0};
    return poll(&waiting, 1, timeout_ms) > 0;
}

void input_drain(struct input *in) {
    char byte;
    while (readable(in->fd, 0) && read(in->fd, &byte, 1) == 1) {
        platform_wipe(&byte, 1);
    }
}

/* Byte by byte, so that what follows the line stays for the next question. */
enum input_state input_poll(struct input *in, char *line, size_t cap, size_t *len,
                            int32_t timeout_ms) {
    while (readable(in->fd, timeout_ms)) {
        char byte = 0;
        ssize_t n = read(in->fd, &byte, 1);
        if (n < 0 && (errno == EINTR || errno == EAGAIN)) {
            return INPUT_WAITING;
        }
        if (n <= 0) {
            return *len > 0 || in->too_long ? input_line_ended(&in->too_long, line, cap, len)
                                            : INPUT_CLOSED;
        }
        if (byte == '\n') {
            return input_line_ended(&in->too_long, line, cap, len);
        }
        if (*len + 1 < cap) {
            line[(*len)++] = byte;
        } else {
            in->too_long = true;
        }
        platform_wipe(&byte, 1);
        timeout_ms = 0;
    }
    return INPUT_WAITING;
}
