/* The words that steer a route, and answers to a registration. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "oqs_message.h"

static void must(bool good) {
    fuzz_must(good, "a message gave what it must not give");
}

void fuzz_one(const uint8_t *p, size_t n) {
    struct oqs_message message;
    struct oqs_registered *people = NULL;
    size_t people_n = 0;
    struct fault why = {0};
    if (oqs_message_read(p, n, &message)) {
        must(memchr(message.symbol, '\0', sizeof message.symbol) != NULL);
        must(message.has_search || message.birth_date[0] == '\0');
    }
    int32_t rc = oqs_registered_read(p, n, &people, &people_n, &why);
    must(rc == why.code && (rc == SHK_OK) == (people_n > 0));
    for (size_t i = 0; i < people_n; i++) {
        must(strlen(people[i].reference_number) < sizeof people[i].reference_number);
    }
    free(people);
}
