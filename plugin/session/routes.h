/* The configured route, opened at the first need and kept between patients and jobs, so that the next
 * one finds a connection or a TLS session. */
#ifndef SESSION_ROUTES_H
#define SESSION_ROUTES_H

#include "session.h"

bool routes_is(const struct session *s, const char *name); /* "gateway", "folder", "app", "demo" */
/* Opens s->route unless it is open. Asks the host for the passphrase of the device's key where it is
 * needed and not configured. Faults of the route; SHK_E_PASSPHRASE, SHK_E_CANCELLED. */
int32_t routes_open(struct session *s, struct fault *why);
/* After each call: tells what the route noticed, and lets a route go whose files somebody may now put
 * right. */
void routes_note(struct session *s, int32_t rc);
void routes_close(struct session *s);
/* And what listens for pushed answers. */
void routes_forget(struct session *s);
/* True when a route that is open was opened with that key's value. */
bool routes_depend_on(const char *key);

/* The folders of the terminal; the paths live as long as `room`. */
struct folder_places {
    char req[1024], res[1024], face[1024], state[1024];
};
void routes_folder_settings(const struct session *s, struct folder_places *room,
                            struct folder_settings *out);

#endif
