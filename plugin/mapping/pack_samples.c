#include "pack_samples.h"

#include <stdlib.h>
#include <string.h>

#include "pack_expectation.h"
#include "pack_job.h"
#include "pack_rows.h"
#include "pack_source.h"

#define RECORDS_MOST 99

struct running {
    const struct pack *pack;
    const struct pack_world *world;
    struct mapping *mapping;
    struct pack_samples *out;
};

static void fail(struct pack_sample *sample, const char *where) {
    fault_set(&sample->fault, SHK_E_PACK_SAMPLE, SHK_NATIVE_NONE, 0, where);
}

/* "kokuho.2.expected is missing" */
static void fail_file(struct pack_sample *sample, size_t record, const char *ending,
                      const char *what) {
    char where[160], name[EXPECTATION_ROOM];
    expectation_name(sample->name, record, ending, name);
    text_format(where, sizeof where, "%s %s", name, what);
    fail(sample, where);
}

static const struct pack_file *find(const struct running *r, const struct pack_sample *sample,
                                    size_t record, const char *ending) {
    char path[EXPECTATION_ROOM + sizeof PACK_SAMPLES_FOLDER], name[EXPECTATION_ROOM];
    expectation_name(sample->name, record, ending, name);
    text_format(path, sizeof path, PACK_SAMPLES_FOLDER "%s", name);
    return pack_folder_find(&r->pack->folder, path);
}

/* The person that a sample is about must not be told, the field may. */
static void tell_difference(const struct running *r, struct pack_sample *sample, size_t record,
                            const struct mapping_result *got, const struct bytes *expected) {
    struct pack_difference *d = &sample->difference;
    char where[160], which[32] = "";
    if (!pack_difference_find(got, expected, ',', d)) {
        return;
    }
    (void)pack_difference_find(got, expected, pack_rows_separator(r->pack), d);
    if (record > 1) {
        text_format(which, sizeof which, "record %u: ", (unsigned)record);
    }
    text_format(where, sizeof where, "%sfirst difference at byte %llu, line %d%s%s", which,
                (unsigned long long)d->byte, (int)d->line, d->column[0] != '\0' ? ", " : "",
                d->column);
    fail(sample, where);
}

static void compare_name(const struct running *r, struct pack_sample *sample, size_t record,
                         const struct mapping_result *got) {
    const struct pack_file *file = find(r, sample, record, ".name");
    if (file != NULL && !expectation_is_line(&file->content, got->file_name)) {
        fail_file(sample, record, ".name", "is another file name");
    }
}

/* One record's result against what the pack says of it. */
static void judge(const struct running *r, struct pack_sample *sample, size_t record,
                  const struct mapping_result *got, const struct fault *why) {
    const struct pack_file *expected = find(r, sample, record, ".expected");
    const struct pack_file *fault = find(r, sample, record, ".fault");
    if (expected != NULL && fault != NULL) {
        fail_file(sample, record, ".fault", "stands beside an expected result");
    } else if (fault != NULL && find(r, sample, record, ".name") != NULL) {
        fail_file(sample, record, ".name", "stands beside an expected fault");
    } else if (expected == NULL && fault == NULL) {
        fail_file(sample, record, ".expected", "is missing");
    } else if (fault != NULL && got != NULL) {
        fail_file(sample, record, ".fault", "does not come");
    } else if (got == NULL && (fault == NULL || !expectation_is_fault(&fault->content, why))) {
        sample->fault = *why;
    } else if (expected != NULL) {
        tell_difference(r, sample, record, got, &expected->content);
        compare_name(r, sample, record, got);
    }
}

static int32_t run_record(const struct running *r, struct pack_sample *sample,
                          const struct record_set *set, size_t record, struct fault *why) {
    struct mapping_result *got = NULL;
    struct fault own = {0};
    int32_t rc = mapping_map(r->mapping, set, record, &got, &own);
    if (rc == SHK_E_MEMORY) {
        return fault_raise(why, rc);
    }
    judge(r, sample, record, got, &own);
    mapping_result_free(&got);
    return SHK_OK;
}

/* What is expected of records that the answer does not have. */
static void check_strays(const struct running *r, struct pack_sample *sample, size_t records) {
    static const char *const endings[] = {".expected", ".name", ".fault"};
    for (size_t k = records + 1; k <= RECORDS_MOST && sample->fault.code == 0; k++) {
        for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
            if (find(r, sample, k, endings[i]) != NULL) {
                fail_file(sample, k, endings[i], "is of no record");
            }
        }
    }
}

static int32_t run_source(const struct running *r, struct pack_sample *sample,
                          const struct pack_file *xml, const struct pack_file *txt,
                          struct fault *why) {
    struct record_set *set = NULL;
    struct fault unread = {0};
    size_t records = 1;
    int32_t rc = xml != NULL ? pack_source_xml(&xml->content, &set, &unread)
                             : pack_source_app(&txt->content, &set, &unread);
    if (rc == SHK_E_MEMORY) {
        return fault_raise(why, rc);
    }
    if (rc != SHK_OK) {
        judge(r, sample, 1, NULL, &unread);
        rc = SHK_OK;
    } else {
        struct mapping_facts facts;
        mapping_facts(r->mapping, &facts);
        records = facts.per_answer ? 1 : record_count(set);
        for (size_t k = 1; rc == SHK_OK && k <= records && sample->fault.code == 0; k++) {
            rc = run_record(r, sample, set, k, why);
        }
    }
    check_strays(r, sample, records);
    record_free(&set);
    return rc;
}

