#include "route_fake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PIECE     4096
#define XML_BEGIN "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n<XmlMsg>"

static void hook(struct route_fake *f, bool after) {
    if (f->hook != NULL) {
        f->hook(f->hook_self, after);
    }
}

static bool spend(int32_t *times) {
    return *times > 0 && (*times)-- > 0;
}

static int32_t say_busy(const struct route_fake *f, struct fault *why) {
    fault_raise(why, SHK_E_RATE_LIMITED);
    why->retry_after_s = f->busy_s;
    return SHK_E_RATE_LIMITED;
}

static void place(const struct route_fake *f, const char *key, char *path, size_t cap) {
    text_format(path, cap, "%s/%s.batch", f->folder, key);
}

static void keep_people(struct route_fake *f, const struct bulk_question *q) {
    char path[256];
    free(f->people);
    f->people = malloc(q->people_n * sizeof *f->people);
    f->people_n = f->people != NULL ? q->people_n : 0;
    if (f->people != NULL) {
        memcpy(f->people, q->people, q->people_n * sizeof *f->people);
    }
    text_copy(f->key, sizeof f->key, q->idempotency_key);
    place(f, f->key, path, sizeof path);
    FILE *file = f->folder[0] != '\0' ? fopen(path, "wb") : NULL;
    if (file != NULL) {
        fwrite(f->people, sizeof *f->people, f->people_n, file);
        fclose(file);
    }
}

static bool load_people(struct route_fake *f, const char *key) {
    char path[256];
    if (text_equal(f->key, key)) {
        return true;
    }
    place(f, key, path, sizeof path);
    FILE *file = f->folder[0] != '\0' ? fopen(path, "rb") : NULL;
    if (file == NULL) {
        return false;
    }
    struct card_data *grown = realloc(f->people, 5000 * sizeof *grown);
    f->people = grown != NULL ? grown : f->people;
    f->people_n = grown != NULL ? fread(grown, sizeof *grown, 5000, file) : 0;
    fclose(file);
    text_copy(f->key, sizeof f->key, key);
    return true;
}

static bool same_people(const struct route_fake *f, const struct bulk_question *q) {
    return f->people_n == q->people_n &&
           memcmp(f->people, q->people, q->people_n * sizeof *q->people) == 0;
}

/* One line for each person that is taken on: what must not happen twice without need. */
static void note(const struct route_fake *f, const struct bulk_question *q) {
    char path[256];
    text_format(path, sizeof path, "%s/journal", f->folder);
    FILE *file = f->folder[0] != '\0' ? fopen(path, "ab") : NULL;
    for (size_t i = 0; file != NULL && i < q->people_n; i++) {
        fprintf(file, "%s\n", q->people[i].number);
    }
    if (file != NULL) {
        fclose(file);
    }
}

size_t route_fake_taken(const struct route_fake *fake) {
    char path[256];
    size_t lines = 0;
    text_format(path, sizeof path, "%s/journal", fake->folder);
    FILE *file = fopen(path, "rb");
    for (int c = file != NULL ? fgetc(file) : EOF; c != EOF; c = fgetc(file)) {
        lines += c == '\n' ? 1 : 0;
    }
    if (file != NULL) {
        fclose(file);
    }
    return lines;
}

static bool is_poisoned(const struct bulk_question *q) {
    for (size_t i = 0; i < q->people_n; i++) {
        if (text_equal(q->people[i].symbol, "poison")) {
            return true;
        }
    }
    return false;
}

static int32_t take_on(struct route_fake *f, const struct bulk_question *q,
                       char reception[RECEPTION_NUMBER_MAX], struct fault *why) {
    if (f->fault != SHK_OK || is_poisoned(q)) {
        return fault_raise(why, f->fault != SHK_OK ? f->fault : SHK_E_REQUEST_INVALID);
    }
    if (!load_people(f, q->idempotency_key)) {
        keep_people(f, q);
        note(f, q);
    } else if (!same_people(f, q)) {
        return fault_raise(why, SHK_E_REQUEST_CONFLICT);
    }
    text_format(reception, RECEPTION_NUMBER_MAX, "R%s", q->idempotency_key);
    if (f->bad_reception != NULL) {
        text_copy(reception, RECEPTION_NUMBER_MAX, f->bad_reception);
    }
    return spend(&f->unreached) ? fault_raise(why, SHK_E_GATEWAY_ANSWER) : SHK_OK;
}

