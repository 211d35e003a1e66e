#include "folder_scan.h"

#include <string.h>

/* "<" is never the second byte of a character, in UTF-8 and in code page 932. */
static const char begin_tag[] = "<MessageHeader>";
static const char end_tag[] = "</MessageHeader>";
static const char root_end[] = "</XmlMsg>";

/* One byte further in a tag; true when it is complete. A tag's first character stands nowhere else in
 * it. */
static bool match(struct folder_scan *s, const char *tag, uint8_t byte) {
    if (byte == (uint8_t)tag[s->matched]) {
        s->matched++;
    } else {
        s->matched = byte == (uint8_t)tag[0] ? 1 : 0;
    }
    if (tag[s->matched] != '\0') {
        return false;
    }
    s->matched = 0;
    return true;
}

/* Up to the first ">": the declaration, when there is one. */
static int32_t take_declaration(struct folder_scan *s, uint8_t byte) {
    int32_t rc = bytes_append_byte(&s->declaration, byte);
    const char *text = bytes_text(&s->declaration);
    s->declared = byte == '>' || s->declaration.n > 200;
    if (s->declared && strstr(text, "<?xml") == NULL) {
        bytes_clear(&s->declaration);
    }
    return rc;
}

static int32_t take_header(struct folder_scan *s, uint8_t byte) {
    int32_t rc = bytes_append_byte(&s->header, byte);
    if (match(s, end_tag, byte)) {
        s->header_done = true;
    } else if (s->header.n >= FOLDER_SCAN_HEAD) {
        bytes_clear(&s->header);
        s->header_done = true;
    }
    return rc;
}

static int32_t find_header(struct folder_scan *s, const uint8_t *p, size_t n) {
    for (size_t i = 0; i < n && !s->header_done; i++) {
        int32_t rc = s->declared ? SHK_OK : take_declaration(s, p[i]);
        if (rc == SHK_OK && s->in_header) {
            rc = take_header(s, p[i]);
        } else if (rc == SHK_OK && match(s, begin_tag, p[i])) {
            s->in_header = true;
            rc = bytes_append_text(&s->header, begin_tag);
        }
        if (rc != SHK_OK) {
            return rc;
        }
    }
    return SHK_OK;
}

static void keep_tail(struct folder_scan *s, const uint8_t *p, size_t n) {
    if (n >= sizeof s->tail) {
        memcpy(s->tail, p + n - sizeof s->tail, sizeof s->tail);
        s->tail_n = sizeof s->tail;
        return;
    }
    size_t keep = s->tail_n + n > sizeof s->tail ? sizeof s->tail - n : s->tail_n;
    memmove(s->tail, s->tail + s->tail_n - keep, keep);
    memcpy(s->tail + keep, p, n);
    s->tail_n = keep + n;
}

int32_t folder_scan_take(struct folder_scan *s, const uint8_t *p, size_t n) {
    if (n == 0) {
        return SHK_OK;
    }
    s->hash = bytes_hash(s->total == 0 ? BYTES_HASH_BEGIN : s->hash, p, n);
    s->total += n;
    keep_tail(s, p, n);
    return find_header(s, p, n);
}

bool folder_scan_whole(const struct folder_scan *s) {
    size_t n = s->tail_n;
    size_t end = sizeof root_end - 1;
    while (n > 0 && char_is_space((char)s->tail[n - 1])) {
        n--;
    }
    return n >= end && memcmp(s->tail + n - end, root_end, end) == 0;
}

bool folder_scan_header(const struct folder_scan *s, struct oqs_message *out) {
    struct bytes document = {0};
    *out = (struct oqs_message){0};
    bool made = s->header_done && s->header.n > 0 &&
                bytes_append(&document, s->declaration.p, s->declaration.n) == SHK_OK &&
                bytes_append_text(&document, "<XmlMsg>") == SHK_OK &&
                bytes_append(&document, s->header.p, s->header.n) == SHK_OK &&
                bytes_append_text(&document, root_end) == SHK_OK;
    bool read = made && oqs_message_read(document.p, document.n, out);
    bytes_clear(&document);
    return read;
}

void folder_scan_clear(struct folder_scan *s) {
    bytes_clear(&s->declaration);
    bytes_clear(&s->header);
    memory_wipe(s, sizeof *s);
}
