/* A long job on the screen: one line that is written over on a terminal, a line now and then elsewhere. */
#include <string.h>

#include "run.h"
#include "utf8.h"

enum { STEP_PERCENT = 10 };

static void write_left(const struct screen *screen, int32_t left_s, char *out, size_t cap) {
    if (left_s < 0) {
        out[0] = '\0';
    } else if (left_s < 60) {
        (void)snprintf(out, cap, screen_say(screen, "、残り約%ld秒", ", about %ld s left"),
                       (long)left_s);
    } else {
        (void)snprintf(out, cap, screen_say(screen, "、残り約%ld分", ", about %ld min left"),
                       (long)(left_s + 59) / 60);
    }
}

static int32_t read_count(const struct run *r, const char *name) {
    char path[32];
    int32_t n = 0;
    (void)snprintf(path, sizeof path, "progress.%s", name);
    return value_int(&r->s, path, &n) ? n : 0;
}

static void report(struct run *r, int32_t done, int32_t total, int32_t left_s) {
    struct json j = {&r->screen.out, true};
    json_open(&j, NULL, '{');
    json_text(&j, "event", "progress");
    json_number(&j, "done", done);
    json_number(&j, "total", total);
    if (left_s >= 0) {
        json_number(&j, "left_s", left_s);
    }
    json_close(&j, '}');
    json_end_line(&j);
}

static void show(struct run *r, int32_t done, int32_t total, int32_t left_s) {
    char line[160], left[64];
    int32_t percent = total > 0 ? (int32_t)((int64_t)done * 100 / total) : 100;
    bool terminal = platform_is_terminal(stderr);
    if (!terminal && percent < r->percent_shown + STEP_PERCENT && done < total) {
        return;
    }
    r->percent_shown = percent;
    write_left(&r->screen, left_s, left, sizeof left);
    (void)snprintf(line, sizeof line,
                   r->args->command >= COMMAND_STORE
                       ? screen_say(&r->screen, "%ld/%ld件 (%ld%%)%s", "%ld/%ld rows (%ld%%)%s")
                       : screen_say(&r->screen, "%ld/%ld人 (%ld%%)%s", "%ld/%ld persons (%ld%%)%s"),
                   (long)done, (long)total, (long)percent, left);
    if (terminal) {
        int width = utf8_width(line);
        out_raw(&r->screen.err, "\r", 1);
        out_text(&r->screen.err, line, false);
        out_spaces(&r->screen.err, r->progress_width - width);
        out_flush(&r->screen.err);
        r->progress_width = width;
    } else {
        out_line(&r->screen.err, STYLE_PLAIN, line);
    }
}

void progress_show(struct run *r) {
    int32_t left_s = -1;
    int32_t done = read_count(r, "done"), total = read_count(r, "total");
    if (total == 0) {
        return;
    }
    if (!value_int(&r->s, "progress.left_s", &left_s)) {
        left_s = -1;
    }
    if (r->screen.json && !r->one_object) {
        report(r, done, total, left_s);
    } else if (!r->screen.json && !r->screen.quiet) {
        show(r, done, total, left_s);
    }
}

void progress_leave_line(struct run *r) {
    if (r->progress_width > 0) {
        out_raw(&r->screen.err, "\n", 1);
        out_flush(&r->screen.err);
        r->progress_width = 0;
    }
}

struct words_of_count {
    const char *name, *japanese, *english;
};

static const struct words_of_count counts[] = {
    {"unchanged", "変更なし", "unchanged"}, {"changed", "変更あり", "changed"},
    {"lost", "資格喪失", "lost"},           {"several", "複数該当", "several found"},
    {"not_found", "該当なし", "not found"}, {"fault", "確認できず", "could not be asked"},
};

static const struct words_of_count registered[] = {
    {"unchanged", "登録済み", "registered"},
    {"fault", "登録できず", "could not be registered"},
};

static bool registers(const struct run *r) {
    for (size_t i = 0; i < r->args->inputs_n; i++) {
        if (strcmp(r->args->inputs[i].path, "bulk.kind") == 0) {
            return strcmp(r->args->inputs[i].value, "register") == 0;
        }
    }
    return false;
}

