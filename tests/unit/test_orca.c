/* The orca adapter over scripted answers: what is asked, in which order, and what each end says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bytes.h"
#include "orca_call.h"
#include "orca_script.h"
#include "registry.h"

#define S(name, value) "<" name " type=\"string\">" value "</" name ">"
#define HEAD(code)     S("Information_Date", "2026-06-02") S("Api_Result", code)
#define BASE                                                                                       \
    S("Patient_ID", "00001")                                                                       \
    S("WholeName", "見本　花子")                                                                   \
    S("WholeName_inKana", "ミホン　ハナコ") S("BirthDate", "1985-03-02") S("Sex", "2")
#define CARD(insurer, start, end)                                                                  \
    S("InsuranceProvider_Number", insurer)                                                         \
    S("HealthInsuredPerson_Symbol", "見本")                                                        \
    S("HealthInsuredPerson_Number", "１２３")                                                      \
    S("RelationToInsuredPerson", "1")                                                              \
    S("Certificate_StartDate", start) S("Certificate_ExpiredDate", end)
#define PATIENT(cards)                                                                             \
    "<xmlio2><patientinfores type=\"record\">" HEAD(                                               \
        "00") "<Patient_Information type=\"record\">" BASE                                         \
              "<HealthInsurance_Information type=\"array\">" cards                                 \
              "</HealthInsurance_Information>"                                                     \
              "</Patient_Information></patientinfores></xmlio2>"
#define COMBINED(card)                                                                             \
    "<HealthInsurance_Information_child type=\"record\">" card                                     \
    "</HealthInsurance_Information_child>"
#define OLD CARD("06990014", "2020-04-01", "2026-03-31")
#define NOW CARD("990010", "2026-04-01", "9999-12-31")
#define V3(code, more)                                                                             \
    "<xmlio2><patientmodv3res2 type=\"record\">" HEAD(code)                                        \
        S("Orca_Uid", "lock-1") "<Patient_Information type=\"record\">" BASE                       \
                                "</Patient_Information>" more "</patientmodv3res2></xmlio2>"
#define ROWS(card)                                                                                 \
    "<HealthInsurance_Information type=\"record\"><HealthInsurance_Info type=\"array\">"           \
    "<HealthInsurance_Info_child type=\"record\">" card "</HealthInsurance_Info_child>"            \
    "<HealthInsurance_Info_child type=\"record\"/></HealthInsurance_Info>"                         \
    "</HealthInsurance_Information>"
#define HELD    ROWS(S("InsuranceProvider_Id", "0000000001") OLD)
#define CODE(c) "<xmlio2><patientmodres type=\"record\">" HEAD(c) "</patientmodres></xmlio2>"
#define V3CODE(c)                                                                                  \
    "<xmlio2><patientmodv3res2 type=\"record\">" HEAD(c) "</patientmodv3res2></xmlio2>"
#define DOCUMENT                                                                                   \
    "<data><patientmodreq type=\"record\">" S("Patient_ID", "*") S("WholeName", "見本　花子")      \
        S("WholeName_inKana", "ミホン　ハナコ") S("BirthDate", "1985-03-02")                       \
            S("Sex", "2") "<HealthInsurance_Information type=\"record\">" NOW                      \
                          "</HealthInsurance_Information></patientmodreq></data>"
#define NOBODY CODE("20")
#define LIST                                                                                       \
    "<xmlio2><patientlst2res type=\"record\">" HEAD(                                               \
        "00") "<Patient_Information type=\"array\">"                                               \
              "<Patient_Information_child type=\"record\">" BASE "</Patient_Information_child>"    \
              "</Patient_Information></patientlst2res></xmlio2>"

static struct orca_script script;
static shk_host *host;
static shk_receipt receipt;
static const char *note;

/* NOLINTBEGIN(bugprone-reserved-identifier): the linker gives the name */
void __wrap_adapter_wait(int32_t ms);
void __wrap_adapter_wait(int32_t ms) {
    script.pauses += ms;
    script.now_ms += ms;
}
/* NOLINTEND(bugprone-reserved-identifier) */

static int64_t step_ms;

/* Time passes with every look. */
static int64_t SHK_CALL slow_clock(void *self) {
    struct orca_script *s = self;
    s->now_ms += step_ms;
    return s->now_ms;
}

