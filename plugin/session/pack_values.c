#include "pack_values.h"

#include <stdlib.h>
#include <string.h>

#include "paths.h"
#include "values_give.h"

static void clear_texts(struct pack_texts *texts) {
    for (size_t i = 0; i < texts->n; i++) {
        free(texts->at[i]);
    }
    free(texts->at);
    *texts = (struct pack_texts){0};
}

void pack_values_clear(struct pack_values *v) {
    pack_free(&v->pack);
    pack_samples_clear(&v->samples);
    pack_rows_clear(&v->rows);
    clear_texts(&v->labels);
    clear_texts(&v->labels_en);
    pack_list_clear(&v->list);
    pack_new_free(&v->made);
    *v = (struct pack_values){0};
}

/* The field itself, or one of the group or list. */
static bool belongs_to(const struct field *field, const char *use) {
    size_t n = strlen(use);
    return text_starts(field->path, use) && (field->path[n] == '.' || field->path[n] == '[');
}

static int32_t add_label(struct bytes *to, const char *label, const char *between) {
    int32_t rc = to->n > 0 ? bytes_append_text(to, between) : SHK_OK;
    return rc == SHK_OK ? bytes_append_text(to, label) : rc;
}

static int32_t label_use(const char *use, struct bytes *japanese, struct bytes *english) {
    if (text_equal(use, "*")) {
        int32_t all = bytes_append_text(japanese, "すべての項目");
        return all == SHK_OK ? bytes_append_text(english, "every field") : all;
    }
    const struct field *one = field_find(use, strlen(use));
    bool group = one == NULL || field_is_list(use, strlen(use));
    int32_t rc = SHK_OK;
    for (size_t i = 0; rc == SHK_OK && i < field_count(); i++) {
        const struct field *field = field_at(i);
        if (group ? belongs_to(field, use) : field == one) {
            rc = add_label(japanese, field->japanese, "、");
            rc = rc == SHK_OK ? add_label(english, field->english, ", ") : rc;
        }
    }
    return rc;
}

static int32_t keep(struct pack_texts *to, const struct bytes *text) {
    to->at[to->n] = text_dup(bytes_text(text));
    return to->at[to->n] != NULL ? (to->n++, SHK_OK) : SHK_E_MEMORY;
}

int32_t pack_values_label(struct pack_values *v) {
    size_t n = v->pack->uses.n;
    int32_t rc = SHK_OK;
    v->labels.at = calloc(n + 1, sizeof *v->labels.at);
    v->labels_en.at = calloc(n + 1, sizeof *v->labels_en.at);
    if (v->labels.at == NULL || v->labels_en.at == NULL) {
        return SHK_E_MEMORY;
    }
    for (size_t i = 0; rc == SHK_OK && i < n; i++) {
        struct bytes japanese = {0}, english = {0};
        rc = label_use(v->pack->uses.at[i], &japanese, &english);
        rc = rc == SHK_OK ? keep(&v->labels, &japanese) : rc;
        rc = rc == SHK_OK ? keep(&v->labels_en, &english) : rc;
        bytes_clear(&japanese);
        bytes_clear(&english);
    }
    return rc;
}

static int32_t give_signed(struct reading *out, bool known, bool is_signed) {
    return known ? values_give_text(out, is_signed ? "signed" : "unsigned") : SHK_E_ABSENT;
}

/* "fault" is its name, "fault.message" and the like the rest of it. */
static bool give_fault(const struct fault *why, const char *path, size_t n, struct reading *out,
                       int32_t *rc) {
    static const char prefix[] = "fault.";
    size_t begin = sizeof prefix - 1;
    if (text_equal_n("fault", path, n)) {
        *rc = values_read_fault(why, "name", 4, out);
        return true;
    }
    if (n > begin && memcmp(path, prefix, begin) == 0) {
        *rc = values_read_fault(why, path + begin, n - begin, out);
        return true;
    }
    return false;
}

