/* Reads a bulk answer of many persons in pieces of 64 KiB and says what it took. A program of its own, so
 * that nothing else of a test lies in its memory.
 *     oqs_bulk_memory PEOPLE
 * Exits with 1 when someone is missing or the memory grew with the length. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "oqs_bulk.h"

#define PIECE      ((size_t)64 * 1024)
#define PEAK_MAX   ((size_t)32 * 1024) /* KiB */
#define GROWTH_MAX ((size_t)64 * 1024)
#define LIVE_MAX   ((size_t)2 * 1024 * 1024)
#define EACH       1000

/* A sanitizer keeps shadow memory and freed blocks: there only what is allocated can be judged. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

#if defined(SANITIZED)
size_t __sanitizer_get_current_allocated_bytes(void);
#define live_bytes() __sanitizer_get_current_allocated_bytes()
#else
#define SANITIZED    0
#define live_bytes() mallinfo2().uordblks
#endif

static const char header[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\r\n<XmlMsg>\r\n"
    "<MessageHeader>\r\n<ProcessExecutionTime>20250602061500</ProcessExecutionTime>\r\n"
    "<QualificationConfirmationDate>20250602</QualificationConfirmationDate>\r\n"
    "<MedicalInstitutionCode>9919999999</MedicalInstitutionCode>\r\n"
    "<ReceptionNumber>R00000000000000001</ReceptionNumber>\r\n"
    "<SegmentOfResult>1</SegmentOfResult>\r\n"
    "<CharacterCodeIdentifier>0</CharacterCodeIdentifier>\r\n</MessageHeader>\r\n<MessageBody>\r\n";
static const char unit[] =
    "<BulkConfirmUnit>\r\n<QualificationConfirmSearchInfo>\r\n"
    "<InsurerNumber>06990014</InsurerNumber>\r\n<InsuredCardSymbol>見・１２</InsuredCardSymbol>\r\n"
    "<InsuredIdentificationNumber>%08zu</InsuredIdentificationNumber>\r\n"
    "<Birthdate>19540105</Birthdate>\r\n<ArbitraryIdentifier>%zu</ArbitraryIdentifier>\r\n"
    "</QualificationConfirmSearchInfo>\r\n<ProcessingResultStatus>1</ProcessingResultStatus>\r\n"
    "<QualificationValidity>1</QualificationValidity>\r\n<ResultOfQualificationConfirmation>\r\n"
    "<InsuredCardClassification>01</InsuredCardClassification>\r\n"
    "<InsurerNumber>06990014</InsurerNumber>\r\n<InsuredCardSymbol>見・１２</InsuredCardSymbol>\r\n"
    "<InsuredIdentificationNumber>%08zu</InsuredIdentificationNumber>\r\n"
    "<InsuredBranchNumber>01</InsuredBranchNumber>\r\n"
    "<PersonalFamilyClassification>1</PersonalFamilyClassification>\r\n"
    "<InsuredName>見本　一郎</InsuredName>\r\n<Name>見本　一郎</Name>\r\n"
    "<NameKana>ﾐﾎﾝ ｲﾁﾛｳ</NameKana>\r\n<Sex1>1</Sex1>\r\n<Birthdate>19540105</Birthdate>\r\n"
    "<Address>見本県見本市見本町１－２－３</Address>\r\n<PostNumber>000-0000</PostNumber>\r\n"
    "<QualificationDate>20190401</QualificationDate>\r\n"
    "<InsuredCardValidDate>20240801</InsuredCardValidDate>\r\n"
    "<InsuredCardExpirationDate>20250731</InsuredCardExpirationDate>\r\n"
    "<InsurerName>見本健康保険組合</InsurerName>\r\n"
    "<LimitApplicationCertificateChanged>0</LimitApplicationCertificateChanged>\r\n"
    "</ResultOfQualificationConfirmation>\r\n<ReferenceNumber>%zu</ReferenceNumber>\r\n"
    "</BulkConfirmUnit>\r\n";
static const char footer[] = "</MessageBody>\r\n</XmlMsg>\r\n";

struct reading {
    size_t people, wrong, drift;
    size_t live_first, live_most;
};

static bool is_number(const struct record_set *set, const char *path, size_t number) {
    struct value value;
    char text[32];
    text_format(text, sizeof text, "%zu", number);
    return record_value(set, 1, path, strlen(path), &value) == SHK_OK &&
           text_equal(value.text, text);
}

static int32_t on_unit(void *self, size_t number, struct record_set *set,
                       const struct fault *unread, struct fault *why) {
    struct reading *reading = self;
    (void)unread;
    (void)why;
    bool right = set != NULL && is_number(set, "reference_number", number) &&
                 is_number(set, "search.arbitrary_identifier", number) &&
                 record_outcome(set) == OUTCOME_ELIGIBLE;
    reading->people++;
    reading->wrong += right ? 0 : 1;
    reading->drift += record_drift_count(set);
    record_free(&set);
    if (number % EACH == 0) {
        size_t live = live_bytes();
        reading->live_first = number == EACH ? live : reading->live_first;
        reading->live_most = live > reading->live_most ? live : reading->live_most;
    }
    return SHK_OK;
}

struct pusher {
    struct oqs_bulk *bulk;
    char piece[PIECE];
    size_t n;
    uint64_t total;
    int32_t rc;
};

static void flush(struct pusher *pusher) {
    struct fault why = {0};
    if (pusher->rc == SHK_OK) {
        pusher->rc = oqs_bulk_push(pusher->bulk, (const uint8_t *)pusher->piece, pusher->n, &why);
    }
    pusher->n = 0;
}

static void push(struct pusher *pusher, const char *text) {
    for (; *text != '\0'; text++) {
        pusher->piece[pusher->n++] = *text;
        pusher->total++;
        if (pusher->n == PIECE) {
            flush(pusher);
        }
    }
}

static int32_t push_people(struct pusher *pusher, size_t people) {
    struct oqs_bulk_head head;
    struct fault why = {0};
    push(pusher, header);
    for (size_t i = 1; i <= people && pusher->rc == SHK_OK; i++) {
        char one[4096];
        text_format(one, sizeof one, unit, i, i, i, i);
        push(pusher, one);
    }
    push(pusher, footer);
    flush(pusher);
    return pusher->rc == SHK_OK ? oqs_bulk_end(pusher->bulk, &head, &why) : pusher->rc;
}

static size_t peak_kib(void) {
    char line[256];
    size_t kib = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status != NULL && fgets(line, sizeof line, status) != NULL) {
        if (text_starts(line, "VmHWM:")) {
            for (const char *c = line; *c != '\0'; c++) {
                kib = char_is_digit(*c) ? kib * 10 + (size_t)(*c - '0') : kib;
            }
        }
    }
    if (status != NULL) {
        fclose(status);
    }
    return kib;
}

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int judge(const struct reading *reading, const struct pusher *pusher, size_t people,
                 int32_t rc, int64_t ms) {
    size_t peak = peak_kib(), growth = reading->live_most - reading->live_first;
    printf("%zu people, %llu bytes, %lld ms, %lld MB/s, peak %zu KiB, %zu bytes allocated, growth "
           "%zu\n",
           reading->people, (unsigned long long)pusher->total, (long long)ms,
           (long long)((int64_t)(pusher->total / 1000) / (ms > 0 ? ms : 1)), peak,
           reading->live_most, growth);
    if (rc != SHK_OK || reading->people != people || reading->wrong > 0 || reading->drift > 0) {
        printf("code %d, %zu wrong, %zu drift\n", (int)rc, reading->wrong, reading->drift);
        return 1;
    }
    bool small = reading->live_most < LIVE_MAX && growth < GROWTH_MAX;
    return small && (SANITIZED || peak < PEAK_MAX) ? 0 : 1;
}

static struct pusher pusher;

int main(int argc, char **argv) {
    struct reading reading = {0};
    struct oqs_bulk_receiver to = {.unit = on_unit, .self = &reading};
    int32_t people = 0;
    if (argc != 2 || !text_to_int32(argv[1], strlen(argv[1]), &people) || people < 2 * EACH ||
        oqs_bulk_new(NULL, &to, &pusher.bulk) != SHK_OK) {
        return 2;
    }
    int64_t start = now_ms();
    int32_t rc = push_people(&pusher, (size_t)people);
    oqs_bulk_free(&pusher.bulk);
    return judge(&reading, &pusher, (size_t)people, rc, now_ms() - start);
}
