/* What the job gets besides the configuration: options, a file's name, the standard input. */
#include <stdlib.h>
#include <string.h>

#include "args_read.h"
#include "run.h"
#include "utf8.h"

/* The plugin's own limit for import.data; one byte more shows that there is more. */
enum { STDIN_MAX = 4 * 1024 * 1024 };

bool inputs_put(struct run *r, const char *path, const void *p, size_t n) {
    struct failure f;
    int32_t rc = r->s.door->put(r->s.id, path, -1, p, (int32_t)n);
    if (rc < 0) {
        failure_of_call(&r->s, rc, &f);
        run_tell(r, &f);
    }
    return rc >= 0;
}

bool inputs_put_text(struct run *r, const char *path, const char *text) {
    return inputs_put(r, path, text, strlen(text));
}

static void free_stdin(char *all) {
    if (all != NULL) {
        platform_wipe(all, STDIN_MAX + 2);
        free(all);
    }
}

/* All of the standard input, terminated; null when it is too long or cannot be read. */
static char *read_stdin(struct run *r, size_t *n) {
    struct failure f;
    char *all = calloc(1, STDIN_MAX + 2);
    *n = 0;
    while (all != NULL && *n <= STDIN_MAX && platform_interrupts() == 0) {
        size_t got = fread(all + *n, 1, STDIN_MAX + 1 - *n, stdin);
        *n += got;
        if (got == 0) {
            break;
        }
    }
    if (all != NULL && *n <= STDIN_MAX && ferror(stdin) == 0) {
        all[*n] = '\0';
        return all;
    }
    failure_own(&f, SHK_E_FILE_TOO_LARGE, "FILE_TOO_LARGE",
                "標準入力を読めないか、大きすぎます。ファイルの名前で渡してください。",
                "The standard input cannot be read or is larger than 4 MiB; name a file instead.");
    run_tell(r, &f);
    free_stdin(all);
    return NULL;
}

static bool refuse_line(struct run *r, int32_t line, const char *japanese, const char *english) {
    struct failure f;
    failure_own(&f, SHK_E_INPUT, "INPUT", japanese, english);
    (void)snprintf(f.where, sizeof f.where, "line %ld", (long)line);
    run_tell(r, &f);
    return false;
}

/* The plugin's words for an unknown path would send the person to the vendor. */
static bool give_named(struct run *r, const char *path, const char *p, size_t n, int32_t line) {
    int32_t rc = r->s.door->put(r->s.id, path, -1, (const uint8_t *)p, (int32_t)n);
    if (rc == SHK_E_PATH) {
        return refuse_line(
            r, line,
            "標準入力に使えない名前があります。使えるのは insurer_number、symbol、number、"
            "branch_number、birth_date、date、limit_consent、identifier、reference_number です。",
            "An unknown name; known are insurer_number, symbol, number, branch_number, "
            "birth_date, date, limit_consent, identifier, reference_number.");
    }
    if (rc < 0) {
        struct failure f;
        failure_of_call(&r->s, rc, &f);
        run_tell(r, &f);
    }
    return rc >= 0;
}

/* "insurer_number=06139999", as docs/host.md names the inputs behind "query.". */
static bool give_line(struct run *r, const char *line, size_t n, int32_t number) {
    char path[64];
    const char *equals = memchr(line, '=', n);
    if (n == 0 || line[0] == '#') {
        return true;
    }
    size_t name_n = equals != NULL ? (size_t)(equals - line) : 0;
    if (name_n == 0 || name_n > sizeof path - 8) {
        return refuse_line(
            r, number, "標準入力の行は insurer_number=… のように、名前=値 の形で書いてください。",
            "Each line of the standard input needs the form name=value.");
    }
    (void)snprintf(path, sizeof path, "query.%.*s", (int)name_n, line);
    return give_named(r, path, equals + 1, n - name_n - 1, number);
}

