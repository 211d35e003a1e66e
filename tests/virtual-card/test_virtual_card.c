/* The card against mynumber-card.md. argv[1] is a personalised profile. */
#define _POSIX_C_SOURCE 200809L
#include <unistd.h>

#include "test_support.h"

const char *profile;
char scratch[512];
uint8_t rx[VCARD_MAX_ANSWER];
size_t rx_len;

static unsigned nibble(char c) {
    static const char digits[] = "0123456789ABCDEF0123456789abcdef";
    const char *at = c != '\0' ? strchr(digits, c) : NULL;
    assert_non_null(at);
    return (unsigned)(at - digits) & 0x0F;
}

size_t unhex(const char *s, uint8_t *out, size_t cap) {
    size_t n = 0;
    for (; s[0] != '\0' && s[1] != '\0'; s += 2) {
        assert_true(n < cap);
        out[n++] = (uint8_t)(nibble(s[0]) << 4 | nibble(s[1]));
    }
    return n;
}

unsigned tx(struct vcard *card, const char *hex) {
    uint8_t buf[512];
    size_t n = unhex(hex, buf, sizeof buf);

    if (vcard_transmit(card, buf, n, rx, sizeof rx, &rx_len) != VCARD_OK) {
        return 0;
    }
    assert_true(rx_len >= 2);
    rx_len -= 2;
    return ((unsigned)rx[rx_len] << 8) | rx[rx_len + 1];
}

struct vcard *card_with(const char *extra) {
    char why[256], line[2048];
    FILE *in = fopen(profile, "r"), *out = fopen(scratch, "w");
    struct vcard *card;

    assert_non_null(in);
    assert_non_null(out);
    while (fgets(line, sizeof line, in) != NULL) {
        fputs(line, out);
    }
    fprintf(out, "state = none\n%s\n", extra);
    fclose(in);
    assert_int_equal(fclose(out), 0);
    card = vcard_new(scratch, why, sizeof why);
    if (card == NULL) {
        fail_msg("%s", why);
    }
    vcard_power_on(card);
    return card;
}

int main(int argc, char **argv) {
    int n;

    if (argc != 2) {
        return 2;
    }
    profile = argv[1];
    n = snprintf(scratch, sizeof scratch, "%s.test", profile);
    if (n < 0 || (size_t)n >= sizeof scratch) {
        return 2;
    }
    n = test_rules() + test_switches() + test_script() + test_kinds() + test_guard();
    (void)unlink(scratch);
    return n == 0 ? 0 : 1;
}
