#include "kept_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform.h"
#include "slurp.h"

struct shk_host {
    const shk_services *sv;
};

struct kept_host kept;
static struct temp_folder folder;

/* Real time, unless it is stopped, and what the test skips of it. */
static int64_t clock_mono(void *self) {
    mutex_lock(kept.lock);
    int64_t real = kept.stopped_ms != 0 ? kept.stopped_ms : platform_clock.mono_ms(self);
    int64_t ms = real + kept.skipped_ms;
    mutex_unlock(kept.lock);
    return ms;
}

static int64_t clock_wall(void *self) {
    mutex_lock(kept.lock);
    int64_t s = platform_clock.wall_s(self) + kept.skipped_ms / 1000;
    mutex_unlock(kept.lock);
    return s;
}

void kept_stop_clock(void) {
    mutex_lock(kept.lock);
    kept.stopped_ms = platform_clock.mono_ms(NULL);
    mutex_unlock(kept.lock);
}

void kept_skip(int64_t ms) {
    mutex_lock(kept.lock);
    kept.skipped_ms += ms;
    mutex_unlock(kept.lock);
}

struct temp_folder *kept_folder(void) {
    return &folder;
}

const char *kept_path(const char *name) {
    return temp_path(&folder, name);
}

void kept_set(struct stage *f, const char *key, const char *value) {
    assert_int_equal(session_set(f->session, key, value), SHK_OK);
}

int32_t kept_put(struct stage *f, const char *path, const char *text) {
    return session_put(f->session, path, (const uint8_t *)text, strlen(text));
}

void kept_script(struct stage *f, const char *delivery, const char *name, const char *fields) {
    char key[64], text[1024], file[32];
    snprintf(file, sizeof file, "%s.lua", name);
    snprintf(text, sizeof text,
             "return { contract = 1, id = \"%s\", format = \"csv\", encoding = \"utf-8\","
             " file = \"%s.csv\", fields = { %s } }",
             name, name, fields);
    temp_write(&folder, file, text);
    snprintf(key, sizeof key, "%s.script", delivery);
    kept_set(f, key, kept_path(file));
}

static void set_up(struct stage *f) {
    static struct clock_ops clock;
    clock = platform_clock;
    clock.mono_ms = clock_mono;
    clock.wall_s = clock_wall;
    f->session->env.clock = &clock;
    f->session->env.sqlite = db_fault_before(&db_sqlite);
    db_fault_set(DB_FAULT_NONE, 0);
    kept_set(f, "store.folder", folder.path);
    kept_set(f, "store.machine", "受付1");
    kept_set(f, "institution_code", FAKES_INSTITUTION);
    kept_set(f, "log.file", kept_path("log"));
    kept_set(f, "log.level", "debug");
    kept_set(f, "deliveries[1].adapter", "host");
    kept_script(f, "deliveries[1]", "a",
                "{ to = \"patient\", from = \"patient.id\" }, { to = \"name\", from = \"name\" },"
                " { to = \"address\", from = \"address\" }");
}

int kept_open(void **state) {
    memset(&kept, 0, sizeof kept);
    kept.lock = mutex_new();
    if (kept.lock == NULL || !temp_folder_make(&folder) || fakes_open(state) != 0) {
        return -1;
    }
    set_up(*state);
    return 0;
}

/* What must stand in no log, of the persons of these tests. */
static void look_at_log(void) {
    static const char *const values[] = {"見本",     "ミホン",     "ﾐﾎﾝ",
                                         "19850312", "1985-03-12", "06990014"};
    const char *log = temp_exists(&folder, "log") ? slurp(kept_path("log"), NULL) : "";
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        assert_null(strstr(log, values[i]));
    }
}

int kept_close(void **state) {
    kept_hang(false);
    int rc = fakes_close(state);
    look_at_log();
    temp_folder_remove(&folder);
    mutex_free(kept.lock);
    return rc;
}

void kept_mood(int32_t fault) {
    mutex_lock(kept.lock);
    kept.fault = fault;
    mutex_unlock(kept.lock);
}