static bool give_lines(struct run *r, const char *all, size_t n) {
    size_t at = 0;
    int32_t number = 0;
    if (!utf8_valid(all)) {
        return refuse_line(r, 1, "標準入力の文字コードを UTF-8 にしてください。",
                           "The standard input is not UTF-8.");
    }
    while (at < n) {
        const char *end = memchr(all + at, '\n', n - at);
        size_t len = end != NULL ? (size_t)(end - (all + at)) : n - at;
        size_t text_n = len > 0 && all[at + len - 1] == '\r' ? len - 1 : len;
        if (!give_line(r, all + at, text_n, ++number)) {
            return false;
        }
        at += len + 1;
    }
    return true;
}

/* A length of 0 would take the input back. */
static bool give_data(struct run *r, const char *all, size_t n) {
    return n > 0 ? inputs_put(r, "import.data", all, n) : inputs_put_text(r, "import.data", "\n");
}

/* What can be opened is read as a stream: of a bulk result there may be more than fits. */
static bool give_stdin(struct run *r) {
    size_t n = 0;
    bool import = r->args->command == COMMAND_IMPORT || r->args->command == COMMAND_MAP;
    const char *path = import ? platform_input_path() : NULL;
    if (path != NULL) {
        return inputs_put_text(r, "import.file", path);
    }
    char *all = read_stdin(r, &n);
    if (all == NULL) {
        return false;
    }
    bool good = import ? give_data(r, all, n) : give_lines(r, all, n);
    free_stdin(all);
    return good;
}

static bool give_operand(struct run *r) {
    const char *operand = r->source;
    if (r->args->command >= COMMAND_OUTBOX) {
        return inputs_give_kept(r);
    }
    if (r->args->command >= COMMAND_PACK) {
        return inputs_give_pack(r);
    }
    if (operand == NULL) {
        return true;
    }
    bool from_stdin = strcmp(operand, "-") == 0;
    if (r->args->command == COMMAND_BULK) {
        return inputs_put_text(r, "bulk.table", operand);
    }
    return from_stdin ? give_stdin(r) : inputs_put_text(r, "import.file", operand);
}

bool inputs_give(struct run *r) {
    for (size_t i = 0; i < r->args->inputs_n; i++) {
        if (!inputs_put_text(r, r->args->inputs[i].path, r->args->inputs[i].value)) {
            return false;
        }
    }
    if (r->args->explain && !inputs_put_text(r, "map.explain", "yes")) {
        return false;
    }
    if (r->args->command == COMMAND_READERS && !r->args->quick &&
        !inputs_put_text(r, "readers.probe", "yes")) {
        return false;
    }
    return give_operand(r);
}

/* Which file it is stands in the configuration, which the person at the desk has not before him. */
static void name_app_file(const struct session *s, struct failure *f) {
    char place[sizeof f->where];
    char *file = s->id != 0 ? value_text(s, "app.file") : NULL;
    if (file != NULL && strcmp(f->where, "app.file") == 0) {
        (void)snprintf(place, sizeof place, "app.file (%s)", file);
        memcpy(f->where, place, sizeof place);
    }
    value_free(&file);
}

void inputs_name(const struct run *r, struct failure *f) {
    static const char *const operands[] = {"import.file", "bulk.table",  "pack.path", "pack.sample",
                                           "outbox.id",   "history.out", "store.file"};
    char place[sizeof f->where];
    bool file = false;
    name_app_file(&r->s, f);
    const char *option = args_option_of(f->where);
    for (size_t i = 0; i < sizeof operands / sizeof *operands; i++) {
        file = file || strcmp(f->where, operands[i]) == 0;
    }
    if (file && r->source != NULL) {
        (void)snprintf(place, sizeof place, "%s", r->source);
    } else if (option != NULL) {
        (void)snprintf(place, sizeof place, "%s (%.100s)", option, f->where);
    } else {
        return;
    }
    memcpy(f->where, place, sizeof place);
}
