/* Answers that come by themselves: face pushes of a terminal, texts that the official app copies. */
#ifndef LOOKUP_ARRIVAL_H
#define LOOKUP_ARRIVAL_H

#include "app.h"
#include "lookup.h"

enum arrival_form { ARRIVAL_OQS, ARRIVAL_APP };

struct arrival {
    enum arrival_form form;
    struct bytes body; /* the caller clears it */
};

struct arrival_source {
    const struct arrival_ops *ops;
    void *self;
};

struct arrival_ops {
    /* Waits at most ms for the next answer. SHK_E_TIMEOUT when none came; the faults of the source.
     * Each answer is given once. */
    int32_t (*wait)(void *self, int32_t ms, struct arrival *out, const struct watch *watch,
                    struct fault *why);
    /* The answer given last has been used: `good` when it was read and every document delivered. Clears
     * the clipboard or deletes the face file where that is configured. */
    void (*settle)(void *self, bool good);
    void (*free)(void *self);
};

/* settings->face. */
int32_t face_arrivals_new(const struct folder_settings *settings, const struct env *env,
                          struct log *log, struct arrival_source *out, struct fault *why);
/* Only texts that app_is_text knows are touched; `words` is borrowed. What lies on the clipboard already
 * counts as seen. A text that comes once more right after it was given or settled is the same copy: other
 * programs put it there again. SHK_E_XML_ENCODING from wait: a character of it was lost on its way. */
int32_t clipboard_arrivals_new(bool clear, const struct app_words *words, const struct env *env,
                               struct log *log, struct arrival_source *out, struct fault *why);
/* A file whose content is a copied text, looked at when its folder changes; a text that is the same as
 * the one before is not given again unless the file was written anew. UTF-8, UTF-16 with a byte order
 * mark, or code page 932. What the file holds already counts as seen; the file is never changed.
 * It is given when it has not changed for some seconds, so that no part is taken for the whole.
 * SHK_E_FILE_READ when its folder is not there; from wait, once, while it cannot be read.
 * SHK_E_XML_ENCODING from wait, once: a copied text with a byte that is no character. */
int32_t file_arrivals_new(const char *path, const struct app_words *words, const struct env *env,
                          struct log *log, struct arrival_source *out, struct fault *why);

#endif
