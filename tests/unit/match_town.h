/* A made-up town: households with twins, relatives of one name and in-laws, as their insurers know them and as
 * a host has them. The same each time. Include cmocka first. */
#ifndef MATCH_TOWN_H
#define MATCH_TOWN_H

#include "match.h"

#define TOWN_VALUES 9

struct resident {
    /* Who it is. */
    uint32_t family, given, birth;
    bool male, at_host, insurance_is_old;
    /* How the host has it. */
    char id[16], host[TOWN_VALUES][96];
    struct host_value values[TOWN_VALUES];
    /* How its insurer writes it, as pairs for an answer: birth, sex, name, kana, insurer, symbol, number, branch,
     * reference. */
    char answer[TOWN_VALUES][96];
};

struct town {
    struct resident *people;
    size_t n, households;
};

/* The memory is the caller's, by town_free. */
void town_build(struct town *town, size_t households);
void town_free(struct town *town);
struct record_set *town_answer(const struct resident *one);

#endif
