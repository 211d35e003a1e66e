/* What `map` says besides its documents: how far it is, and what it came to. */
#include <string.h>

#include "map.h"
#include "utf8.h"

enum { FIRST_MS = 1000, STEP_MS = 200 };

/* Documents that go to the same terminal would be torn by it. */
static bool shows_progress(const struct map *m) {
    const struct run *r = m->run;
    bool apart = !platform_is_terminal(stdout) || m->out.file != NULL || m->out.folder != NULL;
    return !r->args->quiet && apart && platform_is_terminal(stderr);
}

void map_progress(struct map *m) {
    int64_t now = platform_now_ms(), since = now - m->began_ms;
    struct run *r = m->run;
    char line[160];
    if (since < FIRST_MS || now - m->shown_ms < STEP_MS) {
        return;
    }
    m->shown_ms = now;
    if (!shows_progress(m)) {
        return;
    }
    (void)snprintf(line, sizeof line,
                   screen_say(&r->screen, "%lld件、毎秒%lld件", "%lld records, %lld a second"),
                   (long long)m->records, (long long)(m->records * 1000 / since));
    int width = utf8_width(line);
    out_raw(&r->screen.err, "\r", 1);
    out_text(&r->screen.err, line, false);
    out_spaces(&r->screen.err, r->progress_width - width);
    out_flush(&r->screen.err);
    r->progress_width = width;
}

static void put_count(struct json *j, const char *key, int64_t n) {
    json_number(j, key, n < INT32_MAX ? (int32_t)n : INT32_MAX);
}

void map_say_begin(struct map *m) {
    json_open(&m->json, NULL, '{');
    json_open(&m->json, m->run->args->diff != NULL ? "differences" : "documents", '[');
}

void map_say_document(struct map *m, int32_t n) {
    struct json *j = &m->json;
    const struct document *d = &m->document;
    json_open(j, NULL, '{');
    json_text(j, "source", m->run->source);
    json_number(j, "person", m->person);
    json_number(j, "record", n);
    json_text(j, "file_name", d->file_name);
    json_text(j, "format", d->format);
    json_text(j, "encoding", d->encoding);
    put_count(j, "bytes", (int64_t)d->body.n);
    map_explain_json(j, &m->run->s, n);
    json_close(j, '}');
    out_flush(j->out);
}

static void end_json(struct map *m, bool whole) {
    struct json *j = &m->json;
    json_close(j, ']');
    put_count(j, "records", m->records);
    put_count(j, "failed", m->faults);
    put_count(j, "replaced", m->replaced);
    json_text(j, "pack", m->pack);
    json_text(j, "pack_signed", m->pack == NULL ? NULL : m->pack_unsigned ? "unsigned" : "signed");
    if (whole && m->out.diff != NULL) {
        json_bool(j, "equal", map_diff_changes(m->out.diff) == 0);
    }
    if (m->out.folder != NULL) {
        put_count(j, "files", map_folder_files(m->out.folder));
    }
    map_faults_json(m, j);
    json_close(j, '}');
    json_end_line(j);
}

static void say_line(struct map *m, enum style style, const char *line) {
    out_line(&m->run->screen.err, style, line);
}

static void say_where(struct map *m) {
    const struct args *args = m->run->args;
    struct screen *screen = &m->run->screen;
    char line[1200];
    if (m->out.file != NULL && m->records > 0) {
        (void)snprintf(line, sizeof line, screen_say(screen, "書いたファイル: %s", "Written: %s"),
                       args->out);
        say_line(m, STYLE_PLAIN, line);
    } else if (m->out.folder != NULL) {
        (void)snprintf(
            line, sizeof line,
            screen_say(screen, "書いたファイル: %s に%lld個", "Written into %s: %lld files"),
            args->out_folder, (long long)map_folder_files(m->out.folder));
        say_line(m, STYLE_PLAIN, line);
    }
}

static void say_difference(struct map *m) {
    struct screen *screen = &m->run->screen;
    char line[160];
    int64_t changes = map_diff_changes(m->out.diff);
    if (changes == 0) {
        say_line(m, STYLE_GOOD, screen_say(screen, "前の出力と同じです", "No difference"));
        return;
    }
    (void)snprintf(line, sizeof line,
                   screen_say(screen, "前の出力と違う行: %lld", "Lines that differ: %lld"),
                   (long long)changes);
    say_line(m, STYLE_WARN, line);
}

static void say_counts(struct map *m) {
    struct screen *screen = &m->run->screen;
    char line[200];
    (void)snprintf(line, sizeof line,
                   screen_say(screen, "変換: %lld件、失敗: %lld件、置きかえた字: %lld字",
                              "Mapped: %lld, failed: %lld, characters replaced: %lld"),
                   (long long)m->records, (long long)m->faults, (long long)m->replaced);
    say_line(m, m->faults > 0 || m->replaced > 0 ? STYLE_WARN : STYLE_PLAIN, line);
}

static void say_pack(struct map *m) {
    struct screen *screen = &m->run->screen;
    char line[200];
    if (m->pack == NULL || !m->pack_unsigned) {
        return;
    }
    (void)snprintf(line, sizeof line, "%s: %s", m->pack,
                   screen_say(screen, "署名なし / unsigned", "unsigned"));
    say_line(m, STYLE_WARN, line);
}

void map_say_end(struct map *m, bool whole) {
    progress_leave_line(m->run);
    if (m->run->screen.json) {
        end_json(m, whole);
        return;
    }
    bool told = m->faults > 0 || m->replaced > 0 || !m->run->args->quiet;
    if (told && (whole || m->records + m->faults > 0)) {
        say_counts(m);
    }
    if (!m->run->args->quiet) {
        say_pack(m);
    }
    if (whole && !m->run->args->quiet) {
        say_where(m);
    }
    if (whole && m->out.diff != NULL) {
        say_difference(m);
    }
}
