/* What goes through a call, in both directions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "adapter_stage.h"

static struct adapter_call *open_good(const shk_adapter *a) {
    struct adapter_call *c = NULL;
    struct fault why = {0};
    const shk_setting settings[] = {{"folder", "/x"}};
    assert_int_equal(adapter_call_open(actor.session, 2, a, settings, 1, &c, &why), SHK_OK);
    assert_non_null(c);
    return c;
}

static int32_t deliver_with(int32_t(SHK_CALL *deliver)(shk_host *, const shk_delivery *,
                                                       shk_receipt *),
                            shk_receipt *receipt, struct fault *why) {
    struct adapter_call *c = open_good(actor_adapter(deliver, NULL));
    shk_delivery d = actor_delivery();
    memset(why, 0, sizeof *why);
    int32_t rc = adapter_call_deliver(c, &d, receipt, why);
    adapter_call_close(&c);
    assert_null(c);
    return rc;
}

static void a_good_adapter_delivers(void **state) {
    (void)state;
    shk_receipt receipt;
    struct fault why;
    assert_int_equal(deliver_with(NULL, &receipt, &why), SHK_OK);
    assert_string_equal(receipt.place, "somewhere");
    assert_string_equal(receipt.patient, "");
    assert_int_equal(why.code, 0);
    assert_int_equal(actor.opened, 1);
    assert_int_equal(actor.closed, 1);
}

static int32_t SHK_CALL look_closely(shk_host *h, const shk_delivery *d, shk_receipt *receipt) {
    shk_delivery want = actor_delivery();
    (void)h, (void)receipt;
    bool same = d->struct_size == sizeof *d && d->abi == SHK_ADAPTER_ABI &&
                strcmp(d->id, want.id) == 0 && strcmp(d->script, want.script) == 0 &&
                strcmp(d->format, want.format) == 0 && strcmp(d->encoding, want.encoding) == 0 &&
                strcmp(d->file_name, want.file_name) == 0 && d->head_len == 5 &&
                memcmp(d->head, want.head, 6) == 0 && d->body_len == 5 &&
                memcmp(d->body, want.body, 6) == 0 && d->fields_n == 3 &&
                d->fields[2].value == NULL && strcmp(d->fields[0].value, "見本 太郎") == 0 &&
                strcmp(d->fields[1].to, "number") == 0 && d->statements_n == 1 &&
                d->statement_rows[0] == 3 && strcmp(d->statements[0], want.statements[0]) == 0 &&
                d->attempt == 1 && d->patient[0] == '\0' && d->note[0] == '\0';
    bool apart = d->body != want.body && d->fields != want.fields && d->id != want.id &&
                 d->statement_rows != want.statement_rows;
    return same && apart ? SHK_OK : SHK_E_HOST_REFUSED;
}

static void an_adapter_sees_copies(void **state) {
    (void)state;
    shk_receipt receipt;
    struct fault why;
    assert_int_equal(deliver_with(look_closely, &receipt, &why), SHK_OK);
}

static int32_t result;

static int32_t SHK_CALL give_result(shk_host *h, const shk_delivery *d, shk_receipt *receipt) {
    (void)h, (void)d;
    text_copy(receipt->place, sizeof receipt->place, "nowhere");
    return result;
}

static void a_result_that_is_no_code_is_broken(void **state) {
    (void)state;
    static const int32_t all[][2] = {{1, SHK_E_ADAPTER_BROKEN},
                                     {INT32_MAX, SHK_E_ADAPTER_BROKEN},
                                     {INT32_MIN, SHK_E_ADAPTER_BROKEN},
                                     {-7, SHK_E_ADAPTER_BROKEN},
                                     {SHK_E_DELIVERY_TAKEN, SHK_E_ADAPTER_BROKEN},
                                     {SHK_E_HOST_REFUSED, SHK_E_HOST_REFUSED}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        shk_receipt receipt;
        struct fault why;
        result = all[i][0];
        assert_int_equal(deliver_with(give_result, &receipt, &why), all[i][1]);
        assert_int_equal(why.code, all[i][1]);
        assert_string_equal(why.where, "deliveries[2]");
        assert_string_equal(receipt.place, "");
    }
}

static int32_t SHK_CALL say_why(shk_host *h, const shk_delivery *d, shk_receipt *receipt) {
    const shk_services *sv = actor_services(h);
    (void)d, (void)receipt;
    int32_t said = (sv->fail)(sv->self, SHK_E_FOLDER_MISSING, 2, "folder");
    return result != 0 ? result : said;
}

static void what_an_adapter_says_explains_its_result(void **state) {
    (void)state;
    shk_receipt receipt;
    struct fault why;
    result = 0;
    assert_int_equal(deliver_with(say_why, &receipt, &why), SHK_E_FOLDER_MISSING);
    assert_string_equal(why.where, "deliveries[2].folder");
    assert_int_equal(why.native, 2);
    assert_int_equal(why.native_kind, SHK_NATIVE_OS);
    /* The result counts; nonsense after plain words does not hide them. */
    result = SHK_E_DISK_FULL;
    assert_int_equal(deliver_with(say_why, &receipt, &why), SHK_E_DISK_FULL);
    assert_string_equal(why.where, "deliveries[2]");
    result = 12345;
    assert_int_equal(deliver_with(say_why, &receipt, &why), SHK_E_FOLDER_MISSING);
}

