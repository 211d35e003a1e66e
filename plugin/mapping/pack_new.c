#include "pack_new.h"

#include <stdlib.h>
#include <string.h>

#include "pack_new_write.h"
#include "text.h"

#define ID_MAX_LEN 64
#define WORDS_MAX  200
#define SAMPLE     "samples/mihon"

struct making {
    const struct pack_new_job *job;
    struct pack_words *words;
    struct pack_new_source source;
    struct pack_choice *choices;
    struct pack_new_result *result;
    struct fault *why;
};

/* ---- the job ---- */

static bool is_id_char(char c) {
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || char_is_digit(c);
    return letter || (c != '\0' && strchr("_-.", c) != NULL);
}

static bool id_usable(const char *id) {
    size_t n = id != NULL ? strlen(id) : 0;
    bool ok = n > 0 && n <= ID_MAX_LEN && strchr("_-.", id[0]) == NULL && id[n - 1] != '.';
    for (size_t i = 0; i < n; i++) {
        ok = ok && is_id_char(id[i]);
    }
    return ok;
}

/* Words for people: they also stand in comments, which a line end would leave. */
static bool words_usable(const char *words) {
    size_t n = words != NULL ? strlen(words) : 0;
    for (size_t i = 0; i < n; i++) {
        if ((uint8_t)words[i] < 0x20 || words[i] == 0x7F) {
            return false;
        }
    }
    return n <= WORDS_MAX && (n == 0 || utf8_valid(words, n));
}

static int32_t check_job(const struct pack_new_job *job, struct fault *why) {
    const char *bad = !id_usable(job->id)               ? "id"
                      : !words_usable(job->vendor)      ? "vendor"
                      : !words_usable(job->host)        ? "host"
                      : job->sample_name == NULL        ? "sample_name"
                      : !words_usable(job->sample_name) ? "sample_name"
                                                        : NULL;
    return bad != NULL ? fault_set(why, SHK_E_INPUT, SHK_NATIVE_NONE, 0, bad) : SHK_OK;
}

/* ---- the sample ---- */

static bool is_xml(const struct pack_new_sample *sample) {
    static const uint8_t mark[] = {0xEF, 0xBB, 0xBF};
    size_t at = sample->n >= 3 && memcmp(sample->p, mark, 3) == 0 ? 3 : 0;
    while (at < sample->n && char_is_space((char)sample->p[at])) {
        at++;
    }
    return at < sample->n && sample->p[at] == '<';
}

static int32_t read_sample(struct making *m) {
    const struct pack_new_sample sample = {m->job->sample, m->job->sample_len, m->job->sample_name};
    if (sample.n == 0 || sample.n > PACK_NEW_SAMPLE_MAX) {
        return pack_new_source_fault(&sample, 1, sample.n == 0 ? "空です" : "大きすぎます", m->why);
    }
    return is_xml(&sample) ? pack_read_xml(&sample, m->words, &m->source, m->why)
                           : pack_read_csv(&sample, m->words, &m->source, m->why);
}

/* ---- the result ---- */

static char *dup_or_null(const char *text, bool *ok) {
    char *copy = text != NULL ? text_dup(text) : NULL;
    *ok = *ok && (text == NULL || copy != NULL);
    return copy;
}

static const char *sureness(const struct pack_column *column, const struct pack_choice *choice) {
    if (column->constant != NULL) {
        return "likely";
    }
    return choice->from[0] == '\0' ? "unknown" : choice->sure ? "sure" : "likely";
}

static int32_t list_guesses(struct making *m) {
    bool ok = true;
    m->result->guesses = calloc(m->source.n > 0 ? m->source.n : 1, sizeof *m->result->guesses);
    if (m->result->guesses == NULL) {
        return SHK_E_MEMORY;
    }
    for (size_t i = 0; i < m->source.n; i++) {
        const struct pack_column *column = &m->source.columns[i];
        const struct pack_choice *choice = &m->choices[i];
        struct pack_new_guess *guess = &m->result->guesses[m->result->guesses_n++];
        guess->to = dup_or_null(column->to, &ok);
        guess->from = dup_or_null(choice->from[0] != '\0' ? choice->from : NULL, &ok);
        guess->constant = dup_or_null(column->constant, &ok);
        guess->sure = sureness(column, choice);
        for (size_t k = 0; k < choice->helpers_n; k++) {
            guess->helpers[guess->helpers_n++] = dup_or_null(choice->helpers[k], &ok);
        }
    }
    return ok ? SHK_OK : SHK_E_MEMORY;
}

