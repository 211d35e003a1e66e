#include <string.h>

#include "key_ring.h"
#include "text.h"

/* Magic, form, version, length, the keys in their wrapping, SHA-256 of all that. */
#define MAGIC      "SHKKEY"
#define MAGIC_LEN  6u
#define VERSION    1
#define HEAD_LEN   12u
#define CHECK_LEN  32u
#define FILE_MAX   65536u
#define KEYS_BEGIN (2u * CHAIN_KEY + 4u)
#define KEY_LEN    (4u + AEAD_KEY)
#define FOLDER_MAX 1024

int32_t key_file_folder(const struct env *env, const char *path, struct fault *why) {
    char folder[FOLDER_MAX];
    size_t n = (size_t)(text_file_name(path) - path);
    if (n <= 1 || n >= sizeof folder) {
        return SHK_OK; /* a name alone, or the root */
    }
    text_copy_n(folder, sizeof folder, path, n - 1);
    if (env->files->is_folder(env->files_self, folder) || env->files->make_folder == NULL) {
        return SHK_OK;
    }
    struct fault f = {0};
    int32_t rc = env->files->make_folder(env->files_self, folder, &f);
    return rc == SHK_OK || rc == SHK_E_FILE_EXISTS
               ? SHK_OK
               : fault_set(why, SHK_E_STORE_OPEN, f.native_kind, f.native, "folder");
}

static int32_t bad_key(struct fault *why, const char *word) {
    return fault_set(why, SHK_E_STORE_KEY, 0, 0, word);
}

static int32_t append_number(struct bytes *out, uint32_t number) {
    uint8_t p[4] = {(uint8_t)(number >> 24), (uint8_t)(number >> 16), (uint8_t)(number >> 8),
                    (uint8_t)number};
    return bytes_append(out, p, sizeof p);
}

