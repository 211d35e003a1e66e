#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "match_town.h"
#include "record_help.h"

#define PEOPLE_OF_HOUSEHOLD 8
#define COUNT(x)            (sizeof(x) / sizeof((x)[0]))

/* As the insurer writes it, as the host does, and the reading in large half-width and in usual kana. */
struct writing {
    const char *insurer, *host, *large, *usual;
};

static const struct writing families[] = {
    {"見本", "見本", "ﾐﾎﾝ", "ミホン"},     {"様式", "様式", "ﾖｳｼｷ", "ヨウシキ"},
    {"例文", "例文", "ﾚｲﾌﾞﾝ", "レイブン"}, {"髙見", "高見", "ﾀｶﾐ", "タカミ"},
    {"渡邉", "渡辺", "ﾜﾀﾅﾍﾞ", "ワタナベ"}, {"山﨑", "山崎", "ﾔﾏｻﾞｷ", "ヤマザキ"},
    {"大野", "大野", "ｵｵﾉ", "オオノ"},     {"小野", "小野", "ｵﾉ", "オノ"},
    {"斎藤", "斉藤", "ｻｲﾄｳ", "サイトウ"},  {"服部", "服部", "ﾊﾂﾄﾘ", "ハットリ"},
    {"書式", "書式", "ｼﾖｼｷ", "ショシキ"},  {"雛形", "雛形", "ﾋﾅｶﾞﾀ", "ヒナガタ"},
    {"仮名", "仮名", "ｶﾅ", "カナ"},        {"濱口", "浜口", "ﾊﾏｸﾞﾁ", "ハマグチ"},
    {"國分", "国分", "ｺｸﾌﾞ", "コクブ"},    {"試験", "試験", "ｼｹﾝ", "シケン"},
};
static const struct writing men[] = {
    {"一郎", "一郎", "ｲﾁﾛｳ", "イチロウ"}, {"二郎", "二郎", "ｼﾞﾛｳ", "ジロウ"},
    {"純", "純", "ｼﾞﾕﾝ", "ジュン"},       {"潤一", "潤一", "ｼﾞﾕﾝｲﾁ", "ジュンイチ"},
    {"翔太", "翔太", "ｼﾖｳﾀ", "ショウタ"}, {"翔", "翔", "ｼﾖｳ", "ショウ"},
    {"惠一", "恵一", "ｹｲｲﾁ", "ケイイチ"}, {"京介", "京介", "ｷﾖｳｽｹ", "キョースケ"},
    {"勇", "勇", "ｲｻﾑ", "イサム"},        {"薫", "薫", "ｶｵﾙ", "カオル"},
    {"大和", "大和", "ﾔﾏﾄ", "ヤマト"},    {"健", "健", "ｹﾝ", "ケン"},
};
static const struct writing women[] = {
    {"花子", "花子", "ﾊﾅｺ", "ハナコ"},  {"花代", "花代", "ﾊﾅﾖ", "ハナヨ"},
    {"陽子", "陽子", "ﾖｳｺ", "ヨウコ"},  {"洋子", "洋子", "ﾋﾛｺ", "ヒロコ"},
    {"裕子", "裕子", "ﾕｳｺ", "ユウコ"},  {"由子", "由子", "ﾕｺ", "ユコ"},
    {"惠子", "恵子", "ｹｲｺ", "ケイコ"},  {"慶子", "慶子", "ｹｲｼ", "ケイシ"},
    {"順", "順", "ｼﾞﾕﾝ", "ジュン"},     {"薫", "薫", "ｶｵﾙ", "カオル"},
    {"千鶴", "千鶴", "ﾁﾂﾞﾙ", "チヅル"}, {"さくら", "さくら", "ｻｸﾗ", "サクラ"},
};
static const char *const insurers[] = {"06990014", "01990019", "31990013", "  990010", "39990015"};

static uint32_t seed;