static int32_t read_plain(const struct pack_values *v, const char *path, size_t n,
                          struct reading *out) {
    static const struct {
        const char *path;
        enum pack_text text;
    } texts[] = {
        {"id", PACK_ID},           {"version", PACK_VERSION},   {"name", PACK_NAME},
        {"name_en", PACK_NAME_EN}, {"vendor", PACK_VENDOR},     {"host", PACK_HOST},
        {"format", PACK_FORMAT},   {"encoding", PACK_ENCODING}, {"adapter", PACK_ADAPTER},
        {"script", PACK_SCRIPT},   {"notes", PACK_NOTES},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (text_equal_n(texts[i].path, path, n)) {
            return v->pack != NULL ? values_give_if(out, v->pack->text[texts[i].text])
                                   : SHK_E_ABSENT;
        }
    }
    if (text_equal_n("contract", path, n)) {
        return v->pack != NULL ? values_give_number(out, v->pack->contract) : SHK_E_ABSENT;
    }
    return text_equal_n("signed", path, n) ? give_signed(out, v->is_verified, v->is_signed)
                                           : SHK_E_PATH;
}

static int32_t read_sample(const struct pack_sample *sample, const char *path, size_t n,
                           struct reading *out) {
    const struct pack_difference *d = &sample->difference;
    int32_t rc = SHK_E_PATH;
    if (text_equal_n("name", path, n)) {
        return values_give_if(out, sample->name != NULL ? sample->name : "");
    }
    if (text_equal_n("passed", path, n)) {
        return values_give_number(out, sample->fault.code == 0 ? 1 : 0);
    }
    if (text_equal_n("where", path, n)) {
        return values_give_if(out, sample->fault.where);
    }
    if (text_equal_n("byte", path, n)) {
        return values_give_known(out, d->line > 0 ? (int64_t)d->byte : -1);
    }
    if (text_equal_n("line", path, n)) {
        return values_give_known(out, d->line > 0 ? d->line : -1);
    }
    if (text_equal_n("column", path, n)) {
        return values_give_if(out, d->column);
    }
    return give_fault(&sample->fault, path, n, out, &rc) ? rc : SHK_E_PATH;
}