static int32_t SHK_CALL say_taken(shk_host *h, const shk_delivery *d, shk_receipt *receipt) {
    const shk_services *sv = actor_services(h);
    (void)d, (void)receipt;
    int32_t said = (sv->fail)(sv->self, SHK_E_DELIVERY_TAKEN, 0, "note");
    return result != 0 ? result : said;
}

static void who_has_a_delivery_the_store_alone_says(void **state) {
    (void)state;
    shk_receipt receipt;
    struct fault why;
    for (result = 0; result <= 12345; result += 12345) {
        assert_int_equal(deliver_with(say_taken, &receipt, &why), SHK_E_ADAPTER_BROKEN);
        assert_int_equal(why.code, SHK_E_ADAPTER_BROKEN);
    }
}

static int32_t SHK_CALL stumble(shk_host *h, const shk_delivery *d, shk_receipt *receipt) {
    const shk_services *sv = actor_services(h);
    (void)d, (void)receipt;
    int32_t rc =
        sv->put_file(sv->self, temp_path(&actor.folder, "no/where"), (const uint8_t *)"x", 1, 0);
    return result == 0 ? rc : (sv->fail)(sv->self, rc, 0, "file");
}

static int32_t SHK_CALL recover(shk_host *h, const shk_delivery *d, shk_receipt *receipt) {
    (void)stumble(h, d, receipt);
    (void)(actor_services(h)->fail)(actor_services(h)->self, SHK_E_HOST_BUSY, 0, "x");
    return SHK_OK;
}

static void a_services_number_is_kept_and_success_is_success(void **state) {
    (void)state;
    shk_receipt receipt;
    struct fault why;
    result = 0;
    int32_t rc = deliver_with(stumble, &receipt, &why);
    assert_true(rc < 0 && fault_find(rc) != NULL);
    assert_int_equal(why.native_kind, SHK_NATIVE_OS);
    result = 1;
    assert_int_equal(deliver_with(stumble, &receipt, &why), rc);
    assert_int_equal(why.native_kind, SHK_NATIVE_OS);
    assert_string_equal(why.where, "deliveries[2].file");
    /* Delivered in the end: told as a fault, it would be delivered again. */
    assert_int_equal(deliver_with(recover, &receipt, &why), SHK_OK);
    assert_int_equal(why.code, 0);
}

