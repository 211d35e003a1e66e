/* What is known of models of card readers beforehand: a dated list in a Lua table (docs/readers.md). One is
 * built in, and a file can take its place. */
#ifndef MAPPING_TESTED_READERS_H
#define MAPPING_TESTED_READERS_H

#include "env.h"

#define TESTED_READERS_MAX 500
#define TESTED_NAMES_MAX   8

enum tested_word { TESTED_UNKNOWN, TESTED_YES, TESTED_NO };

struct tested_reader {
    char model[64];
    char names[TESTED_NAMES_MAX]
              [64]; /* parts of the name that PC/SC gives, in any case of letters */
    size_t names_n;
    struct {
        uint16_t vendor, product;
    } usb[TESTED_NAMES_MAX];
    size_t usb_n;
    enum tested_word extended, usable, official;
    char note[512], note_en[512]; /* one sentence or two, UTF-8 */
    char source[256], sure[16];   /* "tried", "driver" or "report" */
};

struct tested_readers {
    char date[11]; /* "2026-11-29" */
    struct tested_reader *at;
    size_t n;
};

/* The list that was there when the library was built; made from scripts/readers.lua. */
extern const uint8_t tested_readers_text[];
extern const size_t tested_readers_text_len;

/* All give an empty list with a fault: SHK_E_CONFIG_FILE, SHK_E_CONFIG_SYNTAX, SHK_E_CONFIG_VALUE (`where` is
 * "file.lua:line name"), SHK_E_MEMORY. */
int32_t tested_readers_built_in(struct tested_readers *out, struct fault *why);
int32_t tested_readers_load(const char *path, const struct env *env, struct tested_readers *out,
                            struct fault *why);
/* From the file's text; `name` for `where`. */
int32_t tested_readers_take(const char *name, const uint8_t *text, size_t n,
                            struct tested_readers *out, struct fault *why);
void tested_readers_clear(struct tested_readers *list);

/* By the numbers on the USB when they are known, else by the name; null: not in the list. Borrowed. */
const struct tested_reader *tested_readers_find(const struct tested_readers *list,
                                                const char *reader, uint16_t usb_vendor,
                                                uint16_t usb_product);

#endif
