/* Inside the commands that look after what is kept: outbox, history, store. */
#ifndef CONSOLE_KEPT_H
#define CONSOLE_KEPT_H

#include "run.h"

/* "history[2].kind" and the like; n 0: "store.schema". Null: absent. */
char *kept_text(const struct session *s, const char *list, int32_t n, const char *name);
bool kept_number(const struct session *s, const char *list, int32_t n, const char *name,
                 int32_t *out);
/* The fault of the n-th of a list; code 0: none. */
void kept_failure(const struct session *s, const char *list, int32_t n, struct failure *out);
/* "渡しました: 3", or nothing when there is no such number. */
void kept_say_number(struct run *r, const char *list, const char *name, const char *japanese,
                     const char *english);
/* Rows of texts and numbers as members of an object. */
void kept_put_texts(struct json *j, const struct session *s, const char *list, int32_t n,
                    const char *const *names, size_t names_n);
void kept_put_numbers(struct json *j, const struct session *s, const char *list, int32_t n,
                      const char *const *names, size_t names_n);

/* kept_outbox.c, kept_history.c, kept_store.c: for a person, f being what went wrong, and for a program. */
void kept_show_outbox(struct run *r);
/* Those of the outbox with that id, or all of them where id is null; how many there were. */
int32_t kept_show_waiting(struct run *r, const char *id);
void kept_put_outbox(struct json *j, const struct run *r);
void kept_show_history(struct run *r, const struct failure *f);
void kept_put_history(struct json *j, const struct run *r);
void kept_show_store(struct run *r);
void kept_put_store(struct json *j, const struct run *r);

#endif