static int holds(const void *p, size_t n, const char *word) {
    size_t length = strlen(word);
    for (size_t i = 0; i + length <= n; i++) {
        if (memcmp((const char *)p + i, word, length) == 0) {
            return 1;
        }
    }
    return 0;
}

static int32_t open_with(const char *key, const char *value) {
    const shk_setting all[] = {{"url", "http://127.0.0.1:8000"}, {key, value}};
    return adapter_orca.open(&script.table, all, key != NULL ? 2 : 1, &host);
}

static int set_up(void **state) {
    (void)state;
    orca_script_init(&script);
    note = "";
    host = NULL;
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    adapter_orca.close(&host);
    orca_script_done(&script);
    assert_int_equal(script.opened, script.closed);
    return 0;
}

static int32_t deliver(const char *patient) {
    const shk_delivery d = {.struct_size = sizeof d,
                            .abi = SHK_ADAPTER_ABI,
                            .id = "1",
                            .format = "xml",
                            .encoding = "utf-8",
                            .body = (const uint8_t *)DOCUMENT,
                            .body_len = (uint32_t)strlen(DOCUMENT),
                            .attempt = 1,
                            .patient = patient,
                            .note = note};
    receipt = (shk_receipt){.struct_size = sizeof receipt, .abi = SHK_ADAPTER_ABI};
    fault_clear(&script.why);
    if (host == NULL) {
        assert_int_equal(open_with(NULL, NULL), SHK_OK);
    }
    return adapter_orca.deliver(host, &d, &receipt);
}

static void expect_failure(int32_t rc, int32_t code, const char *where) {
    assert_int_equal(rc, code);
    assert_int_equal(script.why.code, code);
    assert_string_equal(script.why.where, where);
}

static void expect_lock(void) {
    orca_script_expect(&script, "patientgetv2?id=1", PATIENT(COMBINED(OLD)));
    orca_script_expect(&script, S("Request_Number", "01"), V3("000", HELD));
}

static void expect_unlock(void) {
    orca_script_expect(&script,
                       S("Request_Number", "99") S("Karte_Uid", "shikaku") S("Orca_Uid", "lock-1"),
                       V3CODE("000"));
}

static void the_password_goes_to_the_server_only(void **state) {
    (void)state;
    const shk_setting all[] = {
        {"url", "http://127.0.0.1:8000"}, {"user", "ormaster"}, {"password", "secret-word"}};
    assert_int_equal(adapter_orca.open(&script.table, all, 3, &host), SHK_OK);
    assert_string_equal(script.password, "secret-word");
    assert_int_equal(script.plain, 1);
    assert_int_equal(holds(host, sizeof(struct shk_host), "secret-word"), 0);
}

static void what_is_there_is_left_alone(void **state) {
    (void)state;
    orca_script_expect(&script, "GET /api01rv2/patientgetv2?id=1 ",
                       PATIENT(COMBINED(OLD) COMBINED(NOW)));
    assert_int_equal(deliver("1"), SHK_OK);
    assert_string_equal(receipt.place, "orca:already there");
    assert_string_equal(receipt.patient, "00001");
    assert_string_equal(script.notes, "");
}

static void a_new_insurance_goes_through_all_steps(void **state) {
    (void)state;
    expect_lock();
    orca_script_expect(&script, S("InsuranceProvider_Mode", "New") S("InsuranceProvider_Id", "0"),
                       V3("000", ROWS(S("InsuranceProvider_Mode", "New") NOW)));
    orca_script_expect(&script, S("InsuranceProvider_Mode", "New"), V3("W00", ""));
    assert_int_equal(deliver("1"), SHK_OK);
    assert_string_equal(receipt.place, "orca:insurance updated");
    assert_string_equal(receipt.warning, "W00");
    assert_string_equal(script.notes, "patientmodv32 03;");
    assert_non_null(strstr(script.asked[2], S("Request_Number", "02") S("Karte_Uid", "shikaku")
                                                S("Orca_Uid", "lock-1")));
    assert_non_null(strstr(script.asked[2], "<Patient_Information type=\"record\">" BASE));
    assert_non_null(strstr(script.asked[3], S("Request_Number", "03")));
    assert_null(strstr(script.asked[3], "<HealthInsurance_Info_child type=\"record\"></"));
}