/* One of n, the same in every run. */
static uint32_t pick(uint32_t n) {
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

static bool chance(uint32_t percent) {
    return pick(100) < percent;
}

struct household {
    uint32_t family;
    const char *insurer;
    uint32_t symbol, number;
};

static uint32_t day_of_life(void) {
    return (1935 + pick(85)) * 10000 + (1 + pick(12)) * 100 + 1 + pick(28);
}

static bool is_taken(const struct town *town, const struct resident *one) {
    for (size_t i = 0; i < town->n; i++) {
        const struct resident *other = &town->people[i];
        if (other->birth == one->birth && other->family == one->family &&
            other->given == one->given) {
            return true;
        }
    }
    return false;
}

static const struct writing *given_of(const struct resident *one) {
    return one->male ? &men[one->given] : &women[one->given];
}

/* A letter of the given name, as insurers lose one. */
static void lose_letter(char *name) {
    char *given = strstr(name, "　") + strlen("　"), rest[96];
    if (strlen(given) >= 6) {
        text_copy(rest, sizeof rest, given + 3);
        text_format(given, 48, "●%s", rest);
    }
}

static void write_answer(struct resident *one, const struct household *home, uint32_t branch) {
    const struct writing *family = &families[one->family], *given = given_of(one);
    size_t cap = sizeof one->answer[0];
    text_format(one->answer[0], cap, "%u", one->birth);
    text_copy(one->answer[1], cap, one->male ? "1" : "2");
    text_format(one->answer[2], cap, "%s　%s", family->insurer, given->insurer);
    text_format(one->answer[3], cap, "%s %s", family->large, given->large);
    text_copy(one->answer[4], cap, home->insurer);
    bool elderly = text_equal(home->insurer, "39990015");
    text_format(one->answer[5], cap, "%u", home->symbol);
    text_format(one->answer[6], cap, "%04u", elderly ? home->number + branch : home->number);
    text_format(one->answer[7], cap, "%02u", branch);
    if (elderly) {
        one->answer[5][0] = one->answer[7][0] = '\0';
    }
    if (chance(6)) {
        lose_letter(one->answer[2]);
    }
    if (chance(2)) {
        one->answer[3][0] = '\0';
    }
    if (chance(5)) {
        one->answer[7][0] = '\0';
    }
    if (one->at_host && chance(15)) {
        text_copy(one->answer[8], cap, one->id);
    }
}

static void write_host(struct resident *one, const struct household *home, uint32_t branch) {
    static const char *const paths[TOWN_VALUES] = {
        "birth_date", "sex",    "name",          "name_kana",  "insurer_number",
        "symbol",     "number", "branch_number", "postal_code"};
    const struct writing *family = &families[one->family], *given = given_of(one);
    size_t cap = sizeof one->host[0];
    text_format(one->host[0], cap, "%u", one->birth);
    text_copy(one->host[1], cap, chance(5) ? "" : one->male ? "男" : "女");
    text_format(one->host[2], cap, "%s %s", chance(50) ? family->host : family->insurer,
                given->host);
    text_format(one->host[3], cap, "%s%s%s", family->usual, chance(30) ? "" : "　", given->usual);
    if (chance(8)) {
        one->host[3][0] = '\0';
    }
    bool elderly = text_equal(home->insurer, "39990015");
    text_copy(one->host[4], cap, home->insurer);
    if (!elderly) {
        text_format(one->host[5], cap, "%u", home->symbol);
    }
    text_format(one->host[6], cap, chance(30) ? "%08u" : "%u",
                (elderly ? home->number + branch : home->number) +
                    (one->insurance_is_old ? 7000 : 0));
    if (!chance(40) && !elderly) {
        text_format(one->host[7], cap, "%u", branch);
    }
    for (size_t i = 0; i < TOWN_VALUES; i++) {
        one->values[i] = (struct host_value){paths[i], one->host[i]};
    }
}

/* Gives a birth date of its own to whom nothing but the insurance would tell from another one. */
static void move_in(struct town *town, const struct household *home, const struct resident *who,
                    uint32_t branch) {
    struct resident *one = &town->people[town->n];
    *one = *who;
    while (is_taken(town, one)) {
        one->birth = day_of_life();
    }
    one->at_host = !chance(20);
    one->insurance_is_old = chance(12);
    text_format(one->id, sizeof one->id, "%05u", (unsigned)town->n + 1);
    write_answer(one, home, branch);
    write_host(one, home, branch);
    town->n++;
}

static struct resident person_of(uint32_t family, bool male) {
    return (struct resident){.family = family,
                             .given = pick(male ? COUNT(men) : COUNT(women)),
                             .birth = day_of_life(),
                             .male = male};
}

/* Twins may be of either sex, and have other names. */
static void move_twins_in(struct town *town, const struct household *home, uint32_t branch) {
    struct resident first = person_of(home->family, chance(50)), second = first;
    second.male = chance(80) ? first.male : !first.male;
    second.given = (first.given + 1 + pick(2)) % (uint32_t)COUNT(men);
    move_in(town, home, &first, branch);
    second.birth = town->people[town->n - 1].birth;
    move_in(town, home, &second, branch + 1);
}

static void build_household(struct town *town) {
    struct household home = {pick(COUNT(families)), insurers[pick(COUNT(insurers))], 10 + pick(90),
                             1000 + pick(6000)};
    struct resident father = person_of(home.family, true), mother = person_of(home.family, false);
    struct resident namesake = father, in_law = mother;
    uint32_t branch = 0;
    move_in(town, &home, &father, branch++);
    move_in(town, &home, &mother, branch++);
    if (chance(15)) { /* a relative of one name */
        namesake.birth = day_of_life();
        move_in(town, &home, &namesake, branch++);
    }
    if (chance(
            15)) { /* the mother's given name in another family, with the same birthday at times */
        in_law.family = pick(COUNT(families));
        in_law.birth = chance(50) ? mother.birth : day_of_life();
        move_in(town, &home, &in_law, branch++);
    }
    if (chance(20)) {
        move_twins_in(town, &home, branch);
        branch += 2;
    }
    if (chance(60)) {
        struct resident child = person_of(home.family, chance(50));
        move_in(town, &home, &child, branch);
    }
}

void town_build(struct town *town, size_t households) {
    seed = 20250602;
    *town = (struct town){.households = households};
    town->people = calloc(households * PEOPLE_OF_HOUSEHOLD, sizeof *town->people);
    assert_non_null(town->people);
    for (size_t i = 0; i < households; i++) {
        build_household(town);
    }
}

void town_free(struct town *town) {
    free(town->people);
    *town = (struct town){0};
}

struct record_set *town_answer(const struct resident *one) {
    static const char *const paths[TOWN_VALUES] = {
        "birth_date", "sex",    "name",          "name_kana",       "insurer_number",
        "symbol",     "number", "branch_number", "reference_number"};
    struct pair pairs[TOWN_VALUES + 1];
    for (size_t i = 0; i < TOWN_VALUES; i++) {
        pairs[i] = (struct pair){paths[i], one->answer[i]};
    }
    pairs[TOWN_VALUES] = (struct pair){NULL, NULL};
    return set_of(pairs);
}
