#include "burden.h"

#include "derive_age.h"
#include "helper_parts.h"

int32_t burden_by_age(const char *birth, const char *on) {
    switch (age_band_on(birth, on)) {
    case AGE_PRESCHOOL:
        return 20;
    case AGE_GENERAL:
        return 30;
    case AGE_ELDERLY:
    case AGE_LATE_ELDERLY:
    case AGE_UNKNOWN:
        break;
    }
    return 0;
}

const char *burden_group(const char *birth, const char *on) {
    switch (age_band_on(birth, on)) {
    case AGE_PRESCHOOL:
        return "preschool";
    case AGE_GENERAL:
        return "general";
    case AGE_ELDERLY:
        return "elderly70";
    case AGE_LATE_ELDERLY:
        return "late75";
    case AGE_UNKNOWN:
        break;
    }
    return NULL;
}

struct ratio {
    bool benefit; /* what the insurer pays instead of the patient's share */
    bool tenths;  /* 2 instead of 020 */
};

static int32_t ratio_written(struct word in, struct ratio wanted, struct bytes *out) {
    char text[3];
    size_t n = 0;
    int32_t percent = 0;
    if (in.n == 0) {
        return SHK_OK;
    }
    if (!word_small_number(in, &percent) || percent > 100 || (wanted.tenths && percent % 10 != 0)) {
        return SHK_E_VALUE;
    }
    percent = wanted.benefit ? 100 - percent : percent;
    int32_t written = wanted.tenths ? percent / 10 : percent;
    for (int32_t unit = 100; unit > 0; unit /= 10) {
        if (!wanted.tenths || written >= unit || unit == 1) {
            text[n++] = (char)('0' + written / unit % 10);
        }
    }
    return bytes_append(out, text, n);
}

int32_t helper_tenths(struct word in, struct word argument, struct encoder *target,
                      struct bytes *out) {
    (void)argument;
    (void)target;
    return ratio_written(in, (struct ratio){.tenths = true}, out);
}

int32_t helper_benefit_tenths(struct word in, struct word argument, struct encoder *target,
                              struct bytes *out) {
    (void)argument;
    (void)target;
    return ratio_written(in, (struct ratio){.benefit = true, .tenths = true}, out);
}

int32_t helper_benefit_percent3(struct word in, struct word argument, struct encoder *target,
                                struct bytes *out) {
    (void)argument;
    (void)target;
    return ratio_written(in, (struct ratio){.benefit = true}, out);
}