static void found_to_be_there_under_the_lock_nothing_is_written(void **state) {
    (void)state;
    orca_script_expect(&script, "patientgetv2", PATIENT(COMBINED(OLD)));
    orca_script_expect(&script, S("Request_Number", "01"), V3("000", ROWS(NOW)));
    expect_unlock();
    assert_int_equal(deliver("1"), SHK_OK);
    assert_string_equal(receipt.place, "orca:already there");
}

static void every_step_that_fails_unlocks(void **state) {
    static const char *const codes[] = {"E50", "E02", "E80", "E99", "89"};
    (void)state;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        char said[512], where[64];
        text_format(said, sizeof said,
                    "<xmlio2><r type=\"record\"><Api_Result>%s</Api_Result></r></xmlio2>",
                    codes[i]);
        script.steps_n = script.at = 0;
        expect_lock();
        orca_script_expect(&script, S("Request_Number", "02"), said);
        expect_unlock();
        text_format(where, sizeof where, "patientmodv32 02 %s", codes[i]);
        expect_failure(deliver("1"), SHK_E_HOST_REFUSED, where);
        script.steps_n = script.at = 0;
        expect_lock();
        orca_script_expect(&script, S("Request_Number", "02"), V3("000", ROWS(NOW)));
        orca_script_expect(&script, S("Request_Number", "03"), said);
        expect_unlock();
        text_format(where, sizeof where, "patientmodv32 03 %s", codes[i]);
        expect_failure(deliver("1"), SHK_E_HOST_REFUSED, where);
    }
}

static void a_step_that_is_lost_unlocks(void **state) {
    (void)state;
    expect_lock();
    orca_script_expect_end(&script, S("Request_Number", "02"), SHK_E_DELIVERY_UNSURE, 0);
    expect_unlock();
    expect_failure(deliver("1"), SHK_E_HOST_UNREACHABLE, "patientmodv32 02");
}

static void a_lost_commit_is_read_back(void **state) {
    (void)state;
    expect_lock();
    orca_script_expect(&script, S("Request_Number", "02"), V3("000", ROWS(NOW)));
    orca_script_expect_end(&script, S("Request_Number", "03"), SHK_E_DELIVERY_UNSURE, 0);
    expect_unlock();
    orca_script_expect(&script, "patientgetv2", PATIENT(COMBINED(OLD)));
    orca_script_expect(&script, "patientgetv2", PATIENT(COMBINED(OLD) COMBINED(NOW)));
    assert_int_equal(deliver("1"), SHK_OK);
    assert_int_equal(script.why.code, 0);
    assert_int_equal(script.pauses, 1000);
}

static void a_commit_that_stays_lost_is_unsure(void **state) {
    (void)state;
    expect_lock();
    orca_script_expect(&script, S("Request_Number", "02"), V3("000", ROWS(NOW)));
    orca_script_expect_end(&script, S("Request_Number", "03"), SHK_OK, 502);
    expect_unlock();
    for (int i = 0; i < 3; i++) {
        orca_script_expect(&script, "patientgetv2", PATIENT(COMBINED(OLD)));
    }
    expect_failure(deliver("1"), SHK_E_DELIVERY_UNSURE, "patientmodv32 03");
}

static void without_a_note_nothing_is_committed(void **state) {
    (void)state;
    script.note_rc = SHK_E_DELIVERY_TAKEN;
    expect_lock();
    orca_script_expect(&script, S("Request_Number", "02"), V3("000", ROWS(NOW)));
    expect_unlock();
    assert_int_equal(deliver("1"), SHK_E_DELIVERY_TAKEN);
}

static void a_question_is_not_answered_unless_it_is_named(void **state) {
    const char *question =
        V3("S20", "<Patient_Select_Information type=\"record\">" S("Patient_Select", "K910")
                      S("Patient_Select_Message", "見本") "</Patient_Select_Information>");
    (void)state;
    expect_lock();
    orca_script_expect(&script, S("Request_Number", "02"), V3("000", ROWS(NOW)));
    orca_script_expect(&script, S("Request_Number", "03"), question);
    expect_unlock();
    expect_failure(deliver("1"), SHK_E_HOST_REFUSED, "patientmodv32 03 S20 K910");
    adapter_orca.close(&host);
    assert_int_equal(open_with("questions", "K910"), SHK_OK);
    expect_lock();
    orca_script_expect(&script, S("Request_Number", "02"), V3("000", ROWS(NOW)));
    orca_script_expect(&script, S("Request_Number", "03"), question);
    orca_script_expect(&script, S("Select_Answer", "Ok"), V3("000", ""));
    assert_int_equal(deliver("1"), SHK_OK);
}