static int32_t bulk_send(void *self, const struct bulk_question *q,
                         char reception[RECEPTION_NUMBER_MAX], const struct watch *watch,
                         struct fault *why) {
    struct route_fake *f = self;
    f->sends++;
    hook(f, false);
    if (watch->stop(watch->self)) {
        return fault_raise(why, SHK_E_CANCELLED);
    }
    int32_t rc = spend(&f->unreachable) ? fault_raise(why, SHK_E_GATEWAY_UNREACHABLE)
                 : spend(&f->busy)      ? say_busy(f, why)
                                        : take_on(f, q, reception, why);
    hook(f, true);
    return rc;
}

static void add(struct bytes *xml, const char *name, const char *text) {
    bytes_append_text(xml, "<");
    bytes_append_text(xml, name);
    bytes_append_text(xml, ">");
    bytes_append_text(xml, text);
    bytes_append_text(xml, "</");
    bytes_append_text(xml, name);
    bytes_append_text(xml, ">");
}

/* One element of the header, as the case wants it; "" leaves it out. */
static void add_said(const struct route_fake *f, struct bytes *xml, const char *name,
                     const char *text) {
    const char *said = f->header[0] != NULL && text_equal(f->header[0], name) ? f->header[1] : text;
    if (said[0] != '\0') {
        add(xml, name, said);
    }
}

static void add_header(const struct route_fake *f, struct bytes *xml, const struct bulk_question *q,
                       size_t n) {
    char count[24], reception[RECEPTION_NUMBER_MAX];
    text_format(count, sizeof count, "%u", (unsigned)n);
    text_format(reception, sizeof reception, "R%s", q->idempotency_key);
    bytes_append_text(xml, XML_BEGIN "<MessageHeader>");
    add(xml, "ProcessExecutionTime", "20260601120000");
    add_said(f, xml, "QualificationConfirmationDate", q->date);
    add_said(f, xml, "MedicalInstitutionCode", q->institution_code);
    add_said(f, xml, "ArbitraryFileIdentifier", q->file_identifier);
    add_said(f, xml, "ReceptionNumber", reception);
    add(xml, "SegmentOfResult", "1");
    add(xml, "NumberOfProcessingResult", count);
    add(xml, "CharacterCodeIdentifier", "0");
    bytes_append_text(xml, "</MessageHeader><MessageBody>");
}

static void add_search(struct bytes *xml, const struct card_data *p, const char *birth_date,
                       const char *identifier) {
    bytes_append_text(xml, "<QualificationConfirmSearchInfo>");
    add(xml, "InsurerNumber", p->insurer_number);
    add(xml, "InsuredCardSymbol", p->symbol);
    add(xml, "InsuredIdentificationNumber", p->number);
    if (birth_date[0] != '\0') {
        add(xml, "Birthdate", birth_date);
    }
    add(xml, "ArbitraryIdentifier", identifier);
    bytes_append_text(xml, "</QualificationConfirmSearchInfo>");
}

struct said {
    const char *insurer_number, *birth_date, *name;
};

static size_t filler;

static void add_address(struct bytes *xml) {
    struct bytes address = {0};
    bytes_append_text(&address, "見本県見本市見本町１－２－３");
    for (size_t i = 0; i < filler; i++) {
        bytes_append_byte(&address, 'x');
    }
    add(xml, "Address", bytes_text(&address));
    bytes_clear(&address);
}

static void add_result(struct bytes *xml, const struct card_data *p, const struct said *said) {
    bytes_append_text(xml, "<ResultOfQualificationConfirmation>");
    add(xml, "InsuredCardClassification", "01");
    add(xml, "InsurerNumber", said->insurer_number);
    add(xml, "InsuredCardSymbol", p->symbol);
    add(xml, "InsuredIdentificationNumber", p->number);
    add(xml, "Name", said->name);
    add(xml, "NameKana", "ﾐﾎﾝ ﾀﾛｳ");
    add(xml, "Sex1", "1");
    if (said->birth_date[0] != '\0') {
        add(xml, "Birthdate", said->birth_date);
    }
    add_address(xml);
    add(xml, "PostNumber", "999-9999");
    add(xml, "InsurerName", "見本健康保険組合");
    add(xml, "QualificationDate", "20200401");
    if (text_starts(p->symbol, "lost")) {
        add(xml, "DisqualificationDate", "20260331");
    }
    bytes_append_text(xml, "</ResultOfQualificationConfirmation>");
}

static void add_unit(struct bytes *xml, const struct card_data *p, const char *identifier,
                     const char *echoed_birth, const char *validity, const struct said *said) {
    bytes_append_text(xml, "<BulkConfirmUnit>");
    add_search(xml, p, echoed_birth, identifier);
    add(xml, "ProcessingResultStatus", validity != NULL ? "1" : "2");
    if (validity == NULL) {
        add(xml, "ProcessingResultCode", "X0000002");
        add(xml, "ProcessingResultMessage", "=（見本）確認できません");
    } else {
        add(xml, "QualificationValidity", validity);
    }
    if (said != NULL) {
        add_result(xml, p, said);
    }
    bytes_append_text(xml, "</BulkConfirmUnit>");
}

