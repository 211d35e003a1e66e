/* What a gateway can put into its answers: the first byte says which of them it is. */
#include <stdio.h>
#include <string.h>

#include "fuzz.h"
#include "gateway.h"

static void must(bool good) {
    fuzz_must(good, "an answer gave what it must not give");
}

static bool is_plain(const char *text) {
    return strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") ==
           strlen(text);
}

static void read_challenge(const struct bytes *body) {
    char challenge[129];
    int32_t expires_s = -1;
    bool good = gateway_challenge_read(body, challenge, &expires_s);
    must(is_plain(challenge));
    must(!good || (strlen(challenge) >= 16 && expires_s > 0 && expires_s <= GATEWAY_EXPIRES_MAX));
}

static void read_status(const struct bytes *body) {
    int64_t time_s = -1;
    if (gateway_status_read(body, &time_s)) {
        must(time_s >= 0 && time_s < INT64_C(253402300800) + 60);
    }
}

static void read_problem(struct bytes *body) {
    struct http_reply rp = {.status = 409, .retry_after_s = -1, .date_s = -1, .body = *body};
    struct gateway_problem problem;
    struct fault why = {0};
    text_copy(rp.content_type, sizeof rp.content_type, "application/problem+json");
    bool good = gateway_problem_read(body, &problem);
    must(is_plain(problem.type) && is_plain(problem.element));
    must(good == (problem.type[0] != '\0'));
    must(gateway_fault(&rp, &why) == why.code && why.code < 0 && is_plain(why.where));
}

static void read_reception(const struct bytes *body) {
    const struct bulk_question q = {.institution_code = "9919999999", .file_identifier = "B-1"};
    char reception[RECEPTION_NUMBER_MAX];
    struct fault why = {0};
    int32_t rc = gateway_reception_read(body, &q, reception, &why);
    must((rc == SHK_OK) == (reception[0] != '\0'));
    must(is_plain(reception) && (reception[0] == '\0' || reception_is_usable(reception)));
}

static void read_echo(const struct bytes *body) {
    struct card_data data = {.limit_consent = true};
    struct question q = {.search = &data};
    struct fault why = {0};
    text_copy(data.insurer_number, sizeof data.insurer_number, "06990014");
    text_copy(data.number, sizeof data.number, "1001");
    text_copy(data.birth_date, sizeof data.birth_date, "19850312");
    int32_t rc = gateway_echo_check(&q, body, &why);
    must(rc == SHK_OK || rc == SHK_E_ANSWER_FOREIGN);
}

void fuzz_one(const uint8_t *p, size_t n) {
    struct bytes body = {0};
    if (n == 0 || (n > 1 && bytes_append(&body, p + 1, n - 1) != SHK_OK)) {
        return;
    }
    switch (p[0]) {
    case 'c':
        read_challenge(&body);
        break;
    case 's':
        read_status(&body);
        break;
    case 'r':
        read_reception(&body);
        break;
    case 'e':
        read_echo(&body);
        break;
    default:
        read_problem(&body);
        break;
    }
    bytes_clear(&body);
}