static void a_question_without_end_ends(void **state) {
    const char *question = V3("S20", "<Patient_Select_Information type=\"record\">" S(
                                         "Patient_Select", "K910") "</Patient_Select_Information>");
    (void)state;
    assert_int_equal(open_with("questions", "K910"), SHK_OK);
    expect_lock();
    orca_script_expect(&script, S("Request_Number", "02"), V3("000", ROWS(NOW)));
    for (int i = 0; i < 9; i++) {
        orca_script_expect(&script, S("Request_Number", "03"), question);
    }
    expect_unlock();
    expect_failure(deliver("1"), SHK_E_HOST_REFUSED, "patientmodv32 03 S20 K910");
}

static void a_patient_open_elsewhere_is_awaited_for_a_while(void **state) {
    (void)state;
    orca_script_expect(&script, "patientgetv2", PATIENT(COMBINED(OLD)));
    for (int i = 0; i < 4; i++) {
        orca_script_expect(&script, S("Request_Number", "01"), V3("E90", ""));
    }
    expect_failure(deliver("1"), SHK_E_HOST_BUSY, "patientmodv32 01 E90");
    assert_int_equal(script.pauses, 3500);
    assert_int_equal(script.why.native, 90);
}

static void a_wish_to_stop_ends_the_waiting(void **state) {
    (void)state;
    orca_script_expect(&script, "patientgetv2", PATIENT(COMBINED(OLD)));
    orca_script_expect(&script, S("Request_Number", "01"), V3("E90", ""));
    script.stops = 1;
    expect_failure(deliver("1"), SHK_E_CANCELLED, "patientmodv32 01 E90");
}

static void an_error_in_old_insurances_does_not_keep_from_going_on(void **state) {
    (void)state;
    orca_script_expect(&script, "patientgetv2", PATIENT(COMBINED(OLD)));
    orca_script_expect(&script, S("Request_Number", "01"), V3("E50", HELD));
    orca_script_expect(&script, S("Request_Number", "02"), V3("000", ROWS(NOW)));
    orca_script_expect(&script, S("Request_Number", "03"), V3("000", ""));
    assert_int_equal(deliver("1"), SHK_OK);
}

static void no_lock_no_writing(void **state) {
    (void)state;
    orca_script_expect(&script, "patientgetv2", PATIENT(COMBINED(OLD)));
    orca_script_expect(&script, S("Request_Number", "01"), V3CODE("000"));
    expect_failure(deliver("1"), SHK_E_HOST_ANSWER, "patientmodv32 01 000");
}

static void a_lock_without_a_result_code_is_given_back(void **state) {
    (void)state;
    orca_script_expect(&script, "patientgetv2", PATIENT(COMBINED(OLD)));
    orca_script_expect(&script, S("Request_Number", "01"), V3("", HELD));
    expect_unlock();
    expect_failure(deliver("1"), SHK_E_HOST_ANSWER, "patientmodv32 01");
}

static void an_uninsured_patient_gets_the_first_insurance(void **state) {
    (void)state;
    orca_script_expect(&script, "patientgetv2", PATIENT(""));
    orca_script_expect(&script, "patientmodv2?class=04 <data><patientmodreq type=\"record\">" BASE,
                       CODE("00"));
    assert_int_equal(deliver("1"), SHK_OK);
    assert_string_equal(receipt.place, "orca:insurance added");
    assert_string_equal(script.notes, "patientmodv2 class=04;");
}

static void the_same_insurance_already_there_is_looked_at(void **state) {
    (void)state;
    orca_script_expect(&script, "patientgetv2", PATIENT(""));
    orca_script_expect(&script, "class=04", CODE("62"));
    orca_script_expect(&script, "patientgetv2", PATIENT(COMBINED(NOW)));
    assert_int_equal(deliver("1"), SHK_OK);
}

