/* Host adapters that others made: shared modules in the folder of adapters.folder. */
#ifndef SESSION_ADAPTER_MODULE_H
#define SESSION_ADAPTER_MODULE_H

#include "session.h"
#include "shikaku/adapter.h"

#define ADAPTER_MODULE_PREFIX "module:" /* of deliveries[].adapter, before the name */

/* The table of the module NAME (1 to 63 of A-Z a-z 0-9 _ -), loaded on first use, once in the process and for
 * its life; another file under that name counts after a restart. Its entry is called once, within
 * deliver.timeout_ms.
 * SHK_E_ADAPTER_UNKNOWN: such a name cannot be. SHK_E_MODULE_FILE: no file that may be loaded, or that can be.
 * SHK_E_ADAPTER_BROKEN: no entry, or no table that can be called. SHK_E_ADAPTER_TIMEOUT: it hangs.
 * SHK_E_CANCELLED, SHK_E_MEMORY. `where` is the file's name or "adapters.folder". */
int32_t adapter_module_find(struct session *s, const char *name, const shk_adapter **out,
                            struct fault *why);

#endif
