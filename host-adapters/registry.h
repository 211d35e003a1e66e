/* The built-in host adapters. */
#ifndef HOST_ADAPTERS_REGISTRY_H
#define HOST_ADAPTERS_REGISTRY_H

#include "shikaku/adapter.h"

/* The adapter called `name` ("folder", with or without its "/1"), or null. Static. */
const shk_adapter *adapter_find(const char *name);
const shk_adapter *adapter_at(size_t index); /* null after the last */

/* 1 when the table can be called: long enough, of our ABI, named "kind/number", every slot filled.
 * Else 0; nothing behind struct_size is read. */
int32_t adapter_usable(const shk_adapter *a);

extern const shk_adapter adapter_folder;
extern const shk_adapter adapter_orca;
extern const shk_adapter adapter_oqs_face;
extern const shk_adapter adapter_sql;
extern const shk_adapter adapter_http;

#endif