static void warnings_never_carry_their_words(void **state) {
    (void)state;
    orca_script_expect(&script, "patientgetv2", PATIENT(""));
    orca_script_expect(&script, "class=04",
                       "<xmlio2><r type=\"record\">" HEAD("00")
                           S("Api_Warning_Message1", "見本　花子") "</r></xmlio2>");
    assert_int_equal(deliver("1"), SHK_OK);
    assert_string_equal(receipt.warning, "Api_Warning_Message");
}

/* What the search asks: by birth date with the family name, the kana and the given name, then by the
 * whole names. */
static void expect_search(const char *first, const char *rest) {
    orca_script_expect(&script, S("WholeName", "見本") S("Birth_StartDate", "1985-03-02"), first);
    orca_script_expect(&script, S("WholeName", "ミホン") S("Birth_StartDate", "1985-03-02"), rest);
    orca_script_expect(&script, S("WholeName", "*ハナコ") S("Birth_StartDate", "1985-03-02"), rest);
    orca_script_expect(&script, S("WholeName", "見本　花子") "</patientlst3req>", rest);
    orca_script_expect(&script, S("WholeName", "ミホン　ハナコ") "</patientlst3req>", rest);
}

static void nobody_is_registered_without_being_told(void **state) {
    (void)state;
    expect_failure(deliver(""), SHK_E_UNDECIDED, "new_patient");
}

static void a_new_patient_is_registered_with_the_document_as_it_is(void **state) {
    (void)state;
    assert_int_equal(open_with("new_patient", "register"), SHK_OK);
    expect_search(NOBODY, NOBODY);
    orca_script_expect(&script, "POST /orca12/patientmodv2?class=01 " DOCUMENT,
                       "<xmlio2><r type=\"record\">" HEAD("K0") "<Patient_Information>" S(
                           "Patient_ID", "00036") "</Patient_Information></r></xmlio2>");
    assert_int_equal(deliver(""), SHK_OK);
    assert_string_equal(receipt.place, "orca:registered");
    assert_string_equal(receipt.patient, "00036");
    assert_string_equal(receipt.warning, "K0");
    assert_string_equal(script.notes, "patientmodv2 class=01;");
}

static void an_earlier_attempt_is_recognised(void **state) {
    (void)state;
    assert_int_equal(open_with("new_patient", "register"), SHK_OK);
    note = "patientmodv2 class=01";
    expect_search(LIST, NOBODY);
    orca_script_expect(&script, "patientgetv2?id=00001", PATIENT(COMBINED(NOW)));
    assert_int_equal(deliver(""), SHK_OK);
    assert_string_equal(receipt.place, "orca:registered");
    assert_string_equal(receipt.patient, "00001");
}

static void a_half_fitting_one_after_an_attempt_is_unsure(void **state) {
    (void)state;
    assert_int_equal(open_with("new_patient", "register"), SHK_OK);
    note = "patientmodv2 class=01";
    expect_search(LIST, NOBODY);
    orca_script_expect(&script, "patientgetv2?id=00001", PATIENT(COMBINED(OLD)));
    expect_failure(deliver(""), SHK_E_DELIVERY_UNSURE, "patientlst3v2");
}

static void a_refused_registration_is_noted(void **state) {
    (void)state;
    assert_int_equal(open_with("new_patient", "register"), SHK_OK);
    expect_search(NOBODY, NOBODY);
    orca_script_expect(&script, "class=01", CODE("14"));
    expect_failure(deliver(""), SHK_E_HOST_REFUSED, "patientmodv2 class=01 14");
    assert_string_equal(script.notes, "patientmodv2 class=01;patientmodv2 class=01 refused;");
}

static void a_lost_registration_is_searched_for(void **state) {
    (void)state;
    assert_int_equal(open_with("new_patient", "register"), SHK_OK);
    expect_search(NOBODY, NOBODY);
    orca_script_expect_end(&script, "class=01", SHK_E_DELIVERY_UNSURE, 0);
    expect_search(LIST, NOBODY);
    orca_script_expect(&script, "patientgetv2?id=00001", PATIENT(COMBINED(NOW)));
    assert_int_equal(deliver(""), SHK_OK);
    assert_string_equal(receipt.patient, "00001");
}

