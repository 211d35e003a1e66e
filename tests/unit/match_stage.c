#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "match_stage.h"
#include "record_help.h"

static const struct {
    const char *key, *path, *answer, *host;
} keys[STAGE_KEYS] = {
    {"birth", "birth_date", "19540105", "1954-01-05"},
    {"sex", "sex", "2", "女"},
    {"name", "name", "見本　花子", "見本 花子"},
    {"kana", "name_kana", "ﾐﾎﾝ ﾊﾅｺ", "ミホン　ハナコ"},
    {"alias", "name_other", "", ""},
    {"alias_kana", "name_other_kana", "", ""},
    {"insurer", "insurer_number", "06990014", "06990014"},
    {"symbol", "symbol", "７７", "77"},
    {"number", "number", "８８１２", "8812"},
    {"branch", "branch_number", "01", "01"},
    {"until", "valid_until", "", ""},
    {"ref", "reference_number", "", ""},
    {"aid", "medical_aid.payer_number", "", ""},
    {"recipient", "medical_aid.recipient_number", "", ""},
};

/* The value of a key, or the usual one. */
static void value_of(const char *words, const char *key, const char *usual, char *out, size_t cap) {
    size_t n = strlen(key);
    for (const char *p = words; *p != '\0'; p += strcspn(p, ";") + (p[strcspn(p, ";")] == ';')) {
        if (strncmp(p, key, n) == 0 && p[n] == '=') {
            text_copy_n(out, cap, p + n + 1, strcspn(p, ";") - n - 1);
            return;
        }
    }
    text_copy(out, cap, usual);
}

static void assert_known(const char *words) {
    for (const char *p = words; *p != '\0'; p += strcspn(p, ";") + (p[strcspn(p, ";")] == ';')) {
        size_t n = strcspn(p, "="), known = 0;
        for (size_t i = 0; i < STAGE_KEYS; i++) {
            known += text_equal_n(keys[i].key, p, n) ? 1 : 0;
        }
        bool own = text_equal_n("id", p, n) || text_equal_n("card", p, n) ||
                   text_equal_n("person", p, n) || text_equal_n("none", p, n);
        if (known == 0 && !own) {
            fail_msg("no such key: %s", p);
        }
    }
}

struct record_set *stage_answer(const char *words) {
    struct pair pairs[STAGE_KEYS + 4] = {
        {"confirmation_date", "20250602"}, {"result_segment", "1"}, {"result_status", "1"}};
    char texts[STAGE_KEYS][128];
    size_t n = 3;
    assert_known(words);
    for (size_t i = 0; i < STAGE_KEYS; i++) {
        value_of(words, keys[i].key, keys[i].answer, texts[i], sizeof texts[i]);
        pairs[n++] = (struct pair){keys[i].path, texts[i]};
    }
    pairs[n] = (struct pair){NULL, NULL};
    return set_of(pairs);
}

static bool has_flag(const char *words, const char *key) {
    char value[4];
    value_of(words, key, "", value, sizeof value);
    return text_equal(value, "1");
}

void stage_patient(struct stage_patient *out, const char *words, size_t number) {
    char usual[32];
    assert_known(words);
    *out = (struct stage_patient){0};
    text_format(usual, sizeof usual, "P%u", (unsigned)number + 1);
    value_of(words, "id", usual, out->id, sizeof out->id);
    for (size_t i = 0; i < STAGE_KEYS && !has_flag(words, "none"); i++) {
        value_of(words, keys[i].key, keys[i].host, out->texts[i], sizeof out->texts[i]);
        out->values[out->patient.n++] = (struct host_value){keys[i].path, out->texts[i]};
    }
    out->patient.id = out->id;
    out->patient.values = out->values;
    out->patient.remembered_card = has_flag(words, "card");
    out->patient.remembered_person = has_flag(words, "person");
}

void stage_match(const struct record_set *set, const char *const *words, size_t n,
                 struct match_result *out) {
    static struct stage_patient made[STAGE_PATIENTS];
    struct match_patient patients[STAGE_PATIENTS];
    assert_true(n <= STAGE_PATIENTS);
    for (size_t i = 0; i < n; i++) {
        stage_patient(&made[i], words[i], i);
        patients[i] = made[i].patient;
    }
    match_record(set, 1, patients, n, out);
}

bool stage_has_reason(const struct match_candidate *one, const char *name) {
    for (size_t i = 0; i < one->reasons_n; i++) {
        if (text_equal(one->reasons[i]->name, name)) {
            return true;
        }
    }
    return false;
}
