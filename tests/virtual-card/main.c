/* virtual-card: places a simulated My Number Card on a vpcd reader. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "options.h"
#include "vpcd.h"

enum { EXIT_READER = 3, EXIT_CONTROL = 4 };

static volatile sig_atomic_t stop_requested;

struct run {
    struct options opt;
    struct vcard *card;
    FILE *trace;
    int fd, control; /* -1: none */
    int placed;      /* what the test wants: a card on the reader or not */
    int silent;      /* a command that never gets its answer */
    int64_t back_at; /* when a card that left by itself comes back; 0: it stays away */
    char line[64];
    size_t line_len;
    sigset_t waiting; /* signals that may arrive only while we wait */
};

static void on_signal(int number) {
    (void)number;
    stop_requested = 1;
}

static int stopped(void *self) {
    sigset_t pending;

    (void)self;
    if (sigpending(&pending) == 0 &&
        (sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1)) {
        return 1;
    }
    return stop_requested;
}

static void install_signals(struct run *r) {
    struct sigaction sa;
    sigset_t block;

    memset(&sa, 0, sizeof sa);
    sa.sa_handler = on_signal;
    (void)sigaction(SIGTERM, &sa, NULL);
    (void)sigaction(SIGINT, &sa, NULL);
    sigemptyset(&block);
    sigaddset(&block, SIGTERM);
    sigaddset(&block, SIGINT);
    (void)sigprocmask(SIG_BLOCK, &block, &r->waiting);
    sigdelset(&r->waiting, SIGTERM);
    sigdelset(&r->waiting, SIGINT);
}

static void obey(struct run *r, const char *word) {
    if (strcmp(word, "remove") == 0) {
        r->placed = 0;
        r->back_at = 0;
    } else if (strcmp(word, "insert") == 0) {
        r->placed = 1;
        r->back_at = 0;
    } else if (strcmp(word, "quit") == 0) {
        stop_requested = 1;
    } else if (word[0] != '\0') {
        fprintf(stderr, "virtual-card: unknown control word %s\n", word);
    }
}

static void read_control(struct run *r) {
    char c;

    /* One word at a time, so that `remove` and `insert` sent together are both seen. */
    while (read(r->control, &c, 1) == 1) {
        if (c != '\n') {
            if (r->line_len < sizeof r->line - 1) {
                r->line[r->line_len++] = c;
            }
            continue;
        }
        r->line[r->line_len] = '\0';
        r->line_len = 0;
        obey(r, r->line);
        return;
    }
}

