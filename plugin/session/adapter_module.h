#ifndef SESSION_ADAPTER_MODULE_H
#define SESSION_ADAPTER_MODULE_H
#include "session.h"
#include "shikaku/adapter.h"
int32_t adapter_module_find(struct session *s, const char *name, const shk_adapter **out, struct fault *why);
#endif