void kept_hang(bool hang) {
    mutex_lock(kept.lock);
    kept.hang = hang;
    while (!hang && kept.inside > 0) {
        mutex_unlock(kept.lock);
        thread_sleep(5);
        mutex_lock(kept.lock);
    }
    mutex_unlock(kept.lock);
}

void kept_await_hanging(void) {
    mutex_lock(kept.lock);
    for (int i = 0; i < STAGE_PATIENCE_MS / 10 && kept.inside == 0; i++) {
        mutex_unlock(kept.lock);
        thread_sleep(10);
        mutex_lock(kept.lock);
    }
    mutex_unlock(kept.lock);
}

size_t kept_got(void) {
    mutex_lock(kept.lock);
    size_t n = kept.got_n;
    mutex_unlock(kept.lock);
    return n;
}

int32_t kept_inside(void) {
    mutex_lock(kept.lock);
    int32_t n = kept.inside;
    mutex_unlock(kept.lock);
    return n;
}

void kept_add_patient(const char *id, const char *name, const char *kana, const char *birth,
                      const char *insurer, const char *number, const char *more_path,
                      const char *more) {
    struct kept_patient *p = &kept.patients[kept.patients_n++];
    const shk_field at[] = {
        {"name", name},     {"name_kana", kana},         {"birth_date", birth},  {"sex", "1"},
        {"number", number}, {"insurer_number", insurer}, {"symbol", "見本７７"}, {more_path, more}};
    p->id = id;
    p->n = more_path != NULL ? 8 : 7;
    memcpy(p->at, at, sizeof at);
}

static int32_t SHK_CALL host_open(const shk_services *sv, const shk_setting *settings, uint32_t n,
                                  shk_host **out) {
    (void)settings, (void)n;
    *out = calloc(1, sizeof **out);
    (*out)->sv = sv;
    return SHK_OK;
}

static void SHK_CALL host_close(shk_host **h) {
    free(*h);
    *h = NULL;
}

/* Under the lock. As every host it knows a delivery again by its number. */
static void take(const shk_delivery *d, shk_receipt *receipt) {
    size_t at = 0;
    while (at < kept.got_n && strcmp(kept.got[at].id, d->id) != 0) {
        at++;
    }
    struct kept_got *got = &kept.got[at];
    kept.got_n += at == kept.got_n ? 1 : 0;
    snprintf(got->id, sizeof got->id, "%s", d->id);
    snprintf(got->patient, sizeof got->patient, "%s", d->patient);
    snprintf(got->script, sizeof got->script, "%s", d->script);
    snprintf(got->body, sizeof got->body, "%.*s", (int)d->body_len, (const char *)d->body);
    snprintf(receipt->place, sizeof receipt->place, "place %zu", at + 1);
    snprintf(receipt->patient, sizeof receipt->patient, "%s", kept.gives != NULL ? kept.gives : "");
}

static int32_t SHK_CALL host_deliver(shk_host *h, const shk_delivery *d, shk_receipt *receipt) {
    (void)h;
    mutex_lock(kept.lock);
    kept.tried++;
    kept.inside++;
    while (kept.hang) {
        mutex_unlock(kept.lock);
        thread_sleep(5);
        mutex_lock(kept.lock);
    }
    kept.inside--;
    int32_t rc = kept.fault;
    if (rc == SHK_OK) {
        take(d, receipt);
    }
    mutex_unlock(kept.lock);
    return rc;
}

static int32_t SHK_CALL host_find(shk_host *h, const shk_field *asked, uint32_t asked_n,
                                  shk_patient_found found, void *who) {
    (void)h, (void)asked, (void)asked_n;
    int32_t rc = kept.find_code;
    for (size_t i = 0; rc == SHK_OK && i < kept.patients_n; i++) {
        const struct kept_patient *p = &kept.patients[i];
        rc = found(who, p->id, p->at, p->n);
    }
    return rc;
}

static const shk_adapter plain = {.struct_size = sizeof plain,
                                  .abi = SHK_ADAPTER_ABI,
                                  .id = "host/1",
                                  .open = host_open,
                                  .deliver = host_deliver,
                                  .close = host_close};