/* Waits for a word, a signal or the reader. 1: the reader has something to say. */
static int wait_event(struct run *r, const struct timespec *limit) {
    struct pollfd p[2] = {{r->control, POLLIN, 0}, {r->fd, POLLIN, 0}};

    if (r->silent) {
        p[1].events = POLLRDHUP;
    }
    if (r->fd >= 0) {
        vpcd_ack_quickly(r->fd);
    }
    if (ppoll(p, 2, limit, &r->waiting) <= 0) {
        return 0;
    }
    if ((p[0].revents & POLLIN) != 0) {
        read_control(r);
    }
    return (p[1].revents & (POLLIN | POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

static int64_t now_us(void) {
    struct timespec ts;

    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static int64_t now_ms(void) {
    return now_us() / 1000;
}

/* The card's own delays end early when the test takes the card away or stops the program. */
static int sleep_in_card(void *self, uint32_t ms) {
    struct run *r = self;
    int64_t left, end = now_ms() + (int64_t)ms;
    int fd = r->fd;

    r->fd = -1; /* the reader has to wait */
    while (!stop_requested && r->placed && (left = end - now_ms()) > 0) {
        struct timespec limit;

        limit.tv_sec = (time_t)(left / 1000);
        limit.tv_nsec = (long)(left % 1000) * 1000000;
        (void)wait_event(r, &limit);
    }
    r->fd = fd;
    return stop_requested || !r->placed;
}

static void print_count(FILE *f, const char *name, int32_t v) {
    if (v < 0) {
        fprintf(f, " %s=-", name);
    } else {
        fprintf(f, " %s=%" PRId32, name, v);
    }
}

static void trace_line(void *self, const struct vcard_trace *t) {
    FILE *f = self;

    fprintf(f, "%" PRIu32 " %02X%02X%02X%02X", t->index, (unsigned)t->cla, (unsigned)t->ins,
            (unsigned)t->p1, (unsigned)t->p2);
    print_count(f, "lc", t->lc);
    print_count(f, "le", t->le);
    fprintf(f, " sw=%04X len=%zu us=%" PRId64 " at=%" PRId64 "\n", (unsigned)t->sw, t->rx_len,
            t->micros, now_us());
    fflush(f);
}

static void take_away(struct run *r) {
    if (r->fd >= 0) {
        (void)close(r->fd);
    }
    r->fd = -1;
    r->silent = 0;
    vcard_remove(r->card);
}

static int place(struct run *r) {
    r->fd = vpcd_connect(r->opt.host, r->opt.port, r->opt.wait_s, stopped, r);
    if (r->fd < 0) {
        return -1;
    }
    vcard_insert(r->card);
    return 0;
}

static void serve(struct run *r) {
    int rc = r->silent ? VPCD_CLOSED : vpcd_serve(r->fd, r->card);

    if (rc == VPCD_SERVED || rc == VPCD_SILENT) {
        r->silent = rc == VPCD_SILENT;
        return;
    }
    take_away(r);
    if (rc == VPCD_REMOVED) {
        r->placed = 0;
        r->back_at = r->opt.has_reinsert ? now_ms() + (int64_t)r->opt.reinsert_ms : 0;
    }
}

/* Until a word, a signal, the reader, or the hour at which the card comes back. */
static int wait_next(struct run *r) {
    int64_t left = r->back_at - now_ms();
    struct timespec limit;

    if (r->back_at == 0) {
        return wait_event(r, NULL);
    }
    left = left > 0 ? left : 0;
    limit.tv_sec = (time_t)(left / 1000);
    limit.tv_nsec = (long)(left % 1000) * 1000000;
    if (left > 0 && wait_event(r, &limit)) {
        return 1;
    }
    if (now_ms() >= r->back_at) {
        r->back_at = 0;
        r->placed = 1;
    }
    return 0;
}

/* 0: ended on request or by remove_at; 3: there is no reader. */
static int loop(struct run *r) {
    while (!stop_requested) {
        if (!r->placed && r->control < 0 && r->back_at == 0) {
            break;
        }
        if (r->placed && r->fd < 0 && place(r) != 0) {
            if (stopped(r)) {
                break;
            }
            fprintf(stderr, "virtual-card: no reader at %s:%s\n", r->opt.host, r->opt.port);
            return EXIT_READER;
        }
        if (wait_next(r) && r->fd >= 0) {
            serve(r);
        }
        if (!r->placed && r->fd >= 0) {
            take_away(r);
        }
    }
    return EXIT_SUCCESS;
}

/* Read and write, so that the FIFO never reports its end when a writer leaves. */
static int open_control(struct run *r) {
    if (r->opt.control == NULL) {
        return 0;
    }
    if (mkfifo(r->opt.control, 0600) != 0 && errno != EEXIST) {
        return -1;
    }
    r->control = open(r->opt.control, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    return r->control >= 0 ? 0 : -1;
}

static int prepare(struct run *r) {
    char why[1400];

    r->card = vcard_new(r->opt.profile, why, sizeof why);
    if (r->card == NULL || options_apply(&r->opt, r->card, why, sizeof why) != 0) {
        fprintf(stderr, "virtual-card: %s\n", why);
        return 2;
    }
    if (r->opt.trace != NULL && (r->trace = fopen(r->opt.trace, "a")) == NULL) {
        fprintf(stderr, "virtual-card: cannot write %s\n", r->opt.trace);
        return EXIT_CONTROL;
    }
    if (open_control(r) != 0) {
        fprintf(stderr, "virtual-card: cannot open the control FIFO %s\n", r->opt.control);
        return EXIT_CONTROL;
    }
    if (r->trace != NULL) {
        vcard_set_trace(r->card, trace_line, r->trace);
    }
    vcard_set_sleep(r->card, sleep_in_card, r);
    return 0;
}

int main(int argc, char **argv) {
    struct run r;
    int rc;

    memset(&r, 0, sizeof r);
    r.fd = r.control = -1;
    if ((rc = options_read(&r.opt, argc, argv)) != OPTIONS_OK) {
        return rc == OPTIONS_HELP ? EXIT_SUCCESS : 1;
    }
    r.placed = !r.opt.absent;
    if ((rc = prepare(&r)) == 0) {
        install_signals(&r);
        rc = loop(&r);
        take_away(&r);
    }
    if (r.trace != NULL && fclose(r.trace) != 0 && rc == 0) {
        rc = EXIT_CONTROL;
    }
    if (r.control >= 0) {
        (void)close(r.control);
    }
    vcard_free(r.card);
    return rc;
}
