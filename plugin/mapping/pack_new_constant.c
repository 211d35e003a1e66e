#include "pack_new_constant.h"

#include <string.h>

#define WORD_MAX 40 /* bytes of a word that says how a document is built */

static const char *local_name(const char *name) {
    const char *colon = strchr(name, ':');
    return colon != NULL ? colon + 1 : name;
}

static bool is_one_of(const char *const *list, const char *name) {
    for (size_t i = 0; list[i] != NULL; i++) {
        if (text_equal(list[i], name)) {
            return true;
        }
    }
    return false;
}

static bool is_address(const char *value) {
    return text_starts(value, "http://") || text_starts(value, "https://") ||
           text_starts(value, "urn:");
}

/* "1.2.392.200119.6.101" */
static bool is_oid(const char *value) {
    size_t dots = 0;
    for (const char *p = value; *p != '\0'; p++) {
        if (*p != '.' && !char_is_digit(*p)) {
            return false;
        }
        dots += *p == '.' ? 1 : 0;
    }
    return dots >= 4;
}

static bool is_plain_word(const char *value) {
    size_t n = strlen(value);
    for (size_t i = 0; i < n; i++) {
        if (value[i] <= ' ' || value[i] > '~') {
            return false;
        }
    }
    return n > 0 && n <= WORD_MAX;
}

static bool is_of_xml(const char *name) {
    return text_starts(name, "xmlns") || text_starts(name, "xsi:") || text_starts(name, "xml:");
}

bool pack_attribute_is_type(const char *name) {
    return text_equal(local_name(name), "type") || is_of_xml(name);
}

bool pack_attribute_is_constant(const char *element, const char *name, const char *value) {
    static const char *const building[] = {"type",
                                           "class",
                                           "classCode",
                                           "typeCode",
                                           "moodCode",
                                           "determinerCode",
                                           "nullFlavor",
                                           "use",
                                           "version",
                                           "codeSystem",
                                           "codeSystemName",
                                           "encoding",
                                           "representation",
                                           "codeSystemVersion",
                                           "schemaVersion",
                                           "unit",
                                           NULL};
    static const char *const telling[] = {"use",    "status",    "version",  "language",
                                          "system", "valueCode", "valueUri", NULL};
    if (is_of_xml(name) || is_address(value) || is_oid(value)) {
        return true;
    }
    bool of_element = text_equal(name, "value") && is_one_of(telling, local_name(element));
    return (of_element || is_one_of(building, local_name(name))) && is_plain_word(value);
}

bool pack_text_is_constant(const char *element, const char *text) {
    static const char *const telling[] = {"version", "language", NULL};
    return is_address(text) || is_oid(text) ||
           (is_one_of(telling, local_name(element)) && is_plain_word(text));
}

static const char *last_part(const char *value) {
    const char *slash = strrchr(value, '/');
    return slash != NULL && is_address(value) ? slash + 1 : value;
}

bool pack_attribute_is_label(const char *name) {
    static const char *const labels[] = {"name", "key",    "label", "field",  "title",
                                         "名称", "項目名", "項目",  "見出し", NULL};
    return is_one_of(labels, local_name(name));
}

int32_t pack_label_of(const struct pack_words *words, const char *name, const char *value,
                      const char **label) {
    static const char *const others[] = {"url", "root", "item", "id", "code", NULL};
    const char *last = last_part(value);
    bool labels = text_equal(name, "url") && last != value;
    int32_t rc = SHK_OK;
    *label = NULL;
    if (!labels && (pack_attribute_is_label(name) || is_one_of(others, local_name(name)))) {
        rc = pack_words_know(words, last, &labels);
    }
    *label = labels && last[0] != '\0' ? last : NULL;
    return rc;
}
