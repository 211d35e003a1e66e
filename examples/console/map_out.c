#include "map_out.h"

#include <string.h>

bool document_joins(const struct document *d) {
    static const char *const rows[] = {"csv", "tsv", "fixed", "text"};
    bool row = false;
    for (size_t i = 0; d->format != NULL && i < sizeof rows / sizeof *rows; i++) {
        row = row || strcmp(d->format, rows[i]) == 0;
    }
    uint8_t last = d->body.n > 0 ? d->body.p[d->body.n - 1] : 0;
    return row && (last == '\n' || last == '\r');
}

bool map_out_open(struct map_out *out, const struct args *args, struct screen *screen,
                  struct json *j, struct failure *why) {
    *out = (struct map_out){.screen = screen};
    if (args->out != NULL) {
        out->file = map_file_new(args->out, args->force, why);
        return out->file != NULL;
    }
    if (args->out_folder != NULL) {
        out->folder = map_folder_new(args->out_folder, why);
        return out->folder != NULL;
    }
    if (args->diff != NULL) {
        out->diff = map_diff_new(args->diff, screen, j, why);
        return out->diff != NULL;
    }
    out->print = !args->explain && !args->json;
    return true;
}

/* The heading stands once, whatever else was on the screen: what comes out is one stream. */
static void print(struct map_out *out, const struct document *d) {
    if (!out->begun) {
        out_raw(&out->screen->out, (const char *)d->head.p, d->head.n);
    }
    out->begun = true;
    out_raw(&out->screen->out, (const char *)d->body.p, d->body.n);
}

bool map_out_take(struct map_out *out, const struct document *d, struct failure *why) {
    if (out->print) {
        print(out, d);
        return true;
    }
    if (out->file != NULL) {
        return map_file_take(out->file, d, why);
    }
    if (out->folder != NULL) {
        return map_folder_take(out->folder, d, why);
    }
    return out->diff == NULL || map_diff_take(out->diff, d, why);
}

bool map_out_end(struct map_out *out, struct failure *why) {
    out_flush(&out->screen->out);
    if (out->file != NULL) {
        return map_file_end(out->file, why);
    }
    if (out->folder != NULL) {
        return map_folder_end(out->folder, why);
    }
    return out->diff == NULL || map_diff_end(out->diff, why);
}

void map_out_close(struct map_out *out) {
    map_file_free(&out->file);
    map_folder_free(&out->folder);
    map_diff_free(&out->diff);
}
