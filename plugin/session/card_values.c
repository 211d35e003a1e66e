#include "card_values.h"

#include "japan.h"
#include "kinds.h"
#include "values_give.h"

#define NO_END_S INT64_C(253402214400) /* 9999-12-31: a certificate that says it has no end */

static const char *const kind_names[] = {
    [SHK_CARD_UNKNOWN] = "unknown", [SHK_CARD_MYNUMBER] = "mynumber",
    [SHK_CARD_ANDROID] = "android", [SHK_CARD_IPHONE] = "iphone",
    [SHK_CARD_JUKI] = "juki",       [SHK_CARD_OTHER] = "other"};

#define KINDS (sizeof kind_names / sizeof kind_names[0])

static bool has_end(const struct identity *id) {
    return id->certificate.n > 0 && id->info.not_after_s > 0 && id->info.not_after_s < NO_END_S;
}

/* The day in Japan on which it ends, which is how long a person may use it. */
static void take_end(struct session *s, const struct identity *id, struct card_values *v) {
    int64_t now_s = s->env.clock->wall_s(s->env.clock_self);
    int64_t warn_days = config_int(s->config, "token.warn_days");
    char day[9];
    japan_day_of(id->info.not_after_s, day);
    text_format(v->expires_on, sizeof v->expires_on, "%.4s-%.2s-%.2s", day, day + 4, day + 6);
    v->days_left = (int32_t)(japan_days(id->info.not_after_s) - japan_days(now_s));
    bool soon = warn_days > 0 && v->days_left >= 0 && v->days_left <= warn_days;
    v->notice = soon ? SHK_NOTICE_EXPIRES : 0;
}

bool card_values_is_other(const struct reader_state *reader) {
    const struct card_look *look = card_look_by_atr(reader->atr, reader->atr_len);
    return look != NULL && look->certain && !look->mynumber;
}

bool card_values_begin(struct session *s, const struct reader_state *reader) {
    const struct card_look *look = card_look_by_atr(reader->atr, reader->atr_len);
    bool other = card_values_is_other(reader);
    mutex_lock(s->lock);
    text_copy(s->values.reader, sizeof s->values.reader, reader->name);
    s->values.card = (struct card_values){.kind = other ? SHK_CARD_OTHER : SHK_CARD_UNKNOWN};
    if (look != NULL && !look->mynumber) {
        s->values.card.name = look->japanese;
        s->values.card.name_en = look->english;
    }
    s->values.tries_left = -1;
    mutex_unlock(s->lock);
    return !other;
}

static bool is_ours(int32_t kind) {
    return kind == SHK_CARD_MYNUMBER || kind == SHK_CARD_ANDROID || kind == SHK_CARD_IPHONE;
}

void card_values_take(struct session *s, const struct identity *id) {
    struct card_values *v = &s->values.card;
    mutex_lock(s->lock);
    bool told = v->notice != 0;
    if (id->kind != SHK_CARD_UNKNOWN) {
        v->kind = id->kind;
    }
    if (is_ours(id->kind)) {
        v->name = v->name_en = NULL;
    }
    v->plan = id->plan;
    if (has_end(id)) {
        take_end(s, id, v);
    }
    bool tell = v->notice != 0 && !told;
    mutex_unlock(s->lock);
    if (tell) {
        session_post(s, SHK_EVENT_NOTICE);
    }
}

static int32_t give_japanese(const struct card_values *v, struct reading *out) {
    char left[32] = "今日まで";
    if (v->notice == 0) {
        return SHK_E_ABSENT;
    }
    if (v->days_left > 0) {
        text_format(left, sizeof left, "あと%d日", (int)v->days_left);
    }
    text_format(
        out->scratch, sizeof out->scratch,
        "カードの利用者証明用電子証明書の有効期限は%.4s年%.2s月%.2s日(%s)です。期限の3か月前から"
        "市区町村の窓口で更新できることを患者さんに伝えてください。",
        v->expires_on, v->expires_on + 5, v->expires_on + 8, left);
    return values_give_text(out, out->scratch);
}

static int32_t give_english(const struct card_values *v, struct reading *out) {
    if (v->notice == 0) {
        return SHK_E_ABSENT;
    }
    text_format(
        out->scratch, sizeof out->scratch,
        "The certificate on the card ends on %s (days left: %d). The municipality renews it "
        "from three months before that day on; tell the patient.",
        v->expires_on, (int)v->days_left);
    return values_give_text(out, out->scratch);
}

static int32_t give_plan(const struct card_values *v, struct reading *out) {
    out->scratch[0] = v->plan;
    out->scratch[1] = '\0';
    return values_give_if(out, out->scratch);
}

int32_t card_values_read(const struct card_values *v, const char *path, size_t n,
                         struct reading *out) {
    bool known = v->kind > SHK_CARD_UNKNOWN && (size_t)v->kind < KINDS;
    const struct {
        const char *path;
        int64_t number;
    } numbers[] = {
        {"card.kind", known ? v->kind : -1},
        {"card.days_left", v->expires_on[0] != '\0' && v->days_left >= 0 ? v->days_left : -1},
        {"pin.pad", v->pad ? 1 : 0},
        {"notice", v->notice != 0 ? v->notice : -1},
    };
    const struct {
        const char *path, *text;
    } texts[] = {
        {"card.kind_name", known ? kind_names[v->kind] : NULL},
        {"card.name", v->name},
        {"card.name_en", v->name_en},
        {"card.expires_on", v->expires_on},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (text_equal_n(numbers[i].path, path, n)) {
            return values_give_known(out, numbers[i].number);
        }
    }
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (text_equal_n(texts[i].path, path, n)) {
            return values_give_if(out, texts[i].text != NULL ? texts[i].text : "");
        }
    }
    if (text_equal_n("card.plan", path, n)) {
        return give_plan(v, out);
    }
    if (text_equal_n("notice.message", path, n)) {
        return give_japanese(v, out);
    }
    return text_equal_n("notice.message_en", path, n) ? give_english(v, out) : SHK_E_PATH;
}
