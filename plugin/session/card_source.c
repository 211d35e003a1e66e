#include "card_source.h"

#include "habits.h"

static bool says(const struct session *s, const char *key, const char *word) {
    return text_equal(config_text(s->config, key), word);
}

void card_rules(const struct session *s, struct identity_rules *out) {
    *out = (struct identity_rules){
        .extended = says(s, "apdu.extended", "always")  ? EXTENDED_ALWAYS
                    : says(s, "apdu.extended", "never") ? EXTENDED_NEVER
                                                        : EXTENDED_AUTO,
        .no_short_ids = says(s, "apdu.short_ids", "never"),
        .no_short_sign = says(s, "apdu.short_sign", "never"),
        .phone = says(s, "token.phone", "any")  ? PHONE_ANY
                 : says(s, "token.phone", "no") ? PHONE_NONE
                                                : PHONE_ANDROID,
        .no_p384 = says(s, "token.p384", "no"),
        .no_pin_pad = says(s, "pin_pad", "never"),
    };
}

/* Made on first use; null: out of memory, then nothing is remembered. */
static struct habits *habits_of_session(struct session *s) {
    if (s->habits == NULL) {
        (void)habits_new(&s->habits);
    }
    return s->habits;
}

int32_t card_source_new(struct session *s, struct identity_source *out, struct fault *why) {
    struct identity_rules rules;
    card_rules(s, &rules);
    int32_t rc = says(s, "card", "demo")
                     ? demo_card_new(config_text(s->config, "demo.pin"), out)
                     : mynumber_new(&s->env, s->log, &rules, habits_of_session(s), out);
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}
