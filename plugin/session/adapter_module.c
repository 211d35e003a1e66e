#include "adapter_module.h"
int32_t adapter_module_find(struct session *s, const char *name, const shk_adapter **out, struct fault *why) {
    (void)s; (void)name; *out = NULL; return fault_raise(why, SHK_E_MODULE_FILE);
}
