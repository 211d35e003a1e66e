/* The parts of a check behind the PIN, each measured alone at the seam: what no program could leave out. */
#ifndef BENCH_PIN_PARTS_H
#define BENCH_PIN_PARTS_H

#include <stdbool.h>

enum part { PART_VERIFY, PART_SIGN, PART_ASK, PART_PARSE, PART_MAP, PART_STORE, PART_KEEP, PARTS };
extern const char *const part_names[PARTS];

struct parts_job {
    const char *url, *pki; /* of the gateway; the folder with the device's key */
    const char *script;    /* path of the mapping */
    const char *file;      /* what is written */
    const char *store;     /* folder of a store that is made for it; null: none */
    const char *pin;
};

/* VERIFY and the signature (the card's own work in them), one exchange over an open connection, reading the
 * answer, mapping it in a fresh sandbox, writing the document durably, keeping answer and document in the store. */
bool pin_parts(const struct parts_job *job, double us[PARTS]);

#endif
