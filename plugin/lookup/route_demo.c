#include <stdlib.h>
#include <string.h>

#include "fold.h"
#include "lookup.h"

#define ANSWER_MAX ((size_t)4 * 1024 * 1024)
#define PATH_ROOM  1024
/* Windows takes CON, NUL, COM1 and the like for devices, with any ending. */
#define NAME_MIN     5
#define NAME_MAX_LEN 64

struct demo {
    const struct env *env;
    char *folder;
};

static bool is_name_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || char_is_digit(c) || c == '-' ||
           c == '_';
}

static bool is_safe_name(const char *name) {
    size_t n = 0;
    while (is_name_char(name[n])) {
        n++;
    }
    return name[n] == '\0' && n >= NAME_MIN && n <= NAME_MAX_LEN;
}

/* What names the answer's file, without ".xml"; empty when nothing usable does. */
static void name_answer(const struct question *q, struct bytes *name) {
    const struct card_data *search = q->search;
    bool good = false;
    if (search != NULL) {
        good = bytes_append_text(name, search->insurer_number) == SHK_OK &&
               bytes_append_byte(name, '-') == SHK_OK &&
               fold_number(search->number, strlen(search->number), true, name) == SHK_OK;
    } else if (q->common_name != NULL) {
        good = bytes_append_text(name, q->common_name) == SHK_OK;
    }
    if (!good || !is_safe_name(bytes_text(name))) {
        bytes_clear(name);
    }
}

static int32_t prepare(void *self, struct question *q, const struct watch *watch,
                       struct fault *why) {
    (void)self, (void)watch, (void)why;
    /* Not empty, so that the card signs what it would sign for a gateway. */
    text_copy(q->challenge, sizeof q->challenge, "demo");
    return SHK_OK;
}

static int32_t read_answer(const struct demo *d, const char *name, struct bytes *answer,
                           struct fault *why) {
    char path[PATH_ROOM];
    if (text_format(path, sizeof path, "%s/%s.xml", d->folder, name) >= sizeof path) {
        return fault_raise(why, SHK_E_ARGUMENT);
    }
    return d->env->files->read(d->env->files_self, path, ANSWER_MAX, answer, why);
}

static int32_t ask(void *self, const struct question *q, struct bytes *answer,
                   const struct watch *watch, struct fault *why) {
    const struct demo *d = self;
    struct fault unread = {0};
    struct bytes name = {0};
    int32_t rc = SHK_E_ABSENT;
    bytes_clear(answer);
    if (watch_stopped(watch)) {
        return fault_raise(why, SHK_E_CANCELLED);
    }
    name_answer(q, &name);
    if (name.n > 0) {
        rc = read_answer(d, bytes_text(&name), answer, &unread);
    }
    bytes_clear(&name);
    if (rc == SHK_E_ABSENT) {
        fault_clear(&unread);
        rc = read_answer(d, "default", answer, &unread);
    }
    if (rc != SHK_OK) {
        bytes_clear(answer);
        /* Never the file's name: it is a person's number. */
        return fault_set(why, SHK_E_DEMO_ANSWER, unread.native_kind, unread.native, NULL);
    }
    return SHK_OK;
}

static void free_route(void *self) {
    struct demo *d = self;
    if (d != NULL) {
        free(d->folder);
        free(d);
    }
}

static const struct route_ops demo_ops = {.prepare = prepare, .ask = ask, .free = free_route};

int32_t demo_route_new(const char *folder, const struct env *env, struct lookup_route *out,
                       struct fault *why) {
    *out = (struct lookup_route){0};
    if (folder == NULL || !env->files->is_folder(env->files_self, folder)) {
        return fault_set(why, SHK_E_DEMO_ANSWER, SHK_NATIVE_NONE, 0, "folder");
    }
    struct demo *d = calloc(1, sizeof *d);
    char *copy = text_dup(folder);
    if (d == NULL || copy == NULL) {
        free(d);
        free(copy);
        return fault_raise(why, SHK_E_MEMORY);
    }
    *d = (struct demo){env, copy};
    *out = (struct lookup_route){&demo_ops, d};
    return SHK_OK;
}
