#include "console_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

struct console_stage stage;

/* Where the fakes stand. */
static struct {
    size_t event, typed, given;
    int64_t now_ms;
    bool asked; /* a question about the patient is open */
    bool prompted;
    bool over; /* no job runs */
    FILE *told;
} at;

int console_stage_open(void **state) {
    (void)state;
    memset(&stage, 0, sizeof stage);
    memset(&at, 0, sizeof at);
    return 0;
}

static void add(char *to, size_t cap, const char *words, const char *end) {
    size_t used = strlen(to);
    assert_true(used + strlen(words) + strlen(end) < cap);
    (void)snprintf(to + used, cap - used, "%s%s", words, end);
}

static const char *find_in(const struct stage_value *values, const char *path) {
    for (; values != NULL && values->path != NULL; values++) {
        if (strcmp(values->path, path) == 0) {
            return values->text;
        }
    }
    return NULL;
}

static const char *find(const char *path) {
    const char *text = find_in(stage.more, path);
    return text != NULL ? text : find_in(stage.values, path);
}

static int32_t SHK_CALL give_text(shk_session s, const char *path, int32_t n, char *buf,
                                  int32_t cap) {
    const char *text = find(path);
    (void)s;
    (void)n;
    return text != NULL ? (int32_t)snprintf(buf, (size_t)cap, "%s", text) : SHK_E_ABSENT;
}

static bool read_number(const char *text, int32_t *out) {
    bool negative = text != NULL && *text == '-';
    const char *p = negative ? text + 1 : text;
    int32_t n = 0;
    if (p == NULL || *p == '\0' || strspn(p, "0123456789") != strlen(p) || strlen(p) > 9) {
        return false;
    }
    for (; *p != '\0'; p++) {
        n = n * 10 + (*p - '0');
    }
    *out = negative ? -n : n;
    return true;
}

static int32_t SHK_CALL give_int(shk_session s, const char *path, int32_t n, int32_t *out) {
    const char *text = find(path);
    (void)s;
    (void)n;
    if (text == NULL) {
        return SHK_E_ABSENT;
    }
    return read_number(text, out) ? SHK_OK : SHK_E_TYPE;
}

static int32_t SHK_CALL give_count(shk_session s, const char *path, int32_t n) {
    char key[128];
    int32_t count = 0;
    (void)s;
    (void)n;
    (void)snprintf(key, sizeof key, "#%s", path);
    return read_number(find(key), &count) ? count : SHK_E_PATH;
}

static int32_t SHK_CALL take_input(shk_session s, const char *path, int32_t path_n,
                                   const uint8_t *p, int32_t n) {
    char one[2048];
    bool answer = strcmp(path, "match.answer") == 0;
    bool of_match = answer || strcmp(path, "match.take") == 0;
    (void)s;
    (void)path_n;
    (void)snprintf(one, sizeof one, "%.*s", (int)n, (const char *)p);
    add(stage.puts, sizeof stage.puts, path, "=");
    add(stage.puts, sizeof stage.puts, one, ";");
    if (of_match && stage.put_result < 0) {
        return stage.put_result;
    }
    if (answer && stage.usable != NULL && strcmp(one, stage.usable) != 0) {
        return SHK_E_MATCH_ANSWER;
    }
    at.asked = at.asked && !answer;
    return SHK_OK;
}

static int32_t SHK_CALL start(shk_session s, int32_t job) {
    char number[16];
    (void)s;
    (void)snprintf(number, sizeof number, "%ld", (long)job);
    add(stage.jobs, sizeof stage.jobs, number, ";");
    at.event = 0;
    at.over = false;
    return stage.start_result;
}

static int32_t SHK_CALL cancel(shk_session s) {
    (void)s;
    stage.cancels++;
    at.asked = false;
    return SHK_OK;
}

static int32_t SHK_CALL take_pin(shk_session s, const char *pin, int32_t n, int32_t spend) {
    char one[64];
    (void)s;
    (void)snprintf(one, sizeof one, "%.*s/%ld", (int)n, pin, (long)spend);
    add(stage.pins, sizeof stage.pins, one, ";");
    at.asked = at.asked && stage.pin_result < 0;
    return stage.pin_result;
}

static bool is_one(const char *path) {
    const char *text = find(path);
    return text != NULL && strcmp(text, "1") == 0;
}

/* Keys of the reader need no answer, but for the last try. */
static bool is_question(int32_t event) {
    bool keys = is_one("pin.pad") && !is_one("pin.last_try");
    return event == SHK_EVENT_MATCH || (event == SHK_EVENT_PIN && !keys);
}

static int32_t SHK_CALL next_event(shk_session s, int32_t timeout_ms) {
    (void)s;
    (void)timeout_ms;
    at.now_ms += 100;
    if (at.over || (at.asked && !stage.does_not_wait)) {
        return SHK_EVENT_NONE;
    }
    int32_t event = stage.events[at.event++];
    at.asked = is_question(event);
    at.over = event == SHK_EVENT_DONE;
    return event;
}

