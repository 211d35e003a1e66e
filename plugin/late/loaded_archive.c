#include <archive.h>
#include <archive_entry.h>

#include "loaded.h"

#define CALLS(ONE)                                                                                 \
    ONE(archive_read_new)                                                                          \
    ONE(archive_read_support_format_zip_streamable)                                                \
    ONE(archive_read_open)                                                                         \
    ONE(archive_read_next_header)                                                                  \
    ONE(archive_read_header_position)                                                              \
    ONE(archive_read_data_block)                                                                   \
    ONE(archive_read_free)                                                                         \
    ONE(archive_format_name)                                                                       \
    ONE(archive_entry_pathname)                                                                    \
    ONE(archive_entry_pathname_utf8)

enum { CALLS(LOADED_PLACE) PLACES };
static const char *const symbols[PLACES + 1] = {CALLS(LOADED_NAME)};
struct loaded loaded_archive = {LATE_ARCHIVE_FILE, symbols, NULL};

#define CALL(function) LOADED_CALL(loaded_archive, function)

struct archive *archive_read_new(void) {
    return CALL(archive_read_new)();
}

int archive_read_support_format_zip_streamable(struct archive *archive) {
    return CALL(archive_read_support_format_zip_streamable)(archive);
}

int archive_read_open(struct archive *archive, void *self, archive_open_callback *open,
                      archive_read_callback *read, archive_close_callback *close) {
    return CALL(archive_read_open)(archive, self, open, read, close);
}

int archive_read_next_header(struct archive *archive, struct archive_entry **entry) {
    return CALL(archive_read_next_header)(archive, entry);
}

la_int64_t archive_read_header_position(struct archive *archive) {
    return CALL(archive_read_header_position)(archive);
}

int archive_read_data_block(struct archive *archive, const void **p, size_t *n,
                            la_int64_t *offset) {
    return CALL(archive_read_data_block)(archive, p, n, offset);
}

int archive_read_free(struct archive *archive) {
    return CALL(archive_read_free)(archive);
}

const char *archive_format_name(struct archive *archive) {
    return CALL(archive_format_name)(archive);
}

const char *archive_entry_pathname(struct archive_entry *entry) {
    return CALL(archive_entry_pathname)(entry);
}

const char *archive_entry_pathname_utf8(struct archive_entry *entry) {
    return CALL(archive_entry_pathname_utf8)(entry);
}
