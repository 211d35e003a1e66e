/* A reception desk in C: reception CONFIG. Build: cc reception.c -lshikaku -o reception
 *
 * Waits for a card, asks for the PIN, shows the answer and the document that was delivered.
 * Exit code: 0 eligible, 1 not eligible, 2 usage, 3 anything else. */
#include <shikaku/shikaku.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
#include <windows.h>

#include <shellapi.h>

/* Standard streams carry UTF-8 and the line ends that are written. */
static void streams_begin(void) {
    _setmode(_fileno(stdin), _O_BINARY);
    _setmode(_fileno(stdout), _O_BINARY);
    SetConsoleOutputCP(CP_UTF8);
}

/* The arguments of main are in the system's code page; the plugin wants the path in UTF-8. */
static const char *config_path(char **argv) {
    static char path[4096];
    int n = 0;
    wchar_t **wide = CommandLineToArgvW(GetCommandLineW(), &n);
    (void)argv;
    if (wide == NULL || n != 2 ||
        WideCharToMultiByte(CP_UTF8, 0, wide[1], -1, path, sizeof path, NULL, NULL) == 0) {
        path[0] = '\0';
    }
    LocalFree(wide);
    return path;
}

/* Whether there was anything to hide: standard input is a console. */
static bool hide_typing(bool hide) {
    static DWORD before;
    HANDLE console = GetStdHandle(STD_INPUT_HANDLE);
    if (!hide) {
        return SetConsoleMode(console, before) != 0;
    }
    return GetConsoleMode(console, &before) &&
           SetConsoleMode(console, before & ~(DWORD)ENABLE_ECHO_INPUT);
}
#else
#include <termios.h>
#include <unistd.h>

static void streams_begin(void) {
}

static const char *config_path(char **argv) {
    return argv[1];
}

/* Whether there was anything to hide: standard input is a terminal. */
static bool hide_typing(bool hide) {
    static struct termios before;
    if (!hide) {
        return tcsetattr(STDIN_FILENO, TCSAFLUSH, &before) == 0;
    }
    if (tcgetattr(STDIN_FILENO, &before) != 0) {
        return false;
    }
    struct termios quiet = before;
    quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
    return tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
}
#endif

enum { ELIGIBLE = 0, NOT_ELIGIBLE = 1, USAGE = 2, OTHER = 3 };

/* In the order of their numbers. */
static const char *const event_names[] = {
    "NONE",    "WAITING", "CARD", "PIN",      "ASKING", "ANSWER", "DELIVERED", "FAULT", "REMOVED",
    "READERS", "DONE",    "NEXT", "PROGRESS", "SECRET", "MATCH",  "OUTBOX",    "NOTICE"};

/* The compiler may not leave this out, as it may a memset before the end of a life. */
static void wipe(void *memory, size_t size) {
    for (volatile char *p = memory; size > 0; size--) {
        *p++ = 0;
    }
}

/* A value of any length as text, to be freed; null when it is absent. A first call with little room tells
 * how much is wanted. */
static char *text(shk_session s, const char *path) {
    int32_t cap = 64, length = 0;
    char *value = NULL;
    for (;;) {
        char *grown = realloc(value, (size_t)cap);
        length = grown == NULL ? SHK_E_MEMORY : shk_text(s, path, -1, grown, cap);
        if (length < 0) {
            free(grown != NULL ? grown : value);
            return NULL;
        }
        value = grown;
        if (length < cap) {
            return value;
        }
        cap = length + 1;
    }
}

/* The number at path, or `otherwise` when there is none. */
static int32_t number(shk_session s, const char *path, int32_t otherwise) {
    int32_t value = otherwise;
    (void)shk_int(s, path, -1, &value);
    return value;
}

/* "TITLE VALUE", with - for what is absent. */
static void print(shk_session s, const char *title, const char *path) {
    char *value = text(s, path);
    printf("%s %s\n", title, value != NULL ? value : "-");
    free(value);
}

static void print_fault(shk_session s, const char *title) {
    char *name = text(s, "fault.name");
    printf("%s %s %d\n", title, name != NULL ? name : "-", (int)number(s, "fault.code", 0));
    print(s, " ", "fault.message");
    print(s, " ", "fault.message_en");
    free(name);
}

/* One line of standard input, of which no copy stays in a buffer of the library (main). */
static size_t read_line(char *line, size_t cap) {
    size_t length = 0;
    int byte = getchar();
    while (byte != EOF && byte != '\n') {
        if (byte != '\r' && length < cap) {
            line[length++] = (char)byte;
        }
        byte = getchar();
    }
    return length;
}

