#include "folder_stage.h"

#include <string.h>

static int32_t fill(void *self, uint8_t *p, size_t n) {
    struct folder_stage *s = self;
    for (size_t i = 0; i < n; i++) {
        p[i] = s->random++;
    }
    return SHK_OK;
}

static const struct random_ops random_ops = {fill};

const char *folder_stage_document(const struct folder_stage *s, const char *file_identifier,
                                  const char *number) {
    static char document[2000];
    char echo[600] = "";
    char identifier[120] = "";
    if (file_identifier != NULL) {
        text_format(identifier, sizeof identifier,
                    "<ArbitraryFileIdentifier>%s</ArbitraryFileIdentifier>", file_identifier);
        text_format(echo, sizeof echo,
                    "<QualificationConfirmSearchInfo><InsurerNumber>%s</InsurerNumber>"
                    "<InsuredCardSymbol>%s</InsuredCardSymbol>"
                    "<InsuredIdentificationNumber>%s</InsuredIdentificationNumber>"
                    "<InsuredBranchNumber>%s</InsuredBranchNumber><Birthdate>%s</Birthdate>"
                    "</QualificationConfirmSearchInfo>",
                    s->person.insurer_number, s->person.symbol, number, s->person.branch_number,
                    s->person.birth_date);
    }
    text_format(
        document, sizeof document,
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?><XmlMsg><MessageHeader>"
        "<MedicalInstitutionCode>9919999999</MedicalInstitutionCode>%s"
        "<SegmentOfResult>1</SegmentOfResult></MessageHeader><MessageBody>"
        "<ProcessingResultStatus>1</ProcessingResultStatus>%s</MessageBody></XmlMsg>",
        identifier, echo);
    return document;
}

const char *folder_stage_path(const char *middle, int number, const char *ending) {
    static char path[4][128];
    static size_t turn;
    char *out = path[turn++ % 4];
    text_format(out, sizeof path[0], "/t/%s/OQSsiquc01%s_" STAGE_DAY "%04d%s", middle, middle,
                number, ending);
    return out;
}

static void answer(struct folder_stage *s) {
    char path[128];
    if (s->ending == NULL) {
        return;
    }
    text_format(path, sizeof path, STAGE_RES "/OQSsiquc01res_%s%s", s->last, s->ending);
    files_fake_set(&s->files, path,
                   s->document[0] != '\0'
                       ? s->document
                       : folder_stage_document(s, s->q.file_identifier, s->person.number));
}

/* The terminal looks whenever the route waits. */
static void terminal(struct files_fake *f, enum files_fake_call call, const char *path) {
    struct folder_stage *s = f->other_self;
    (void)path;
    for (size_t i = 0; call == FILES_CALL_CHANGED && s->takes && i < f->files_n; i++) {
        if (text_starts(f->file[i].path, STAGE_REQ "/OQS")) {
            const char *id = strrchr(f->file[i].path, '_') + 1;
            text_copy_n(s->last, sizeof s->last, id, strcspn(id, "."));
            files_fake_drop(f, f->file[i].path);
            s->taken++;
            answer(s);
            return;
        }
    }
}

static bool stop(void *self) {
    struct folder_stage *s = self;
    int64_t gap = s->clock.mono_ms - s->stop_seen_ms;
    if (s->stops > 0 && gap > s->stop_gap_ms) {
        s->stop_gap_ms = gap;
    }
    s->stop_seen_ms = s->clock.mono_ms;
    return ++s->stops > s->stop_after && s->stop_after > 0;
}

static void open_route(struct folder_stage *s) {
    fault_clear(&s->why);
    (void)folder_route_new(&s->settings, &s->env, NULL, &s->route, &s->why);
}

int folder_stage_set_up(void **state) {
    static struct folder_stage s;
    memset(&s, 0, sizeof s);
    clock_fake_init(&s.clock);
    files_fake_init(&s.files, STAGE_REQ);
    files_fake_add_folder(&s.files, STAGE_RES);
    files_fake_add_folder(&s.files, "/s");
    s.files.clock = &s.clock;
    s.files.other = terminal;
    s.files.other_self = &s;
    s.env = (struct env){.clock = &clock_fake_ops,
                         .clock_self = &s.clock,
                         .files = &files_fake_ops,
                         .files_self = &s.files,
                         .random = &random_ops,
                         .random_self = &s};
    s.settings = (struct folder_settings){.req = STAGE_REQ,
                                          .res = STAGE_RES,
                                          .state = STAGE_STATE,
                                          .timeout_ms = 30000,
                                          .renew_min = 30,
                                          .poll_ms = 1000,
                                          .stable_ms = 300};
    s.person = (struct card_data){.insurer_number = "06990014",
                                  .symbol = "77",
                                  .number = "1001",
                                  .branch_number = "01",
                                  .birth_date = "19850312"};
    s.q = (struct question){.institution_code = "9919999999",
                            .date = STAGE_DAY,
                            .file_identifier = "T-000123",
                            .search = &s.person};
    s.takes = true;
    s.ending = ".xml";
    s.document = "";
    open_route(&s);
    *state = &s;
    return s.route.ops != NULL ? 0 : -1;
}

int folder_stage_tear_down(void **state) {
    struct folder_stage *s = *state;
    s->route.ops->free(s->route.self);
    bytes_clear(&s->answer);
    bool leak = s->files.opens != s->files.closes || s->files.locks != s->files.unlocks ||
                s->files.watches != s->files.unwatches;
    files_fake_clear(&s->files);
    return leak ? -1 : 0;
}

void folder_stage_restart(struct folder_stage *s) {
    s->route.ops->free(s->route.self);
    open_route(s);
}

int32_t folder_stage_ask(struct folder_stage *s) {
    const struct watch watch = {stop, s};
    fault_clear(&s->why);
    s->stops = 0;
    s->stop_gap_ms = 0;
    int32_t rc = s->route.ops->ask(s->route.self, &s->q, &s->answer, &watch, &s->why);
    route_settle(&s->route, rc == SHK_OK && !s->unread);
    return rc;
}