static const char *result_folder(const struct run *r) {
    for (size_t i = 0; i < r->args->inputs_n; i++) {
        if (strcmp(r->args->inputs[i].path, "bulk.folder") == 0) {
            return r->args->inputs[i].value;
        }
    }
    return "";
}

static void say_counts(struct run *r, const struct words_of_count *rows, size_t n) {
    for (size_t i = 0; i < n; i++) {
        char line[96];
        (void)snprintf(line, sizeof line, "%s: %ld",
                       screen_say(&r->screen, rows[i].japanese, rows[i].english),
                       (long)read_count(r, rows[i].name));
        out_line(&r->screen.out, STYLE_PLAIN, line);
    }
}

/* Old results must not be taken for new ones. */
static void say_finished_before(struct run *r) {
    char line[320];
    char *day = value_text(&r->s, "progress.finished_on");
    if (day != NULL && day[0] != '\0') {
        (void)snprintf(
            line, sizeof line,
            screen_say(&r->screen,
                       "このフォルダーの確認は %s "
                       "に終わっています。もう一度確認するには、新しいフォルダーを指定してください",
                       "This folder's run ended on %s; name a new folder to ask again"),
            day);
        out_line(&r->screen.out, STYLE_WARN, line);
    }
    value_free(&day);
}

static void say_files(struct run *r) {
    char line[1200];
    (void)snprintf(line, sizeof line,
                   screen_say(&r->screen, "結果: %s の differences.csv と results.jsonl",
                              "Results: differences.csv and results.jsonl in %s"),
                   result_folder(r));
    out_line(&r->screen.out, STYLE_PLAIN, line);
}

static void say_unfinished(struct run *r) {
    char line[320];
    int32_t total = read_count(r, "total");
    if (total > 0) {
        (void)snprintf(
            line, sizeof line,
            screen_say(
                &r->screen,
                "結果を書き終えたのは %ld/%ld人です（照会の途中だった人は含みません）。"
                "同じコマンドで続きから始まります",
                "The results of %ld of %ld persons are written, not of those just asked for; "
                "the same command goes on from there"),
            (long)read_count(r, "done"), (long)total);
        out_line(&r->screen.err, STYLE_PLAIN, line);
    }
}

static void say_end(struct run *r, const struct failure *f) {
    if (f->code != 0) {
        say_unfinished(r);
        return;
    }
    say_finished_before(r);
    if (registers(r)) {
        say_counts(r, registered, sizeof registered / sizeof *registered);
    } else {
        say_counts(r, counts, sizeof counts / sizeof *counts);
    }
    say_files(r);
}

static void report_end_of_bulk(struct run *r, const struct failure *f) {
    struct json j = {&r->screen.out, true};
    char *day = value_text(&r->s, "progress.finished_on");
    json_open(&j, NULL, '{');
    json_text(&j, "event", "done");
    json_number(&j, "done", read_count(r, "done"));
    json_number(&j, "total", read_count(r, "total"));
    json_bool(&j, "resumed", read_count(r, "resumed") != 0);
    json_text(&j, "finished_on", day != NULL && day[0] != '\0' ? day : NULL);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        /* "fault" is the object that says why the job ended. */
        bool faults = strcmp(counts[i].name, "fault") == 0;
        json_number(&j, faults ? "faults" : counts[i].name, read_count(r, counts[i].name));
    }
    if (f->code != 0) {
        report_fault(&j, "fault", f);
    }
    json_close(&j, '}');
    json_end_line(&j);
    value_free(&day);
}

/* What came of a bulk run; the exit code says it too. */
int progress_end(struct run *r, const struct failure *f) {
    if (r->screen.json) {
        report_end_of_bulk(r, f);
    } else {
        say_end(r, f);
    }
    if (f->code != 0 || read_count(r, "fault") > 0) {
        return EXIT_FAULT;
    }
    bool all_found =
        read_count(r, "lost") + read_count(r, "several") + read_count(r, "not_found") == 0;
    return all_found ? EXIT_ELIGIBLE : EXIT_NOT_ELIGIBLE;
}
