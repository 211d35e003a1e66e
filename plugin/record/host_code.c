#include "host_code.h"

#include <string.h>

#include "fold.h"
#include "plain.h"

static const struct {
    enum field_type type;
    const char *word, *value;
} words[] = {
    {FIELD_SEX, "M", "male"},           {FIELD_SEX, "男性", "male"},
    {FIELD_SEX, "男子", "male"},        {FIELD_SEX, "おとこ", "male"},
    {FIELD_SEX, "F", "female"},         {FIELD_SEX, "女性", "female"},
    {FIELD_SEX, "女子", "female"},      {FIELD_SEX, "おんな", "female"},
    {FIELD_SEX, "不明", "unknown"},     {FIELD_RELATION, "被保険者", "self"},
    {FIELD_RELATION, "世帯主", "self"}, {FIELD_RELATION, "被扶養者", "family"},
    {FIELD_RELATION, "扶養", "family"},
};

bool host_is_blank(const char *text) {
    size_t n = strlen(text);
    plain_trim(&text, &n);
    return n == 0;
}

static const char *word_of(const struct code_row *row) {
    return row->value != NULL ? row->value : row->code;
}

static const struct code_row *row_of(const struct field *field, const char *word) {
    for (const struct code_row *row = field->codes; row->code != NULL; row++) {
        if (text_equal(word_of(row), word)) {
            return row;
        }
    }
    return NULL;
}

static bool means(const char *text, const struct code_row *row) {
    return fold_same(fold_name, text, word_of(row)) ||
           fold_same(fold_number_short, text, row->code) || fold_same(fold_name, text, row->label);
}

const struct code_row *host_code(const struct field *field, const char *text) {
    if (field->codes == NULL || host_is_blank(text)) {
        return NULL;
    }
    for (const struct code_row *row = field->codes; row->code != NULL; row++) {
        if (means(text, row)) {
            return row;
        }
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (words[i].type == field->type && fold_same(fold_name, text, words[i].word)) {
            return row_of(field, words[i].value);
        }
    }
    return NULL;
}
