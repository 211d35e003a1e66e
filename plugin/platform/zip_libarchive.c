#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "late.h"
#include "utf8_locale.h"
#include "zip.h"
#include "zip_directory.h"

#define PIECE ((size_t)64 * 1024)

/* The first fault of source and sink passes through the library unharmed. */
struct unpacking {
    const struct byte_source *from;
    const struct byte_sink *sink;
    uint64_t most, got;
    uint8_t *piece;
    struct zip_tail tail;
    struct zip_met met;
    int32_t rc;
    struct fault *why;
};

bool zip_is(const uint8_t *p, size_t n) {
    return n >= 4 && p[0] == 'P' && p[1] == 'K' && p[2] == 3 && p[3] == 4;
}

/* A name that libarchive cannot convert ends the process, or counts as no memory for it, while errno still says ENOMEM from
 * somewhere else. */
static void forget_errno(void) {
    errno = 0;
}

static la_ssize_t give_piece(struct archive *archive, void *self, const void **p) {
    struct unpacking *u = self;
    size_t n = 0;
    (void)archive;
    if (u->rc == SHK_OK) {
        u->rc = u->from->next(u->from->self, u->piece, PIECE, &n, u->why);
    }
    if (u->rc == SHK_OK) {
        zip_tail_take(&u->tail, u->piece, n);
    }
    *p = u->piece;
    forget_errno();
    return u->rc == SHK_OK ? (la_ssize_t)n : (la_ssize_t)ARCHIVE_FATAL;
}

static int32_t damaged(const struct unpacking *u) {
    return u->rc != SHK_OK ? u->rc : fault_raise(u->why, SHK_E_ARCHIVE);
}

/* The library is content once it has seen the list of entries begin. A file that is cut there is still
 * being written, and an entry that the list lacks was deleted from the archive. */
static int32_t read_to_end(struct unpacking *u) {
    const void *unused = NULL;
    while (give_piece(NULL, u, &unused) > 0) {
    }
    return u->rc == SHK_OK && zip_is_listed(&u->tail, &u->met) ? SHK_OK : damaged(u);
}

/* A trail byte of code page 932 is none of these, so names of old programs are understood too. */
static bool is_xml(const char *name) {
    size_t n = name != NULL ? strlen(name) : 0;
    if (n < 4) {
        return false;
    }
    const char *end = name + n - 4;
    return end[0] == '.' && (end[1] | 32) == 'x' && (end[2] | 32) == 'm' && (end[3] | 32) == 'l';
}

/* Which form there is depends on the system and on the name's own encoding. */
static bool is_wanted(struct archive_entry *entry) {
    forget_errno();
    if (is_xml(archive_entry_pathname(entry))) {
        return true;
    }
    forget_errno();
    return is_xml(archive_entry_pathname_utf8(entry));
}

/* Other methods may ask for gigabytes before the first byte is out. */
static bool is_known_method(struct archive *archive) {
    const char *name = archive_format_name(archive);
    return name != NULL &&
           (strstr(name, "(uncompressed)") != NULL || strstr(name, "(deflation)") != NULL);
}

/* Entries that are not wanted are unpacked as well: their length may be known only afterwards. */
static int32_t unpack(struct unpacking *u, struct archive *archive, bool wanted) {
    uint64_t at = 0;
    for (;;) {
        const void *p = NULL;
        size_t n = 0;
        la_int64_t offset = 0;
        int said = archive_read_data_block(archive, &p, &n, &offset);
        if (said == ARCHIVE_EOF) {
            return SHK_OK;
        }
        if (said != ARCHIVE_OK || (n > 0 && (uint64_t)offset != at)) {
            return damaged(u);
        }
        if (n > u->most - u->got) {
            return fault_raise(u->why, SHK_E_ANSWER_TOO_LARGE);
        }
        at += n;
        u->got += n;
        if (wanted && n > 0) {
            u->rc = u->sink->take(u->sink->self, p, n, u->why);
        }
        if (u->rc != SHK_OK) {
            return u->rc;
        }
    }
}

/* ARCHIVE_WARN of a header: its name cannot be written in the locale. */
static int32_t next_entry(struct unpacking *u, struct archive *archive,
                          struct archive_entry **entry) {
    forget_errno();
    int said = archive_read_next_header(archive, entry);
    if (said == ARCHIVE_EOF) {
        *entry = NULL;
        return u->rc;
    }
    bool usable = (said == ARCHIVE_OK || said == ARCHIVE_WARN) && is_known_method(archive);
    return usable ? SHK_OK : damaged(u);
}

static int32_t unpack_all(struct unpacking *u, struct archive *archive) {
    int wanted = 0;
    for (;;) {
        struct archive_entry *entry = NULL;
        int32_t rc = next_entry(u, archive, &entry);
        uint64_t at = (uint64_t)archive_read_header_position(archive);
        if (rc != SHK_OK || entry == NULL) {
            u->met.end = at;
            return rc != SHK_OK || wanted == 1 ? rc : damaged(u);
        }
        bool xml = is_wanted(entry);
        wanted += xml ? 1 : 0;
        if (wanted > 1 || u->met.n == ZIP_ENTRIES_MAX) {
            return damaged(u);
        }
        u->met.at[u->met.n++] = at;
        rc = unpack(u, archive, xml);
        if (rc != SHK_OK) {
            return rc;
        }
    }
}

/* Both may hold what is about a person. */
static void drop(uint8_t *p, size_t n) {
    if (p != NULL) {
        memory_wipe(p, n);
    }
    free(p);
}

int32_t zip_read_xml(const struct byte_source *from, uint64_t most, const struct byte_sink *sink,
                     struct fault *why) {
    struct unpacking u = {.from = from, .sink = sink, .most = most, .why = why};
    int32_t rc = late_need(LATE_ARCHIVE, why);
    if (rc != SHK_OK) {
        return rc;
    }
    struct utf8_locale *locale = utf8_locale_enter();
    struct archive *archive = archive_read_new();
    u.piece = malloc(PIECE);
    u.tail.p = malloc(2 * ZIP_TAIL_MAX);
    if (archive == NULL || u.piece == NULL || u.tail.p == NULL) {
        rc = fault_raise(why, SHK_E_MEMORY);
        goto done;
    }
    if (archive_read_support_format_zip_streamable(archive) != ARCHIVE_OK ||
        archive_read_open(archive, &u, NULL, give_piece, NULL) != ARCHIVE_OK) {
        rc = damaged(&u);
        goto done;
    }
    rc = unpack_all(&u, archive);
    if (rc == SHK_OK) {
        rc = read_to_end(&u);
    }
done:
    (void)archive_read_free(archive);
    utf8_locale_leave(&locale);
    drop(u.piece, PIECE);
    drop(u.tail.p, 2 * ZIP_TAIL_MAX);
    return rc;
}
