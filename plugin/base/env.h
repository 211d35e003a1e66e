/* The seams: small function tables handed to the session when it is made. The plugin reaches the
 * world only through them, so every case can be played with fakes. `self` is the owner's pointer. */
#ifndef BASE_ENV_H
#define BASE_ENV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bytes.h"
#include "db.h"
#include "fault.h"
#include "stream.h"

struct clock_ops {
    int64_t (*mono_ms)(void *self); /* only differences mean something */
    int64_t (*wall_s)(void *self);  /* seconds since 1970-01-01 UTC */
};

#define READER_NAME_MAX 256 /* bytes with the terminator */
#define READER_LIST_MAX 16
#define ATR_MAX         33

struct reader_state {
    char name[READER_NAME_MAX]; /* UTF-8 */
    bool card_present;
    bool in_use, exclusive; /* another program is connected to the card, and lets nobody else in */
    bool mute;              /* a card that gives no answer to the reader */
    uint32_t count;         /* of cards that came and went here, as far as the service counts */
    uint8_t atr[ATR_MAX];
    size_t atr_len;
};

struct reader_list {
    struct reader_state at[READER_LIST_MAX];
    size_t n;
};

#define APDU_REPLY_MAX 65538 /* extended answer and status word */

/* What a reader says of itself (PC/SC part 10); what it does not say is empty, zero and false. */
struct reader_traits {
    char vendor[64];                  /* UTF-8 */
    char driver_version[24];          /* "1.5.2" */
    uint16_t usb_vendor, usb_product; /* 0: unknown */
    bool says_size;                   /* it told how long an APDU may be: */
    uint32_t apdu_max;                /* 0 for short ones only, else the most bytes */
    bool pin_pad;                     /* FEATURE_VERIFY_PIN_DIRECT */
    uint8_t atr[ATR_MAX];             /* of the connected card; atr_len 0: unknown */
    size_t atr_len;
};

/* A PIN of ASCII digits that a person types on the reader itself. */
struct pad_question {
    uint8_t head[4];     /* CLA INS P1 P2 of VERIFY */
    uint8_t least, most; /* digits */
    int32_t timeout_s;
};

/* Card transport. One thread at a time. Native faults carry SHK_NATIVE_PCSC. Every call ends within its
 * time: what the driver does not give back is left behind, and is SHK_E_CARD_HANGS. */
struct card_ops {
    /* The readers and whether a card lies on them.
     * SHK_E_NO_PCSC, SHK_E_NO_SERVICE; an empty list is no error. */
    int32_t (*list)(void *self, struct reader_list *out, struct fault *why);
    /* Waits at most ms for any change against `seen` (as list gave it) and refreshes it. 0 changed,
     * SHK_E_TIMEOUT unchanged, else a card fault. A vanished service is a fault, not a wait. */
    int32_t (*wait)(void *self, struct reader_list *seen, int32_t ms, struct fault *why);
    /* Shared connection to the card on that reader, with its ATR.
     * SHK_E_CARD_REMOVED, SHK_E_CARD_BUSY, SHK_E_CARD_MUTE, SHK_E_READER, … */
    int32_t (*connect)(void *self, const char *reader, struct fault *why);
    /* Begins the transaction. *waited: another program had one when this was called. */
    int32_t (*begin)(void *self, bool *waited, struct fault *why);
    /* One APDU. *rx_len: room in, length out, status word included; at least 2 on success. */
    int32_t (*transmit)(void *self, const uint8_t *tx, size_t tx_len, uint8_t *rx, size_t *rx_len,
                        struct fault *why);
    /* Ends the transaction; the card is powered down first when `power_down`. Never fails. */
    void (*end)(void *self, bool power_down);
    void (*disconnect)(void *self); /* harmless when not connected */
    /* Of the reader whose card is connected. A reader that says nothing is no fault. */
    int32_t (*traits)(void *self, struct reader_traits *out, struct fault *why);
    /* VERIFY with the digits from the reader's own keys, exactly once, inside the transaction. 0 when an
     * answer came: *sw. SHK_E_READER when the reader has no keys. */
    int32_t (*pad_verify)(void *self, const struct pad_question *ask, uint16_t *sw,
                          struct fault *why);
    /* In place of end with the power off and disconnect, without waiting: the next call waits for the rest, within
     * its limit. May be null. */
    void (*let_go)(void *self);
};

struct http_header {
    const char *name, *value;
};

struct http_request {
    const char *method; /* "GET", "POST", "PUT" */
    const char *url;
    const struct http_header *headers;
    size_t headers_n;
    const uint8_t *body;
    size_t body_len;
    const char *accept; /* expected media type, or null */
    int32_t timeout_ms; /* for the whole call */
    size_t answer_max;  /* after decompression */
    /* Takes the body of a 200 answer of the expected media type piece by piece, instead of
     * http_reply.body; every other answer still goes there. Its fault ends the call. Null: none. */
    const struct byte_sink *sink;
    bool (*stop)(void *self); /* asked at least once a second; true ends the call; may be null */
    void *stop_self;
};

