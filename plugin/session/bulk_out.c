#include "bulk_out.h"

#include <string.h>

#include "bulk_line.h"

#define WAITING_MAX ((size_t)256 * 1024)

int32_t bulk_path(const char *folder, const char *name, char out[BULK_PATH_MAX],
                  struct fault *why) {
    size_t n = strlen(folder);
    bool ended = n > 0 && (folder[n - 1] == '/' || folder[n - 1] == '\\');
    return text_format(out, BULK_PATH_MAX, "%s%s%s", folder, ended ? "" : "/", name) < BULK_PATH_MAX
               ? SHK_OK
               : fault_set(why, SHK_E_INPUT, SHK_NATIVE_NONE, 0, "bulk.folder");
}

static int32_t init_file(struct bulk_out_file *file, const char *folder, const char *name,
                         struct fault *why) {
    file->name = name;
    return bulk_path(folder, name, file->path, why);
}

int32_t bulk_out_init(struct bulk_out *out, const struct env *env, const char *folder,
                      struct fault *why) {
    out->env = env;
    int32_t rc = init_file(&out->results, folder, "results.jsonl", why);
    return rc == SHK_OK ? init_file(&out->differences, folder, "differences.csv", why) : rc;
}

static int32_t absent(const struct bulk_out *out, const struct bulk_out_file *file,
                      struct fault *why) {
    void *opened = NULL;
    struct fault reason = {0};
    int32_t rc = out->env->files->open(out->env->files_self, file->path, &opened, &reason);
    if (rc == SHK_E_ABSENT) {
        return SHK_OK;
    }
    if (rc == SHK_OK) {
        out->env->files->close(out->env->files_self, opened);
    }
    return fault_set(why, rc == SHK_OK ? SHK_E_RESUME : rc, reason.native_kind, reason.native,
                     file->name);
}

int32_t bulk_out_absent(struct bulk_out *out, struct fault *why) {
    int32_t rc = absent(out, &out->results, why);
    return rc == SHK_OK ? absent(out, &out->differences, why) : rc;
}

static int32_t write_file(const struct bulk_out *out, struct bulk_out_file *file, const void *p,
                          size_t n, struct fault *why) {
    int32_t rc = out->env->files->write_at(out->env->files_self, file->path, file->at, p, n, why);
    file->at += rc == SHK_OK ? n : 0;
    return rc;
}

static int32_t rewind_file(const struct bulk_out *out, struct bulk_out_file *file, uint64_t at,
                           const char *heading, struct fault *why) {
    struct fault reason = {0};
    bytes_clear(&file->waiting);
    file->at = at;
    int32_t rc =
        write_file(out, file, at == 0 ? heading : "", at == 0 ? strlen(heading) : 0, &reason);
    if (rc == SHK_E_ARGUMENT || rc == SHK_E_ABSENT) {
        return fault_set(why, SHK_E_RESUME, SHK_NATIVE_NONE, 0, file->name);
    }
    return rc == SHK_OK ? SHK_OK
                        : fault_set(why, rc, reason.native_kind, reason.native, file->name);
}

int32_t bulk_out_rewind(struct bulk_out *out, struct bulk_state *state, struct fault *why) {
    int32_t rc = rewind_file(out, &out->results, state->results_at, "", why);
    if (rc == SHK_OK) {
        rc = rewind_file(out, &out->differences, state->differences_at,
                         bulk_csv_heading(state->kind), why);
    }
    if (rc == SHK_OK) {
        state->results_at = out->results.at;
        state->differences_at = out->differences.at;
    }
    return rc;
}

bool bulk_out_is_at(const struct bulk_out *out, const struct bulk_state *state) {
    return out->results.at == state->results_at && out->differences.at == state->differences_at &&
           out->results.waiting.n == 0 && out->differences.waiting.n == 0;
}

static int32_t flush_file(const struct bulk_out *out, struct bulk_out_file *file,
                          struct fault *why) {
    struct fault reason = {0};
    if (file->waiting.n == 0) {
        return SHK_OK;
    }
    int32_t rc = write_file(out, file, file->waiting.p, file->waiting.n, &reason);
    bytes_clear(&file->waiting);
    return rc == SHK_OK ? SHK_OK
                        : fault_set(why, rc, reason.native_kind, reason.native, file->name);
}

int32_t bulk_out_flush(struct bulk_out *out, struct fault *why) {
    int32_t rc = flush_file(out, &out->results, why);
    return rc == SHK_OK ? flush_file(out, &out->differences, why) : rc;
}

static int32_t take(struct bulk_out_file *file, struct bytes *line) {
    int32_t rc = bytes_append(&file->waiting, line->p, line->n);
    bytes_clear(line);
    return rc;
}

int32_t bulk_out_add(struct bulk_out *out, struct bulk_batch *batch, struct bulk_row *row,
                     struct fault *why) {
    size_t n = bulk_row_room(row);
    int32_t rc = bulk_line_end(row, why);
    if (rc != SHK_OK) {
        return rc;
    }
    batch->held -= n < batch->held ? n : batch->held;
    row->state = ROW_WRITTEN;
    if (take(&out->results, &row->json) != SHK_OK || take(&out->differences, &row->csv) != SHK_OK) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    return out->results.waiting.n + out->differences.waiting.n >= WAITING_MAX
               ? bulk_out_flush(out, why)
               : SHK_OK;
}

void bulk_out_clear(struct bulk_out *out) {
    bytes_clear(&out->results.waiting);
    bytes_clear(&out->differences.waiting);
}
