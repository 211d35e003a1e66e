/* A copied text that is read, and what came of it. */
#ifndef UNIT_APP_STAGE_H
#define UNIT_APP_STAGE_H

#include "app.h"

extern struct app_words *app_words;
extern struct record_set *app_set; /* of the last text; null after a fault */
extern struct fault app_why;

/* For cmocka, around each case. */
int app_set_up(void **state);
int app_tear_down(void **state);

/* Reads a copy of exactly this size. */
int32_t app_take(const char *text, size_t n);
int32_t app_take_text(const char *text);
/* A file of tests/data/app. */
int32_t app_take_file(const char *name);
const char *app_file(const char *name, size_t *n);
/* The sample with each `from` replaced. Memory of the stage, used again by the next call. */
const char *app_changed(const char *name, const char *from, const char *to);

/* Null: absent or empty. */
void app_assert(size_t record, const char *path, const char *text);
void app_assert_number(size_t record, const char *path, int64_t number);
/* The index-th drift: its path, line and raw value. */
void app_assert_drift(size_t index, const char *path, int32_t line, const char *raw);
void app_assert_refused(int32_t rc, int32_t code, const char *where);

#endif
