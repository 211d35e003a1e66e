/* One folder adapter over files in memory, and a store that keeps its notes. */
#ifndef UNIT_FOLDER_ADAPTER_STAGE_H
#define UNIT_FOLDER_ADAPTER_STAGE_H

#include "files_fake.h"
#include "registry.h"
#include "services_fake.h"

#define FOLDER "/receipt"

struct folder_desk {
    struct files_fake disk;
    struct services_fake lent;
    const shk_adapter *adapter;
    shk_host *host;
    shk_receipt receipt;
    shk_delivery d; /* what is delivered next */
    char note[SHK_NOTE_MAX];
    int32_t refuse;     /* what notes come to; 0: they are kept */
    bool kept_all_same; /* the note is kept although `refuse` is told: its answer got lost */
};

extern struct folder_desk desk;

int desk_set_up(void **state);
int desk_tear_down(void **state);
/* Opens with the folder and these settings; ends with a null key. */
int32_t desk_open(const shk_setting *more);
/* The next delivery: a row or a document. */
void desk_row(const char *id, const char *head, const char *row);
void desk_document(const char *id, const char *name, const char *body);
/* One more attempt, by the handle that is open; attempt 0 is one without a store. */
int32_t desk_deliver(int32_t attempt);
void desk_expect(const char *name, const char *content); /* null: no such file */
const char *desk_path(const char *name);
/* How many files lie there whose names begin so. */
size_t desk_count(const char *prefix);

#endif
