/* Adapters whose calls were left behind, over all sessions of the process: each holds a thread. */
#ifndef SESSION_ADAPTER_STRAY_H
#define SESSION_ADAPTER_STRAY_H

#include <stdbool.h>

#include "shikaku/adapter.h"

/* False: too many of this adapter's calls hang, or of all. */
bool stray_allows(const shk_adapter *adapter);
void stray_add(const shk_adapter *adapter);
void stray_remove(const shk_adapter *adapter);

#endif
