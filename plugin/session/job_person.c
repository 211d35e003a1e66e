/* Name, address, birth date and sex from the card, to register somebody without retyping. */
#include "flow.h"

int32_t job_person_ready(const struct session *s, struct fault *why) {
    bool off = text_equal(config_text(s->config, "attributes"), "no");
    return off ? config_fault(s->config, why, "attributes") : SHK_OK;
}

void job_person(struct session *s, struct fault *why) {
    (void)s;
    fault_raise(why, SHK_E_INTERNAL);
}
