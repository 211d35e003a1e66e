/* The worker's straight-line code: one file for each kind of job. *why is what a job came to; the faults
 * before its end have been told of. */
#ifndef SESSION_FLOW_H
#define SESSION_FLOW_H

#include "session.h"

/* check.c: one whole check of the card on that reader: identity, question, answer, documents.
 * SHK_OK when an answer came and every document was delivered. */
int32_t check_once(struct session *s, const char *reader, struct fault *why);

/* job_cards.c */
/* Works on the card on that reader. SHK_E_NOT_MYNUMBER: not a card for it, another one may be. */
typedef int32_t card_work(struct session *s, const char *reader, struct fault *why);
/* Waits for a card, SHK_EVENT_WAITING and all, and works on it. SHK_E_NO_CARD when none comes in time. */
int32_t card_await(struct session *s, card_work *work, struct fault *why);
void job_check_card(struct session *s, struct fault *why);
void job_watch_cards(struct session *s, struct fault *why);
/* job_readers.c */
void job_readers(struct session *s, struct fault *why);
int32_t job_readers_ready(const struct session *s, struct fault *why);
/* job_arrivals.c */
void job_check_arrival(struct session *s, struct fault *why);
void job_watch_arrivals(struct session *s, struct fault *why);
/* job_query.c */
void job_query(struct session *s, struct fault *why);
void job_register(struct session *s, struct fault *why);
/* job_import.c */
void job_import(struct session *s, struct fault *why);
/* job_bulk.c */
void job_bulk(struct session *s, struct fault *why);
/* job_pack.c */
void job_pack(struct session *s, struct fault *why);
int32_t job_pack_ready(const struct session *s, struct fault *why);
/* job_map.c */
void job_map(struct session *s, struct fault *why);
int32_t job_map_ready(const struct session *s, struct fault *why);

/* job_deliver.c */
void job_deliver(struct session *s, struct fault *why);
int32_t job_deliver_ready(const struct session *s, struct fault *why);
/* job_history.c */
void job_history(struct session *s, struct fault *why);
int32_t job_history_ready(const struct session *s, struct fault *why);
/* job_store.c */
void job_store(struct session *s, struct fault *why);
int32_t job_store_ready(const struct session *s, struct fault *why);

/* job_person.c */
void job_person(struct session *s, struct fault *why);
int32_t job_person_ready(const struct session *s, struct fault *why);

/* True for a job whose answers go to the configured deliveries. */
bool flow_delivers(int32_t job);

#endif