static void a_search_that_fails_registers_nobody(void **state) {
    (void)state;
    assert_int_equal(open_with("new_patient", "register"), SHK_OK);
    orca_script_expect_end(&script, "patientlst3v2", SHK_E_HOST_UNREACHABLE, 0);
    expect_failure(deliver(""), SHK_E_HOST_UNREACHABLE, "patientlst3v2");
    assert_string_equal(script.notes, "");
}

static void another_patient_in_the_answer_is_not_written_to(void **state) {
    (void)state;
    orca_script_expect(&script, "patientgetv2?id=2", PATIENT(COMBINED(OLD)));
    expect_failure(deliver("2"), SHK_E_HOST_ANSWER, "patientgetv2 00");
    assert_string_equal(script.notes, "");
}

static const char *of_another(const char *answer) {
    static char text[4096];
    text_copy(text, sizeof text, answer);
    char *at = strstr(text, "00001</Patient_ID>");
    assert_non_null(at);
    at[4] = '2';
    return text;
}

static void another_patient_under_the_lock_is_not_written_to(void **state) {
    (void)state;
    orca_script_expect(&script, "patientgetv2?id=1", PATIENT(COMBINED(OLD)));
    orca_script_expect(&script, S("Request_Number", "01"), of_another(V3("000", HELD)));
    expect_unlock();
    expect_failure(deliver("1"), SHK_E_HOST_ANSWER, "patientmodv32 01");
    script.steps_n = script.at = 0;
    expect_lock();
    orca_script_expect(&script, S("Request_Number", "02"), of_another(V3("000", ROWS(NOW))));
    expect_unlock();
    expect_failure(deliver("1"), SHK_E_HOST_ANSWER, "patientmodv32 02 000");
}

static void a_check_that_lost_the_row_is_not_committed(void **state) {
    (void)state;
    expect_lock();
    orca_script_expect(&script, S("Request_Number", "02"), V3("000", ""));
    expect_unlock();
    expect_failure(deliver("1"), SHK_E_HOST_ANSWER, "patientmodv32 02 000");
    assert_string_equal(script.notes, "");
}

static void rename_one(char *held) {
    char *child = strstr(held, "子");
    child[0] = "代"[0], child[1] = "代"[1], child[2] = "代"[2];
}

static void a_person_is_not_mixed_with_another_one(void **state) {
    const char *moved = PATIENT(COMBINED(NOW));
    static char held[4096];
    (void)state;
    assert_int_equal(open_with("person", "update"), SHK_OK);
    text_copy(held, sizeof held, moved);
    rename_one(held);
    orca_script_expect(&script, "patientgetv2?id=1", held);
    orca_script_expect(&script, "patientgetv2?id=00001", of_another(held));
    expect_failure(deliver("1"), SHK_E_HOST_ANSWER, "patientgetv2 00");
    assert_string_equal(script.notes, "");
}

static void a_number_that_is_none_is_searched_for(void **state) {
    (void)state;
    assert_int_equal(open_with("new_patient", "register"), SHK_OK);
    expect_search(NOBODY, NOBODY);
    orca_script_expect(&script, "class=01",
                       "<xmlio2><r type=\"record\">" HEAD("K0") "<Patient_Information>" S(
                           "Patient_ID", "見本") "</Patient_Information></r></xmlio2>");
    expect_search(LIST, NOBODY);
    orca_script_expect(&script, "patientgetv2?id=00001", PATIENT(COMBINED(NOW)));
    assert_int_equal(deliver(""), SHK_OK);
    assert_string_equal(receipt.patient, "00001");
}

static void statuses_say_what_to_do(void **state) {
    static const struct {
        int32_t status, code;
        const char *where;
    } all[] = {{401, SHK_E_HOST_LOGIN, "patientgetv2 401"},
               {403, SHK_E_HOST_LOGIN, "patientgetv2 403"},
               {404, SHK_E_HOST_ANSWER, "patientgetv2 404"},
               {302, SHK_E_HOST_ANSWER, "patientgetv2 302"},
               {503, SHK_E_HOST_UNREACHABLE, "patientgetv2 503"},
               {200, SHK_E_HOST_ANSWER, "patientgetv2"}};
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        orca_script_expect_end(&script, "patientgetv2", SHK_OK, all[i].status);
        expect_failure(deliver("1"), all[i].code, all[i].where);
    }
}