/* ---- the files ---- */

#define FILES_MAX 6

static int32_t add_file(struct pack_new_result *result, const char *name, struct bytes **content) {
    if (result->files == NULL) {
        result->files = calloc(FILES_MAX, sizeof *result->files);
    }
    if (result->files == NULL || result->files_n == FILES_MAX) {
        return SHK_E_MEMORY;
    }
    struct pack_new_file *file = &result->files[result->files_n++];
    file->name = text_dup(name);
    *content = &file->content;
    return file->name != NULL ? SHK_OK : SHK_E_MEMORY;
}

/* The script first: it finds the lines that the README names. */
static int32_t write_files(struct making *m) {
    const struct pack_draft draft = {m->job, &m->source, m->choices, m->result->guesses};
    static const struct {
        const char *name;
        int32_t (*write)(const struct pack_draft *draft, struct bytes *out);
    } files[] = {
        {"mapping.lua", pack_write_script},
        {"pack.lua", pack_write_description},
        {"README.md", pack_write_readme},
    };
    struct bytes *content = NULL;
    int32_t rc = SHK_OK;
    for (size_t i = 0; rc == SHK_OK && i < sizeof files / sizeof files[0]; i++) {
        rc = add_file(m->result, files[i].name, &content);
        rc = rc == SHK_OK ? files[i].write(&draft, content) : rc;
    }
    rc = rc == SHK_OK ? add_file(m->result, SAMPLE ".xml", &content) : rc;
    return rc == SHK_OK ? pack_write_sample(content) : rc;
}

static int32_t make(struct making *m) {
    int32_t rc = pack_words_new(&m->words);
    rc = rc == SHK_OK ? read_sample(m) : rc;
    rc = rc == SHK_OK ? pack_choose_all(m->words, &m->source, &m->choices) : rc;
    rc = rc == SHK_OK ? list_guesses(m) : rc;
    return rc == SHK_OK ? write_files(m) : rc;
}

int32_t pack_new(const struct pack_new_job *job, struct pack_new_result **out, struct fault *why) {
    *out = NULL;
    int32_t rc = check_job(job, why);
    if (rc != SHK_OK) {
        return rc;
    }
    struct making m = {.job = job, .why = why, .result = calloc(1, sizeof *m.result)};
    rc = m.result != NULL ? make(&m) : SHK_E_MEMORY;
    pack_words_free(&m.words);
    pack_new_source_clear(&m.source);
    free(m.choices);
    if (rc != SHK_OK) {
        pack_new_free(&m.result);
        return fault_raise(why, rc);
    }
    *out = m.result;
    return SHK_OK;
}

int32_t pack_new_expect(struct pack_new_result *result, const struct bytes *head,
                        const struct bytes *body, const char *file_name, struct fault *why) {
    struct bytes *content = NULL;
    int32_t rc = add_file(result, SAMPLE ".expected", &content);
    rc = rc == SHK_OK ? bytes_append(content, bytes_text(head), head->n) : rc;
    rc = rc == SHK_OK ? bytes_append(content, bytes_text(body), body->n) : rc;
    if (rc == SHK_OK && file_name != NULL) {
        rc = add_file(result, SAMPLE ".name", &content);
        rc = rc == SHK_OK ? bytes_append_text(content, file_name) : rc;
        rc = rc == SHK_OK ? bytes_append_byte(content, '\n') : rc;
    }
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

const struct bytes *pack_new_file(const struct pack_new_result *result, const char *name) {
    for (size_t i = 0; i < result->files_n; i++) {
        if (text_equal(result->files[i].name, name)) {
            return &result->files[i].content;
        }
    }
    return NULL;
}

void pack_new_free(struct pack_new_result **result) {
    struct pack_new_result *old = *result;
    *result = NULL;
    if (old == NULL) {
        return;
    }
    for (size_t i = 0; i < old->files_n; i++) {
        free(old->files[i].name);
        bytes_clear(&old->files[i].content);
    }
    for (size_t i = 0; i < old->guesses_n; i++) {
        struct pack_new_guess *guess = &old->guesses[i];
        free(guess->to);
        free(guess->from);
        free(guess->constant);
        for (size_t k = 0; k < guess->helpers_n; k++) {
            free(guess->helpers[k]);
        }
    }
    free(old->files);
    free(old->guesses);
    free(old);
}
