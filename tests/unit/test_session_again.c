/* A challenge that the server does not take any more: signed again with the PIN that was typed once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "platform.h"
#include "session_stage.h"
#include "virtual_card.h"

#define OTHER "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"

static const struct http_fake_step other_challenge = {.status = 201,
                                                      .content_type = "application/json",
                                                      .body = "{\"challenge\":\"" OTHER
                                                              "\",\"expires_in\":120}"};

static struct http_fake_step problem(const char *type) {
    static char body[160];
    snprintf(body, sizeof body, "{\"type\":\"urn:shikaku:gateway:1:%s\",\"status\":409}", type);
    return (struct http_fake_step){
        .status = 409, .content_type = "application/problem+json", .body = body};
}

/* No word of the day or the number, so it is somebody else's: enough to see that it was read. */
static const struct http_fake_step foreign = {
    .status = 200,
    .content_type = "application/xml",
    .body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><XmlMsg><MessageHeader><SegmentOfResult>1"
            "</SegmentOfResult></MessageHeader><MessageBody><QualificationValidity>2"
            "</QualificationValidity></MessageBody></XmlMsg>"};

static int32_t end_of_check(struct stage *f) {
    stage_to_the_pin(f);
    assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_OK);
    stage_expect(f, SHK_EVENT_ASKING);
    for (int32_t event = 0; event != SHK_EVENT_DONE;) {
        event = stage_next(f);
        assert_true(event > 0 && event != SHK_EVENT_PIN);
    }
    return stage_number(f, "fault.code");
}

static void let_go(const struct stage *f) {
    assert_false(f->desk.card.in_transaction);
    assert_true(f->desk.card.power_downs > 0);
}

static void signed_again(struct stage *f, const char *type) {
    const struct http_fake_step steps[] = {stage_challenge, problem(type), other_challenge,
                                           foreign};
    stage_use_gateway(f, steps, 4);
    assert_int_equal(end_of_check(f), SHK_E_ANSWER_FOREIGN);
    assert_int_equal(f->desk.card.verifies, 1);
    assert_int_equal(vcard_pin_tries(f->desk.card.card), 3);
    assert_int_equal(f->desk.http.seen_n, 4);
    const struct http_fake_seen *seen = f->desk.http.seen;
    assert_non_null(strstr(bytes_text(&seen[3].body), OTHER));
    assert_null(strstr(bytes_text(&seen[3].body), "AAAAAAAAAAAA"));
    assert_string_not_equal(seen[1].idempotency_key, seen[3].idempotency_key);
    assert_non_null(strstr(bytes_text(&seen[3].body), seen[3].idempotency_key));
    let_go(f);
}

static void an_expired_challenge_is_signed_again_without_a_second_pin(void **state) {
    signed_again(*state, "challenge-expired");
}

static void a_used_challenge_is_signed_again_without_a_second_pin(void **state) {
    signed_again(*state, "challenge-used");
}

static void it_is_signed_again_once_and_not_for_ever(void **state) {
    struct stage *f = *state;
    const struct http_fake_step expired = problem("challenge-expired");
    const struct http_fake_step steps[] = {stage_challenge, expired,         other_challenge,
                                           expired,         stage_challenge, foreign};
    stage_use_gateway(f, steps, 6);
    assert_int_equal(end_of_check(f), SHK_E_CHALLENGE_EXPIRED);
    assert_int_equal(f->desk.http.seen_n, 4);
    assert_int_equal(f->desk.card.verifies, 1);
    let_go(f);
}

/* The second command after the signature is the one that would sign again; here the card is away. */
static void a_card_that_is_gone_by_then_is_told_as_the_expired_challenge(void **state) {
    struct stage *f = *state;
    const struct http_fake_step steps[] = {stage_challenge, problem("challenge-expired"),
                                           other_challenge, foreign};
    stage_use_gateway(f, steps, 4);
    stage_to_the_pin(f);
    f->desk.card.remove_at = f->desk.card.transmits + 3; /* VERIFY, SIGN, then gone */
    assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_OK);
    stage_expect(f, SHK_EVENT_ASKING);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_CHALLENGE_EXPIRED);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(f->desk.card.verifies, 1);
    assert_false(f->desk.card.in_transaction);
}

/* Time that also passes while the server is slow. */
static atomic_llong passed_ms;

static void pass(void *self, int32_t ms) {
    (void)self;
    atomic_fetch_add(&passed_ms, ms);
}

static int64_t slow_ms(void *self) {
    return platform_clock.mono_ms(self) + atomic_load(&passed_ms);
}

static int64_t wall_s(void *self) {
    return platform_clock.wall_s(self);
}

static const struct clock_ops slow_clock = {slow_ms, wall_s};

static void be_slow(struct stage *f) {
    atomic_store(&passed_ms, 0);
    f->desk.http.pass = pass;
    f->desk.env.clock = &slow_clock;
    session_close(f->session);
    f->session = desk_session(&f->desk, TEST_DATA "/demo");
}

static void a_card_lifted_while_the_answer_is_awaited_is_no_fault(void **state) {
    struct stage *f = *state;
    const struct http_fake_step steps[] = {stage_challenge, {.until_stop = true}};
    be_slow(f);
    stage_use_gateway(f, steps, 2);
    assert_int_equal(session_set(f->session, "gateway.timeout_ms", "9000"), SHK_OK);
    stage_to_the_pin(f);
    f->desk.card.remove_at = f->desk.card.transmits + 3;
    assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_OK);
    stage_expect(f, SHK_EVENT_ASKING);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_GATEWAY_TIMEOUT);
    stage_expect(f, SHK_EVENT_DONE);
    assert_false(f->desk.card.in_transaction);
}

