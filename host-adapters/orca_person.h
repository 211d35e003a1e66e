/* A person with insurances, as ORCA and the documents for it write them. */
#ifndef HOST_ADAPTERS_ORCA_PERSON_H
#define HOST_ADAPTERS_ORCA_PERSON_H

#include "orca_text.h"
#include "orca_xml.h"

#define ORCA_ID_MAX    24
#define ORCA_CARDS_MAX 40
#define ORCA_AIDS_MAX  60
#define ORCA_DATE_MAX  12

/* One insurance. Dates are yyyy-MM-dd; an open end is "9999-12-31". */
struct orca_card {
    char id[16]; /* 保険ＩＤ; only patientmodv32 tells it */
    char kind[8], insurer[16], symbol[160], number[160], branch[8], relation[4];
    char assistance[4], continuation[4], insured[ORCA_TEXT_MAX];
    char start[ORCA_DATE_MAX], end[ORCA_DATE_MAX], got[ORCA_DATE_MAX], checked[ORCA_DATE_MAX];
};

/* One 公費. */
struct orca_aid {
    char id[16], kind[8], payer[16], recipient[32];
    char start[ORCA_DATE_MAX], end[ORCA_DATE_MAX], checked[ORCA_DATE_MAX];
};

struct orca_person {
    char id[ORCA_ID_MAX], name[ORCA_TEXT_MAX], kana[ORCA_TEXT_MAX], birth[ORCA_DATE_MAX], sex[4];
    char alias[ORCA_TEXT_MAX], zip[16], address1[ORCA_TEXT_MAX], address2[ORCA_TEXT_MAX];
    struct orca_card cards[ORCA_CARDS_MAX];
    size_t cards_n;
    struct orca_aid aids[ORCA_AIDS_MAX];
    size_t aids_n;
};

/* From a Patient_Information or a patientmodreq: each insurance once, though ORCA lists it with every
 * combination. 1; 0 when a value is too long or there are too many. */
int orca_person_read(const orca_node *node, struct orca_person *out);
/* The same from a request or answer of patientmodv32. */
int orca_person_read_v3(const orca_node *node, struct orca_person *out);
/* How many rows an answer of patientmodv32 lists, without those that only pad. */
size_t orca_rows(const orca_node *node);

/* The same person: name, kana, birth date and sex. */
int orca_same_person(const struct orca_person *a, const struct orca_person *b);
/* Birth date or name or kana agree: surely not somebody quite different. */
int orca_related(const struct orca_person *a, const struct orca_person *b);

/* The same insurance, whatever its dates; a branch number or relation that one side lacks does not
 * count. */
int orca_same_card(const struct orca_card *a, const struct orca_card *b);
int orca_same_aid(const struct orca_aid *a, const struct orca_aid *b);
/* Where `have` holds the insurance for the days that `want` speaks of, seen from `today`; -1 nowhere.
 */
int orca_card_at(const struct orca_person *have, const struct orca_card *want, const char *today);
int orca_aid_at(const struct orca_person *have, const struct orca_aid *want, const char *today);
/* Everything of `want` is there. */
int orca_holds(const struct orca_person *have, const struct orca_person *want, const char *today);
/* 自費 only, or nothing at all. */
int orca_is_uninsured(const struct orca_person *p);

int orca_is_date(const char *date);
/* The day before a date that is one. */
void orca_day_before(const char *date, char out[ORCA_DATE_MAX]);

#endif
