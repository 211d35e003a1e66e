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
    const char *value; /* of format "sql" alone it may be null: NULL in the database */
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
        *format; /* rows: "csv", "tsv", "fixed"; documents: "xml", "json", "hl7", "text", "face";
                   "sql": the body is only for people */
    const char
        *encoding; /* of head and body: "utf-8", "utf-8-bom", "cp932", "euc-jp", "iso-2022-jp" */
    const char *file_name; /* proposed name, UTF-8, one path component, already cleaned */
    const uint8_t *head; /* what a file of many rows begins with, once: byte order mark, heading */
    uint32_t head_len;
    const uint8_t *body; /* the row, or the whole document */
    uint32_t body_len;
    const shk_field
        *fields; /* the same content as ordered fields; of "sql": the named parameters */
    uint32_t fields_n;
    /* Since 0.2. */
    const char *const *statements; /* of format "sql", in order; never null with statements_n > 0 */
    uint32_t statements_n;
    int32_t attempt;     /* 1 the first time; 0 when no note outlives the call (no store) */
    const char *patient; /* the host's patient number that was found or confirmed; "" a new patient,
                            or not known */
    const char *note;    /* what `note` said at an earlier attempt; "" nothing */
    const int32_t *statement_rows; /* how many rows each statement is to write, or SHK_ROWS_…; null:
                                      SHK_ROWS_SOME for all */
} shk_delivery;

#define SHK_ROWS_SOME (-1) /* any number, but all of these statements together at least one */
#define SHK_ROWS_ANY  (-2)

/* Where a delivery went; filled by deliver. */
typedef struct shk_receipt {
    uint32_t struct_size, abi;
    char place[1024]; /* final file name or address, UTF-8, terminated; no patient's value in it
                         beyond what the script itself put into a file name */
    /* Since 0.2. */
    char warning[64]; /* the host took it with a remark: the host's own code, such as "K0" */
    char patient[64]; /* patient number that the host gave or used; may stay empty */
} shk_receipt;

#define SHK_FILE_MAX 67108864u /* 64 MiB */

#define SHK_NOTE_MAX 512 /* bytes with the terminator */

/* How to reach one HTTP server. UTF-8; null and "" mean: not set. Copied by http_open. */
typedef struct shk_http_settings {
    uint32_t struct_size, abi;
    const char *url; /* of the server; http:// is taken only when the adapter's settings say so */
    int32_t plain;   /* 1: http:// is allowed */
    int32_t connect_ms;
    const char *ca_file;     /* PEM; empty: the system's own */
    const char *client_cert; /* PEM; PKCS#12 when it ends in .p12 or .pfx; "store:…" */
    const char *client_key;
    const char *client_secret;   /* passphrase of the key */
    const char *user, *password; /* Basic authentication */
} shk_http_settings;

/* One call. */
typedef struct shk_http_request {
    uint32_t struct_size, abi;
    const char *method;         /* "GET", "POST", "PUT" */
    const char *url;            /* below the server's */
    const char *content_type;   /* of the body; may be null */
    const shk_setting *headers; /* further ones: key is the name */
    uint32_t headers_n;
    const uint8_t *body;
    uint32_t body_len;
    int32_t timeout_ms; /* for the whole call */
    uint32_t answer_max;
} shk_http_request;

