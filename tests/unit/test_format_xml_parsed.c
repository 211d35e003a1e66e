/* Random documents, read back by libxml2. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <libxml/parser.h>

#include "format_stage.h"

#define CELLS_MAX 400
#define DEPTH     5

/* The cells of one document and what a reader of it must meet: "(name", "@name=value", "=text", ")". */
struct document {
    struct format_cell cells[CELLS_MAX];
    char paths[CELLS_MAX][128], values[CELLS_MAX][64];
    size_t n;
    struct bytes events;
    uint32_t seed;
};

static void add_event(struct bytes *events, const char *mark, const char *a, const char *b) {
    assert_int_equal(bytes_append_text(events, mark), SHK_OK);
    assert_int_equal(bytes_append_text(events, a), SHK_OK);
    assert_int_equal(bytes_append_text(events, b), SHK_OK);
    assert_int_equal(bytes_append_byte(events, '\0'), SHK_OK);
}

/* A cell below `path`; its value is random and may be empty. Returns the value. */
static const char *add_cell(struct document *d, const char *path, const char *last) {
    static const char *const characters[] = {"a",  "<", ">",  "&",  "\"",  "'",     "\r",  "\n",
                                             "\t", " ", "見", "𠮷", "]]>", "&amp;", "\r\n"};
    char *to = d->paths[d->n], *value = d->values[d->n];
    value[0] = '\0';
    snprintf(to, sizeof d->paths[0], "%s%s%s", path, path[0] != '\0' && last[0] != '\0' ? "/" : "",
             last);
    if (next_random(&d->seed, 6) > 0) {
        random_text(&d->seed, characters, COUNT(characters), value);
    }
    d->cells[d->n++] = (struct format_cell){.to = to, .value = value};
    return value;
}

static bool is_full(const struct document *d) {
    return d->n > CELLS_MAX - 12;
}

static void add_attributes(struct document *d, const char *path) {
    static const char *const names[] = {"id", "番号"};
    for (size_t i = 0; i < COUNT(names); i++) {
        if (next_random(&d->seed, 3) == 0) {
            char last[16];
            snprintf(last, sizeof last, "@%s", names[i]);
            add_event(&d->events, last, "=", add_cell(d, path, last));
        }
    }
}

static void add_text(struct document *d, const char *path) {
    const char *value = add_cell(d, path, "text()");
    if (value[0] != '\0') {
        add_event(&d->events, "=", value, "");
    }
}

static void add_element(struct document *d, const char *above, int child, int depth);

/* Elements, with text between them or without. */
static void add_children(struct document *d, const char *path, int depth) {
    bool mixed = next_random(&d->seed, 3) == 0;
    int children = 1 + (int)next_random(&d->seed, 4);
    for (int i = 1; i <= children && (i == 1 || !is_full(d)); i++) {
        if (mixed && next_random(&d->seed, 2) == 0) {
            add_text(d, path);
        }
        add_element(d, path, i, depth + 1);
    }
    if (mixed) {
        add_text(d, path);
    }
}

static void add_element(struct document *d, const char *above, int child, int depth) {
    static const char *const names[] = {"a", "名", "b.c-d"};
    char path[128];
    const char *name = names[next_random(&d->seed, (uint32_t)COUNT(names))];
    snprintf(path, sizeof path, "%s%s%s[%d]", above, above[0] != '\0' ? "/" : "", name, child);
    add_event(&d->events, "(", name, "");
    add_attributes(d, path);
    if (depth < DEPTH && !is_full(d) && next_random(&d->seed, 2) == 0) {
        add_children(d, path, depth);
    } else {
        const char *value = add_cell(d, path, "");
        if (value[0] != '\0') {
            add_event(&d->events, "=", value, "");
        }
    }
    add_event(&d->events, ")", "", "");
}

static bool has_words(const xmlNode *element) {
    for (const xmlNode *child = element->children; child != NULL; child = child->next) {
        if (child->type == XML_TEXT_NODE && !xmlIsBlankNode(child)) {
            return true;
        }
    }
    return false;
}

/* Line breaks between elements are no text; where there are words, all of it is. */
static void read_back(xmlNode *element, struct bytes *events) {
    bool words = has_words(element);
    add_event(events, "(", (const char *)element->name, "");
    for (const xmlAttr *attribute = element->properties; attribute != NULL;
         attribute = attribute->next) {
        xmlChar *value = xmlNodeGetContent((const xmlNode *)attribute);
        char start[32];
        snprintf(start, sizeof start, "@%s", (const char *)attribute->name);
        add_event(events, start, "=", (const char *)value);
        xmlFree(value);
    }
    for (xmlNode *child = element->children; child != NULL; child = child->next) {
        if (child->type == XML_ELEMENT_NODE) {
            read_back(child, events);
        } else if (words) {
            add_event(events, "=", (const char *)child->content, "");
        }
    }
    add_event(events, ")", "", "");
}

static void judge(struct document *d, const struct format_style *style) {
    struct bytes events = {0};
    assert_int_equal(format_first_misplaced(style, d->cells, d->n), d->n);
    assert_int_equal(write_cells(style, d->cells, d->n), SHK_OK);
    xmlDoc *parsed = xmlReadMemory(bytes_text(&body), (int)body.n, NULL, NULL, XML_PARSE_NONET);
    assert_non_null(parsed);
    read_back(xmlDocGetRootElement(parsed), &events);
    assert_int_equal(events.n, d->events.n);
    assert_memory_equal(events.p, d->events.p, events.n);
    bytes_clear(&events);
    xmlFreeDoc(parsed);
}

static void random_documents_are_read_back_as_they_were_meant(void **state) {
    (void)state;
    static struct document d;
    static const char *const newlines[] = {"\n", "\r\n", "\r"};
    size_t cells = 0;
    for (uint32_t round = 1; round <= 400; round++) {
        struct format_style style = style_of(FORMAT_XML);
        style.declaration = round % 2 == 0 ? DECLARATION_YES : DECLARATION_NO;
        style.indent = (int32_t)(round % 4) - 1;
        style.newline = newlines[round % 3];
        d.n = 0;
        d.seed = round;
        add_event(&d.events, "(", "R", "");
        add_attributes(&d, "");
        add_children(&d, "", 0);
        add_event(&d.events, ")", "", "");
        judge(&d, &style);
        bytes_clear(&d.events);
        cells += d.n;
    }
    assert_true(cells > 4000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        FORMAT_TEST(random_documents_are_read_back_as_they_were_meant),
    };
    int failed = cmocka_run_group_tests_name("format_xml_parsed", tests, NULL, NULL);
    xmlCleanupParser();
    return failed;
}
