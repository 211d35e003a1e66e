#include <stdlib.h>
#include <string.h>

#include "host_parts.h"
#include "host_words.h"
#include "text.h"

#define CAP_MAX 200

static int32_t cap_of(struct host *h) {
    int32_t cap = (int32_t)fuzz_below(&h->in, CAP_MAX + 2) - 1;
    return cap > CAP_MAX / 2 ? CAP_MAX : cap;
}

static void judge_value(struct host *h, shk_session s, struct host_session *at, int32_t rc) {
    if (rc < 0) {
        JUDGE(rc, SHK_E_SESSION, SHK_E_ABSENT, SHK_E_PATH, SHK_E_TYPE, SHK_E_ARGUMENT);
    }
    if (s != 0) {
        judge_there(h, at, rc);
    }
}

void call_text(struct host *h) {
    shk_session s;
    struct host_session *at = pick(h, &s);
    struct host_text path = host_value_path(&h->in);
    int32_t cap = cap_of(h);
    char *buf = cap >= 0 && fuzz_below(&h->in, 9) > 0 ? malloc(cap > 0 ? (size_t)cap : 1) : NULL;
    int32_t rc = shk_text(s, path.p, path.len, buf, cap);
    judge_value(h, s, at, rc);
    if (buf != NULL && cap > 0) {
        const char *end = memchr(buf, '\0', (size_t)cap);
        fuzz_must(end != NULL, "a text without an end");
        fuzz_must(rc < 0 || rc >= cap || end - buf == rc, "a text of another length");
        fuzz_must(at == NULL || !at->plain || utf8_valid(buf, (size_t)(end - buf)),
                  "a text that is not UTF-8");
    }
    free(buf);
    host_text_free(&path);
}

void call_bytes(struct host *h) {
    shk_session s;
    struct host_session *at = pick(h, &s);
    struct host_text path = host_value_path(&h->in);
    int32_t cap = cap_of(h);
    uint8_t *buf = cap >= 0 && fuzz_below(&h->in, 9) > 0 ? malloc(cap > 0 ? (size_t)cap : 1) : NULL;
    judge_value(h, 1, at, shk_bytes(s, path.p, path.len, buf, cap));
    free(buf);
    host_text_free(&path);
}

void call_number(struct host *h) {
    shk_session s;
    struct host_session *at = pick(h, &s);
    struct host_text path = host_value_path(&h->in);
    int32_t number = 4711;
    if (fuzz_below(&h->in, 2) == 0) {
        judge_value(h, 1, at, shk_count(s, path.p, path.len));
    } else {
        int32_t rc = shk_int(s, path.p, path.len, fuzz_below(&h->in, 9) > 0 ? &number : NULL);
        judge_value(h, s, at, rc);
        fuzz_must(rc >= 0 || number == 4711, "a number that is none was written");
    }
    host_text_free(&path);
}