static int32_t SHK_CALL scribble(shk_host *h, const shk_delivery *d, shk_receipt *receipt) {
    (void)h, (void)d;
    memset(receipt, 'x', sizeof *receipt);
    memcpy(receipt->place, "bad \xC3(", 6);
    memcpy(receipt->patient, "12\n34", 6);
    return SHK_OK;
}

static void a_receipt_of_garbage_is_made_text(void **state) {
    (void)state;
    shk_receipt receipt;
    struct fault why;
    assert_int_equal(deliver_with(scribble, &receipt, &why), SHK_OK);
    assert_int_equal(receipt.struct_size, sizeof receipt);
    assert_int_equal(receipt.abi, SHK_ADAPTER_ABI);
    assert_string_equal(receipt.place, "bad ");
    assert_int_equal(strlen(receipt.warning), sizeof receipt.warning - 1);
    assert_string_equal(receipt.patient, "12");
}

static int32_t SHK_CALL open_nothing(const shk_services *sv, const shk_setting *settings,
                                     uint32_t n, shk_host **out) {
    (void)sv, (void)settings, (void)n;
    *out = NULL;
    return SHK_OK;
}

static int32_t SHK_CALL open_refusing(const shk_services *sv, const shk_setting *settings,
                                      uint32_t n, shk_host **out) {
    *out = NULL;
    return n == 1 && strcmp(settings[0].value, "/x") == 0
               ? (sv->fail)(sv->self, SHK_E_ADAPTER_SETTINGS, 0, settings[0].key)
               : SHK_E_HOST_REFUSED;
}

static void an_open_without_a_handle_is_none(void **state) {
    (void)state;
    shk_adapter a = *actor_adapter(NULL, NULL);
    const shk_setting settings[] = {{"folder", "/x"}};
    struct adapter_call *c = NULL;
    struct fault why = {0};
    a.open = open_nothing;
    assert_int_equal(adapter_call_open(actor.session, 2, &a, NULL, 0, &c, &why),
                     SHK_E_ADAPTER_BROKEN);
    assert_null(c);
    fault_clear(&why);
    a.open = open_refusing;
    assert_int_equal(adapter_call_open(actor.session, 2, &a, settings, 1, &c, &why),
                     SHK_E_ADAPTER_SETTINGS);
    assert_string_equal(why.where, "deliveries[2].folder");
    assert_null(c);
    fault_clear(&why);
    a.close = NULL;
    assert_int_equal(adapter_call_open(actor.session, 2, &a, NULL, 0, &c, &why),
                     SHK_E_ADAPTER_BROKEN);
    assert_string_equal(why.where, "deliveries[2].adapter");
    fault_clear(&why);
    assert_int_equal(adapter_call_open(actor.session, 2, NULL, NULL, 0, &c, &why),
                     SHK_E_ADAPTER_BROKEN);
    adapter_call_close(&c);
}

static int32_t SHK_CALL find_two(shk_host *h, const shk_field *asked, uint32_t n,
                                 shk_patient_found found, void *who) {
    const shk_field first[] = {{"name", "見本 太郎"}, {"birth_date", "1980-01-02"}};
    (void)h;
    if (n != 1 || strcmp(asked[0].to, "name") != 0) {
        return SHK_E_HOST_REFUSED;
    }
    int32_t rc = found(who, "00001", first, 2);
    return rc == SHK_OK ? found(who, "00002", NULL, 0) : rc;
}

struct heard {
    char ids[64];
    uint32_t values;
    int32_t stop_with;
};

static int32_t SHK_CALL hear(void *who, const char *id, const shk_field *values, uint32_t n) {
    struct heard *h = who;
    size_t at = strlen(h->ids);
    text_format(h->ids + at, sizeof h->ids - at, "%s,", id);
    h->values += n;
    assert_true(n == 0 || strcmp(values[0].value, "見本 太郎") == 0);
    return h->stop_with;
}

