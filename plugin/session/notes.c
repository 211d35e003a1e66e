#include "notes.h"

#include <string.h>

#include "outcome.h"
#include "plan.h"
#include "version.h"

void notes_begin(struct notes *notes, const struct session *s, enum history_kind kind,
                 const char *answer, const char *person) {
    *notes = (struct notes){0};
    notes->entry.kind = kind;
    notes->entry.at_s = s->env.clock->wall_s(s->env.clock_self);
    notes->entry.facts = notes->at;
    text_copy(notes->entry.answer, sizeof notes->entry.answer, answer);
    text_copy(notes->entry.person, sizeof notes->entry.person, person);
    notes_add(notes, "machine", config_text(s->config, "store.machine"));
    notes_add(notes, "version", SHIKAKU_VERSION);
}

void notes_add(struct notes *notes, const char *name, const char *value) {
    if (value[0] != '\0' && notes->n < NOTES_MAX) {
        notes->at[notes->n++] = (struct history_fact){name, value};
        notes->entry.n = notes->n;
    }
}

static char *room_of(struct notes *notes) {
    return notes->rooms < sizeof notes->room / sizeof notes->room[0] ? notes->room[notes->rooms++]
                                                                     : NULL;
}

void notes_add_number(struct notes *notes, const char *name, int64_t number) {
    char *room = room_of(notes);
    if (room != NULL) {
        text_format(room, sizeof notes->room[0], "%lld", (long long)number);
        notes_add(notes, name, room);
    }
}

static const char *outcome_word(int32_t outcome) {
    static const char *const words[] = {"none", "eligible", "not_eligible", "unstated"};
    return outcome >= 0 && outcome <= SHK_OUTCOME_UNSTATED ? words[outcome] : "none";
}

void notes_add_answer(struct notes *notes, const struct session *s, const struct record_set *set,
                      size_t record) {
    static const char *const paths[] = {
        "name",   "name_kana",  "birth_date",  "sex",           "symbol",
        "number", "valid_from", "valid_until", "branch_number", "insurer_number"};
    char *day = room_of(notes);
    notes_add(notes, "outcome", outcome_word((int32_t)record_outcome_at(set, record)));
    notes_add(notes, "source", s->values.source != NULL ? s->values.source : "");
    notes_add(notes, "route", config_text(s->config, "route"));
    notes_add(notes, "reader", s->values.reader);
    if (day != NULL) {
        plan_day(s, set, record, day);
        notes_add(notes, "day", day);
    }
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        notes_add(notes, paths[i], record_said(set, record, paths[i]).text);
    }
}

static void add_late(struct notes *notes, const struct delivery *d) {
    if (d->taken_s > 0 && notes->entry.at_s > d->taken_s) {
        notes_add_number(notes, "late_s", notes->entry.at_s - d->taken_s);
    }
}

static void add_patient(struct notes *notes, const struct delivery *d) {
    const struct parcel *p = &d->parcel;
    notes_add(notes, "patient_id", p->patient[0] != '\0' ? p->patient : d->receipt.patient);
    if (p->grade != MATCH_NONE) {
        notes_add(notes, "grade", match_grade_name(p->grade));
        notes_add(notes, "decided_by", p->confirmed ? "person" : "rules");
    }
    notes_add(notes, "reasons", p->reasons);
    notes_add(notes, "taken", p->taken);
}

void notes_add_delivery(struct notes *notes, const struct session *s, const struct delivery *d) {
    const struct parcel *p = &d->parcel;
    (void)s;
    text_copy(notes->entry.delivery, sizeof notes->entry.delivery, d->id);
    notes_add(notes, "script", p->script);
    notes_add(notes, "script_version", p->version);
    notes_add(notes, "pack", p->pack);
    if (p->pack[0] != '\0') {
        notes_add(notes, "pack_signed", p->pack_signed ? "signed" : "unsigned");
    }
    notes_add(notes, "adapter", d->adapter != NULL ? d->adapter->id : "");
    notes_add(notes, "target", d->target);
    notes_add(notes, "place", d->receipt.place);
    notes_add(notes, "warning", d->receipt.warning);
    notes_add_number(notes, "attempts", d->attempt);
    add_patient(notes, d);
    add_late(notes, d);
}
