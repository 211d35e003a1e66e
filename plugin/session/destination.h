/* Where a delivery goes: the settings of its adapter, and a digest by which it is found again. */
#ifndef SESSION_DESTINATION_H
#define SESSION_DESTINATION_H

#include "session.h"
#include "shikaku/adapter.h"
#include "store.h"

#define TARGET_SETTINGS_MAX 48

/* The settings of the n-th delivery as its adapter gets them: every key that is the adapter's, the pairs of
 * "options" and, as "find", the script's own statement. Texts are borrowed from the configuration, the
 * session's delivery_facts or `room`. */
struct target_settings {
    shk_setting at[TARGET_SETTINGS_MAX];
    uint32_t n;
    struct bytes room;
};
/* SHK_E_CONFIG_VALUE with "deliveries[n].options", SHK_E_MEMORY. */
int32_t target_settings(struct session *s, size_t n, struct target_settings *out,
                        struct fault *why);
/* The same without what a script says, for a look at the settings alone. */
int32_t target_settings_plain(const struct session *s, size_t n, struct target_settings *out,
                              struct fault *why);
void target_settings_clear(struct target_settings *settings); /* wipes */

/* Adapter and place of the n-th delivery, without words that only let somebody in: changing a password or a
 * time limit does not make it another destination. Of several deliveries to one place each has its own. */
int32_t target_digest(const struct session *s, size_t n, char out[TAG_LEN], struct fault *why);
/* The n whose digest it is; 0: none. */
size_t target_find(const struct session *s, const char *digest);

#endif
