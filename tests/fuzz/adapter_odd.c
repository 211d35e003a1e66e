#include "adapter_odd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "thread.h"

#define COUNT(list) ((uint32_t)(sizeof(list) / sizeof(list)[0]))
#define LATE_MAX    4
#define PATIENCE_MS 120000

struct shk_host {
    const shk_services *sv;
    int32_t calls;
};

struct odd odd;
static struct thread *late[LATE_MAX];
static size_t late_n;

/* Of the threads that call late: they live until the handle is closed at the latest. */
static void call_late(void *self) {
    const shk_services *sv = self;
    (void)sv->now_ms(sv->self);
    (void)(sv->fail)(sv->self, SHK_E_HOST_BUSY, 7, "late");
    sv->log(sv->self, SHK_LOG_INFO, "late", 1);
    (void)sv->note(sv->self, "late");
}

static const char *text_of(struct fuzz_input *in) {
    static char endless[5000];
    static const char *const texts[] = {"",     "x",      "00001", "a\nb", "\xC3(",
                                        "見本", "folder", "../x",  NULL,   endless};
    memset(endless, 'x', sizeof endless - 1);
    return texts[fuzz_below(in, COUNT(texts))];
}

static const char *file_of(struct fuzz_input *in, char out[200]) {
    static const char *const names[] = {"a", "b", "no/where", ".staged"};
    snprintf(out, 200, "%s/%s", odd.folder, names[fuzz_below(in, COUNT(names))]);
    return out;
}

static void use_files(const shk_services *sv, struct fuzz_input *in) {
    char path[200], staged[] = ".s";
    uint8_t *data = NULL;
    uint32_t len = 0;
    void *kept = NULL;
    switch (fuzz_below(in, 6)) {
    case 0:
        (void)sv->read_file(sv->self, file_of(in, path), &data, &len);
        sv->release(sv->self, data);
        break;
    case 1:
        (void)sv->put_file(sv->self, file_of(in, path), (const uint8_t *)"x", 1,
                           (int32_t)fuzz_below(in, 2));
        break;
    case 2:
        (void)sv->lock_file(sv->self, file_of(in, path), 1, &kept);
        break; /* never given back */
    case 3:
        (void)sv->stage_file(sv->self, staged, file_of(in, path), (const uint8_t *)"y", 1, 0,
                             &kept);
        (void)(fuzz_below(in, 2) ? sv->publish_file(sv->self, kept) : 0);
        break;
    case 4:
        sv->unlock_file(sv->self, &len); /* was never lent */
        sv->unstage_file(sv->self, &len, 0);
        break;
    default:
        (void)sv->remove_file(sv->self, file_of(in, path));
        break;
    }
}

static void use_services(const shk_services *sv, struct fuzz_input *in) {
    char digest[33];
    for (uint32_t n = odd.good ? 0 : fuzz_below(in, 3); n > 0; n--) {
        switch (fuzz_below(in, 7)) {
        case 0:
            (void)(sv->fail)(sv->self, (int32_t)fuzz_below(in, 2) - 1605, 3, text_of(in));
            break;
        case 1:
            (void)sv->note(sv->self, text_of(in));
            break;
        case 2:
            (void)sv->digest(sv->self, (const uint8_t *)"x", fuzz_below(in, 2), digest);
            break;
        case 3:
            sv->pause(sv->self, (int32_t)fuzz_below(in, 3));
            break;
        case 4:
            sv->http_close(sv->self, digest); /* was never lent */
            break;
        default:
            use_files(sv, in);
            break;
        }
    }
}

static int32_t code_of(struct fuzz_input *in) {
    static const int32_t codes[] = {0,
                                    0,
                                    0,
                                    SHK_E_HOST_REFUSED,
                                    SHK_E_HOST_UNREACHABLE,
                                    SHK_E_UNDECIDED,
                                    SHK_E_DELIVERY_UNSURE,
                                    SHK_E_DELIVERY_TAKEN,
                                    SHK_E_ABSENT,
                                    1,
                                    -7,
                                    INT32_MIN,
                                    INT32_MAX,
                                    SHK_E_CANCELLED,
                                    SHK_E_MEMORY,
                                    SHK_E_ADAPTER_TIMEOUT};
    return odd.good ? SHK_OK : codes[fuzz_below(in, COUNT(codes))];
}

static void start_late(const shk_services *sv, struct fuzz_input *in) {
    if (!odd.good && fuzz_below(in, 16) == 15 && late_n < LATE_MAX) {
        /* NOLINTNEXTLINE(performance-no-int-to-ptr): a thread's argument is not const */
        late[late_n] = thread_start(call_late, (void *)(uintptr_t)sv);
        late_n += late[late_n] != NULL ? 1 : 0;
    }
}

static void await_late(void) {
    while (late_n > 0) {
        fuzz_must(thread_join(late[--late_n], PATIENCE_MS), "a late call that never comes back");
    }
}

