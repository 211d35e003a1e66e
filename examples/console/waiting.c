#include <string.h>

#include "run.h"

static const struct {
    const char *route;
    struct words words;
} awaited[] = {
    {"app", {"アプリでコピーしてください", "Copy the text in the app"}},
    {"folder",
     {"資格確認端末からの回答を待っています", "Waiting for an answer of the eligibility terminal"}},
};

/* The route of checks; a card that registers somebody is read on the spot. */
static char *read_route(const struct run *r) {
    return r->args->command == COMMAND_PERSON ? NULL : value_text(&r->s, "route");
}

struct words waiting_words(const struct run *r) {
    const struct session *s = &r->s;
    struct words words = {"カードを置いてください", "Put the card on the reader"};
    char *route = read_route(r);
    char *file = value_text(s, "app.file");
    for (size_t i = 0; route != NULL && i < sizeof awaited / sizeof *awaited; i++) {
        if (strcmp(route, awaited[i].route) == 0) {
            words = awaited[i].words;
        }
    }
    if (route != NULL && strcmp(route, "app") == 0 && file != NULL) {
        words = (struct words){"アプリでコピーした内容を、次のファイルに保存してください",
                               "Copy the text in the app and save it in this file"};
    }
    value_free(&route);
    value_free(&file);
    return words;
}

void waiting_file(struct run *r) {
    char *route = read_route(r);
    char *file = value_text(&r->s, "app.file");
    if (route != NULL && strcmp(route, "app") == 0 && file != NULL) {
        screen_step(&r->screen, file, file);
    }
    value_free(&route);
    value_free(&file);
}