static int32_t find_with(int32_t(SHK_CALL *find)(shk_host *, const shk_field *, uint32_t,
                                                 shk_patient_found, void *),
                         struct heard *heard, struct fault *why) {
    const shk_field asked[] = {{"name", "見本 太郎"}};
    struct adapter_call *c = open_good(actor_adapter(NULL, find));
    memset(why, 0, sizeof *why);
    memset(heard->ids, 0, sizeof heard->ids);
    heard->values = 0;
    int32_t rc = adapter_call_find(c, asked, 1, hear, heard, why);
    assert_int_equal(rc, why->code);
    adapter_call_close(&c);
    return rc;
}

static void patients_are_told_when_the_call_is_back(void **state) {
    (void)state;
    struct heard heard = {0};
    struct fault why;
    assert_int_equal(find_with(find_two, &heard, &why), SHK_OK);
    assert_string_equal(heard.ids, "00001,00002,");
    assert_int_equal(heard.values, 2);
    heard.stop_with = SHK_E_MEMORY;
    assert_int_equal(find_with(find_two, &heard, &why), SHK_E_MEMORY);
    assert_string_equal(heard.ids, "00001,");
    heard.stop_with = 0;
    assert_int_equal(find_with(NULL, &heard, &why), SHK_E_ADAPTER_BROKEN);
}

static int32_t wild;

static int32_t SHK_CALL find_wild(shk_host *h, const shk_field *asked, uint32_t n,
                                  shk_patient_found found, void *who) {
    static char endless[8192];
    memset(endless, 'x', sizeof endless);
    const shk_field bad[] = {{"name", NULL}, {NULL, "x"},       {"name", "\xFF"}, {"name", "a\nb"},
                             {"", "x"},      {"name", endless}, {endless, "x"}};
    const char *const ids[] = {NULL, "", "\xC3(", "1\t2", endless};
    (void)h, (void)asked, (void)n;
    (void)found(who, "00001", NULL, 0);
    if (wild < 7) {
        (void)found(who, "1", &bad[wild], 1);
    } else if (wild < 12) {
        (void)found(who, ids[wild - 7], NULL, 0);
    } else if (wild == 12) {
        (void)found(who, "1", NULL, 1);
    } else if (wild == 13) {
        (void)found(who, "1", bad, UINT32_MAX);
    } else {
        for (int32_t i = 0; i < 10000000; i++) {
            (void)found(who, "1", NULL, 0);
        }
    }
    return SHK_OK; /* as if nothing had been refused */
}

static void patients_of_garbage_are_none(void **state) {
    (void)state;
    for (wild = 0; wild < 14; wild++) {
        struct heard heard = {0};
        struct fault why;
        assert_int_equal(find_with(find_wild, &heard, &why), SHK_E_ADAPTER_BROKEN);
        assert_string_equal(heard.ids, "");
    }
}

static void endless_patients_are_bounded(void **state) {
    (void)state;
    struct heard heard = {0};
    struct fault why = {0};
    wild = 14;
    assert_int_equal(find_with(find_wild, &heard, &why), SHK_E_HOST_ANSWER);
    assert_string_equal(heard.ids, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        ACTOR_CASE(a_good_adapter_delivers),
        ACTOR_CASE(an_adapter_sees_copies),
        ACTOR_CASE(a_result_that_is_no_code_is_broken),
        ACTOR_CASE(what_an_adapter_says_explains_its_result),
        ACTOR_CASE(who_has_a_delivery_the_store_alone_says),
        ACTOR_CASE(a_services_number_is_kept_and_success_is_success),
        ACTOR_CASE(a_receipt_of_garbage_is_made_text),
        ACTOR_CASE(an_open_without_a_handle_is_none),
        ACTOR_CASE(patients_are_told_when_the_call_is_back),
        ACTOR_CASE(patients_of_garbage_are_none),
        ACTOR_CASE(endless_patients_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
