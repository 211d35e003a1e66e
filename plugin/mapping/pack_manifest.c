#include "pack_manifest.h"

#include <string.h>

#include "crypto.h"

#define HEX    64
#define BEFORE (HEX + 2) /* of the path in its line */

static bool is_listed(const struct pack_file *file) {
    return !text_equal(file->path, PACK_MANIFEST) && !text_equal(file->path, PACK_SIGNATURE);
}

int32_t pack_manifest_write(const struct pack_folder *folder, struct bytes *out) {
    char hex[HEX + 1];
    int32_t rc = SHK_OK;
    for (size_t i = 0; rc == SHK_OK && i < folder->n; i++) {
        const struct pack_file *file = &folder->at[i];
        if (!is_listed(file)) {
            continue;
        }
        hex_encode(file->sha256, sizeof file->sha256, hex);
        rc = bytes_append_text(out, hex);
        rc = rc == SHK_OK ? bytes_append_text(out, "  ") : rc;
        rc = rc == SHK_OK ? bytes_append_text(out, file->path) : rc;
        rc = rc == SHK_OK ? bytes_append_byte(out, '\n') : rc;
    }
    return rc;
}

static int32_t refuse(const struct pack_folder *folder, const char *path, size_t n,
                      struct fault *why) {
    char where[sizeof why->where];
    text_format(where, sizeof where, "%s/%.*s", folder->name, (int)n, path);
    return fault_set(why, SHK_E_PACK_SIGNATURE, SHK_NATIVE_NONE, 0, where);
}

/* One line of a manifest. */
struct line {
    const char *p;
    size_t n;
};

static struct line next_line(const char **at, const char *end) {
    const char *begin = *at;
    const char *feed = begin < end ? memchr(begin, '\n', (size_t)(end - begin)) : NULL;
    *at = feed != NULL ? feed + 1 : end;
    return (struct line){begin, (size_t)((feed != NULL ? feed : end) - begin)};
}

static struct line path_of(struct line line) {
    return line.n > BEFORE ? (struct line){line.p + BEFORE, line.n - BEFORE} : (struct line){"", 0};
}

static int compare_paths(struct line a, struct line b) {
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n > 0 ? memcmp(a.p, b.p, n) : 0;
    return order != 0 ? order : a.n < b.n ? -1 : a.n > b.n;
}

/* Both in the order of their paths: where they part, the smaller path is the one that only one of them has. */
static int32_t name_difference(const struct pack_folder *folder, const struct bytes *is,
                               const struct bytes *signed_text, struct fault *why) {
    const char *a = bytes_text(is), *b = bytes_text(signed_text);
    const char *a_end = a + is->n, *b_end = b + signed_text->n;
    while (a < a_end || b < b_end) {
        struct line mine = next_line(&a, a_end), theirs = next_line(&b, b_end);
        if (mine.n == theirs.n && memcmp(mine.p, theirs.p, mine.n) == 0) {
            continue;
        }
        struct line here = path_of(mine), there = path_of(theirs);
        bool only_here = here.n > 0 && (there.n == 0 || compare_paths(here, there) <= 0);
        struct line named = only_here ? here : there;
        if (named.n > 0) {
            return refuse(folder, named.p, named.n, why);
        }
        break;
    }
    return refuse(folder, PACK_MANIFEST, strlen(PACK_MANIFEST), why);
}

static int32_t compare_files(const struct pack_folder *folder, const struct bytes *signed_text,
                             struct fault *why) {
    struct bytes is = {0};
    int32_t rc = pack_manifest_write(folder, &is);
    if (rc != SHK_OK) {
        fault_raise(why, rc);
    } else if (is.n != signed_text->n ||
               memcmp(bytes_text(&is), bytes_text(signed_text), is.n) != 0) {
        rc = name_difference(folder, &is, signed_text, why);
    }
    bytes_clear(&is);
    return rc;
}

static int32_t verify(const struct pack_folder *folder, const struct pack_trust *trust,
                      const struct pack_file *manifest, const struct pack_file *signature,
                      struct fault *why) {
    const char *missing = manifest == NULL    ? PACK_MANIFEST
                          : signature == NULL ? PACK_SIGNATURE
                                              : NULL;
    bool fits = false;
    if (missing != NULL) {
        return refuse(folder, missing, strlen(missing), why);
    }
    if (signature->content.n == ED25519_SIGNATURE &&
        ed25519_verify(trust->keys, trust->keys_n, manifest->content.p, manifest->content.n,
                       signature->content.p, &fits) != SHK_OK) {
        return fault_set(why, SHK_E_CONFIG_VALUE, SHK_NATIVE_NONE, 0, "pack.keys");
    }
    return fits ? compare_files(folder, &manifest->content, why)
                : refuse(folder, PACK_SIGNATURE, strlen(PACK_SIGNATURE), why);
}

int32_t pack_manifest_verify(const struct pack_folder *folder, const struct pack_trust *trust,
                             bool *is_signed, struct fault *why) {
    const struct pack_file *manifest = pack_folder_find(folder, PACK_MANIFEST);
    const struct pack_file *signature = pack_folder_find(folder, PACK_SIGNATURE);
    *is_signed = false;
    if (trust->keys_n > 0 && (manifest != NULL || signature != NULL)) {
        int32_t rc = verify(folder, trust, manifest, signature, why);
        *is_signed = rc == SHK_OK;
        return rc;
    }
    return trust->refuse_unsigned
               ? fault_set(why, SHK_E_PACK_UNSIGNED, SHK_NATIVE_NONE, 0, folder->name)
               : SHK_OK;
}
