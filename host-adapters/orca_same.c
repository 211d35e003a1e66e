/* Which person and which insurance are the same. */
#include <string.h>

#include "orca_person.h"

int orca_same_person(const struct orca_person *a, const struct orca_person *b) {
    return orca_same_name(a->name, b->name) && orca_same_name(a->kana, b->kana) &&
           strcmp(a->birth, b->birth) == 0 && strcmp(a->sex, b->sex) == 0;
}

int orca_related(const struct orca_person *a, const struct orca_person *b) {
    return (a->birth[0] != '\0' && strcmp(a->birth, b->birth) == 0) ||
           (a->name[0] != '\0' && orca_same_name(a->name, b->name)) ||
           (a->kana[0] != '\0' && orca_same_name(a->kana, b->kana));
}

static int same_or_unsaid(const char *a, const char *b) {
    return a[0] == '\0' || b[0] == '\0' || orca_same_number(a, b);
}

int orca_same_card(const struct orca_card *a, const struct orca_card *b) {
    if (a->insurer[0] == '\0' || b->insurer[0] == '\0') {
        return a->insurer[0] == b->insurer[0] && strcmp(a->kind, b->kind) == 0;
    }
    return orca_same_number(a->insurer, b->insurer) && orca_same_number(a->symbol, b->symbol) &&
           orca_same_number(a->number, b->number) && same_or_unsaid(a->branch, b->branch) &&
           same_or_unsaid(a->relation, b->relation);
}

int orca_same_aid(const struct orca_aid *a, const struct orca_aid *b) {
    if (a->payer[0] == '\0' || b->payer[0] == '\0') {
        return a->payer[0] == b->payer[0] && strcmp(a->kind, b->kind) == 0;
    }
    return orca_same_number(a->payer, b->payer) && orca_same_number(a->recipient, b->recipient);
}

/* A start that is not said means today. `have` covers today when `want` does, else it begins where
 * `want` begins. */
static int covers(const char *start, const char *end, const char *want_start, const char *want_end,
                  const char *today) {
    const char *from = want_start[0] != '\0' ? want_start : today;
    const char *day = strcmp(from, today) > 0 || strcmp(want_end, today) < 0 ? from : today;
    return strcmp(start, day) <= 0 && strcmp(day, end) <= 0;
}

int orca_card_at(const struct orca_person *have, const struct orca_card *want, const char *today) {
    for (size_t i = 0; i < have->cards_n; i++) {
        const struct orca_card *c = &have->cards[i];
        if (orca_same_card(c, want) && covers(c->start, c->end, want->start, want->end, today)) {
            return (int)i;
        }
    }
    return -1;
}

int orca_aid_at(const struct orca_person *have, const struct orca_aid *want, const char *today) {
    for (size_t i = 0; i < have->aids_n; i++) {
        const struct orca_aid *a = &have->aids[i];
        if (orca_same_aid(a, want) && covers(a->start, a->end, want->start, want->end, today)) {
            return (int)i;
        }
    }
    return -1;
}

int orca_holds(const struct orca_person *have, const struct orca_person *want, const char *today) {
    for (size_t i = 0; i < want->cards_n; i++) {
        if (orca_card_at(have, &want->cards[i], today) < 0) {
            return 0;
        }
    }
    for (size_t i = 0; i < want->aids_n; i++) {
        if (orca_aid_at(have, &want->aids[i], today) < 0) {
            return 0;
        }
    }
    return 1;
}

int orca_is_uninsured(const struct orca_person *p) {
    for (size_t i = 0; i < p->cards_n; i++) {
        if (strcmp(p->cards[i].kind, "980") != 0) {
            return 0;
        }
    }
    return p->aids_n == 0;
}

int orca_is_date(const char *date) {
    for (size_t i = 0; i < 10; i++) {
        int dash = i == 4 || i == 7;
        if (dash ? date[i] != '-' : date[i] < '0' || date[i] > '9') {
            return 0;
        }
    }
    return date[10] == '\0';
}

static int number_at(const char *p, int n) {
    int value = 0;
    for (int i = 0; i < n; i++) {
        value = value * 10 + (p[i] - '0');
    }
    return value;
}

static void put_number(char *p, int n, int value) {
    while (n > 0) {
        n--;
        p[n] = (char)('0' + value % 10);
        value /= 10;
    }
}

static int days_in(int year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && leap ? 29 : days[(month + 11) % 12];
}

void orca_day_before(const char *date, char out[ORCA_DATE_MAX]) {
    int year = number_at(date, 4), month = number_at(date + 5, 2), day = number_at(date + 8, 2) - 1;
    if (day < 1) {
        month = month > 1 ? month - 1 : 12;
        year -= month == 12;
        day = days_in(year, month);
    }
    memcpy(out, date, 11);
    put_number(out, 4, year);
    put_number(out + 5, 2, month);
    put_number(out + 8, 2, day);
}
