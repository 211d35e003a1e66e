/* How files are called and where they lie. */
#include <string.h>

#include "folder_text.h"
#include "folder_work.h"

#define TIME_DIGITS 3
#define TERMINAL    "OQSsiquc01res_face_"
#define TERMINAL_ID 20 /* characters between the institution's code and the time */
#define HIDDEN      ".shikaku-stage-"

/* Folder, separator of its kind, name. The folder and every name are bounded so that they fit. */
void place_path(const shk_host *h, const char *name, struct path *out) {
    const char *folder = h->set.folder;
    size_t n = strlen(folder);
    int windows = (folder[1] == ':' || folder[0] == '\\') && strchr(folder, '/') == NULL;
    struct line line = {out->p, sizeof out->p, 0};
    line_text_n(&line, folder, n);
    if (folder[n - 1] != '/' && !(windows && folder[n - 1] == '\\')) {
        line_text(&line, windows ? "\\" : "/");
    }
    line_text(&line, name);
}

/* The length of the name without its ending. */
static size_t stem_of(const char *name) {
    const char *dot = strrchr(name, '.');
    return dot != NULL && dot != name ? (size_t)(dot - name) : strlen(name);
}

static void with_number(struct line *line, const char *name, int32_t number) {
    size_t stem = stem_of(name);
    line_text_n(line, name, stem);
    if (number > 1) {
        line_text(line, "_");
        line_number(line, number, 1);
    }
    line_text(line, name + stem);
}

static void terminal_name(const struct work *w, int64_t time_s, struct line *line) {
    char digits[2][17];
    text_id_hex(w->d->id, digits[0]);
    text_id_hex(digits[0], digits[1]);
    line_text(line, TERMINAL);
    line_text(line, w->code);
    line_text_n(line, digits[0], 16);
    line_text_n(line, digits[1], TERMINAL_ID - 16);
    line_text(line, "_");
    line_time(line, time_s);
    line_text(line, ".xml");
}

int32_t place_base(struct work *w) {
    const struct folder_settings *set = &w->h->set;
    const char *said = set->file[0] != '\0' ? set->file : w->d->file_name;
    struct line line = {w->base, sizeof w->base, 0};
    w->base[0] = '\0';
    if (set->name_by == NAME_BY_TERMINAL) {
        terminal_name(w, w->note.time_s, &line);
    } else if (!folder_name_usable(said)) {
        return work_fail(w->h, SHK_E_FILE_NAME, "file_name");
    } else if (set->name_by == NAME_BY_ID) {
        line_text(&line, w->d->id);
        line_text(&line, said + stem_of(said));
    } else if (set->name_by == NAME_BY_TIME) {
        line_time(&line, w->note.time_s);
        line_text(&line, said + stem_of(said));
    } else {
        line_text(&line, said);
    }
    int usable = line_fits(&line) && folder_name_usable(w->base);
    return usable ? SHK_OK : work_fail(w->h, SHK_E_FILE_NAME, "file_name");
}

int32_t place_final(struct work *w) {
    struct line line = {w->name, sizeof w->name, 0};
    size_t stem = stem_of(w->base);
    w->name[0] = '\0';
    switch (w->h->set.name_by) {
    case NAME_BY_TERMINAL:
        terminal_name(w, w->note.time_s + w->note.number - 1, &line);
        break;
    case NAME_BY_TIME:
        line_text_n(&line, w->base, stem);
        line_number(&line, w->note.number, TIME_DIGITS);
        line_text(&line, w->base + stem);
        break;
    default:
        with_number(&line, w->base, w->note.number);
        break;
    }
    if (!line_fits(&line)) {
        return work_fail(w->h, SHK_E_FILE_NAME, "file_name");
    }
    place_path(w->h, w->name, &w->place);
    return SHK_OK;
}

int place_by_pattern(const char *pattern, const char *name, int32_t number, char out[NAME_ROOM]) {
    char made[NAME_ROOM] = "";
    struct line line = {made, sizeof made, 0}, whole = {out, NAME_ROOM, 0};
    const char *open = strchr(pattern, '{');
    if (open == NULL) {
        line_text(&line, pattern);
    } else {
        int stem = strncmp(open, "{stem}", 6) == 0;
        line_text_n(&line, pattern, (size_t)(open - pattern));
        line_text_n(&line, name, stem ? stem_of(name) : strlen(name));
        line_text(&line, open + 6);
    }
    out[0] = '\0';
    with_number(&whole, made, number);
    return line_fits(&line) && line_fits(&whole) && folder_name_usable(out) &&
           !text_same_name(out, name);
}

void place_hidden(const struct work *w, int32_t attempt, const char *ending, char out[NAME_ROOM]) {
    char digits[17];
    struct line line = {out, NAME_ROOM, 0};
    text_id_hex(w->d->id, digits);
    line_text(&line, HIDDEN);
    line_text(&line, digits);
    line_text(&line, "-");
    line_number(&line, attempt, 1);
    line_text(&line, ending);
}

int32_t place_staged(const struct work *w, char out[NAME_ROOM]) {
    if (w->note.written == 0) {
        place_hidden(w, w->note.attempt, "", out);
        return SHK_OK;
    }
    int made = place_by_pattern(w->h->set.write_as, w->base, w->note.written, out) &&
               !text_same_name(out, w->name);
    return made ? SHK_OK : work_fail(w->h, SHK_E_FILE_NAME, "write_as");
}