static int32_t SHK_CALL odd_open(const shk_services *sv, const shk_setting *settings, uint32_t n,
                                 shk_host **out) {
    int32_t rc = code_of(&odd.in);
    for (uint32_t i = 0; i < n; i++) {
        fuzz_must(settings[i].key != NULL && settings[i].value != NULL, "a setting without a text");
    }
    use_services(sv, &odd.in);
    bool gives = odd.good || fuzz_below(&odd.in, 8) > 0;
    if (gives && rc == SHK_OK) {
        fuzz_faults(false);
        *out = calloc(1, sizeof **out);
        fuzz_faults(!odd.good);
        fuzz_must(*out != NULL, "memory for a host");
        (*out)->sv = sv;
        odd.opened++;
    }
    return rc;
}

static void SHK_CALL odd_close(shk_host **h) {
    if (h == NULL || *h == NULL) {
        return;
    }
    use_services((*h)->sv, &odd.in);
    await_late();
    free(*h);
    *h = NULL;
    odd.closed++;
}

static void judge_delivery(const shk_delivery *d) {
    fuzz_must(d->struct_size == sizeof *d && d->abi == SHK_ADAPTER_ABI,
              "a delivery of another kind");
    fuzz_must(strlen(d->id) == 36 && d->script != NULL && d->file_name != NULL,
              "a delivery without a name");
    fuzz_must(d->body != NULL && d->body[d->body_len] == '\0', "a body without an end");
    fuzz_must(d->patient != NULL && d->note != NULL && strlen(d->note) < SHK_NOTE_MAX, "a note");
}

/* A delivery that the store could not note may come again: as a further attempt, so that an adapter looks first. */
static void note_result(const char *id, int32_t attempt, int32_t rc) {
    size_t at = 0;
    while (at < odd.ids_n && strcmp(odd.ids[at].id, id) != 0) {
        at++;
    }
    if (at == odd.ids_n && at < ODD_IDS_MAX) {
        snprintf(odd.ids[odd.ids_n++].id, sizeof odd.ids[0].id, "%s", id);
    }
    fuzz_must(at < ODD_IDS_MAX, "more deliveries than documents");
    fuzz_must(odd.ids[at].taken == 0 || (fuzz_failed() && attempt > 1), "delivered twice");
    odd.ids[at].tried++;
    odd.ids[at].taken += rc == SHK_OK ? 1 : 0;
}

static int32_t SHK_CALL odd_deliver(shk_host *h, const shk_delivery *d, shk_receipt *receipt) {
    judge_delivery(d);
    use_services(h->sv, &odd.in);
    start_late(h->sv, &odd.in);
    if (!odd.good && fuzz_below(&odd.in, 2) == 1) { /* no text in it has an end */
        memset(receipt, fuzz_byte(&odd.in), sizeof *receipt);
    }
    bool said = fuzz_below(&odd.in, 8) == 7 && !odd.good;
    int32_t rc = said ? (h->sv->fail)(h->sv->self, SHK_E_FOLDER_WRITE, 5, text_of(&odd.in))
                      : code_of(&odd.in);
    await_late(); /* the note of a late call may have been the last one */
    note_result(d->id, d->attempt, rc);
    return rc;
}

static int32_t SHK_CALL odd_find(shk_host *h, const shk_field *asked, uint32_t asked_n,
                                 shk_patient_found found, void *who) {
    (void)asked, (void)asked_n;
    for (uint32_t n = odd.good ? 0 : fuzz_below(&odd.in, 4); n > 0; n--) {
        const shk_field fields[] = {{text_of(&odd.in), text_of(&odd.in)}, {"name", "見本 太郎"}};
        (void)found(who, text_of(&odd.in), fields,
                    fuzz_below(&odd.in, 8) == 7 ? 100000 : fuzz_below(&odd.in, 3));
    }
    use_services(h->sv, &odd.in);
    return code_of(&odd.in);
}

const shk_adapter *odd_table(void) {
    static shk_adapter table;
    static const char *const names[] = {"odd/1", "odd/1", "odd/1", "odd", "", "/1"};
    static const uint32_t sizes[] = {sizeof table,     sizeof table,     sizeof table, 0, 4, 8,
                                     sizeof table - 8, sizeof table + 8, UINT32_MAX};
    table = (shk_adapter){.struct_size = sizeof table,
                          .abi = SHK_ADAPTER_ABI,
                          .id = "odd/1",
                          .open = odd_open,
                          .deliver = odd_deliver,
                          .close = odd_close,
                          .find_patients = odd_find};
    if (odd.good || fuzz_below(&odd.in, 4) != 3) {
        return &table;
    }
    table.struct_size = sizes[fuzz_below(&odd.in, COUNT(sizes))];
    table.abi = fuzz_below(&odd.in, 4) == 3 ? fuzz_number(&odd.in) : SHK_ADAPTER_ABI;
    table.id = names[fuzz_below(&odd.in, COUNT(names))];
    table.open = fuzz_below(&odd.in, 8) == 7 ? NULL : odd_open;
    table.deliver = fuzz_below(&odd.in, 8) == 7 ? NULL : odd_deliver;
    table.close = fuzz_below(&odd.in, 8) == 7 ? NULL : odd_close;
    return &table;
}

void odd_end(void) {
    await_late();
}
