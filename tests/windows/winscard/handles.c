#include "service.h"

#include <string.h>

#define HANDLES_MAX 64
/* On 64 bits the upper half carries something, as with Windows. */
#ifdef _WIN64
#define FIRST_CONTEXT 0xCD01000000000000u
#define FIRST_CARD    0xEA01000000000000u
#else
#define FIRST_CONTEXT 0xCD010000u
#define FIRST_CARD    0xEA010000u
#endif

static struct context contexts[HANDLES_MAX];
static struct link links[HANDLES_MAX];
static ULONG_PTR made;

LONG context_new(SCARDCONTEXT *out) {
    for (struct context *c = contexts; c < contexts + HANDLES_MAX; c++) {
        if (c->id == 0) {
            *c = (struct context){.id = FIRST_CONTEXT + ++made};
            *out = c->id;
            return SCARD_S_SUCCESS;
        }
    }
    return SCARD_E_NO_MEMORY;
}

LONG context_find(SCARDCONTEXT id, struct context **out) {
    for (struct context *c = contexts; c < contexts + HANDLES_MAX; c++) {
        if (id != 0 && c->id == id) {
            *out = c;
            return SCARD_S_SUCCESS;
        }
    }
    return ERROR_INVALID_HANDLE;
}

void context_end(struct context *c) {
    for (struct link *l = links; l < links + HANDLES_MAX; l++) {
        if (l->id != 0 && l->context == c) {
            link_end(l, SCARD_LEAVE_CARD);
        }
    }
    *c = (struct context){0};
    service_news();
}

void contexts_drop(void) {
    for (struct context *c = contexts; c < contexts + HANDLES_MAX; c++) {
        context_end(c);
    }
}

static bool is_of_now(const struct link *l) {
    const struct reader *r = l->reader;
    return r->name[0] != 0 && r->card != NULL && l->moves == r->moves;
}

LONG link_new(struct context *c, struct reader *r, bool exclusive, SCARDHANDLE *out) {
    for (struct link *l = links; l < links + HANDLES_MAX; l++) {
        if (l->id == 0) {
            *l = (struct link){
                .id = FIRST_CARD + ++made, .context = c, .reader = r, .moves = r->moves};
            r->links++;
            r->exclusive = exclusive;
            *out = l->id;
            service_news();
            return SCARD_S_SUCCESS;
        }
    }
    return SCARD_E_NO_MEMORY;
}

LONG link_find(SCARDHANDLE id, struct link **out) {
    for (struct link *l = links; l < links + HANDLES_MAX; l++) {
        if (id != 0 && l->id == id) {
            *out = l;
            return SCARD_S_SUCCESS;
        }
    }
    return ERROR_INVALID_HANDLE;
}

LONG link_good(const struct link *l) {
    if (l->reader->name[0] == 0) {
        return SCARD_E_READER_UNAVAILABLE;
    }
    if (!is_of_now(l)) {
        return SCARD_W_REMOVED_CARD;
    }
    if (l->reset) {
        return SCARD_W_RESET_CARD;
    }
    return l->unpowered ? SCARD_W_UNPOWERED_CARD : SCARD_S_SUCCESS;
}

LONG link_turn(SCARDHANDLE id, struct link **out) {
    for (;;) {
        service_look();
        LONG rc = link_find(id, out);
        rc = rc == SCARD_S_SUCCESS ? link_good(*out) : rc;
        if (rc != SCARD_S_SUCCESS) {
            return rc;
        }
        const struct reader *r = (*out)->reader;
        if (!r->busy && (r->holder == NULL || r->holder == *out)) {
            return SCARD_S_SUCCESS;
        }
        service_wait(LOOK_MS);
    }
}

void links_reset(const struct reader *r, const struct link *but) {
    for (struct link *l = links; l < links + HANDLES_MAX; l++) {
        l->reset = l->reset || (l->id != 0 && l->reader == r && l != but);
    }
}

void link_leave(struct link *l, DWORD disposition) {
    struct reader *r = l->reader;
    if (!is_of_now(l) || disposition == SCARD_LEAVE_CARD) {
        return;
    }
    links_reset(r, l);
    if (disposition == SCARD_RESET_CARD) {
        vcard_reset(r->card);
        return;
    }
    vcard_power_off(r->card);
    r->powered = false;
    l->unpowered = true;
    service_news();
}

void link_end(struct link *l, DWORD disposition) {
    struct reader *r = l->reader;
    link_leave(l, disposition);
    if (r->holder == l) {
        r->holder = NULL;
        r->depth = 0;
    }
    r->links--;
    r->exclusive = false;
    *l = (struct link){0};
    service_news();
}