static const struct door door = {.text = give_text,
                                 .integer = give_int,
                                 .count = give_count,
                                 .put = take_input,
                                 .start = start,
                                 .cancel = cancel,
                                 .answer_pin = take_pin,
                                 .next_event = next_event};

/* The terminal is one input, the standard input another. */
struct input {
    bool terminal;
};

struct input *input_terminal(void) {
    struct input *in = stage.terminal ? calloc(1, sizeof *in) : NULL;
    if (in != NULL) {
        in->terminal = true;
    }
    return in;
}

struct input *input_descriptor(int fd) {
    (void)fd;
    return calloc(1, sizeof(struct input));
}

void input_free(struct input **in) {
    free(*in);
    *in = NULL;
}

bool input_begin(struct input *in, const char *prompt, bool hidden) {
    (void)in;
    (void)hidden;
    at.prompted = true;
    add(stage.prompts, sizeof stage.prompts, prompt, "|");
    return true;
}

void input_end(struct input *in) {
    (void)in;
}

void input_drain(struct input *in) {
    (void)in;
    stage.drained++;
}

enum input_state input_poll(struct input *in, char *line, size_t cap, size_t *len,
                            int32_t timeout_ms) {
    const char *const *lines = in->terminal ? stage.typed : stage.given;
    size_t *from = in->terminal ? &at.typed : &at.given;
    (void)timeout_ms;
    if (lines == NULL || lines[*from] == NULL) {
        return INPUT_CLOSED;
    }
    const char *one = lines[(*from)++];
    if (strlen(one) >= cap) {
        return INPUT_TOO_LONG;
    }
    *len = strlen(one);
    memcpy(line, one, *len + 1);
    return INPUT_LINE;
}

int platform_interrupts(void) {
    return at.prompted ? stage.interrupts : 0;
}

int64_t platform_now_ms(void) {
    return at.now_ms;
}

bool platform_is_terminal(FILE *stream) {
    return stage.terminal && !stage.unseen && stream == at.told;
}

bool platform_shows_colors(FILE *stream) {
    (void)stream;
    return false;
}

bool platform_write(FILE *stream, const char *text, size_t n) {
    return fwrite(text, 1, n, stream) == n;
}

const char *platform_last_separator(const char *path) {
    return strrchr(path, '/');
}

const char *platform_variable(const char *name) {
    return getenv(name);
}

FILE *platform_open(const char *path, const char *mode) {
    return fopen(path, mode);
}

const char *platform_input_path(void) {
    return NULL;
}

void platform_wipe(void *memory, size_t size) {
    if (memory != NULL) {
        memset(memory, 0, size);
    }
}

void *platform_secret_new(size_t size) {
    return calloc(1, size);
}

void platform_secret_free(void **secret, size_t size) {
    (void)size;
    free(*secret);
    *secret = NULL;
}

static void read_back(FILE *file, char *to, size_t cap) {
    rewind(file);
    to[fread(to, 1, cap - 1, file)] = '\0';
    (void)fclose(file);
}

int console_stage_run(const char *const *words, int n) {
    static char room[16][256];
    char *argv[17] = {room[0]};
    struct args args;
    struct args_wrong wrong;
    assert_true(n < 16);
    (void)snprintf(room[0], sizeof room[0], "shikaku");
    for (int i = 1; i <= n; i++) {
        assert_true((size_t)snprintf(room[i], sizeof room[i], "%s", words[i - 1]) < sizeof room[i]);
        argv[i] = room[i];
    }
    if (!args_read(n + 1, argv, &args, &wrong)) {
        fail_msg("the command line was refused: %s", wrong.english);
    }
    struct run r = {.args = &args, .s = {&door, 1}};
    FILE *told = tmpfile(), *errors = tmpfile();
    assert_true(told != NULL && errors != NULL);
    out_init(&r.screen.out, told);
    out_init(&r.screen.err, errors);
    r.screen.out.color = r.screen.err.color = false;
    at.told = told;
    r.screen.json = args.json;
    r.screen.quiet = args.quiet;
    r.screen.english = args.english;
    int code = run_job(&r);
    out_flush(&r.screen.out);
    out_flush(&r.screen.err);
    read_back(told, stage.told, sizeof stage.told);
    read_back(errors, stage.errors, sizeof stage.errors);
    args_clear(&args);
    return code;
}

void assert_told(const char *words) {
    if (strstr(stage.told, words) == NULL) {
        fail_msg("%s is not in\n%s", words, stage.told);
    }
}

void assert_not_told(const char *words) {
    if (strstr(stage.told, words) != NULL) {
        fail_msg("%s is in\n%s", words, stage.told);
    }
}
