/* What the unit tests of the card share. */
#ifndef TEST_SUPPORT_H
#define TEST_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "virtual_card.h"

#define SELECT_JPKI "00A4040C0AD392F000260100000001"
#define SELECT_TEXT "00A4040C0AD3921000310001010408"
#define DIGEST_INFO "3031300D060960864801650304020105000420"
#define HASH        "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F"

/* The personalised profile, and a copy of it that a case may extend. */
extern const char *profile;
extern char scratch[512];

/* The last answer without its status word. */
extern uint8_t rx[VCARD_MAX_ANSWER];
extern size_t rx_len;

size_t unhex(const char *s, uint8_t *out, size_t cap);
/* Sends a command in hex. The status word; 0 when the card did not answer. */
unsigned tx(struct vcard *card, const char *hex);
/* A powered card with further profile lines and counters in memory. */
struct vcard *card_with(const char *extra);

/* Number of failed cases. */
int test_rules(void);
int test_switches(void);
int test_script(void);
int test_kinds(void);
int test_guard(void);

#endif
