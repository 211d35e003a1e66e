#include "atr.h"
#include "jpki_parts.h"
#include "log.h"

static struct habit_key key_of(const struct jpki *j) {
    return (struct habit_key){j->card.reader, &j->traits};
}

/* A reader that says nothing of its limits is taken for one of short commands. */
static bool extended_wanted(const struct jpki *j, const struct atr_words *words) {
    switch (j->rules->extended) {
    case EXTENDED_ALWAYS:
        return true;
    case EXTENDED_AUTO:
        return j->traits.says_size && j->traits.apdu_max >= CERTIFICATE_MAX &&
               words->extended != ATR_NO;
    default:
        return false;
    }
}

static int32_t ask_reader(struct jpki *j, struct fault *why) {
    bool matters = j->rules->extended != EXTENDED_NEVER || !j->rules->no_short_ids;
    j->traits = (struct reader_traits){0};
    return matters ? j->card.ops->traits(j->card.self, &j->traits, why) : SHK_OK;
}

int32_t jpki_find_ways(struct jpki *j, struct fault *why) {
    struct atr_words words;
    int32_t rc = j->ways.known ? SHK_OK : ask_reader(j, why);
    if (j->ways.known || rc != SHK_OK) {
        return rc;
    }
    const struct habit_key key = key_of(j);
    atr_read(j->traits.atr, j->traits.atr_len, &words);
    j->habit = habits_of(j->habits, &key);
    struct jpki_ways *w = &j->ways;
    w->known = true;
    w->extended = extended_wanted(j, &words) && !j->habit.no_extended;
    w->short_ids = !j->rules->no_short_ids && words.short_ids != ATR_NO && !j->habit.no_short_ids;
    w->short_verify = w->short_ids && !j->habit.no_short_verify;
    w->short_sign = w->short_ids && !j->rules->no_short_sign && !j->habit.no_short_sign;
    return SHK_OK;
}

static void do_without(struct jpki_ways *w, enum habit_feature feature) {
    switch (feature) {
    case HABIT_EXTENDED:
        w->extended = false;
        break;
    case HABIT_SHORT_IDS:
        w->short_ids = w->short_verify = w->short_sign = false;
        break;
    case HABIT_SHORT_VERIFY:
        w->short_verify = false;
        break;
    default:
        w->short_sign = false;
        break;
    }
}

void jpki_learn(struct jpki *j, enum habit_feature feature, bool works) {
    const struct habit_key key = key_of(j);
    habits_learn(j->habits, &key, feature, works);
    j->habit.extended_works = feature == HABIT_EXTENDED ? works : j->habit.extended_works;
    if (!works) {
        do_without(&j->ways, feature);
        log_event(j->log, SHK_LOG_INFO, "card.without", "feature", (int64_t)feature);
    }
}

void jpki_doubt(struct jpki *j, enum habit_feature feature) {
    const struct habit_key key = key_of(j);
    habits_doubt(j->habits, &key, feature);
    j->habit.extended_works = feature != HABIT_EXTENDED && j->habit.extended_works;
}
