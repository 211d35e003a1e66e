#include <string.h>

#include "values_give.h"

int32_t values_give_text(struct reading *out, const char *text) {
    out->text = text;
    out->len = strlen(text);
    return SHK_OK;
}

int32_t values_give_if(struct reading *out, const char *text) {
    return text[0] != '\0' ? values_give_text(out, text) : SHK_E_ABSENT;
}

int32_t values_give_number(struct reading *out, int64_t number) {
    out->is_number = true;
    out->number = number;
    out->len = text_format(out->scratch, sizeof out->scratch, "%lld", (long long)number);
    out->text = out->scratch;
    return SHK_OK;
}

int32_t values_give_known(struct reading *out, int64_t number) {
    return number >= 0 ? values_give_number(out, number) : SHK_E_ABSENT;
}

int32_t values_read_fault(const struct fault *why, const char *name, size_t n,
                          struct reading *out) {
    const struct fault_row *row = fault_find(why->code);
    if (text_equal_n("code", name, n)) {
        return values_give_number(out, why->code);
    }
    if (text_equal_n("stage", name, n)) {
        return row != NULL ? values_give_number(out, why->stage) : SHK_E_ABSENT;
    }
    if (text_equal_n("native", name, n)) {
        return row != NULL ? values_give_number(out, why->native) : SHK_E_ABSENT;
    }
    if (text_equal_n("native_kind", name, n)) {
        return row != NULL ? values_give_number(out, why->native_kind) : SHK_E_ABSENT;
    }
    if (text_equal_n("retry", name, n)) {
        return row != NULL ? values_give_number(out, why->retry) : SHK_E_ABSENT;
    }
    if (text_equal_n("retry_after_s", name, n)) {
        return why->retry_after_s > 0 ? values_give_number(out, why->retry_after_s) : SHK_E_ABSENT;
    }
    if (text_equal_n("where", name, n)) {
        return values_give_if(out, why->where);
    }
    if (text_equal_n("name", name, n)) {
        return row != NULL ? values_give_text(out, row->name) : SHK_E_ABSENT;
    }
    if (text_equal_n("message", name, n)) {
        return row != NULL ? values_give_text(out, row->japanese) : SHK_E_ABSENT;
    }
    if (text_equal_n("message_en", name, n)) {
        return row != NULL ? values_give_text(out, row->english) : SHK_E_ABSENT;
    }
    return SHK_E_PATH;
}