static void out_of_time_nothing_is_begun(void **state) {
    (void)state;
    assert_int_equal(open_with("new_patient", "register"), SHK_OK);
    script.table.now_ms = slow_clock;
    step_ms = 10000;
    orca_script_expect(&script, "patientlst3v2", CODE("90"));
    expect_failure(deliver(""), SHK_E_HOST_BUSY, "patientlst3v2 90");
    step_ms = 30000;
    expect_failure(deliver(""), SHK_E_HOST_UNREACHABLE, "patientlst3v2");
    expect_failure(deliver("1"), SHK_E_HOST_UNREACHABLE, "patientgetv2");
}

/* Such a number could lead the address elsewhere. */
static void a_patient_number_that_is_none_is_asked_for_nowhere(void **state) {
    static const char *const bad[] = {"見本", "1&id=2", "../1", "123456789012345678901"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        expect_failure(deliver(bad[i]), SHK_E_HOST_REFUSED, "patient");
    }
}

static void without_a_note_nobody_is_registered_insured_or_renamed(void **state) {
    static char held[4096];
    (void)state;
    script.note_rc = SHK_E_DELIVERY_TAKEN;
    assert_int_equal(open_with("new_patient", "register"), SHK_OK);
    expect_search(NOBODY, NOBODY);
    assert_int_equal(deliver(""), SHK_E_DELIVERY_TAKEN);
    orca_script_expect(&script, "patientgetv2", PATIENT(""));
    assert_int_equal(deliver("1"), SHK_E_DELIVERY_TAKEN);
    adapter_orca.close(&host);
    assert_int_equal(open_with("person", "update"), SHK_OK);
    text_copy(held, sizeof held, PATIENT(COMBINED(NOW)));
    rename_one(held);
    orca_script_expect(&script, "patientgetv2", held);
    orca_script_expect(&script, "patientgetv2", held);
    assert_int_equal(deliver("1"), SHK_E_DELIVERY_TAKEN);
}

/* It did not arrive: nobody need wonder, and nothing is searched for. */
static void a_server_that_goes_before_the_writing_is_unreachable(void **state) {
    (void)state;
    assert_int_equal(open_with("new_patient", "register"), SHK_OK);
    expect_search(NOBODY, NOBODY);
    orca_script_expect_end(&script, "class=01", SHK_E_HOST_UNREACHABLE, 0);
    expect_failure(deliver(""), SHK_E_HOST_UNREACHABLE, "patientmodv2 class=01");
    assert_non_null(strstr(script.notes, "patientmodv2 class=01 refused;"));
    orca_script_expect(&script, "patientgetv2", PATIENT(""));
    orca_script_expect_end(&script, "class=04", SHK_E_HOST_UNREACHABLE, 0);
    expect_failure(deliver("1"), SHK_E_HOST_UNREACHABLE, "patientmodv2 class=04");
    script.steps_n = script.at = 0;
    expect_lock();
    orca_script_expect(&script, S("Request_Number", "02"), V3("000", ROWS(NOW)));
    orca_script_expect_end(&script, S("Request_Number", "03"), SHK_E_HOST_UNREACHABLE, 0);
    expect_unlock();
    expect_failure(deliver("1"), SHK_E_HOST_UNREACHABLE, "patientmodv32 03");
}

static void a_commit_whose_answer_is_too_large_is_read_back(void **state) {
    (void)state;
    expect_lock();
    orca_script_expect(&script, S("Request_Number", "02"), V3("000", ROWS(NOW)));
    orca_script_expect_end(&script, S("Request_Number", "03"), SHK_E_HOST_ANSWER, 0);
    expect_unlock();
    orca_script_expect(&script, "patientgetv2", PATIENT(COMBINED(OLD) COMBINED(NOW)));
    assert_int_equal(deliver("1"), SHK_OK);
    assert_string_equal(receipt.place, "orca:insurance updated");
}

struct told {
    int n;
    char id[16], until[16];
};

static int32_t SHK_CALL take_told(void *who, const char *id, const shk_field *values, uint32_t n) {
    struct told *told = who;
    told->n++;
    text_copy(told->id, sizeof told->id, id);
    for (uint32_t i = 0; i < n; i++) {
        if (strcmp(values[i].to, "valid_until") == 0) {
            text_copy(told->until, sizeof told->until, values[i].value);
        }
    }
    return SHK_OK;
}

