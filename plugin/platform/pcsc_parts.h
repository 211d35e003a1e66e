/* What the parts of the transport share: pcsc_transport.c (the card), pcsc_scan.c (the readers),
 * pcsc_left.c (calls left behind) and pcsc_reader.c (what the reader can do). */
#ifndef PLATFORM_PCSC_PARTS_H
#define PLATFORM_PCSC_PARTS_H

#include "env.h"
#include "pcsc_line.h"
#include "pcsc_part10.h"

#define LIBRARY_PATH_MAX 1024
#define LEFT_MAX         (READER_LIST_MAX + 1)

/* A line that is late, and whom it keeps waiting: a reader, or "" for the service itself. */
struct pcsc_left {
    struct pcsc_line *line;
    char reader[READER_NAME_MAX];
    int32_t code; /* what to say of it meanwhile */
};

struct transport {
    char library[LIBRARY_PATH_MAX];
    struct pcsc_line *line; /* null until it is needed, and after it was left behind */
    struct pcsc_left left[LEFT_MAX];
    int32_t limit_ms;
    bool connected, in_transaction, waited;
    bool letting_go; /* the line still gives the card of `reader` back, until let_go_ms at most */
    int64_t let_go_ms;
    char reader[READER_NAME_MAX];
    int64_t deadline_ms, usual_ms;

    struct reader_list last; /* as the last scan saw it */
    uint32_t events[READER_LIST_MAX];
    bool no_pnp, empty; /* empty: the last look found no reader */
    uint32_t pnp;
    int32_t settle_ms;

    bool asked, no_display; /* what the reader said of itself is known for this connection */
    struct part10_features features;
    struct reader_traits traits;
};

/* Codes. PCSC_LATE is a fault of the card. */
bool pcsc_service_gone(uint32_t rv);
int32_t pcsc_meaning(uint32_t rv);
int32_t pcsc_fault(struct fault *why, int32_t code, uint32_t rv, const char *where);

/* Waits for a card that is still given back. To be called before anything else is asked of the line. */
void pcsc_settle(struct transport *t);
/* A line with a context. What says that there is no service means that, even as a failure of its wire. */
int32_t pcsc_ready(struct transport *t, struct fault *why);
void pcsc_drop_context(struct transport *t);
/* The limit of a call that waits for nothing but the service. */
int32_t pcsc_service_ms(const struct transport *t);

/* Hands rv on; when it is PCSC_LATE the line is put aside under the reader's name first. */
uint32_t pcsc_check(struct transport *t, uint32_t rv, const char *reader, int32_t code);
/* Waits at most ms until nothing keeps this reader waiting; else the code to say. */
int32_t pcsc_left_over(struct transport *t, const char *reader, int32_t ms);
void pcsc_left_abandon(struct transport *t);

/* card_ops */
int32_t pcsc_list(void *self, struct reader_list *out, struct fault *why);
int32_t pcsc_wait_change(void *self, struct reader_list *seen, int32_t ms, struct fault *why);
int32_t pcsc_traits(void *self, struct reader_traits *out, struct fault *why);
int32_t pcsc_pad_verify(void *self, const struct pad_question *ask, uint16_t *sw,
                        struct fault *why);
/* A command that got no answer with a status word. */
int32_t pcsc_no_answer(struct transport *t, uint32_t rv, const char *call, struct fault *why);

#endif