struct http_reply {
    int32_t status;
    char content_type[128]; /* lower case, without parameters */
    int32_t retry_after_s;  /* -1 when not sent */
    int64_t date_s;         /* Date header, seconds since 1970; -1 when not sent */
    bool reused;            /* the connection was open already */
    bool sent;              /* also of a call that failed: the request may have left this machine */
    struct bytes body;      /* the caller clears it */
};

/* How to reach one server; copied by open. Paths UTF-8. Empty text means: not set. */
struct http_settings {
    const char *ca_file;     /* PEM; empty: the system's own */
    const char *client_cert; /* PEM, PKCS#12 when it ends in .p12 or .pfx, or "store:…" */
    const char *client_key;  /* PEM; empty for PKCS#12 */
    /* Passphrase of the key, wiped by the caller after open; no copy is kept. An encrypted key with
     * none, or with a wrong one, is SHK_E_PASSPHRASE. */
    const char *client_secret;
    const char *pin;   /* "sha256//BASE64=" of the server's public key, several with ";" between */
    const char *proxy; /* "http://host:port", "socks5h://host:port"; no user in it */
    const char *proxy_user;      /* name and word apart, so that the word never stands in a URL */
    const char *proxy_password;  /* wiped by the caller after open */
    bool plain;                  /* http:// is allowed beside https:// */
    const char *user, *password; /* Basic authentication; wiped by the caller after open */
    bool proxy_from_environment; /* HTTPS_PROXY, ALL_PROXY and NO_PROXY count when proxy is empty */
    int32_t connect_ms;
};

/* HTTPS only unless the settings say plain, TLS 1.2 or newer, no redirects, keep-alive inside one handle. One thread a handle. */
struct http_ops {
    int32_t (*open)(void *self, const struct http_settings *settings, void **http,
                    struct fault *why);
    /* 0 with any HTTP status. SHK_E_GATEWAY_UNREACHABLE, …_UNTRUSTED, …_TIMEOUT, …_ANSWER, SHK_E_PROXY,
     * SHK_E_CLOCK, SHK_E_DEVICE_REFUSED, SHK_E_ANSWER_TOO_LARGE, SHK_E_CANCELLED. */
    int32_t (*perform)(void *http, const struct http_request *rq, struct http_reply *rp,
                       struct fault *why);
    void (*close)(void *http); /* null is accepted */
};

struct file_entry {
    const char *name; /* UTF-8, without the folder; borrowed */
    uint64_t size;
    int64_t modified_s; /* seconds since 1970 UTC */
};

/* Files by UTF-8 path. Native faults carry SHK_NATIVE_OS. */
struct file_ops {
    /* At most max bytes. SHK_E_ABSENT when there is no such file, SHK_E_ARGUMENT when larger,
     * SHK_E_FOLDER_LOCKED, SHK_E_FOLDER_WRITE for other errors. */
    int32_t (*read)(void *self, const char *path, size_t max, struct bytes *out, struct fault *why);
    /* Whole or not at all: temporary file in the same folder, flush to disk, rename, flush the
     * folder. Mode 0600 or that of the file it replaces. !replace: SHK_E_FILE_EXISTS when there;
     * replace: when it was found changed or taken away meanwhile. A file that has its name is no
     * fault, even when only flushing its folder fails: its reader may have taken it, and whoever is
     * told of a fault delivers again. Where the answer itself is lost (a share) that cannot be known;
     * a fault then does not prove that nothing was written. */
    int32_t (*put)(void *self, const char *path, const uint8_t *p, size_t n, bool replace,
                   struct fault *why);
    bool (*is_folder)(void *self, const char *path);
    int32_t (*lock)(void *self, const char *path, int32_t wait_ms, void **lock, struct fault *why);
    void (*unlock)(void *self, void *lock);

