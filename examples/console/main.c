/* shikaku: a console host. It knows the plugin only by its public header. */
#include <stdlib.h>
#include <string.h>

#include "platform.h"
#include "run.h"
#include "utf8.h"

/* The argument's name only: behind "=", or all digits, may be a PIN typed in the wrong place. */
static void name_word(struct out *err, const char *word) {
    char name[64];
    size_t n = strcspn(word, "=");
    if (n == 0 || strspn(word, "0123456789") == strlen(word)) {
        return;
    }
    (void)snprintf(name, sizeof name, ": %.*s", (int)(n < 60 ? n : 60), word);
    out_text(err, name, false);
}

static void complain(const struct args_wrong *wrong) {
    struct out err;
    out_init(&err, stderr);
    out_raw(&err, "shikaku: ", 9);
    out_text(&err, wrong->japanese, false);
    out_raw(&err, " / ", 3);
    out_text(&err, wrong->english, false);
    name_word(&err, wrong->word);
    out_line(&err, STYLE_PLAIN, "");
    out_line(&err, STYLE_DIM,
             "使い方は shikaku --help で見られます / try: shikaku --help --lang en");
}

static int end_output(const struct out *out, const struct args *args) {
    out_tell_lost(out, args->english);
    return out->broken ? EXIT_FAULT : EXIT_SUCCESS;
}

static int say_usage(const struct args *args) {
    struct out out;
    const char *text = usage_text(args->command, args->english);
    out_init(&out, stdout);
    out_raw(&out, text, strlen(text));
    out_flush(&out);
    return end_output(&out, args);
}

/* The option, then the environment, then null. */
static const char *choose(const char *option, const char *variable) {
    const char *value = option != NULL ? option : platform_variable(variable);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

static int say_version(const struct args *args) {
    struct door door;
    char why[512], line[1200];
    struct out out;
    out_init(&out, stdout);
    (void)snprintf(line, sizeof line, "shikaku %s (ABI %d)", SHIKAKU_VERSION, SHK_ABI);
    out_line(&out, STYLE_PLAIN, line);
    if (!door_load(&door, choose(args->library, "SHIKAKU_LIBRARY"), why, sizeof why)) {
        (void)snprintf(line, sizeof line, "no library: %s", why);
        out_line(&out, STYLE_PLAIN, line);
        return end_output(&out, args);
    }
    struct session s = {&door, 0};
    if (door.open(NULL, 0, &s.id) >= 0) {
        char *version = value_text(&s, "version");
        (void)snprintf(line, sizeof line, "library %s: %s", version != NULL ? version : "?",
                       door.path);
        out_line(&out, STYLE_PLAIN, line);
        value_free(&version);
        (void)door.close(s.id);
    }
    return end_output(&out, args);
}

/* The settings of the command line, and the encoding this program speaks. */
static int32_t apply_settings(const struct args *args, const struct session *s) {
    for (size_t i = 0; i < args->set_n; i++) {
        const char *equals = strchr(args->set[i], '=');
        int32_t rc =
            s->door->set(s->id, args->set[i], (int32_t)(equals - args->set[i]), equals + 1, -1);
        if (rc < 0) {
            return rc;
        }
    }
    return s->door->set(s->id, "text_encoding", -1, "utf-8", -1);
}

static bool open_session(struct run *r, const char *config) {
    struct failure f;
    int32_t rc = r->s.door->open(config != NULL ? config : "", -1, &r->s.id);
    if (rc >= 0) {
        rc = apply_settings(r->args, &r->s);
    }
    if (rc < 0) {
        failure_of_call(&r->s, rc, &f);
        run_tell(r, &f);
        return false;
    }
    return true;
}

static bool load_door(struct run *r, struct door *door) {
    char why[512];
    struct failure f;
    if (door_load(door, choose(r->args->library, "SHIKAKU_LIBRARY"), why, sizeof why)) {
        return true;
    }
    failure_own(&f, SHK_E_INTERNAL, "NO_LIBRARY",
                "資格確認のプラグインを読み込めません。--library で場所を指定してください。", why);
    run_tell(r, &f);
    return false;
}

static int run_command(const struct args *args) {
    struct door door;
    struct run r;
    struct args_wrong wrong = {
        "--pin-fd、--code-fd、--secret-fd の番号のディスクリプタが開かれていないか、端末です",
        "--pin-fd, --code-fd or --secret-fd names no open descriptor, or a terminal", ""};
    const char *config = choose(args->config, "SHIKAKU_CONFIG");
    if ((args->pin_fd >= 0 && !platform_descriptor_usable(args->pin_fd)) ||
        (args->secret_fd >= 0 && !platform_descriptor_usable(args->secret_fd))) {
        complain(&wrong);
        return EXIT_USAGE;
    }
    memset(&r, 0, sizeof r);
    r.args = args;
    out_init(&r.screen.out, stdout);
    out_init(&r.screen.err, stderr);
    r.screen.json = args->json;
    r.screen.quiet = args->quiet;
    r.screen.english = args->english;
    r.screen.show_document = args->show_document;
    if (!load_door(&r, &door)) {
        return EXIT_FAULT;
    }
    r.s.door = &door;
    int code = open_session(&r, config) ? run_job(&r) : EXIT_FAULT;
    if (r.s.id != 0) {
        (void)door.close(r.s.id);
    }
    out_tell_lost(&r.screen.out, args->english);
    return code;
}

int main(int argc, char **argv) {
    struct args args;
    struct args_wrong wrong;
    int code;
    platform_begin();
    platform_arguments(&argc, &argv);
    if (!args_read(argc, argv, &args, &wrong)) {
        complain(&wrong);
        code = EXIT_USAGE;
    } else if (args.help) {
        code = say_usage(&args);
    } else if (args.version) {
        code = say_version(&args);
    } else {
        code = run_command(&args);
    }
    args_clear(&args);
    return code;
}