static uint32_t read_number(const uint8_t *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int32_t write_keys(const struct ring_keys *keys, struct bytes *out) {
    int32_t rc = bytes_reserve(out, KEYS_BEGIN + KEYS_MAX * KEY_LEN);
    rc = rc == SHK_OK ? bytes_append(out, keys->chain, CHAIN_KEY) : rc;
    rc = rc == SHK_OK ? bytes_append(out, keys->tag, CHAIN_KEY) : rc;
    rc = rc == SHK_OK ? append_number(out, keys->n) : rc;
    for (uint32_t i = 0; rc == SHK_OK && i < keys->n; i++) {
        rc = append_number(out, keys->at[i].number);
        rc = rc == SHK_OK ? bytes_append(out, keys->at[i].key, AEAD_KEY) : rc;
    }
    return rc;
}

static bool read_keys(const uint8_t *p, size_t n, struct ring_keys *keys) {
    if (n < KEYS_BEGIN) {
        return false;
    }
    memcpy(keys->chain, p, CHAIN_KEY);
    memcpy(keys->tag, p + CHAIN_KEY, CHAIN_KEY);
    keys->n = read_number(p + KEYS_BEGIN - 4);
    if (keys->n == 0 || keys->n > KEYS_MAX || n != KEYS_BEGIN + keys->n * KEY_LEN) {
        return false;
    }
    uint32_t last = 0;
    for (uint32_t i = 0; i < keys->n; i++) {
        const uint8_t *at = p + KEYS_BEGIN + (size_t)i * KEY_LEN;
        keys->at[i].number = read_number(at);
        memcpy(keys->at[i].key, at + 4, AEAD_KEY);
        if (keys->at[i].number <= last) {
            return false;
        }
        last = keys->at[i].number;
    }
    return true;
}

static int32_t unwrap(const uint8_t *p, size_t n, enum key_file_form form, struct ring_keys *keys,
                      struct fault *why) {
    struct bytes plain = {0};
    int32_t rc = form == KEY_FILE_GUARDED ? key_unguard(p, n, &plain) : bytes_append(&plain, p, n);
    if (rc == SHK_E_STORE_KEY) {
        rc = bad_key(why, "user");
    } else if (rc != SHK_OK) {
        rc = fault_raise(why, rc);
    } else if (!read_keys(plain.p, plain.n, keys)) {
        rc = bad_key(why, "format");
    }
    bytes_clear(&plain);
    return rc;
}

static int32_t parse(const struct bytes *file, enum key_file_form form, struct ring_keys *keys,
                     struct fault *why) {
    uint8_t check[CHECK_LEN];
    if (file->n < HEAD_LEN + CHECK_LEN || memcmp(file->p, MAGIC, MAGIC_LEN) != 0 ||
        file->p[MAGIC_LEN + 1] != VERSION ||
        read_number(file->p + MAGIC_LEN + 2) != file->n - HEAD_LEN - CHECK_LEN) {
        return bad_key(why, "format");
    }
    int32_t rc = sha256(file->p, file->n - CHECK_LEN, check);
    if (rc != SHK_OK) {
        return fault_raise(why, rc);
    }
    if (memcmp(check, file->p + file->n - CHECK_LEN, CHECK_LEN) != 0) {
        return bad_key(why, "checksum");
    }
    if (file->p[MAGIC_LEN] != (uint8_t)form) {
        return bad_key(why, form == KEY_FILE_GUARDED ? "exported" : "not exported");
    }
    return unwrap(file->p + HEAD_LEN, file->n - HEAD_LEN - CHECK_LEN, form, keys, why);
}

int32_t key_file_read(const struct env *env, const char *path, enum key_file_form form,
                      struct ring_keys *keys, struct fault *why) {
    struct bytes file = {0};
    struct fault f = {0};
    int32_t rc = env->files->read(env->files_self, path, FILE_MAX, &file, &f);
    if (rc == SHK_E_ABSENT) {
        rc = fault_set(why, SHK_E_ABSENT, f.native_kind, f.native, NULL);
    } else if (rc != SHK_OK) {
        rc = fault_set(why, SHK_E_STORE_KEY, f.native_kind, f.native, "read");
    } else if (form == KEY_FILE_GUARDED &&
               (env->files->is_private == NULL || !env->files->is_private(env->files_self, path))) {
        rc = bad_key(why, "mode");
    } else {
        rc = parse(&file, form, keys, why);
    }
    bytes_clear(&file);
    return rc;
}

static int32_t build(const struct ring_keys *keys, enum key_file_form form, struct bytes *file) {
    struct bytes plain = {0}, wrapped = {0};
    uint8_t check[CHECK_LEN];
    int32_t rc = write_keys(keys, &plain);
    rc = rc != SHK_OK               ? rc
         : form == KEY_FILE_GUARDED ? key_guard(plain.p, plain.n, &wrapped)
                                    : bytes_append(&wrapped, plain.p, plain.n);
    rc = rc == SHK_OK ? bytes_append(file, MAGIC, MAGIC_LEN) : rc;
    rc = rc == SHK_OK ? bytes_append_byte(file, (uint8_t)form) : rc;
    rc = rc == SHK_OK ? bytes_append_byte(file, VERSION) : rc;
    rc = rc == SHK_OK ? append_number(file, (uint32_t)wrapped.n) : rc;
    rc = rc == SHK_OK ? bytes_append(file, wrapped.p, wrapped.n) : rc;
    rc = rc == SHK_OK ? sha256(file->p, file->n, check) : rc;
    rc = rc == SHK_OK ? bytes_append(file, check, sizeof check) : rc;
    bytes_clear(&plain);
    bytes_clear(&wrapped);
    return rc;
}

int32_t key_file_write(const struct env *env, const char *path, enum key_file_form form,
                       const struct ring_keys *keys, bool replace, struct fault *why) {
    struct bytes file = {0};
    struct fault f = {0};
    int32_t rc = build(keys, form, &file);
    if (rc != SHK_OK) {
        rc = fault_set(why, rc, 0, 0, "key");
    } else {
        rc = env->files->put(env->files_self, path, file.p, file.n, replace, &f);
        if (rc != SHK_OK) {
            rc = rc == SHK_E_FILE_EXISTS || rc == SHK_E_MEMORY ? rc
                 : rc == SHK_E_DISK_FULL                       ? SHK_E_STORE_FULL
                                                               : SHK_E_STORE_OPEN;
            rc = fault_set(why, rc, f.native_kind, f.native, "key");
        }
    }
    bytes_clear(&file);
    return rc;
}
