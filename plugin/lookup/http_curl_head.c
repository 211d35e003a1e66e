#include "http_curl.h"

#include <string.h>

#define HEADER_LIMIT      64
#define HEADER_BYTES      16384
#define RETRY_AFTER_LIMIT 86400

struct span {
    const char *p;
    size_t n;
};

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static struct span trimmed(struct span s) {
    while (s.n > 0 && char_is_space(s.p[0])) {
        s.p++;
        s.n--;
    }
    while (s.n > 0 && char_is_space(s.p[s.n - 1])) {
        s.n--;
    }
    return s;
}

/* The part before `end`, the rest in *after (empty when `end` does not occur). */
static struct span before(struct span s, char end, struct span *after) {
    size_t i = 0;
    while (i < s.n && s.p[i] != end) {
        i++;
    }
    *after = i < s.n ? (struct span){s.p + i + 1, s.n - i - 1} : (struct span){s.p + i, 0};
    return (struct span){s.p, i};
}

static bool is_name(struct span s, const char *lower_name) {
    size_t i = 0;
    while (i < s.n && lower_name[i] != '\0' && lower(s.p[i]) == lower_name[i]) {
        i++;
    }
    return i == s.n && lower_name[i] == '\0';
}

static void take_content_type(struct http_reply *rp, struct span value) {
    struct span parameters;
    struct span type = trimmed(before(value, ';', &parameters));
    text_copy_n(rp->content_type, sizeof rp->content_type, type.p, type.n);
    for (char *c = rp->content_type; *c != '\0'; c++) {
        *c = lower(*c);
    }
}

static int64_t date_of(const char *text) {
    time_t seconds = curl_getdate(text, NULL);
    return seconds < 0 ? -1 : (int64_t)seconds;
}

static void take_date(struct http_reply *rp, struct span value) {
    char text[64];
    text_copy_n(text, sizeof text, value.p, value.n);
    rp->date_s = date_of(text);
}

static void take_value(struct transfer *t, struct span line) {
    struct span value;
    struct span name = before(line, ':', &value);
    value = trimmed(value);
    if (is_name(name, "content-type")) {
        take_content_type(t->rp, value);
    } else if (is_name(name, "date")) {
        take_date(t->rp, value);
    } else if (is_name(name, "retry-after")) {
        text_copy_n(t->retry_after, sizeof t->retry_after, value.p, value.n);
    }
}

/* The three digits behind "HTTP/1.1 ", else 0. */
static int32_t status_of(struct span line) {
    struct span after;
    struct span status;
    int32_t number = 0;
    (void)before(line, ' ', &after);
    status = before(after, ' ', &after);
    bool plain = status.n == 3 && char_is_digit(status.p[0]);
    return plain && text_to_int32(status.p, status.n, &number) ? number : 0;
}

/* A status line: what an interim answer said does not count for the final one. */
static void begin_head(struct transfer *t, struct span line) {
    t->head_done = false;
    t->status = status_of(line);
    t->rp->content_type[0] = '\0';
    t->rp->date_s = -1;
    t->retry_after[0] = '\0';
}

static bool is_status_line(struct span line) {
    return line.n > 5 && text_equal_n("HTTP/", line.p, 5);
}

size_t http_curl_header(char *p, size_t size, size_t n, void *transfer) {
    struct transfer *t = transfer;
    size_t whole = size * n;
    struct span line = trimmed((struct span){p, whole});
    t->answered = true;
    t->header_bytes += whole;
    if (is_status_line(line)) {
        begin_head(t, line);
    } else if (line.n == 0) {
        t->head_done = true;
    } else {
        t->header_n++;
        if (!t->head_done) {
            take_value(t, line);
        }
    }
    t->too_large = t->header_n > HEADER_LIMIT || t->header_bytes > HEADER_BYTES;
    return t->too_large ? 0 : whole;
}

int32_t http_curl_retry_after(const char *value, int64_t now_s) {
    int64_t seconds = 0;
    size_t n = strlen(value);
    if (n == 0) {
        return -1;
    }
    if (!text_to_int64(value, n, &seconds)) {
        int64_t at = date_of(value);
        if (at < 0) {
            return -1;
        }
        seconds = at - now_s;
    }
    seconds = seconds < 0 ? 0 : seconds;
    return (int32_t)(seconds < RETRY_AFTER_LIMIT ? seconds : RETRY_AFTER_LIMIT);
}
