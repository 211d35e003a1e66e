/* Ages as the law counts them. Dates are YYYY-MM-DD; "" and anything else is not known. */
#ifndef RECORD_DERIVE_AGE_H
#define RECORD_DERIVE_AGE_H

#include <stdint.h>

/* Who shares how much of the costs. */
enum age_band {
    AGE_UNKNOWN,
    AGE_PRESCHOOL, /* until 31 March after the 6th birthday; 1 April births with the year before */
    AGE_GENERAL,   /* until the month that follows */
    AGE_ELDERLY, /* from the month after the 70th birthday, of births on the 1st from that month */
    AGE_LATE_ELDERLY, /* from the 75th birthday */
};

/* Full years; a birth on 29 February counts from 1 March in other years. -1: not known, or not born yet. */
int32_t age_on(const char *birth, const char *date);
enum age_band age_band_on(const char *birth, const char *date);

#endif
