#include "app.h"

#include <string.h>

#include "app_lines.h"

/* The beginning itself, or with something in brackets behind it. */
static bool begins_with(const char *name, const char *beginning) {
    size_t n = strlen(beginning);
    return text_starts(name, beginning) && (name[n] == '\0' || name[n] == '(');
}

static bool is_beginning(const struct app_words *words, const char *name) {
    const struct app_word *word;
    for (size_t i = 0; (word = app_words_at(words, APP_BEGINNING, i)) != NULL; i++) {
        if (begins_with(name, word->word)) {
            return true;
        }
    }
    return false;
}

bool app_is_text(const char *p, size_t n, const struct app_words *words) {
    struct app_reader reader;
    struct app_line line;
    app_reader_init(&reader, p, n, 1, words);
    do {
        if (!app_next_line(&reader, &line)) {
            return false;
        }
    } while (line.type == APP_LINE_BLANK);
    bool heading = app_words_find(words, APP_HEADING, "", line.name) != NULL;
    /* "資格情報" with a value behind it is a signal between other programs. */
    bool signal = heading && line.type == APP_LINE_ITEM;
    bool good = !signal && (app_opens_record(&line) || is_beginning(words, line.name));
    memory_wipe(&line, sizeof line);
    return good;
}
