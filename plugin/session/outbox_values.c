#include "outbox_values.h"

#include <stdlib.h>
#include <string.h>

#include "japan.h"
#include "values_give.h"

static void wipe_text(char *text) {
    if (text != NULL) {
        memory_wipe(text, strlen(text));
        free(text);
    }
}

void outbox_values_free(struct outbox_values **values) {
    struct outbox_values *v = *values;
    if (v == NULL) {
        return;
    }
    for (size_t i = 0; i < v->n; i++) {
        wipe_text(v->items[i].name);
        wipe_text(v->items[i].birth_date);
    }
    free(v->items);
    free(v);
    *values = NULL;
}

bool outbox_values_set(struct session *s, int64_t waiting, int64_t undecided, int64_t delivered) {
    struct outbox_values *fresh = calloc(1, sizeof *fresh);
    if (fresh == NULL) {
        return false;
    }
    fresh->waiting = waiting;
    fresh->undecided = undecided;
    fresh->delivered = delivered;
    mutex_lock(s->lock);
    struct outbox_values *old = s->values.outbox;
    s->values.outbox = fresh;
    mutex_unlock(s->lock);
    outbox_values_free(&old);
    return true;
}

static int64_t at_of(void *self) {
    return *(int64_t *)self;
}

void outbox_time(int64_t at_s, char out[20]) {
    /* One clock for the day and the time of it, wherever the machine thinks it stands. */
    static const struct clock_ops fixed = {.wall_s = at_of};
    const struct env env = {.clock = &fixed, .clock_self = &at_s};
    char t[15];
    japan_time(&env, t);
    text_format(out, 20, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2s", t, t + 4, t + 6, t + 8, t + 10, t + 12);
}

int32_t outbox_values_read(const struct outbox_values *v, const char *path, size_t n,
                           struct reading *out) {
    const struct {
        const char *path;
        int64_t number;
    } numbers[] = {
        {"waiting", v != NULL ? v->waiting : -1},
        {"undecided", v != NULL ? v->undecided : -1},
        {"delivered", v != NULL ? v->delivered : -1},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (text_equal_n(numbers[i].path, path, n)) {
            return values_give_known(out, numbers[i].number);
        }
    }
    return SHK_E_PATH;
}

static const char *state_word(enum delivery_state state, bool japanese) {
    switch (state) {
    case DELIVERY_READY:
        return japanese ? "送信待ち" : "ready";
    case DELIVERY_UNDECIDED:
        return japanese ? "患者が未定" : "undecided";
    case DELIVERY_DONE:
        return japanese ? "送信済み" : "done";
    case DELIVERY_DROPPED:
        return japanese ? "取り消し" : "dropped";
    case DELIVERY_PLANNED:
        break;
    }
    return japanese ? "準備中" : "planned";
}

static int32_t read_text(const struct outbox_item *item, const char *path, size_t n,
                         struct reading *out) {
    const struct {
        const char *path, *text;
    } texts[] = {
        {"id", item->row.id},
        {"state", state_word(item->row.state, false)},
        {"state_text", state_word(item->row.state, true)},
        {"at", item->at},
        {"target", item->adapter},
        {"source", item->row.source},
        {"answer", item->row.answer},
        {"name", item->name != NULL ? item->name : ""},
        {"birth_date", item->birth_date != NULL ? item->birth_date : ""},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (text_equal_n(texts[i].path, path, n)) {
            return values_give_if(out, texts[i].text);
        }
    }
    return SHK_E_PATH;
}

static int32_t read_item(const struct outbox_item *item, const char *path, size_t n,
                         struct reading *out) {
    if (text_equal_n("attempts", path, n)) {
        return values_give_number(out, item->row.attempts);
    }
    if (text_equal_n("record", path, n)) {
        return values_give_number(out, item->row.record);
    }
    if (text_equal_n("claimed", path, n)) {
        return values_give_number(out, item->row.claimed ? 1 : 0);
    }
    if (text_equal_n("delivery", path, n)) {
        return values_give_known(out, item->delivery > 0 ? (int64_t)item->delivery : -1);
    }
    if (n > 6 && memcmp(path, "fault.", 6) == 0) {
        int32_t rc = values_read_fault(&item->fault, path + 6, n - 6, out);
        return rc == SHK_OK && item->fault.code == 0 ? SHK_E_ABSENT : rc;
    }
    return read_text(item, path, n, out);
}

int32_t outbox_values_read_item(const struct outbox_values *v, size_t index, const char *path,
                                size_t n, struct reading *out) {
    static const struct outbox_item none;
    bool there = v != NULL && index > 0 && index <= v->n;
    int32_t rc = read_item(there ? &v->items[index - 1] : &none, path, n, out);
    return there || rc == SHK_E_PATH ? rc : SHK_E_ABSENT;
}
