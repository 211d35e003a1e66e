#include <stdlib.h>
#include <string.h>

#include "contract.h"
#include "format.h"
#include "oqs.h"
#include "oqs_sax.h"
#include "pack_new_common.h"
#include "pack_new_source.h"

#define BAD_NAME "スクリプトで使えない名前です"

struct reading {
    const struct pack_new_sample *sample;
    const struct pack_words *words;
    struct pack_new_source *out;
    struct fault *why;
    struct pack_tree tree;
    int32_t rc;   /* of the events */
    int32_t line; /* of what is refused */
    const char *reason;
};

static int32_t refuse(struct reading *r, int32_t line, const char *reason) {
    r->line = line;
    r->reason = reason;
    return SHK_E_PACK_SOURCE;
}

/* The first failure is kept; what is told after it is passed over. */
static void keep(struct reading *r, int32_t rc) {
    r->rc = r->rc == SHK_OK ? rc : r->rc;
}

static bool has_room(struct reading *r, int32_t line) {
    if (r->rc == SHK_OK && r->tree.nodes_n == PACK_TREE_NODES_MAX) {
        keep(r, refuse(r, line, "要素が多すぎます。1人分の見本にしてください"));
    } else if (r->rc == SHK_OK && r->tree.depth == PACK_TREE_DEPTH_MAX) {
        keep(r, refuse(r, line, "要素の入れ子が深すぎます"));
    }
    return r->rc == SHK_OK;
}

static void on_start(void *self, const char *name, int32_t line) {
    struct reading *r = self;
    if (has_room(r, line)) {
        keep(r, pack_tree_start(&r->tree, name, line));
    }
}

static void check_rows(struct reading *r, int32_t line) {
    if (r->rc == SHK_OK && r->tree.rows_n > CONTRACT_ROWS_MAX) {
        keep(r, refuse(r, line, "要素が多すぎます。1人分の見本にしてください"));
    }
}

static void on_attribute(void *self, const char *name, const char *p, size_t n, int32_t line) {
    struct reading *r = self;
    if (r->rc == SHK_OK) {
        keep(r, pack_tree_attribute(&r->tree, r->words, name, p, n));
        check_rows(r, line);
    }
}

/* Line end and spaces before the first element inside the root. */
static void see_indent(struct reading *r, const char *p, size_t n) {
    if (r->tree.nodes_n != 1 || r->out->indent >= 0) {
        return;
    }
    for (size_t i = n; i > 0; i--) {
        if (p[i - 1] == '\n') {
            r->out->indent = (int32_t)(n - i);
            return;
        }
    }
}

static void on_text(void *self, const char *p, size_t n, int32_t line) {
    struct reading *r = self;
    (void)line;
    see_indent(r, p, n);
    if (r->rc == SHK_OK) {
        keep(r, pack_tree_text(&r->tree, p, n));
    }
}

static void on_end(void *self, const char *name, int32_t line) {
    struct reading *r = self;
    (void)name;
    if (r->rc == SHK_OK) {
        keep(r, pack_tree_end(&r->tree));
        check_rows(r, line);
    }
}

static int32_t add_row(struct reading *r, const struct pack_tree_row *row) {
    static const struct format_style xml = {.kind = FORMAT_XML};
    struct bytes to = {0}, names = {0};
    struct pack_column *column = NULL;
    int32_t rc = pack_tree_path(&r->tree, row, &to);
    rc = rc == SHK_OK ? pack_tree_names(&r->tree, row, &names) : rc;
    const char *problem = rc == SHK_OK ? pack_to_problem(bytes_text(&to), r->out->cp932) : NULL;
    if (rc == SHK_OK && problem == NULL && !format_path_usable(&xml, bytes_text(&to))) {
        problem = BAD_NAME;
    }
    if (problem != NULL) {
        rc = refuse(r, r->tree.nodes[row->node].line, problem);
    }
    rc = rc == SHK_OK ? pack_new_source_add(r->out, bytes_text(&to), bytes_text(&names), &column)
                      : rc;
    if (rc == SHK_OK && row->constant) {
        column->constant = text_dup(bytes_text(&row->value));
        rc = column->constant != NULL ? SHK_OK : SHK_E_MEMORY;
    } else if (rc == SHK_OK) {
        column->empty_element = row->attribute_n == 0 && row->value.n == 0 && !row->mixed;
        pack_form_see(&column->form, bytes_text(&row->value), row->value.n, row->value.n);
        r->out->has_data = r->out->has_data || column->form.n > 0;
    }
    bytes_clear(&to);
    bytes_clear(&names);
    return rc;
}