/* The person types, here or on the reader; a PIN that cannot be given ends the check. */
static void answer_pin(shk_session s) {
    char pin[16];
    if (number(s, "pin.last_try", 0) == 1) {
        fputs("あと1回まちがえるとロックされます。中止します。 / One try is left; stopped.\n",
              stderr);
        shk_cancel(s); /* a real desk asks the person, and passes spend_last_try 1 for a yes */
        return;
    }
    if (number(s, "pin.pad", 0) == 1) {
        fputs("リーダーのキーで暗証番号を入力してください。 / Type the PIN on the reader.\n",
              stderr);
        return;
    }
    bool terminal = hide_typing(true);
    if (terminal) {
        fputs("暗証番号 / PIN: ", stderr);
    }
    size_t length = read_line(pin, sizeof pin);
    if (terminal) {
        hide_typing(false);
        fputs("\n", stderr);
    }
    int32_t result = length > 0 ? shk_answer_pin(s, pin, (int32_t)length, 0) : SHK_E_PIN_FORMAT;
    wipe(pin, sizeof pin);
    if (result < 0) {
        shk_cancel(s); /* a real desk says fault.message and asks again */
    }
}

static void on_event(shk_session s, int32_t event) {
    size_t known = sizeof event_names / sizeof *event_names;
    if (event == SHK_EVENT_PIN) {
        print(s, "event PIN tries_left", "pin.tries_left");
    } else if (event == SHK_EVENT_FAULT) {
        print_fault(s, "event FAULT");
    } else {
        printf("event %s\n", (size_t)event < known ? event_names[event] : "?");
    }
    fflush(stdout); /* shown as it comes, also into a pipe */
    if (event == SHK_EVENT_PIN) {
        answer_pin(s);
    }
}

static void print_document(shk_session s) {
    int32_t size = shk_bytes(s, "delivery[1].document", -1, NULL, 0);
    uint8_t *document = size > 0 ? malloc((size_t)size) : NULL;
    if (document != NULL && shk_bytes(s, "delivery[1].document", -1, document, size) == size) {
        printf("document %d\n", (int)size);
        fwrite(document, 1, (size_t)size, stdout);
    }
    free(document);
}

static const char *file_name(const char *path) {
    const char *name = path;
    for (; *path != '\0'; path++) {
        if (*path == '/' || *path == '\\') {
            name = path + 1;
        }
    }
    return name;
}

static void print_answer(shk_session s) {
    static const char *const fields[] = {
        "record.name",   "record.name_kana",      "record.birth_date",
        "record.sex",    "record.insurer_number", "record.symbol",
        "record.number", "record.branch_number",  "record.reference_number"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        print(s, fields[i], fields[i]);
    }
    printf("records %d\n", (int)shk_count(s, "records", -1));
    if (shk_count(s, "delivery", -1) > 0) {
        char *file = text(s, "delivery[1].file");
        printf("delivery[1].file %s\n", file != NULL ? file_name(file) : "-");
        free(file);
        print_document(s);
    }
}

/* One check, to its end; the outcome, or a negative number when the job could not be started. */
static int32_t check(shk_session s) {
    static const char *const words[] = {"確認できません", "資格あり", "資格なし",
                                        "有効・無効の記載なし"};
    int32_t event = SHK_EVENT_NONE;
    int32_t result = shk_start(s, SHK_JOB_CHECK);
    if (result < 0) {
        print_fault(s, "fault");
        return result;
    }
    while (event != SHK_EVENT_DONE && (event = shk_next_event(s, -1)) >= 0) {
        on_event(s, event);
    }
    int32_t outcome = number(s, "outcome", SHK_OUTCOME_NONE);
    printf("outcome %d %s\n", (int)outcome, outcome >= 0 && outcome <= 3 ? words[outcome] : "?");
    if (outcome != SHK_OUTCOME_NONE) {
        print_answer(s);
    }
    return outcome;
}

int main(int argc, char **argv) {
    shk_session s = 0;
    streams_begin();
    setvbuf(stdin, NULL, _IONBF, 0);
    if (argc != 2) {
        fputs("使い方 / usage: reception CONFIG\n", stderr);
        return USAGE;
    }
    printf("abi %d\n", (int)shk_abi());
    if (shk_abi() != SHK_ABI) {
        return OTHER; /* another library than the one this header belongs to */
    }
    if (shk_open(config_path(argv), -1, &s) < 0) {
        print_fault(0, "fault"); /* why an open failed is read with session 0 */
        return OTHER;
    }
    (void)shk_set(s, "text_encoding", -1, "utf-8",
                  -1); /* whatever the file says for other programs */
    if (shk_set(s, "no.such.key", -1, "1", -1) < 0) {
        print_fault(s, "fault"); /* a mistake on purpose, to show what a fault looks like */
    }
    int32_t outcome = check(s);
    printf("close %d\n", (int)shk_close(s));
    int32_t stale = shk_text(s, "version", -1, NULL, 0);
    printf("stale %s %d\n", stale == SHK_E_SESSION ? "SESSION" : "?", (int)stale);
    return outcome == SHK_OUTCOME_ELIGIBLE       ? ELIGIBLE
           : outcome == SHK_OUTCOME_NOT_ELIGIBLE ? NOT_ELIGIBLE
                                                 : OTHER;
}