static int32_t find_hanako(struct told *told) {
    static const shk_field asked[] = {{"reference_number", "1"},
                                      {"birth_date", "1985-03-02"},
                                      {"name", "見本　花子"},
                                      {"name_kana", "ミホン　ハナコ"}};
    *told = (struct told){0};
    fault_clear(&script.why);
    if (host == NULL) {
        assert_int_equal(open_with(NULL, NULL), SHK_OK);
    }
    return adapter_orca.find_patients(host, asked, 4, take_told, told);
}

static void one_patient_under_two_spellings_of_the_number_is_told_once(void **state) {
    struct told told;
    (void)state;
    expect_search(LIST, NOBODY);
    orca_script_expect(&script, "patientgetv2?id=1 ",
                       PATIENT(COMBINED(CARD("06990014", "2020-04-01", "2025-03-31"))
                                   COMBINED(CARD("990010", "2021-04-01", "2026-12-31"))
                                       COMBINED(CARD("990010", "2019-04-01", "2020-03-31"))));
    orca_script_expect(&script, "patientgetv2?id=00001 ", PATIENT(COMBINED(OLD)));
    assert_int_equal(find_hanako(&told), SHK_OK);
    assert_int_equal(told.n, 1);
    assert_string_equal(told.id, "00001");
    assert_string_equal(told.until, "2026-12-31");
}

/* Half a list would pass for nobody else of that name. */
static void a_search_that_is_stopped_is_no_short_list(void **state) {
    struct told told;
    (void)state;
    script.stops = 1;
    expect_search(LIST, NOBODY);
    expect_failure(find_hanako(&told), SHK_E_CANCELLED, "");
    assert_int_equal(told.n, 0);
}

int main(void) {
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(the_password_goes_to_the_server_only),
        CASE(what_is_there_is_left_alone),
        CASE(a_new_insurance_goes_through_all_steps),
        CASE(found_to_be_there_under_the_lock_nothing_is_written),
        CASE(every_step_that_fails_unlocks),
        CASE(a_step_that_is_lost_unlocks),
        CASE(a_lost_commit_is_read_back),
        CASE(a_commit_that_stays_lost_is_unsure),
        CASE(without_a_note_nothing_is_committed),
        CASE(a_question_is_not_answered_unless_it_is_named),
        CASE(a_question_without_end_ends),
        CASE(a_patient_open_elsewhere_is_awaited_for_a_while),
        CASE(a_wish_to_stop_ends_the_waiting),
        CASE(an_error_in_old_insurances_does_not_keep_from_going_on),
        CASE(no_lock_no_writing),
        CASE(a_lock_without_a_result_code_is_given_back),
        CASE(an_uninsured_patient_gets_the_first_insurance),
        CASE(the_same_insurance_already_there_is_looked_at),
        CASE(warnings_never_carry_their_words),
        CASE(nobody_is_registered_without_being_told),
        CASE(a_new_patient_is_registered_with_the_document_as_it_is),
        CASE(an_earlier_attempt_is_recognised),
        CASE(a_half_fitting_one_after_an_attempt_is_unsure),
        CASE(a_refused_registration_is_noted),
        CASE(a_lost_registration_is_searched_for),
        CASE(a_search_that_fails_registers_nobody),
        CASE(another_patient_in_the_answer_is_not_written_to),
        CASE(another_patient_under_the_lock_is_not_written_to),
        CASE(a_check_that_lost_the_row_is_not_committed),
        CASE(a_person_is_not_mixed_with_another_one),
        CASE(a_number_that_is_none_is_searched_for),
        CASE(statuses_say_what_to_do),
        CASE(out_of_time_nothing_is_begun),
        CASE(a_patient_number_that_is_none_is_asked_for_nowhere),
        CASE(without_a_note_nobody_is_registered_insured_or_renamed),
        CASE(a_server_that_goes_before_the_writing_is_unreachable),
        CASE(a_commit_whose_answer_is_too_large_is_read_back),
        CASE(one_patient_under_two_spellings_of_the_number_is_told_once),
        CASE(a_search_that_is_stopped_is_no_short_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
