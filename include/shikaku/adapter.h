/* Shikaku (資格): what a host adapter fills in and what it may borrow.
 *
 * An adapter delivers one finished document to one kind of host: into a folder, a database, a local
 * service. It sees only include/shikaku. The tables are append-only: a field is never moved or
 * removed, and struct_size tells which fields the other side knows.
 *
 * Threads: open, deliver and close of one handle are called by one thread at a time, which is never
 * a thread of the host program.
 */
#ifndef SHIKAKU_ADAPTER_H
#define SHIKAKU_ADAPTER_H

#include <stddef.h>
#include <stdint.h>

#include "codes.h"
#include "shikaku.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SHK_ADAPTER_ABI 1

/* Made by open, freed by close; its content is the adapter's own. */
typedef struct shk_host shk_host;

/* One field of a document. UTF-8, terminated; borrowed until deliver returns. */
typedef struct shk_field {
    const char *to;
    const char *value;
} shk_field;

/* One setting of the delivery, as the configuration says it. UTF-8; borrowed until open returns. */
typedef struct shk_setting {
    const char *key;
    const char *value;
} shk_setting;

/* One document. All pointers are borrowed until deliver returns. */
typedef struct shk_delivery {
    uint32_t struct_size, abi;
    const char *id;     /* the delivery's own number, a UUID; the same when it is tried again */
    const char *script; /* id of the mapping script */
    const char
        *format; /* rows: "csv", "tsv", "fixed"; documents: "xml", "json", "hl7", "text", "face" */
    const char
        *encoding; /* of head and body: "utf-8", "utf-8-bom", "cp932", "euc-jp", "iso-2022-jp" */
    const char *file_name; /* proposed name, UTF-8, one path component, already cleaned */
    const uint8_t *head; /* what a file of many rows begins with, once: byte order mark, heading */
    uint32_t head_len;
    const uint8_t *body; /* the row, or the whole document */
    uint32_t body_len;
    const shk_field *fields; /* the same content as ordered fields */
    uint32_t fields_n;
} shk_delivery;

/* Where a delivery went; filled by deliver. */
typedef struct shk_receipt {
    uint32_t struct_size, abi;
    char place[1024]; /* final file name or address, UTF-8, terminated; no patient's value in it
                         beyond what the script itself put into a file name */
} shk_receipt;

#define SHK_FILE_MAX 67108864u /* 64 MiB */

/* Lent by the plugin; valid until close returns. Paths are UTF-8. */
typedef struct shk_services {
    uint32_t struct_size, abi;
    void *self;
    /* A line for the log: static words and numbers only, never a patient's value. */
    void(SHK_CALL *log)(void *self, int32_t level, const char *what, int32_t number);
    int64_t(SHK_CALL *now_ms)(void *self);
    /* Says why the call fails and returns the code, so that an adapter writes
     * `return sv->fail(sv->self, SHK_E_FOLDER_MISSING, native, "folder");`. `where` names a
     * setting or a file, never a value. */
    int32_t(SHK_CALL *fail)(void *self, int32_t code, int32_t native, const char *where);
    /* 1 a folder, 0 not. */
    int32_t(SHK_CALL *is_folder)(void *self, const char *path);
    /* Reads at most SHK_FILE_MAX bytes. *data is freed with `release`. A missing file gives
     * SHK_E_ABSENT, a larger one SHK_E_ARGUMENT; neither counts as a fault said. Errors:
     * SHK_E_FOLDER_WRITE, SHK_E_FOLDER_LOCKED, SHK_E_MEMORY. */
    int32_t(SHK_CALL *read_file)(void *self, const char *path, uint8_t **data, uint32_t *len);
    void(SHK_CALL *release)(void *self, uint8_t *data);
    /* Puts a whole file under its final name: written aside in the same folder, flushed to the disk
     * and renamed, mode 0600 or the mode of the file it replaces. Nothing of the name is visible
     * before. replace 0: an existing file gives SHK_E_FILE_EXISTS and stays as it is. replace 1:
     * so does one that was seen to change or to go meanwhile; look at it again.
     * Errors: SHK_E_FOLDER_WRITE, SHK_E_FOLDER_LOCKED, SHK_E_DISK_FULL. */
    int32_t(SHK_CALL *put_file)(void *self, const char *path, const uint8_t *data, uint32_t len,
                                int32_t replace);
    /* Takes the lock file `path` for this process and waits at most wait_ms for another holder, who
     * may be dead: a dead holder's lock is free. *lock is given back with `unlock_file`.
     * Errors: SHK_E_FOLDER_LOCKED, SHK_E_FOLDER_WRITE. */
    int32_t(SHK_CALL *lock_file)(void *self, const char *path, int32_t wait_ms, void **lock);
    void(SHK_CALL *unlock_file)(void *self, void *lock);
} shk_services;

/* One kind of host; static and const. */
typedef struct shk_adapter {
    uint32_t struct_size, abi;
    const char *id; /* "folder/1" */
    /* Checks the settings and makes a handle. An unknown setting is SHK_E_ADAPTER_SETTINGS with its
     * name in `where`. Nothing is written yet. */
    int32_t(SHK_CALL *open)(const shk_services *sv, const shk_setting *settings,
                            uint32_t settings_n, shk_host **out);
    /* All or nothing. 0 means that the document lies at the host, durable. */
    int32_t(SHK_CALL *deliver)(shk_host *h, const shk_delivery *d, shk_receipt *receipt);
    /* Frees the handle and sets it to null; null is accepted. */
    void(SHK_CALL *close)(shk_host **h);
} shk_adapter;

/* True when the table is long enough to hold the slot and the slot is filled. */
#define SHK_ADAPTER_HAS(a, slot)                                                                   \
    ((a)->struct_size >= offsetof(shk_adapter, slot) + sizeof((a)->slot) && (a)->slot != NULL)

#ifdef __cplusplus
}
#endif

#endif
