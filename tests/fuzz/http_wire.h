/* The wire below libcurl, in one thread: connect() gives a pair of sockets, and what the other side says comes from an
 * input. Nothing leaves the process. */
#ifndef FUZZ_HTTP_WIRE_H
#define FUZZ_HTTP_WIRE_H

#include "bytes.h"
#include "fuzz.h"

#define WIRE_FED_MAX ((size_t)128 * 1024)

struct wire {
    struct fuzz_input
        say;        /* one piece (fuzz_piece) is said for each send; then the other side is done */
    uint32_t again; /* so often is the last piece repeated */
    bool stays;     /* it keeps the line when it is done */
    size_t recv_most; /* bytes that one recv gives; 0: any number */
    uint16_t port;    /* the only place that may be connected to, on 127.0.0.1 */
    /* What came of it. */
    size_t connects, requests; /* requests: sends that begin one for the gateway */
    bool elsewhere;            /* another place was looked for */
    struct bytes fed, sent;
    int own, other; /* the present line, -1: none */
};

/* From here until wire_end all of this process' lines are the wire's. */
void wire_begin(struct wire *w);
void wire_end(struct wire *w);

/* For http_wire_poll.c: whoever is about to wait for the wire gets the next piece, or the end of the line. */
void wire_waits(int fd);

#endif