static int32_t take_pair(const struct reading *r, size_t at, struct pack_pair *out) {
    if (at == SIZE_MAX) {
        return SHK_OK;
    }
    const struct pack_tree_row *row = &r->tree.rows[at];
    out->name = text_dup_n(bytes_text(&r->tree.names) + row->attribute_at, row->attribute_n);
    out->value = text_dup(bytes_text(&row->value));
    return out->name != NULL && out->value != NULL ? SHK_OK : SHK_E_MEMORY;
}

static int32_t take_rows(struct reading *r) {
    if (r->tree.nodes_n < 2 && r->tree.rows_n == 0) {
        return refuse(r, 1, "要素がありません");
    }
    const struct pack_tree_node *root = &r->tree.nodes[0];
    const char *problem = pack_to_problem(bytes_text(&root->name), r->out->cp932);
    if (problem != NULL || !xml_name_usable(bytes_text(&root->name), root->name.n)) {
        return refuse(r, root->line, problem != NULL ? problem : BAD_NAME);
    }
    r->out->root = text_dup(bytes_text(&root->name));
    const struct pack_common common = pack_common_find(&r->tree);
    int32_t rc = r->out->root != NULL ? take_pair(r, common.leaf, &r->out->leaf) : SHK_E_MEMORY;
    rc = rc == SHK_OK ? take_pair(r, common.group, &r->out->group) : rc;
    for (size_t i = 0; rc == SHK_OK && i < r->tree.rows_n; i++) {
        bool covered = pack_common_covers(&r->tree, &common, i);
        rc = covered ? SHK_OK : add_row(r, &r->tree.rows[i]);
    }
    return rc;
}

static bool has_word(const struct pack_new_sample *sample, size_t from, size_t end,
                     const char *word) {
    size_t n = strlen(word);
    for (size_t i = from; i + n <= end && i + n <= sample->n; i++) {
        if (memcmp(sample->p + i, word, n) == 0) {
            return true;
        }
    }
    return false;
}

static void see_declaration(const struct pack_new_sample *sample, struct pack_new_source *out) {
    size_t from = out->bom ? 3 : 0, end = from;
    out->declaration = has_word(sample, from, from + sizeof "<?xml" - 1, "<?xml");
    while (out->declaration && end < sample->n && sample->p[end] != '>') {
        end++;
    }
    out->standalone = has_word(sample, from, end, "standalone=\"yes\"") ||
                      has_word(sample, from, end, "standalone='yes'");
}

static int32_t tell(const struct reading *r, int32_t rc) {
    if (rc == SHK_OK || rc == SHK_E_MEMORY) {
        return rc == SHK_OK ? rc : fault_raise(r->why, rc);
    }
    return pack_new_source_fault(r->sample, r->line > 0 ? r->line : 1, r->reason, r->why);
}

/* A sample that is too large is no less so because its end is broken. */
static int32_t parse(struct reading *r, const struct bytes *utf8) {
    static const struct oqs_events events = {.start = on_start,
                                             .attribute = on_attribute,
                                             .end = on_end,
                                             .text = on_text,
                                             .as_written = true};
    struct oqs_sax *sax = NULL;
    struct fault said = {0};
    int32_t rc = oqs_sax_new(&events, r, &sax);
    rc = rc == SHK_OK ? oqs_sax_push(sax, bytes_text(utf8), utf8->n, &said) : rc;
    rc = rc == SHK_OK ? oqs_sax_end(sax, &said) : rc;
    oqs_sax_free(&sax);
    if (r->rc != SHK_OK || rc == SHK_E_MEMORY) {
        return r->rc != SHK_OK ? r->rc : rc;
    }
    return rc == SHK_OK ? take_rows(r) : refuse(r, said.native, "XMLとして読めません");
}

int32_t pack_read_xml(const struct pack_new_sample *sample, const struct pack_words *words,
                      struct pack_new_source *out, struct fault *why) {
    struct reading r = {.sample = sample, .words = words, .out = out, .why = why};
    struct bytes utf8 = {0};
    struct fault said = {0};
    out->xml = true;
    out->indent = -1;
    pack_new_source_look(sample, out);
    see_declaration(sample, out);
    int32_t rc = oqs_decode(sample->p, sample->n, &utf8, &out->cp932, &said);
    if (rc == SHK_OK) {
        rc = parse(&r, &utf8);
    } else if (rc != SHK_E_MEMORY) {
        rc = refuse(&r, said.native_kind == SHK_NATIVE_XML_LINE ? said.native : 1,
                    "文字コードが読めません。UTF-8 か Shift_JIS にしてください");
    }
    pack_tree_clear(&r.tree);
    bytes_clear(&utf8);
    return tell(&r, rc);
}
