/* A message too large for memory, looked at while it passes by. */
#ifndef LOOKUP_FOLDER_SCAN_H
#define LOOKUP_FOLDER_SCAN_H

#include "oqs_message.h"

#define FOLDER_SCAN_HEAD ((size_t)64 * 1024)
#define FOLDER_SCAN_TAIL 64

struct folder_scan {
    struct bytes declaration, header; /* "<?xml … ?>" and what stands in MessageHeader */
    bool declared, in_header, header_done;
    size_t matched;
    uint8_t tail[FOLDER_SCAN_TAIL];
    size_t tail_n;
    uint64_t total, hash;
};

/* SHK_E_MEMORY. */
int32_t folder_scan_take(struct folder_scan *s, const uint8_t *p, size_t n);
/* Ends with the root's end tag. */
bool folder_scan_whole(const struct folder_scan *s);
/* The words of its header. */
bool folder_scan_header(const struct folder_scan *s, struct oqs_message *out);
void folder_scan_clear(struct folder_scan *s);

#endif