static bool is_word(const struct card_data *p, const char *word) {
    return text_equal(p->symbol, word);
}

/* What the service knows of a person. */
static void add_person(struct bytes *xml, const struct card_data *p) {
    const char *id = p->identifier;
    const struct said same = {p->insurer_number, p->birth_date, "見本　太郎"};
    const struct said moved = {"39990015", p->birth_date, "見本　次郎"};
    const struct said other = {p->insurer_number, "19000101", "見本　三郎"};
    const struct said nameless = {p->insurer_number, "", "見本　太郎"};
    const struct said broken = {p->insurer_number, "20259999", "見本　太郎"};
    const char *birth = p->birth_date;
    if (is_word(p, "moved")) {
        add_unit(xml, p, id, birth, "1", &moved);
    } else if (is_word(p, "lost")) {
        add_unit(xml, p, id, birth, "2", &same);
    } else if (is_word(p, "lost_new")) {
        add_unit(xml, p, id, birth, "3", &same);
    } else if (is_word(p, "several")) {
        add_unit(xml, p, id, birth, "5", NULL);
    } else if (is_word(p, "nobody")) {
        add_unit(xml, p, id, birth, "4", NULL);
    } else if (is_word(p, "error")) {
        add_unit(xml, p, id, birth, NULL, NULL);
    } else if (is_word(p, "echo")) { /* another question's echo */
        add_unit(xml, p, id, "19000101", "1", &same);
    } else if (is_word(p, "echo_number") || is_word(p, "echo_insurer")) {
        struct card_data echoed = *p;
        text_copy(is_word(p, "echo_number") ? echoed.number : echoed.insurer_number, 9, "39990015");
        add_unit(xml, &echoed, id, birth, "5", NULL);
    } else if (is_word(p, "other")) { /* another person's entitlement */
        add_unit(xml, p, id, birth, "1", &other);
    } else if (is_word(p, "no_birth")) { /* nothing says whose it is */
        add_unit(xml, p, id, "", "1", &nameless);
    } else if (is_word(p, "unread")) {
        add_unit(xml, p, id, birth, "1", &broken);
    } else if (is_word(p, "short_echo")) {
        add_unit(xml, p, id, "", "1", &same);
    } else if (is_word(p, "stranger")) { /* an answer to nobody's question, and none to ours */
        add_unit(xml, p, "deadbeef_1", birth, "1", &same);
    } else if (!is_word(p, "missing")) {
        add_unit(xml, p, id, birth, "1", &same);
        if (is_word(p, "twice")) {
            add_unit(xml, p, id, birth, "1", &moved);
        }
    }
}

static int32_t give(const struct route_fake *f, const struct byte_sink *sink, struct bytes *xml,
                    struct fault *why) {
    size_t piece = f->piece > 0 ? f->piece : PIECE;
    int32_t rc = SHK_OK;
    for (size_t at = 0; rc == SHK_OK && at < xml->n; at += piece) {
        size_t n = xml->n - at < piece ? xml->n - at : piece;
        rc = sink->take(sink->self, xml->p + at, n, why);
    }
    xml->n = 0;
    return rc;
}

static int32_t give_result(struct route_fake *f, const struct bulk_question *q,
                           const struct byte_sink *sink, struct fault *why) {
    struct bytes xml = {0};
    filler = f->filler;
    bool torn = spend(&f->torn), foreign = spend(&f->foreign);
    size_t n = torn ? f->people_n / 2 : f->people_n;
    add_header(f, &xml, q, f->people_n);
    if (f->stranger_first && f->people_n > 0) {
        const struct said same = {f->people[0].insurer_number, f->people[0].birth_date, "見本"};
        add_unit(&xml, &f->people[0], "00000000_1", f->people[0].birth_date, "1", &same);
    }
    int32_t rc = give(f, sink, &xml, why);
    for (size_t i = 0; rc == SHK_OK && i < n; i++) {
        struct card_data person = f->people[f->backwards ? f->people_n - 1 - i : i];
        person.identifier[0] = foreign ? '#' : person.identifier[0];
        add_person(&xml, &person);
        rc = xml.n > PIECE ? give(f, sink, &xml, why) : SHK_OK;
    }
    if (rc == SHK_OK) {
        bytes_append_text(&xml, torn ? "<BulkConf" : "</MessageBody></XmlMsg>\n");
        rc = give(f, sink, &xml, why);
    }
    bytes_clear(&xml);
    return rc;
}

