#include "pq_value.h"

/* pg_type.h; part of the protocol, so they never change. */
enum {
    TYPE_BOOL = 16,
    TYPE_BYTEA = 17,
    TYPE_CHAR = 18,
    TYPE_NAME = 19,
    TYPE_INT8 = 20,
    TYPE_INT2 = 21,
    TYPE_INT4 = 23,
    TYPE_TEXT = 25,
    TYPE_OID = 26,
    TYPE_JSON = 114,
    TYPE_UNKNOWN = 705,
    TYPE_BPCHAR = 1042,
    TYPE_VARCHAR = 1043,
    TYPE_NUMERIC = 1700
};

#define NUMERIC_HEAD     8u
#define NUMERIC_NEGATIVE 0x4000u
#define NUMERIC_BASE     10000

uint32_t pq_value_give(const struct db_value *v, uint8_t number[PQ_NUMBER_SIZE], const char **p,
                       size_t *n) {
    *p = v->n > 0 ? (const char *)v->p : "";
    *n = v->n;
    switch (v->type) {
    case DB_INT:
        for (size_t i = 0; i < PQ_NUMBER_SIZE; i++) {
            number[i] = (uint8_t)((uint64_t)v->number >> (56 - 8 * i));
        }
        *p = (const char *)number;
        *n = PQ_NUMBER_SIZE;
        return TYPE_INT8;
    case DB_TEXT:
        return TYPE_TEXT;
    case DB_BLOB:
        return TYPE_BYTEA;
    default:
        *p = NULL;
        *n = 0;
        return 0;
    }
}

/* Big-endian; the sign is that of the first byte. */
static int64_t signed_of(const uint8_t *p, size_t n) {
    uint64_t value = (p[0] & 0x80) != 0 ? UINT64_MAX : 0;
    for (size_t i = 0; i < n; i++) {
        value = value << 8 | p[i];
    }
    return value <= INT64_MAX ? (int64_t)value : -(int64_t)(UINT64_MAX - value) - 1;
}

static uint32_t unsigned16(const uint8_t *p) {
    return (uint32_t)p[0] << 8 | p[1];
}

static bool push_digit(int64_t *total, int64_t digit) {
    const int64_t room = (INT64_MAX - digit) / NUMERIC_BASE;
    if (digit >= NUMERIC_BASE || *total > room) {
        return false;
    }
    *total = *total * NUMERIC_BASE + digit;
    return true;
}

/* A whole number, which a sum of int8 is: digits of base 10000, `weight` of them before the point but one. */
static bool numeric_of(const uint8_t *p, size_t n, int64_t *out) {
    int64_t total = 0;
    if (n < NUMERIC_HEAD || n != NUMERIC_HEAD + 2 * (size_t)unsigned16(p)) {
        return false;
    }
    int64_t digits = unsigned16(p), weight = signed_of(p + 2, 2);
    uint32_t sign = unsigned16(p + 4);
    bool fits = sign == 0 || sign == NUMERIC_NEGATIVE;
    for (int64_t i = 0; i <= weight && fits; i++) {
        fits = push_digit(&total, i < digits ? unsigned16(p + NUMERIC_HEAD + 2 * i) : 0);
    }
    *out = sign == 0 ? total : -total;
    return fits && digits <= weight + 1;
}

/* Of a number of that type. */
static size_t size_of(uint32_t type) {
    switch (type) {
    case TYPE_BOOL:
        return 1;
    case TYPE_INT2:
        return 2;
    case TYPE_INT8:
        return 8;
    default:
        return 4;
    }
}

static bool take_number(uint32_t type, const uint8_t *p, size_t n, int64_t *out) {
    if (type == TYPE_NUMERIC) {
        return numeric_of(p, n, out);
    }
    *out = 0;
    if (n != size_of(type)) {
        return false;
    }
    *out = type == TYPE_OID ? signed_of(p, n) & UINT32_MAX : signed_of(p, n);
    return true;
}

bool pq_value_take(uint32_t type, const uint8_t *p, size_t n, struct db_value *out) {
    *out = (struct db_value){DB_NULL, 0, p, n};
    switch (type) {
    case TYPE_BOOL:
    case TYPE_INT2:
    case TYPE_INT4:
    case TYPE_INT8:
    case TYPE_OID:
    case TYPE_NUMERIC:
        *out = db_int(0);
        return take_number(type, p, n, &out->number);
    case TYPE_BYTEA:
        out->type = DB_BLOB;
        return true;
    case TYPE_CHAR:
    case TYPE_NAME:
    case TYPE_TEXT:
    case TYPE_JSON:
    case TYPE_UNKNOWN:
    case TYPE_BPCHAR:
    case TYPE_VARCHAR:
        out->type = DB_TEXT;
        return true;
    default:
        return false;
    }
}