/* Its answer, whatever the status. */
typedef struct shk_http_reply {
    uint32_t struct_size, abi;
    int32_t status;
    int32_t retry_after_s;  /* -1 when not sent */
    char content_type[128]; /* lower case, without parameters */
    uint8_t *body; /* freed with `release`; terminated by a zero byte that does not count */
    uint32_t body_len;
} shk_http_reply;

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
    /* Reads at most SHK_FILE_MAX bytes. *data is freed with `release` (which accepts null); a zero byte
     * that does not count terminates it. A missing file gives
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
    void(SHK_CALL *unlock_file)(void *self, void *lock); /* null is accepted */
    /* Since 0.2. */
    /* Notes where the delivery stands, durably when the plugin has a store: call it right before the
     * step that cannot be taken back. A later attempt finds it in shk_delivery.note. At most
     * SHK_NOTE_MAX - 1 bytes, no patient's value. Errors: SHK_E_DELIVERY_TAKEN (another machine goes
     * on with this delivery: stop), SHK_E_STORE_…, SHK_E_ARGUMENT; then the step must not be taken. */
    int32_t(SHK_CALL *note)(void *self, const char *note);
    /* A whole file in two steps. stage_file writes it durably under the name `staged` in the folder of
     * `path` (0600, or the mode of the file that it is to replace; hidden where the name begins with a
     * dot) and remembers that file; publish_file gives it its final name at once. Staged files are
     * never cleared away, so after a crash a later attempt tells by `staged` whether the file was
     * published: it is gone then. data null takes up a staged file that an earlier attempt left, as it
     * lies there; SHK_E_ABSENT when it was published.
     * replace 0: SHK_E_FILE_EXISTS when `path` exists. replace 1: so does one that changed meanwhile.
     * publish_file gives the stage back whatever comes of it; the staged file is gone afterwards (0,
     * SHK_E_ABSENT: somebody else published or removed it) or stays (any other fault, unless a share
     * lost the answer). unstage_file gives the stage back and removes the staged file unless `keep`.
     * SHK_E_FILE_EXISTS and SHK_E_ABSENT do not count as a fault said. Other errors: as put_file. */
    int32_t(SHK_CALL *stage_file)(void *self, const char *staged, const char *path,
                                  const uint8_t *data, uint32_t len, int32_t replace, void **stage);
    int32_t(SHK_CALL *publish_file)(void *self, void *stage);
    void(SHK_CALL *unstage_file)(void *self, void *stage, int32_t keep);
    /* SHK_E_ABSENT (not counted as a fault said) when there is no such file. */
    int32_t(SHK_CALL *remove_file)(void *self, const char *path);
    /* HTTP. Errors: SHK_E_HOST_UNREACHABLE (nothing was sent), SHK_E_DELIVERY_UNSURE (it was sent, no
     * whole answer came), SHK_E_HOST_LOGIN (certificates), SHK_E_HOST_ANSWER (too large),
     * SHK_E_ADAPTER_SETTINGS, SHK_E_LIBRARY, SHK_E_MEMORY, SHK_E_CANCELLED. */
    int32_t(SHK_CALL *http_open)(void *self, const shk_http_settings *settings, void **http);
    int32_t(SHK_CALL *http_send)(void *self, void *http, const shk_http_request *request,
                                 shk_http_reply *reply);
    void(SHK_CALL *http_close)(void *self, void *http);
    /* A shared library, by absolute path or by bare name from where the system keeps its own (Windows:
     * the system directory only). Null when there is none. library_find copies the address of a
     * function into *slot, a pointer to a function pointer; 1 when there was one. Never unloaded. */
    void *(SHK_CALL *library_open)(void *self, const char *name);
    int32_t(SHK_CALL *library_find)(void *self, void *library, const char *symbol, void *slot);
    /* What the adapter did, as 32 lower-case hexadecimal digits made from p and the store's secret
     * (without a store from p alone): for names and keys that must not show what they stand for. */
    int32_t(SHK_CALL *digest)(void *self, const uint8_t *p, uint32_t len, char out[33]);
    /* 1 when the work is to end soon. */
    int32_t(SHK_CALL *stopping)(void *self);
    /* Waits; less when the work is to end soon. */
    void(SHK_CALL *pause)(void *self, int32_t ms);
    /* Seconds since 1970-01-01 UTC by the machine's clock. */
    int64_t(SHK_CALL *wall_s)(void *self);
} shk_services;

/* Takes one patient that the host holds: its number and values by the paths of docs/fields.md ("name",
 * "name_kana", "birth_date" in any usual form, "sex", "insurer_number", "symbol", "number",
 * "branch_number", "reference_number", "name_other", …). Copies everything. Not 0: stop and return it. */
typedef int32_t(SHK_CALL *shk_patient_found)(void *who, const char *id, const shk_field *values,
                                             uint32_t values_n);

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
    /* Since 0.2; may be missing. Tells every patient of the host who may be the one asked for; too many
     * are better than too few. `asked`: values of the answer, by path. A host that cannot be asked is a
     * fault, never an empty list; SHK_E_ABSENT: no setting says how to ask it, and nobody is matched. */
    int32_t(SHK_CALL *find_patients)(shk_host *h, const shk_field *asked, uint32_t asked_n,
                                     shk_patient_found found, void *who);
} shk_adapter;

/* What a module exports: `SHK_MODULE const shk_adapter *SHK_CALL shk_adapter_entry(uint32_t abi)` gives
 * its table, static, or null for an abi that it does not know. */
typedef const shk_adapter *(SHK_CALL *shk_adapter_entry_fn)(uint32_t abi);
#define SHK_ADAPTER_ENTRY "shk_adapter_entry"
#if defined(__cplusplus)
#define SHK_MODULE_C extern "C"
#else
#define SHK_MODULE_C
#endif
#if defined(_WIN32)
#define SHK_MODULE SHK_MODULE_C __declspec(dllexport)
#else
#define SHK_MODULE SHK_MODULE_C __attribute__((visibility("default")))
#endif

/* True when the table is long enough to hold the slot and the slot is filled. */
#define SHK_ADAPTER_HAS(a, slot)                                                                   \
    ((a)->struct_size >= offsetof(shk_adapter, slot) + sizeof((a)->slot) && (a)->slot != NULL)

#ifdef __cplusplus
}
#endif

#endif