static int32_t read_row(const struct pack_row *row, const char *path, size_t n,
                        struct reading *out) {
    const struct {
        const char *path, *text;
    } texts[] = {
        {"to", row->to},
        {"from", row->from},
        {"helper", row->helpers},
        {"unit", row->limit == 0       ? ""
                 : row->limit_in_chars ? "chars"
                                       : "bytes"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (text_equal_n(texts[i].path, path, n)) {
            return values_give_if(out, texts[i].text != NULL ? texts[i].text : "");
        }
    }
    if (text_equal_n("line", path, n)) {
        return values_give_known(out, row->line > 0 ? row->line : -1);
    }
    return text_equal_n("limit", path, n) ? values_give_known(out, row->limit > 0 ? row->limit : -1)
                                          : SHK_E_PATH;
}

static int32_t read_guess(const struct pack_new_guess *guess, const char *path, size_t n,
                          struct reading *out) {
    const struct {
        const char *path, *text;
    } texts[] = {
        {"to", guess->to},
        {"from", guess->from},
        {"constant", guess->constant},
        {"sure", guess->sure},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (text_equal_n(texts[i].path, path, n)) {
            return values_give_if(out, texts[i].text != NULL ? texts[i].text : "");
        }
    }
    if (text_equal_n("helper", path, n)) {
        text_format(out->scratch, sizeof out->scratch, "%s%s%s",
                    guess->helpers_n > 0 ? guess->helpers[0] : "", guess->helpers_n > 1 ? " " : "",
                    guess->helpers_n > 1 ? guess->helpers[1] : "");
        return values_give_if(out, out->scratch);
    }
    return text_equal_n("line", path, n)
               ? values_give_known(out, guess->line > 0 ? guess->line : -1)
               : SHK_E_PATH;
}

static int32_t read_use(const struct pack_values *v, size_t i, const char *path, size_t n,
                        struct reading *out) {
    bool there = v->pack != NULL && i < v->pack->uses.n;
    if (n == 0) {
        return there ? values_give_text(out, v->pack->uses.at[i]) : SHK_E_ABSENT;
    }
    if (text_equal_n("label", path, n)) {
        return i < v->labels.n ? values_give_text(out, v->labels.at[i]) : SHK_E_ABSENT;
    }
    if (text_equal_n("label_en", path, n)) {
        return i < v->labels_en.n ? values_give_text(out, v->labels_en.at[i]) : SHK_E_ABSENT;
    }
    return SHK_E_PATH;
}

/* A known path of an entry that is not there is absent. */
static int32_t judge(int32_t rc, bool there) {
    return there || rc == SHK_E_PATH ? rc : SHK_E_ABSENT;
}

static int32_t read_entry(const struct pack_values *v, const struct path_step *step,
                          struct reading *out) {
    size_t i = step->index - 1;
    if (text_equal_n("uses", step->name, step->name_len)) {
        return read_use(v, i, step->rest, step->rest_len, out);
    }
    if (text_equal_n("host_versions", step->name, step->name_len) && step->rest_len == 0) {
        bool there = v->pack != NULL && i < v->pack->host_versions.n;
        return there ? values_give_text(out, v->pack->host_versions.at[i]) : SHK_E_ABSENT;
    }
    if (text_equal_n("samples", step->name, step->name_len)) {
        static const struct pack_sample none;
        bool there = i < v->samples.n;
        return judge(
            read_sample(there ? &v->samples.at[i] : &none, step->rest, step->rest_len, out), there);
    }
    if (text_equal_n("guesses", step->name, step->name_len)) {
        static const struct pack_new_guess none;
        bool there = v->made != NULL && i < v->made->guesses_n;
        return judge(
            read_guess(there ? &v->made->guesses[i] : &none, step->rest, step->rest_len, out),
            there);
    }
    if (text_equal_n("fields", step->name, step->name_len)) {
        static const struct pack_row none;
        bool there = i < v->rows.n;
        return judge(read_row(there ? &v->rows.at[i] : &none, step->rest, step->rest_len, out),
                     there);
    }
    return SHK_E_PATH;
}

int32_t pack_values_read(const struct pack_values *v, const char *path, size_t n,
                         struct reading *out) {
    struct path_step step;
    if (!path_step(path, n, &step)) {
        return SHK_E_PATH;
    }
    return step.index > 0 ? read_entry(v, &step, out) : read_plain(v, path, n, out);
}

int32_t pack_values_count(const struct pack_values *v, const char *path, size_t n, int32_t *out) {
    const struct {
        const char *path;
        size_t count;
    } lists[] = {
        {"uses", v->pack != NULL ? v->pack->uses.n : 0},
        {"host_versions", v->pack != NULL ? v->pack->host_versions.n : 0},
        {"samples", v->samples.n},
        {"fields", v->rows.n},
        {"guesses", v->made != NULL ? v->made->guesses_n : 0},
    };
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        if (text_equal_n(lists[i].path, path, n)) {
            *out = (int32_t)lists[i].count;
            return SHK_OK;
        }
    }
    return SHK_E_PATH;
}

int32_t pack_values_read_list(const struct pack_values *v, size_t index, const char *path, size_t n,
                              struct reading *out) {
    static const struct pack_entry none;
    bool there = index >= 1 && index <= v->list.n;
    const struct pack_entry *entry = there ? &v->list.at[index - 1] : &none;
    const struct {
        const char *path, *text;
    } texts[] = {
        {"folder", entry->folder},     {"id", entry->id},
        {"version", entry->version},   {"name", entry->name},
        {"where", entry->fault.where},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (text_equal_n(texts[i].path, path, n)) {
            return values_give_if(out, texts[i].text);
        }
    }
    if (text_equal_n("signed", path, n)) {
        return give_signed(out, there && entry->id[0] != '\0', entry->is_signed);
    }
    int32_t rc = SHK_E_PATH;
    return give_fault(&entry->fault, path, n, out, &rc) ? judge(rc, there) : SHK_E_PATH;
}
