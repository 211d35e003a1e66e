/* `map --diff`: what the documents are now against what they were. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "charset.h"
#include "diff.h"
#include "diff_show.h"
#include "map_out.h"
#include "platform.h"

struct map_diff {
    const char *path;
    FILE *file;
    struct diff *diff; /* null before the first document */
    struct diff_view view;
    int64_t changes;
};

static bool fail(const struct map_diff *d, struct failure *why) {
    failure_own(why, SHK_E_FILE_READ, "FILE_READ",
                "比べるファイルを読めません。名前と権限を確かめてください。",
                "The file to compare with cannot be read.");
    (void)snprintf(why->where, sizeof why->where, "%s", d->path);
    return false;
}

struct map_diff *map_diff_new(const char *path, struct screen *screen, struct json *j,
                              struct failure *why) {
    struct map_diff *d = calloc(1, sizeof *d);
    if (d == NULL) {
        failure_own(why, SHK_E_MEMORY, "MEMORY", "メモリが足りません。", "Out of memory.");
        return NULL;
    }
    d->path = path;
    d->view = (struct diff_view){.screen = screen, .json = j};
    d->file = platform_open(path, "rb");
    /* A folder can be opened, but not read. */
    int first = d->file != NULL ? fgetc(d->file) : EOF;
    if (d->file == NULL || ferror(d->file) != 0) {
        (void)fail(d, why);
        map_diff_free(&d);
    } else if (first != EOF) {
        (void)ungetc(first, d->file);
    }
    return d;
}

static bool is_whole(void *self, const char *p, size_t n) {
    const struct map_diff *d = self;
    return row_is_whole(&d->view.style, p, n);
}

static void show_part(void *self, const struct diff_part *part) {
    struct map_diff *d = self;
    d->changes += (int64_t)(part->was_n > part->now_n ? part->was_n : part->now_n);
    diff_show(&d->view, part);
}

static const uint8_t mark[] = {0xEF, 0xBB, 0xBF};

/* The first document says what all of them look like. */
static bool begin(struct map_diff *d, const struct document *first) {
    const struct diff_ops ops = {is_whole, show_part, d};
    const struct buffer *head = &first->head;
    size_t skip =
        head->n >= sizeof mark && memcmp(head->p, mark, sizeof mark) == 0 ? sizeof mark : 0;
    bool heading = head->n > skip;
    const struct buffer *line = heading ? head : &first->body;
    size_t from = heading ? skip : 0;
    d->view.style = row_style_of(first->format, (const char *)line->p + from, line->n - from);
    d->view.charset = charset_new(first->encoding);
    d->diff = diff_new(d->file, &ops);
    if (d->view.charset == NULL || d->diff == NULL) {
        return false;
    }
    if (heading && d->view.style.rows &&
        !diff_view_name(&d->view, (const char *)head->p + skip, head->n - skip)) {
        return false;
    }
    return diff_take(d->diff, head->p, head->n);
}

bool map_diff_take(struct map_diff *d, const struct document *document, struct failure *why) {
    bool good = d->diff != NULL || begin(d, document);
    return (good && diff_take(d->diff, document->body.p, document->body.n)) || fail(d, why);
}

bool map_diff_end(struct map_diff *d, struct failure *why) {
    static const struct document none;
    bool good = d->diff != NULL || begin(d, &none);
    return (good && diff_end(d->diff)) || fail(d, why);
}

int64_t map_diff_changes(const struct map_diff *d) {
    return d->changes;
}

void map_diff_free(struct map_diff **d) {
    if (*d != NULL) {
        diff_free(&(*d)->diff);
        diff_view_clear(&(*d)->view);
        if ((*d)->file != NULL) {
            (void)fclose((*d)->file);
        }
        free(*d);
        *d = NULL;
    }
}
