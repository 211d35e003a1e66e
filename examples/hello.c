/* The whole check in one page: hello LIBRARY CONFIG, with the PIN on standard input. */
#include <dlfcn.h>
#include <shikaku/shikaku.h>
#include <stdio.h>
#include <string.h>

static int32_t (*shk_text_)(shk_session, const char *, int32_t, char *, int32_t);

static void *find(void *library, const char *name, void *function) {
    void *address = dlsym(library, name);
    memcpy(function, &address, sizeof address);
    return address;
}

static void print(shk_session s, const char *title, const char *path) {
    char text[512];
    if (shk_text_(s, path, -1, text, sizeof text) >= 0) {
        printf("%s: %s\n", title, text);
    }
}

static const char *verdict(int32_t outcome) {
    switch (outcome) {
    case SHK_OUTCOME_ELIGIBLE:
        return "資格あり";
    case SHK_OUTCOME_NOT_ELIGIBLE:
        return "資格なし";
    case SHK_OUTCOME_UNSTATED: /* a text copied from the app does not say it */
        return "有効・無効の記載なし: アプリの画面で確かめてください";
    default:
        return "資格の有無を確認できません";
    }
}

int main(int argc, char **argv) {
    int32_t (*open)(const char *, int32_t, shk_session *), (*close)(shk_session), (*abi)(void);
    int32_t (*check)(shk_session, const char *, int32_t, int32_t, int32_t);
    char pin[16] = "";
    shk_session s = 0;
    void *library = argc == 3 ? dlopen(argv[1], RTLD_NOW) : NULL;
    if (library == NULL || find(library, "shk_abi", &abi) == NULL || abi() != SHK_ABI ||
        find(library, "shk_open", &open) == NULL || find(library, "shk_close", &close) == NULL ||
        find(library, "shk_check", &check) == NULL ||
        find(library, "shk_text", &shk_text_) == NULL) {
        fputs("usage: hello LIBRARY CONFIG < pin\n", stderr);
        return 2;
    }
    setvbuf(stdin, NULL, _IONBF, 0); /* no copy of the PIN stays in a buffer */
    if (fgets(pin, sizeof pin, stdin) == NULL) {
        return 2;
    }
    int32_t result = open(argv[2], -1, &s);
    if (result >= 0) {
        result = check(s, pin, (int32_t)strcspn(pin, "\r\n"), 0, -1);
    }
    for (volatile char *p = pin; p < pin + sizeof pin; p++) {
        *p = 0;
    }
    if (result < 0) {
        print(s, "できませんでした", "fault.message");
    } else {
        print(s, "氏名", "record.name");
        print(s, "保険者番号", "record.insurer_number");
        puts(verdict(result));
    }
    if (s != 0) {
        close(s);
    }
    if (result < 0 || result == SHK_OUTCOME_NONE) {
        return 3;
    }
    return result == SHK_OUTCOME_NOT_ELIGIBLE ? 1 : 0;
}