static const shk_adapter finder = {.struct_size = sizeof finder,
                                   .abi = SHK_ADAPTER_ABI,
                                   .id = "finder/1",
                                   .open = host_open,
                                   .deliver = host_deliver,
                                   .close = host_close,
                                   .find_patients = host_find};

/* NOLINTBEGIN(bugprone-reserved-identifier): the linker gives the names */
const shk_adapter *__real_adapter_find(const char *name);
const shk_adapter *__wrap_adapter_find(const char *name);
const shk_adapter *__wrap_adapter_find(const char *name) {
    return strcmp(name, "host") == 0     ? &plain
           : strcmp(name, "finder") == 0 ? &finder
                                         : __real_adapter_find(name);
}
/* NOLINTEND(bugprone-reserved-identifier) */

static const char * or (const char *given, const char *usual) {
    return given != NULL ? given : usual;
}

void kept_answer(const struct kept_person *p, char *out, size_t cap) {
    snprintf(out, cap,
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?><XmlMsg><MessageHeader>"
             "<QualificationConfirmationDate>%s</QualificationConfirmationDate>"
             "<MedicalInstitutionCode>" FAKES_INSTITUTION "</MedicalInstitutionCode>"
             "<SegmentOfResult>1</SegmentOfResult><CharacterCodeIdentifier>0"
             "</CharacterCodeIdentifier></MessageHeader><MessageBody><ProcessingResultStatus>1"
             "</ProcessingResultStatus><QualificationValidity>1</QualificationValidity><ResultList>"
             "<ResultOfQualificationConfirmation><InsurerNumber>%s</InsurerNumber>"
             "<InsuredCardSymbol>見本７７</InsuredCardSymbol><InsuredIdentificationNumber>%s"
             "</InsuredIdentificationNumber><Name>%s</Name><NameKana>%s</NameKana><Sex1>1</Sex1>"
             "<Birthdate>%s</Birthdate><Address>%s</Address>"
             "</ResultOfQualificationConfirmation></ResultList></MessageBody></XmlMsg>",
             or (p->day, "20260602"), or (p->insurer, "06990014"), or (p->number, "1001"),
             or (p->name, "見本　太郎"), or (p->kana, "ﾐﾎﾝ ﾀﾛｳ"), or (p->birth, "19850312"),
             or (p->address, "見本県見本市見本町１－２－１"));
}

void kept_import(struct stage *f, const struct kept_person *p) {
    char text[4096];
    kept_answer(p, text, sizeof text);
    assert_int_equal(kept_put(f, "import.data", text), SHK_OK);
    assert_int_equal(session_start(f->session, SHK_JOB_IMPORT), SHK_OK);
}

int32_t kept_next(struct stage *f) {
    int32_t event = SHK_EVENT_OUTBOX;
    while (event == SHK_EVENT_OUTBOX || event == SHK_EVENT_PROGRESS) {
        event = session_next_event(f->session, STAGE_PATIENCE_MS);
    }
    return event;
}

void kept_expect(struct stage *f, int32_t event) {
    assert_int_equal(kept_next(f), event);
}

int32_t kept_drain(struct stage *f, int32_t event) {
    int32_t n = 0;
    for (int32_t came = 0; came != SHK_EVENT_DONE; n += came == event ? 1 : 0) {
        came = kept_next(f);
        assert_int_not_equal(came, SHK_EVENT_NONE);
    }
    return n;
}

void kept_deliver(struct stage *f, const struct kept_person *p) {
    size_t before = kept_got();
    kept_import(f, p);
    kept_expect(f, SHK_EVENT_ANSWER);
    kept_expect(f, SHK_EVENT_DELIVERED);
    kept_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), 0);
    assert_int_equal(kept_got(), before + 1);
}

void kept_job(struct stage *f, int32_t job, const char *path, const char *action) {
    if (action != NULL) {
        assert_int_equal(kept_put(f, path, action), SHK_OK);
    }
    assert_int_equal(session_start(f->session, job), SHK_OK);
}
