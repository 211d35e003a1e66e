/* The servers of http_curl_server.py for one test program. */
#ifndef UNIT_HTTP_CURL_WORLD_H
#define UNIT_HTTP_CURL_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "env.h"

struct world {
    char folder[64];
    pid_t pid;
    int leash; /* closing it ends the servers */
    char ports[2048];
    char paths[6][160];
    size_t paths_n;
};

/* Starts them and waits until they listen. */
bool world_start(struct world *w);
/* And what `more` names: "proxies", "http2", "keys"; null: nothing. */
bool world_start_with(struct world *w, const char *more);
void world_stop(struct world *w);
/* "https://localhost:PORT" and the path, in `out`. */
void world_url(const struct world *w, const char *server, const char *path, char out[256]);
/* True when a file beside the PKI (a log) holds the text. */
bool world_file_holds(struct world *w, const char *name, const char *text);
/* The same, soon: a server may write its log behind its answer. Waits at most a minute. */
bool world_file_will_hold(struct world *w, const char *name, const char *text);
/* A file of the throw-away PKI or beside it; valid until six more were asked for. */
const char *world_file(struct world *w, const char *name);
bool world_write(struct world *w, const char *name, const char *text);
int64_t world_ms(void);

/* One call through http_curl and what came of it. */
struct call {
    struct world *world;
    struct http_settings settings;
    void *http;
    struct http_request rq;
    struct http_reply rp;
    struct fault why;
    char url[256];
    int64_t ms;
};

#define CALL_ANSWER_MAX 65536

/* Settings and a request that work, against the servers of `w`, with time for a busy machine. */
void call_begin(struct call *c, struct world *w);
/* Opens a handle unless there is one, and calls. The URL is c->url. Checks that a fault leaves nothing. */
int32_t call_url(struct call *c);
int32_t call(struct call *c, const char *server, const char *path);
void call_end(struct call *c);
/* One call over a handle of its own. */
int32_t call_once(struct call *c, const char *server, const char *path);

/* What a plain GET must end in; native 0: whatever it is. */
struct expectation {
    const char *server, *path;
    int32_t code, native_kind, native;
};
void call_expect(struct world *w, const struct expectation *all, size_t n);
#define CALL_EXPECT(w, all) call_expect(w, all, sizeof(all) / sizeof(all)[0])

/* For http_request.stop: true from the moment that *self names. */
bool call_stop_at(void *moment_ms);

#endif
