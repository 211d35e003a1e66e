#define _GNU_SOURCE
#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

enum {
    O_HELP = 256,
    O_PROFILE,
    O_HOST,
    O_PORT,
    O_STATE,
    O_WAIT,
    O_TRACE,
    O_CONTROL,
    O_MARKER,
    O_REMOVE_AT,
    O_REINSERT,
    O_ALLOW,
    O_ABSENT
};

static const struct option table[] = {
    {"help", no_argument, NULL, O_HELP},
    {"profile", required_argument, NULL, O_PROFILE},
    {"host", required_argument, NULL, O_HOST},
    {"port", required_argument, NULL, O_PORT},
    {"state", required_argument, NULL, O_STATE},
    {"wait", required_argument, NULL, O_WAIT},
    {"trace", required_argument, NULL, O_TRACE},
    {"control", required_argument, NULL, O_CONTROL},
    {"forbidden-marker", required_argument, NULL, O_MARKER},
    {"remove-at", required_argument, NULL, O_REMOVE_AT},
    {"reinsert-after", required_argument, NULL, O_REINSERT},
    {"allow-signature", no_argument, NULL, O_ALLOW},
    {"absent", no_argument, NULL, O_ABSENT},
    {NULL, 0, NULL, 0},
};

static const char help[] =
    "usage: virtual-card --profile FILE [options]\n"
    "Places a simulated My Number Card on a vpcd reader.\n"
    "\n"
    "  --profile FILE           the personalisation file (personalise.sh makes one)\n"
    "  --host HOST              where vpcd listens (default 127.0.0.1)\n"
    "  --port PORT              its port (default 35963; the second slot is 35964)\n"
    "  --wait SECONDS           retry the connection for so long, also when vpcd hangs up\n"
    "  --state FILE             keep the retry counters here; none: in memory only\n"
    "  --trace FILE             append one line per command, never its data\n"
    "  --control FIFO           obey the lines remove, insert and quit; the FIFO is made if "
    "absent\n"
    "  --absent                 start with the card off the reader (with --control)\n"
    "  --remove-at N            take the card away when command N arrives\n"
    "  --reinsert-after MS      and place it again so much later\n"
    "  --forbidden-marker FILE  append FORBIDDEN lines here too\n"
    "  --allow-signature        open the signing objects; the individual number stays forbidden\n"
    "\n"
    "Exit: 0 stopped by SIGTERM, SIGINT, quit or --remove-at alone, 1 usage, 2 profile or state,\n"
    "3 no reader, 4 trace or control file; SIGABRT after a FORBIDDEN command.\n";

static int number(const char *s, uint32_t max, uint32_t *out) {
    uint32_t v = 0;

    if (*s == '\0') {
        return -1;
    }
    for (; *s != '\0'; s++) {
        if (*s < '0' || *s > '9') {
            return -1;
        }
        v = v * 10 + (uint32_t)(*s - '0');
        if (v > max) {
            return -1;
        }
    }
    *out = v;
    return 0;
}

static int take_numbers(struct options *o, int code, const char *value) {
    uint32_t v = 0;
    int rc = number(value, code == O_WAIT ? 86400 : code == O_PORT ? 65535 : 1000000, &v);

    if (code == O_WAIT) {
        o->wait_s = (int)v;
    } else if (code == O_PORT) {
        o->port = value;
    } else if (code == O_REINSERT) {
        o->reinsert_ms = v;
        o->has_reinsert = 1;
    } else {
        o->remove_at = v;
    }
    o->has_remove_at |= code == O_REMOVE_AT;
    return rc;
}

static int take(struct options *o, int code, const char *value) {
    switch (code) {
    case O_PROFILE:
        o->profile = value;
        return 0;
    case O_HOST:
        o->host = value;
        return 0;
    case O_STATE:
        o->state = value;
        return 0;
    case O_TRACE:
        o->trace = value;
        return 0;
    case O_CONTROL:
        o->control = value;
        return 0;
    case O_MARKER:
        o->forbidden_marker = value;
        return 0;
    case O_ALLOW:
        o->allow_signature = 1;
        return 0;
    case O_ABSENT:
        o->absent = 1;
        return 0;
    case O_WAIT:
    case O_PORT:
    case O_REMOVE_AT:
    case O_REINSERT:
        return take_numbers(o, code, value);
    default:
        return -1;
    }
}

int options_read(struct options *o, int argc, char **argv) {
    int code;

    memset(o, 0, sizeof *o);
    o->host = "127.0.0.1";
    o->port = "35963";
    while ((code = getopt_long(argc, argv, "", table, NULL)) != -1) {
        if (code == O_HELP) {
            fputs(help, stdout);
            return OPTIONS_HELP;
        }
        if (take(o, code, optarg) != 0) {
            goto bad;
        }
    }
    if (optind == argc && o->profile != NULL) {
        return OPTIONS_OK;
    }
bad:
    fputs(help, stderr);
    return OPTIONS_BAD;
}

int options_apply(const struct options *o, struct vcard *card, char *why, size_t why_cap) {
    const char *state = o->state;

    if (state != NULL && strcmp(state, "none") == 0) {
        state = NULL;
    }
    if (o->state != NULL && vcard_set_state(card, state) != 0) {
        (void)snprintf(why, why_cap, "cannot use the state file %s", o->state);
        return -1;
    }
    if (o->forbidden_marker != NULL && vcard_set_forbidden_marker(card, o->forbidden_marker) != 0) {
        (void)snprintf(why, why_cap, "the path of the forbidden marker is too long");
        return -1;
    }
    if (o->allow_signature) {
        vcard_allow_signature(card, 1);
    }
    if (o->has_remove_at) {
        vcard_remove_at(card, o->remove_at);
    }
    return 0;
}