    /* Tells every plain file of a folder to `each` until it says false, in no order; names that
     * platform_is_unfinished knows are left out. SHK_E_FOLDER_MISSING. */
    int32_t (*list)(void *self, const char *folder,
                    bool (*each)(void *who, const struct file_entry *entry), void *who,
                    struct fault *why);
    /* SHK_E_ABSENT when there is no such file; SHK_E_FOLDER_LOCKED; SHK_E_FOLDER_WRITE. */
    int32_t (*remove)(void *self, const char *path, struct fault *why);
    /* Reads in pieces, sharing the file with readers, writers and deleters. SHK_E_ABSENT. */
    int32_t (*open)(void *self, const char *path, void **file, struct fault *why);
    /* The same for what a person names: a pipe will do too, where the system has named ones. */
    int32_t (*open_input)(void *self, const char *path, void **file, struct fault *why);
    /* 0 bytes: the end. SHK_E_TIMEOUT: nothing has come down the pipe for a while; ask again. */
    int32_t (*next)(void *self, void *file, uint8_t *p, size_t cap, size_t *n, struct fault *why);
    void (*close)(void *self, void *file);
    /* Writes p at the offset, cuts off what stood behind it and flushes to disk. The file is made 0600
     * when it is not there and the offset is 0; SHK_E_ABSENT at another offset. SHK_E_ARGUMENT when it
     * is shorter than the offset. A link is refused. */
    int32_t (*write_at)(void *self, const char *path, uint64_t at, const uint8_t *p, size_t n,
                        struct fault *why);
    /* Notices changes in a folder: made, moved in, written. Notices can get lost (shares), so whoever
     * uses it looks now and then as well. SHK_E_FOLDER_MISSING. */
    int32_t (*watch)(void *self, const char *folder, void **watch, struct fault *why);
    /* True when something changed since the last call; waits at most ms. */
    bool (*changed)(void *self, void *watch, int32_t ms);
    void (*unwatch)(void *self, void *watch);
    /* One folder in a folder that is there; 0700 where the system has modes. SHK_E_FILE_EXISTS,
     * SHK_E_FOLDER_MISSING for its parent, SHK_E_FOLDER_WRITE. */
    int32_t (*make_folder)(void *self, const char *path, struct fault *why);
    /* Tells every folder in a folder to `each` until it says false, in no order; links are left out.
     * SHK_E_FOLDER_MISSING. */
    int32_t (*list_folders)(void *self, const char *folder,
                            bool (*each)(void *who, const char *name), void *who,
                            struct fault *why);
    /* `put` in two steps, for whoever must know after a crash which one was done. stage writes `staged`,
     * a name in the folder of `path` that nobody sweeps, whole and flushed, its folder too; an older one
     * of that name is replaced. p null: the staged file of an earlier attempt is taken up as it lies
     * there; SHK_E_ABSENT when it is gone, or when it has its final name besides and only its old one
     * was not removed any more (which is done then): it was published. It remembers the file that
     * `path` is now. !replace: SHK_E_FILE_EXISTS when `path` is there, and nothing is staged. */
    int32_t (*stage)(void *self, const char *staged, const char *path, const uint8_t *p, size_t n,
                     bool replace, void **stage, struct fault *why);
    /* Renames it to `path` and flushes the folder; frees the stage, whatever comes of it. !replace:
     * SHK_E_FILE_EXISTS when there; replace: when `path` is not the remembered file any more.
     * SHK_E_ABSENT: the staged file is gone. With every fault but that one it stays, unless the answer
     * was lost on the way (a share): taking it up again tells. */
    int32_t (*publish)(void *self, void *stage, struct fault *why);
    /* Frees the stage, and removes the staged file unless it is to be kept; null is accepted. */
    void (*unstage)(void *self, void *stage, bool keep);
    /* A file of this user that nobody else may read or write. Where files have no modes: one that is
     * there. */
    bool (*is_private)(void *self, const char *path);
};

/* The clipboard, watched from one thread. */
struct clipboard_ops {
    bool missing; /* no machine of this system has one: open always fails */
    /* SHK_E_CLIPBOARD: there is none on this machine. What lies there already counts as seen. */
    int32_t (*open)(void *self, void **clipboard, struct fault *why);
    /* Waits at most ms for another text. SHK_E_TIMEOUT; SHK_E_CLIPBOARD when another program holds it
     * for too long; SHK_E_FILE_TOO_LARGE. `out` is UTF-8. */
    int32_t (*wait)(void *clipboard, int32_t ms, size_t max, struct bytes *out, struct fault *why);
    /* Empties it when it still holds the text that wait gave last. */
    void (*clear)(void *clipboard);
    void (*close)(void *clipboard);
};

struct random_ops {
    /* Cryptographically strong. 0 or SHK_E_INTERNAL. */
    int32_t (*fill)(void *self, uint8_t *p, size_t n);
};

struct env {
    const struct clock_ops *clock;
    void *clock_self;
    const struct card_ops *card;
    void *card_self; /* one for the session; made and freed by whoever fills the env */
    const struct http_ops *http;
    void *http_self;
    const struct file_ops *files;
    void *files_self;
    const struct random_ops *random;
    void *random_self;
    const struct clipboard_ops *clipboard;
    void *clipboard_self;
    const struct db_ops *sqlite, *postgres; /* null: no store of that kind can be had */
    void *db_self;
    /* UTF-8: the folder in which the programs of one user on one machine leave word for each other, without
     * anything personal; null: none. */
    const char *run_folder;
};

#endif
