#include "http_curl_world.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PYTHON   "/usr/bin/python3"
#define START_MS 120000 /* it makes some twenty keys */
#define SOON_MS  60000
#ifndef SERVER_SCRIPT
#define SERVER_SCRIPT SOURCE_ROOT "/tests/unit/http_curl_server.py"
#endif

extern char **environ;

int64_t world_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

const char *world_file(struct world *w, const char *name) {
    char *path = w->paths[w->paths_n++ % 6];
    text_format(path, sizeof w->paths[0], "%s/%s", w->folder, name);
    return path;
}

static bool read_ports(struct world *w) {
    FILE *file = fopen(world_file(w, "ports"), "rb");
    if (file == NULL) {
        return false;
    }
    size_t n = fread(w->ports, 1, sizeof w->ports - 1, file);
    w->ports[n] = '\0';
    fclose(file);
    return true;
}

bool world_file_holds(struct world *w, const char *name, const char *text) {
    char content[65536];
    FILE *file = fopen(world_file(w, name), "rb");
    if (file == NULL) {
        return false;
    }
    size_t n = fread(content, 1, sizeof content - 1, file);
    content[n] = '\0';
    fclose(file);
    return strstr(content, text) != NULL;
}

bool world_file_will_hold(struct world *w, const char *name, const char *text) {
    const struct timespec pause = {.tv_nsec = 20000000};
    int64_t end = world_ms() + SOON_MS;
    while (!world_file_holds(w, name, text)) {
        if (world_ms() >= end) {
            return false;
        }
        nanosleep(&pause, NULL);
    }
    return true;
}

bool world_write(struct world *w, const char *name, const char *text) {
    FILE *file = fopen(world_file(w, name), "wb");
    return file != NULL && fputs(text, file) >= 0 && fclose(file) == 0;
}

static bool spawn(struct world *w, int leash_end, const char *more) {
    char word[32] = "";
    text_copy(word, sizeof word, more != NULL ? more : "");
    static char script[] = SERVER_SCRIPT;
    char *const argv[] = {PYTHON, script, w->folder, more != NULL ? word : NULL, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, leash_end, STDIN_FILENO);
    int failed = posix_spawn(&w->pid, PYTHON, &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    return failed == 0;
}

bool world_start(struct world *w) {
    return world_start_with(w, NULL);
}

bool world_start_with(struct world *w, const char *more) {
    int ends[2];
    const struct timespec pause = {.tv_nsec = 20000000};
    *w = (struct world){.folder = "/tmp/shikaku-http-XXXXXX", .leash = -1};
    if (mkdtemp(w->folder) == NULL || pipe(ends) != 0) {
        return false;
    }
    w->leash = ends[1];
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    bool good = spawn(w, ends[0], more);
    close(ends[0]);
    int64_t end = world_ms() + START_MS;
    while (good && !read_ports(w)) {
        good = world_ms() < end && waitpid(w->pid, NULL, WNOHANG) == 0;
        nanosleep(&pause, NULL);
    }
    return good;
}

static void remove_folder(char *folder) {
    char *const argv[] = {"rm", "-rf", "--", folder, NULL};
    pid_t pid = 0;
    if (posix_spawn(&pid, "/bin/rm", NULL, NULL, argv, environ) == 0) {
        waitpid(pid, NULL, 0);
    }
}

void world_stop(struct world *w) {
    close(w->leash);
    if (w->pid > 0) {
        waitpid(w->pid, NULL, 0);
    }
    remove_folder(w->folder);
}

void world_url(const struct world *w, const char *server, const char *path, char out[256]) {
    char key[32];
    size_t key_n = text_format(key, sizeof key, "%s=", server);
    const char *line = w->ports;
    while (line != NULL && strncmp(line, key, key_n) != 0) {
        line = strchr(line, '\n');
        line = line != NULL ? line + 1 : NULL;
    }
    const char *port = line != NULL ? line + key_n : "0";
    text_format(out, 256, "https://localhost:%.*s%s", (int)strcspn(port, "\n"), port, path);
}
