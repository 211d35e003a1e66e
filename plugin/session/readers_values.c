#include "readers_values.h"

#include <stdlib.h>
#include <string.h>

#include "values_give.h"

void readers_values_free(struct readers_values **values) {
    free(*values);
    *values = NULL;
}

int32_t readers_values_read(const struct readers_values *v, const char *path, size_t n,
                            struct reading *out) {
    static const struct readers_values none;
    static const char *const services[] = {"running", "stopped", "missing"};
    const struct readers_values *r = v != NULL ? v : &none;
    const struct {
        const char *path;
        const char *text;
    } texts[] = {
        {"service", v != NULL ? services[r->service] : ""},
        {"session", v != NULL ? r->session : ""},
        {"list_date", r->list_date},
        {"verdict", r->sentence},
        {"verdict_en", r->sentence_en},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (text_equal_n(texts[i].path, path, n)) {
            return values_give_if(out, texts[i].text);
        }
    }
    return text_equal_n("bits", path, n) ? values_give_known(out, v != NULL ? r->bits : -1)
                                         : SHK_E_PATH;
}

static const struct reader_facts *facts_of(const struct readers_values *v,
                                           const struct reader_state *reader) {
    for (size_t i = 0; v != NULL && i < v->n; i++) {
        if (text_equal(v->at[i].state.name, reader->name)) {
            return &v->at[i];
        }
    }
    return NULL;
}

static const char *extended_of(const struct probe *probe) {
    switch (probe->extended) {
    case TRIAL_WORKS:
        return "yes";
    case TRIAL_BROKE:
        return "no";
    case TRIAL_REFUSED:
        return probe->traits.says_size && probe->traits.apdu_max == 0 ? "no" : "refused";
    default:
        return "unknown";
    }
}

static const char *short_ids_of(const struct probe *probe) {
    static const char *const words[] = {"unknown", "yes", "no", "no"};
    return words[probe->short_ids];
}

/* What the card is, by what it said, else by its ATR. */
static int32_t kind_of(const struct reader_facts *f) {
    if (f->probed && f->probe.application) {
        return f->probe.kind;
    }
    bool other =
        (f->look != NULL && f->look->certain) || (f->probed && f->probe_code == SHK_E_NOT_MYNUMBER);
    return other ? SHK_CARD_OTHER : SHK_CARD_UNKNOWN;
}

static const char *kind_name_of(const struct reader_facts *f) {
    static const char *const names[] = {"unknown", "mynumber", "android", "iphone", "juki"};
    int32_t kind = kind_of(f);
    if (kind != SHK_CARD_OTHER && kind != SHK_CARD_UNKNOWN) {
        return names[kind];
    }
    bool known = f->look != NULL && !(kind == SHK_CARD_OTHER && f->look->mynumber);
    if (known) {
        return f->look->id;
    }
    return kind == SHK_CARD_OTHER ? "other" : names[SHK_CARD_UNKNOWN];
}

const char *readers_card_name(const struct reader_facts *f, bool english) {
    static const struct {
        const char *japanese, *english;
    } names[] = {
        {"", ""},
        {"マイナンバーカード", "My Number Card"},
        {"スマートフォン(Android)の電子証明書", "certificate of an Android phone"},
        {"スマートフォン(iPhone)の電子証明書", "certificate of an iPhone"},
        {"住民基本台帳カード", "Basic Resident Register card"},
    };
    int32_t kind = kind_of(f);
    if (kind != SHK_CARD_OTHER && kind != SHK_CARD_UNKNOWN) {
        return english ? names[kind].english : names[kind].japanese;
    }
    if (f->look == NULL || (kind == SHK_CARD_OTHER && f->look->mynumber)) {
        return "";
    }
    return english ? f->look->english : f->look->japanese;
}

static int32_t give_driver(const struct reader_facts *f, struct reading *out) {
    const struct reader_traits *t = &f->probe.traits;
    bool both = t->vendor[0] != '\0' && t->driver_version[0] != '\0';
    text_format(out->scratch, sizeof out->scratch, "%s%s%s", t->vendor, both ? " " : "",
                t->driver_version);
    return values_give_if(out, f->probed ? out->scratch : "");
}

static int32_t give_usb(const struct reader_facts *f, struct reading *out) {
    const struct reader_traits *t = &f->probe.traits;
    text_format(out->scratch, sizeof out->scratch, "%04X:%04X", (unsigned)t->usb_vendor,
                (unsigned)t->usb_product);
    return values_give_if(out, f->probed && t->usb_vendor != 0 ? out->scratch : "");
}

static int32_t read_number(const struct reader_facts *f, const char *path, size_t n,
                           struct reading *out) {
    enum reader_use use = verdict_row(f->verdict)->use;
    bool spoken_to = f->probed && f->probe.apdus > 0;
    const struct {
        const char *path;
        int64_t number;
    } numbers[] = {
        {"pin_pad", spoken_to ? f->probe.traits.pin_pad : -1},
        {"kind", f->state.card_present ? kind_of(f) : -1},
        {"apdu_us", f->probed ? f->probe.apdu_us : -1},
        {"in_use", f->state.card_present ? f->state.in_use : -1},
        {"usable", use == USE_OPEN ? -1 : use == USE_YES},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (text_equal_n(numbers[i].path, path, n)) {
            return values_give_known(out, numbers[i].number);
        }
    }
    return SHK_E_PATH;
}

static const char *official_of(const struct reader_facts *f) {
    static const char *const words[] = {"", "yes", "no"};
    return words[f->official];
}

static int32_t read_text(const struct reader_facts *f, const char *path, size_t n,
                         struct reading *out) {
    bool card = f->state.card_present;
    const struct {
        const char *path;
        const char *text;
    } texts[] = {
        {"extended", f->probed ? extended_of(&f->probe) : "unknown"},
        {"short_ids", f->probed ? short_ids_of(&f->probe) : "unknown"},
        {"kind_name", card ? kind_name_of(f) : ""},
        {"card_name", card ? readers_card_name(f, false) : ""},
        {"card_name_en", card ? readers_card_name(f, true) : ""},
        {"holder", f->holder},
        {"verdict_name", verdict_row(f->verdict)->name},
        {"verdict", f->sentence},
        {"verdict_en", f->sentence_en},
        {"listed", f->model},
        {"listed_official", official_of(f)},
        {"listed_note", f->note},
        {"listed_note_en", f->note_en},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (text_equal_n(texts[i].path, path, n)) {
            return values_give_if(out, texts[i].text);
        }
    }
    return SHK_E_PATH;
}

int32_t readers_values_read_item(const struct readers_values *v, const struct reader_state *reader,
                                 const char *path, size_t n, struct reading *out) {
    static const struct reader_facts none;
    const struct reader_facts *known = facts_of(v, reader);
    const struct reader_facts *f = known != NULL ? known : &none;
    int32_t rc = read_number(f, path, n, out);
    rc = rc == SHK_E_PATH ? read_text(f, path, n, out) : rc;
    if (rc == SHK_E_PATH && text_equal_n("driver", path, n)) {
        rc = give_driver(f, out);
    } else if (rc == SHK_E_PATH && text_equal_n("usb", path, n)) {
        rc = give_usb(f, out);
    }
    return known != NULL || rc == SHK_E_PATH ? rc : SHK_E_ABSENT;
}