static void a_card_is_spoken_to_while_the_answer_is_awaited(void **state) {
    struct stage *f = *state;
    const struct http_fake_step steps[] = {stage_challenge, {.until_stop = true}};
    be_slow(f);
    stage_use_gateway(f, steps, 2);
    assert_int_equal(session_set(f->session, "gateway.timeout_ms", "9000"), SHK_OK);
    stage_to_the_pin(f);
    uint32_t before = f->desk.card.transmits;
    assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_OK);
    stage_expect(f, SHK_EVENT_ASKING);
    stage_expect(f, SHK_EVENT_FAULT);
    stage_expect(f, SHK_EVENT_DONE);
    /* VERIFY, SIGN and one word every two of nine seconds. */
    assert_in_range(f->desk.card.transmits - before, 2 + 3, 2 + 5);
    assert_int_equal(f->desk.card.verifies, 1);
    let_go(f);
}

/* The fake's stop is asked as the time passes; a keep-alive in between must not cost the verified PIN. */
static void a_kept_card_can_still_sign_again(void **state) {
    struct stage *f = *state;
    struct fault why = {0};
    struct identity id = {0};
    struct identity_source source;
    struct bytes signature = {0};
    uint8_t digest[32] = {1};
    struct pin pin = {.digits = {'1', '2', '3', '4'}, .len = 4};
    assert_int_equal(mynumber_new(&f->desk.env, NULL, NULL, NULL, &source), SHK_OK);
    assert_int_equal(source.ops->read(source.self, CARD_VIRTUAL_READER, &id, &why), SHK_OK);
    assert_int_equal(source.ops->verify(source.self, &id, &pin, false, &why), SHK_OK);
    assert_int_equal(source.ops->sign(source.self, &id, digest, sizeof digest, &signature, &why),
                     SHK_OK);
    assert_int_equal(source.ops->keep(source.self, &id, &why), SHK_OK);
    assert_int_equal(source.ops->sign(source.self, &id, digest, sizeof digest, &signature, &why),
                     SHK_OK);
    assert_int_equal(f->desk.card.verifies, 1);
    source.ops->finish(source.self);
    assert_int_equal(source.ops->keep(source.self, &id, &why), SHK_E_STATE);
    bytes_clear(&signature);
    identity_clear(&id);
    source.ops->free(source.self);
}

static void a_server_that_asks_to_wait_says_how_long(void **state) {
    struct stage *f = *state;
    const struct http_fake_step steps[] = {{.status = 429,
                                            .content_type = "application/json",
                                            .retry_after = true,
                                            .retry_after_s = 7}};
    stage_use_gateway(f, steps, 1);
    stage_to_the_pin(f);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_RATE_LIMITED);
    assert_int_equal(stage_number(f, "fault.retry_after_s"), 7);
    stage_expect(f, SHK_EVENT_DONE);
}

static void a_fault_that_names_no_time_has_none(void **state) {
    struct stage *f = *state;
    assert_int_equal(session_check(f->session, "12", 2, false, 100), SHK_E_PIN_FORMAT);
    assert_int_equal(stage_number(f, "fault.retry_after_s"), SHK_E_ABSENT);
}

static void a_wrong_clock_is_told_with_its_difference(void **state) {
    struct stage *f = *state;
    struct http_fake_step dated = stage_challenge;
    dated.date_s = platform_clock.wall_s(NULL) - 4000;
    const struct http_fake_step steps[] = {dated};
    stage_use_gateway(f, steps, 1);
    assert_int_equal(session_set(f->session, "gateway.clock_tolerance_s", "600"), SHK_OK);
    stage_to_the_pin(f);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_CLOCK);
    assert_in_range(stage_number(f, "gateway.clock_ahead_s"), 3999, 4005);
    stage_expect(f, SHK_EVENT_DONE);
}

#define PENDING                                                                                    \
    { .status = 200, .content_type = "application/xml", .body = pending }

static char pending[700];

static void pending_answer(struct stage *f) {
    (void)f;
    snprintf(pending, sizeof pending,
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?><XmlMsg><MessageHeader><SegmentOfResult>2"
             "</SegmentOfResult></MessageHeader><MessageBody></MessageBody></XmlMsg>");
}

/* An answer without a person cannot belong to somebody else, and one that is foreign is not awaited. */
static void a_pending_answer_of_somebody_else_is_not_awaited(void **state) {
    struct stage *f = *state;
    pending_answer(f);
    const struct http_fake_step steps[] = {stage_challenge, PENDING, PENDING};
    stage_use_gateway(f, steps, 3);
    assert_int_equal(end_of_check(f), SHK_E_ANSWER_FOREIGN);
    assert_int_equal(f->desk.http.seen_n, 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STAGE_CASE(an_expired_challenge_is_signed_again_without_a_second_pin),
        STAGE_CASE(a_used_challenge_is_signed_again_without_a_second_pin),
        STAGE_CASE(it_is_signed_again_once_and_not_for_ever),
        STAGE_CASE(a_card_that_is_gone_by_then_is_told_as_the_expired_challenge),
        STAGE_CASE(a_card_lifted_while_the_answer_is_awaited_is_no_fault),
        STAGE_CASE(a_card_is_spoken_to_while_the_answer_is_awaited),
        STAGE_CASE(a_kept_card_can_still_sign_again),
        STAGE_CASE(a_server_that_asks_to_wait_says_how_long),
        STAGE_CASE(a_fault_that_names_no_time_has_none),
        STAGE_CASE(a_wrong_clock_is_told_with_its_difference),
        STAGE_CASE(a_pending_answer_of_somebody_else_is_not_awaited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