static int32_t bulk_fetch(void *self, const struct bulk_question *q, const char *reception,
                          const struct byte_sink *sink, int32_t *wait_s, const struct watch *watch,
                          struct fault *why) {
    struct route_fake *f = self;
    int32_t rc = SHK_OK;
    f->fetches++;
    hook(f, false);
    if (watch->stop(watch->self)) {
        rc = fault_raise(why, SHK_E_CANCELLED);
    } else if (f->fetch_fault != SHK_OK) {
        rc = fault_set(why, f->fetch_fault, f->fetch_http != 0 ? SHK_NATIVE_HTTP : SHK_NATIVE_NONE,
                       f->fetch_http, NULL);
    } else if (spend(&f->busy)) {
        rc = say_busy(f, why);
    } else if (spend(&f->pending)) {
        *wait_s = f->wait_s;
        rc = fault_raise(why, SHK_E_ANSWER_PENDING);
    } else if (spend(&f->lost) || reception[0] != 'R' || !load_people(f, reception + 1)) {
        rc = fault_raise(why, SHK_E_REQUEST_INVALID);
    } else {
        rc = give_result(f, q, sink, why);
    }
    hook(f, true);
    return rc;
}

static void add_registered(struct bytes *xml, const struct card_data *p) {
    bytes_append_text(xml, "<BulkRegistrationUnit><ReferenceNumberRegistrationInfo>");
    add(xml, "ReferenceNumber", p->reference_number);
    add(xml, "InsurerNumber", p->insurer_number);
    bytes_append_text(xml, "</ReferenceNumberRegistrationInfo>");
    add(xml, "ProcessingResultStatus", is_word(p, "error") ? "2" : "1");
    if (is_word(p, "error")) {
        add(xml, "ProcessingResultCode", "X0000002");
    }
    bytes_append_text(xml, "</BulkRegistrationUnit>");
}

static int32_t registration(void *self, const struct bulk_question *q, struct bytes *answer,
                            const struct watch *watch, struct fault *why) {
    struct route_fake *f = self;
    int32_t rc = SHK_OK;
    f->registrations++;
    hook(f, false);
    if (watch->stop(watch->self)) {
        rc = fault_raise(why, SHK_E_CANCELLED);
    } else if (f->fault != SHK_OK || spend(&f->unreachable)) {
        rc = fault_raise(why, f->fault != SHK_OK ? f->fault : SHK_E_GATEWAY_UNREACHABLE);
    } else if (spend(&f->pending)) {
        rc = fault_raise(why, SHK_E_ANSWER_PENDING);
    } else {
        struct card_data stranger = q->people[0];
        text_copy(stranger.reference_number, sizeof stranger.reference_number, "999999");
        add_header(f, answer, q, q->people_n);
        if (f->stranger_first) {
            add_registered(answer, &stranger);
            add_registered(answer, &q->people[0]); /* and once more with the others */
        }
        bool foreign = spend(&f->foreign);
        for (size_t i = 0; i < q->people_n; i++) {
            if (foreign) {
                add_registered(answer, &stranger);
            } else if (!is_word(&q->people[i], "missing")) {
                add_registered(answer, &q->people[f->backwards ? q->people_n - 1 - i : i]);
            }
        }
        bytes_append_text(answer, "</MessageBody></XmlMsg>");
    }
    hook(f, true);
    return rc;
}

static void settle(void *self, bool used) {
    struct route_fake *f = self;
    f->used += used ? 1 : 0;
    f->unused += used ? 0 : 1;
}

static void free_route(void *self) {
    (void)self;
}

static const struct route_ops ops = {.settle = settle,
                                     .free = free_route,
                                     .bulk_send = bulk_send,
                                     .bulk_fetch = bulk_fetch,
                                     .bulk_echoes_file = true,
                                     .registration = registration};

/* As the folders of a terminal: the second step names a file of its own. */
static const struct route_ops ops_of_own_names = {.free = free_route,
                                                  .bulk_send = bulk_send,
                                                  .bulk_fetch = bulk_fetch,
                                                  .registration = registration};

void route_fake_own_names(struct route_fake *fake) {
    fake->route.ops = &ops_of_own_names;
}

void route_fake_init(struct route_fake *fake, const char *folder) {
    *fake = (struct route_fake){.wait_s = 5};
    text_copy(fake->folder, sizeof fake->folder, folder);
    fake->route = (struct lookup_route){&ops, fake};
}

void route_fake_clear(struct route_fake *fake) {
    free(fake->people);
    fake->people = NULL;
    fake->people_n = 0;
    fake->key[0] = '\0';
}
