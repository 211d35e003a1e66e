#include "readers_verdict.h"

#include <string.h>

#include "readers_values.h"

static const struct verdict_row rows[] = {
#define VERDICT(name, use, japanese, english) {#name, USE_##use, japanese, english},
#include "readers_verdict.def"
#undef VERDICT
};

const struct verdict_row *verdict_row(enum reader_verdict verdict) {
    return &rows[verdict];
}

/* The word that a "{name}" at p stands for, and the length of the name with its braces; null: none. */
static const char *word_at(const char *p, const struct verdict_words *words, bool english,
                           size_t *len) {
    const struct {
        const char *name, *word;
    } known[] = {
        {"{card}", english ? words->card_en : words->card},
        {"{holder}", words->holder},
        {"{date}", words->date},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (text_starts(p, known[i].name)) {
            *len = strlen(known[i].name);
            return known[i].word;
        }
    }
    return NULL;
}

void verdict_say(enum reader_verdict verdict, const struct verdict_words *words, bool english,
                 char *out, size_t cap) {
    const char *p = english ? rows[verdict].english : rows[verdict].japanese;
    size_t at = 0;
    while (*p != '\0' && at + 1 < cap) {
        size_t len = strcspn(p + 1, "{") + 1;
        const char *word = word_at(p, words, english, &len);
        at += text_copy_n(out + at, cap - at, word != NULL ? word : p,
                          word != NULL ? strlen(word) : len);
        at = at < cap ? at : cap - 1;
        p += len;
    }
    out[at] = '\0';
}

/* " SAM " or " SAM" at the end: the word alone. */
static bool has_word(const char *text, const char *word) {
    size_t n = strlen(word);
    for (const char *p = strstr(text, word); p != NULL; p = strstr(p + 1, word)) {
        bool begins = p == text || p[-1] == ' ' || p[-1] == '[' || p[-1] == '(';
        bool ends = p[n] == '\0' || p[n] == ' ' || p[n] == ']' || p[n] == ')';
        if (begins && ends) {
            return true;
        }
    }
    return false;
}

bool verdict_is_sam_slot(const char *reader) {
    return has_word(reader, "SAM");
}

static bool is_contact_slot(const char *reader) {
    return has_word(reader, "ICC") || has_word(reader, "Contact");
}

static enum reader_verdict without_card(const char *reader, const struct tested_reader *listed) {
    if (is_contact_slot(reader)) {
        return VERDICT_CONTACT_SLOT;
    }
    if (listed == NULL) {
        return VERDICT_NO_CARD;
    }
    if (listed->usable == TESTED_NO) {
        return VERDICT_LISTED_BAD;
    }
    if (listed->extended == TESTED_NO) {
        return VERDICT_LISTED_SHORT;
    }
    bool good = listed->usable == TESTED_YES || listed->extended == TESTED_YES;
    return good ? VERDICT_LISTED_GOOD : VERDICT_NO_CARD;
}

static enum reader_verdict of_phone(const struct probe *probe, const struct identity_rules *rules) {
    bool taken =
        probe->kind == SHK_CARD_ANDROID ? rules->phone != PHONE_NONE : rules->phone == PHONE_ANY;
    return taken ? VERDICT_PHONE : VERDICT_PHONE_REFUSED;
}

static enum reader_verdict of_working(const struct probe *probe,
                                      const struct identity_rules *rules) {
    if (probe->kind == SHK_CARD_JUKI) {
        return VERDICT_JUKI_CARD;
    }
    if (probe->kind == SHK_CARD_ANDROID || probe->kind == SHK_CARD_IPHONE) {
        return of_phone(probe, rules);
    }
    if (probe->certificate_known && !probe->certificate) {
        return VERDICT_NO_CERTIFICATE;
    }
    switch (probe->extended) {
    case TRIAL_WORKS:
        return VERDICT_USABLE;
    case TRIAL_BROKE:
        return VERDICT_SHORT_READER;
    case TRIAL_REFUSED:
        return probe->traits.says_size && probe->traits.apdu_max == 0 ? VERDICT_SHORT_READER
                                                                      : VERDICT_SHORT_CARD;
    default:
        return VERDICT_SHORT_UNTRIED;
    }
}

static enum reader_verdict of_held(const struct reader_facts *facts) {
    return facts->holder[0] != '\0' ? VERDICT_HELD : VERDICT_HELD_UNKNOWN;
}

static enum reader_verdict of_probe(const struct reader_facts *facts,
                                    const struct identity_rules *rules) {
    switch (facts->probe_code) {
    case SHK_OK:
        return of_working(&facts->probe, rules);
    case SHK_E_NOT_MYNUMBER:
        return facts->look != NULL && !facts->look->mynumber ? VERDICT_OTHER_CARD
                                                             : VERDICT_UNKNOWN_CARD;
    case SHK_E_CARD_BUSY:
        return of_held(facts);
    case SHK_E_CARD_MUTE:
        return VERDICT_MUTE;
    case SHK_E_CARD_REMOVED:
    case SHK_E_NO_CARD:
        return VERDICT_REMOVED;
    case SHK_E_CARD_HANGS:
        return VERDICT_HANGS;
    case SHK_E_CARD_ANSWER:
    case SHK_E_CARD_RESET:
        return VERDICT_ODD_ANSWER;
    default:
        return VERDICT_DRIVER;
    }
}

enum reader_verdict verdict_of(const struct reader_facts *facts, const struct tested_reader *listed,
                               const struct identity_rules *rules) {
    const struct reader_state *state = &facts->state;
    if (verdict_is_sam_slot(state->name)) {
        return VERDICT_SAM_SLOT;
    }
    if (facts->probed) {
        return of_probe(facts, rules);
    }
    if (!state->card_present) {
        return without_card(state->name, listed);
    }
    if (facts->look != NULL && facts->look->certain) {
        return VERDICT_OTHER_CARD;
    }
    if (state->mute) {
        return VERDICT_MUTE;
    }
    return state->exclusive ? of_held(facts) : VERDICT_UNTRIED;
}

/* A service of the machine sits at the machine. */
static bool is_far(const struct seat *seat) {
    return text_equal(seat->session, "remote") || text_equal(seat->session, "ssh");
}

enum reader_verdict verdict_of_none(int32_t code, const struct seat *seat) {
    switch (code) {
    case SHK_E_NO_PCSC:
        return seat->windows ? VERDICT_MISSING_WINDOWS : VERDICT_MISSING_POSIX;
    case SHK_E_NO_SERVICE:
        return seat->windows ? VERDICT_STOPPED_WINDOWS : VERDICT_STOPPED_POSIX;
    case SHK_E_NO_READER:
        return is_far(seat) ? VERDICT_NO_READER_REMOTE : VERDICT_NO_READER;
    default:
        return VERDICT_TROUBLE;
    }
}
