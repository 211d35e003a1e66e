#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): for memmem */
#include "gateway_judge.h"

#include <string.h>

#include "answer.h"

const struct card_data gateway_person = {.insurer_number = "06990014",
                                         .number = "１００１",
                                         .branch_number = "01",
                                         .birth_date = "19850312",
                                         .identifier = "P-1",
                                         .limit_consent = true};

bool input_holds(struct fuzz_input all, const char *text) {
    return all.n > 0 && memmem(all.p, all.n, text, strlen(text)) != NULL;
}

/* Digits of either width, without zeros in front, packed into a number; enough for the person above. */
static uint64_t digits_of(const char *text) {
    uint64_t value = 0;
    for (const char *c = text; *c != '\0'; c++) {
        const uint8_t *wide = (const uint8_t *)c;
        if (*c >= '0' && *c <= '9') {
            value = value * 10 + (uint64_t)(*c - '0');
        } else if (wide[0] == 0xEF && wide[1] == 0xBC && wide[2] >= 0x90 && wide[2] <= 0x99) {
            value = value * 10 + (uint64_t)(wide[2] - 0x90);
        }
    }
    return value;
}

static bool contradicts(const struct record_set *set, size_t i, const char *path,
                        const char *expected) {
    struct value v;
    bool said = record_value(set, i, path, strlen(path), &v) == SHK_OK && v.state == VALUE_PRESENT;
    return said && digits_of(v.text) != digits_of(expected);
}

static void judge_person(const struct record_set *set, const struct bytes *answer) {
    struct fuzz_input raw = {answer->p, answer->n};
    /* Without references and marked sections the words stand there as they are. */
    bool plain = !input_holds(raw, "&") && !input_holds(raw, "<!");
    fuzz_must(!plain || (input_holds(raw, GATEWAY_INSTITUTION) && input_holds(raw, GATEWAY_FILE) &&
                         input_holds(raw, GATEWAY_DATE)),
              "an answer to somebody else");
    for (size_t i = 1; i <= record_count(set); i++) {
        bool other = contradicts(set, i, "search.birth_date", gateway_person.birth_date) ||
                     contradicts(set, i, "search.number", gateway_person.number) ||
                     contradicts(set, i, "search.insurer_number", gateway_person.insurer_number) ||
                     contradicts(set, i, "birth_date", gateway_person.birth_date);
        fuzz_must(!other, "somebody else's answer");
    }
}

/* As the session takes an answer. */
void gateway_judge_answer(const struct question *q, const struct bytes *answer) {
    struct session s = {.config = config_new()};
    struct record_set *set = NULL;
    struct fault why = {0};
    if (s.config != NULL && config_set(s.config, "route", "gateway", &why) == SHK_OK) {
        int32_t rc = answer_read_oqs(&s, answer->p, answer->n, &set, &why);
        if (rc == SHK_OK && set != NULL && answer_is_ours(&s, q, set) && record_count(set) > 0 &&
            q->search != NULL) {
            judge_person(set, answer);
        }
    }
    record_free(&set);
    config_free(&s.config);
}