static int32_t run_sample(const struct running *r, struct pack_sample *sample, struct fault *why) {
    const struct pack_file *xml = find(r, sample, 1, ".xml");
    const struct pack_file *txt = find(r, sample, 1, ".txt");
    if (xml != NULL && txt != NULL) {
        fail_file(sample, 1, ".txt", "stands beside an XML file of that name");
    } else if (xml == NULL && txt == NULL) {
        fail(sample, "there is no .xml or .txt file of that name");
    } else {
        return run_source(r, sample, xml, txt, why);
    }
    return SHK_OK;
}

static bool is_known(const struct pack_samples *samples, const char *name, size_t n) {
    for (size_t i = 0; i < samples->n; i++) {
        if (text_equal_n(samples->at[i].name, name, n)) {
            return true;
        }
    }
    return false;
}

static int32_t add_sample(struct pack_samples *samples, const char *name, size_t n) {
    struct pack_sample *grown = realloc(samples->at, (samples->n + 1) * sizeof *grown);
    samples->at = grown != NULL ? grown : samples->at;
    char *copy = grown != NULL ? text_dup_n(name, n) : NULL;
    if (copy == NULL) {
        return SHK_E_MEMORY;
    }
    samples->at[samples->n++] = (struct pack_sample){.name = copy};
    return SHK_OK;
}

/* Every file belongs to one; a file that cannot be placed is one that fails. */
static int32_t collect(const struct pack *pack, struct pack_samples *out) {
    int32_t rc = SHK_OK;
    for (size_t i = 0; rc == SHK_OK && i < pack->folder.n; i++) {
        const char *path = pack->folder.at[i].path;
        struct expectation_parts parts;
        if (!text_starts(path, PACK_SAMPLES_FOLDER)) {
            continue;
        }
        const char *name = path + sizeof PACK_SAMPLES_FOLDER - 1;
        enum expectation_kind kind = expectation_read_name(name, &parts);
        if (kind == EXPECTATION_STRANGE) {
            rc = add_sample(out, name, strlen(name));
        } else if (kind == EXPECTATION_PART && !is_known(out, parts.name, parts.name_n)) {
            rc = add_sample(out, parts.name, parts.name_n);
        }
    }
    return rc;
}

static int32_t tell(const struct pack *pack, const struct pack_sample *sample, struct fault *why) {
    const struct fault *own = &sample->fault;
    const struct fault_row *row = fault_find(own->code);
    char where[sizeof why->where], name[64] = "";
    if (own->code != SHK_E_PACK_SAMPLE && row != NULL) {
        text_format(name, sizeof name, "SHK_E_%s ", row->name);
    }
    text_format(where, sizeof where, "%s %s: %s%s", pack->text[PACK_ID], sample->name, name,
                own->where);
    return fault_set(why, SHK_E_PACK_SAMPLE, own->native_kind, own->native, where);
}

static bool stops(const struct pack_world *world) {
    return world->stop != NULL && world->stop(world->stop_self);
}

static int32_t run_all(const struct running *r, bool all, struct fault *why) {
    struct fault first = {0};
    for (size_t i = 0; i < r->out->n && (all || first.code == 0); i++) {
        struct pack_sample *sample = &r->out->at[i];
        if (stops(r->world)) {
            return fault_raise(why, SHK_E_CANCELLED);
        }
        int32_t rc = run_sample(r, sample, why);
        if (rc != SHK_OK) {
            return rc;
        }
        if (sample->fault.code != 0) {
            (void)tell(r->pack, sample, &first);
        }
    }
    return first.code == 0
               ? SHK_OK
               : fault_set(why, first.code, first.native_kind, first.native, first.where);
}

static int32_t none(const struct pack *pack, struct fault *why) {
    char where[sizeof why->where];
    text_format(where, sizeof where, "%s samples", pack->text[PACK_ID]);
    return fault_set(why, SHK_E_PACK_SAMPLE, SHK_NATIVE_NONE, 0, where);
}

int32_t pack_samples_run(const struct pack *pack, const struct pack_world *world, bool all,
                         struct pack_samples *out, struct fault *why) {
    const struct mapping_job job = pack_job_for(pack, world);
    struct running r = {.pack = pack, .world = world, .out = out};
    *out = (struct pack_samples){0};
    int32_t rc = mapping_open(&job, &r.mapping, why);
    if (rc != SHK_OK) {
        pack_name_fault(pack, why);
        return rc;
    }
    rc = collect(pack, out);
    if (rc != SHK_OK) {
        fault_raise(why, rc);
    } else {
        rc = out->n > 0 ? run_all(&r, all, why) : none(pack, why);
    }
    mapping_close(&r.mapping);
    return rc;
}

void pack_samples_clear(struct pack_samples *samples) {
    for (size_t i = 0; i < samples->n; i++) {
        free(samples->at[i].name);
    }
    free(samples->at);
    *samples = (struct pack_samples){0};
}
