#include <string.h>

#include "pack_new_write.h"

static void head(struct pack_new_text *t, const struct pack_draft *draft) {
    const char *host = draft->job->host;
    pack_put(t, "-- ");
    pack_put(t, host != NULL && host[0] != '\0' ? host : draft->job->id);
    pack_put(t, " 用の変換スクリプトの下書き。見本（");
    pack_put(t, draft->job->sample_name);
    pack_put(
        t,
        "）の見出しから、項目を推測して作りました。\n"
        "-- "
        "「要確認」の行は推測できなかった行、「推測」の行は確かではない行です。どちらも見て、直して"
        "ください。\n"
        "-- 長さの上限（max_bytes "
        "など）は見本からは分かりません。レセコンの説明書で確かめて書き足します。\n"
        "-- 項目名は docs/fields.md、変換は docs/helpers.md、書き方は docs/mapping.md "
        "にあります。\n"
        "-- A draft: the fields were guessed from the sample's names. Look at every row that is "
        "marked as\n"
        "-- not guessed or as a guess. Limits of length cannot be seen in a sample; add them.\n\n");
}

static void key(struct pack_new_text *t, const char *name, const char *value) {
    pack_put(t, "  ");
    pack_put(t, name);
    pack_put(t, " = ");
    pack_put_quoted(t, value);
    pack_put(t, ",\n");
}

static const char *encoding_word(const struct pack_new_source *source) {
    return source->cp932 ? "cp932" : source->bom ? "utf-8-bom" : "utf-8";
}

static void encoding(struct pack_new_text *t, const struct pack_new_source *source) {
    pack_put(t, "  encoding = ");
    pack_put_quoted(t, encoding_word(source));
    pack_put(t, source->ascii && !source->bom
                    ? ", -- 要確認：見本は英数字だけでした / the sample does not tell\n"
                    : ",\n");
}

static void newline(struct pack_new_text *t, const struct pack_new_source *source) {
    if (source->crlf && source->xml) {
        key(t, "newline", "crlf");
    } else if (source->lf && !source->crlf && !source->xml) {
        key(t, "newline", "lf");
    } else if (source->cr && !source->lf && !source->crlf) {
        key(t, "newline", "cr");
    }
}

static void csv_keys(struct pack_new_text *t, const struct pack_draft *draft) {
    const char sign[] = {draft->source->separator, '\0'};
    pack_put(t, "  header = true,\n");
    if (draft->source->separator == '\t') {
        pack_put(t, "  separator = \"\\t\",\n");
    } else if (draft->source->separator != ',') {
        key(t, "separator", sign);
    }
    if (draft->source->quote_always) {
        key(t, "quote", "always");
    }
    pack_put(t, "  file = \"");
    pack_put(t, draft->job->id);
    pack_put(t, ".csv\",\n");
}

static void pair(struct pack_new_text *t, const char *name, const struct pack_pair *pair) {
    if (pair->name == NULL) {
        return;
    }
    pack_put(t, "  ");
    pack_put(t, name);
    pack_put(t, " = { ");
    pack_put_quoted(t, pair->name);
    pack_put(t, ", ");
    pack_put_quoted(t, pair->value);
    pack_put(t, " },\n");
}

static void xml_keys(struct pack_new_text *t, const struct pack_draft *draft) {
    const struct pack_new_source *source = draft->source;
    key(t, "root", source->root);
    if (!source->declaration) {
        pack_put(t, "  declaration = false,\n");
    } else if (source->standalone) {
        key(t, "declaration", "standalone");
    }
    if (source->indent >= 0 && source->indent <= 8 && source->indent != 2) {
        pack_put(t, "  indent = ");
        pack_put_number(t, source->indent);
        pack_put(t, ",\n");
    }
    pair(t, "leaf_attribute", &source->leaf);
    pair(t, "group_attribute", &source->group);
    pack_put(t, "  file = function(rec)\n"
                "    local day = text.date(rec.confirmation_date, \"YYYYMMDD\")\n"
                "    return string.format(\"");
    pack_put(t, draft->job->id);
    pack_put(t, "_%s_%d.xml\", day or \"app\", rec.record_index)\n"
                "  end,\n");
}

static void helpers(struct pack_new_text *t, const struct pack_choice *choice) {
    if (choice->helpers_n == 0) {
        return;
    }
    pack_put(t, choice->helpers_n > 1 ? ", as = { " : ", as = ");
    for (size_t i = 0; i < choice->helpers_n; i++) {
        pack_put(t, i > 0 ? ", " : "");
        pack_put_quoted(t, choice->helpers[i]);
    }
    pack_put(t, choice->helpers_n > 1 ? " }" : "");
}

static void source_of(struct pack_new_text *t, const struct pack_choice *choice) {
    pack_put(t, ", from = ");
    pack_put_quoted(t, choice->from);
    if (choice->with != NULL) {
        pack_put(t, ", with = ");
        pack_put(t, choice->with);
    } else {
        helpers(t, choice);
    }
}

static void row(struct pack_new_text *t, const struct pack_draft *draft, size_t i) {
    const struct pack_column *column = &draft->source->columns[i];
    const struct pack_choice *choice = &draft->choices[i];
    struct bytes words = {0};
    struct pack_new_text remarks = {.out = &words};
    pack_put(t, "    { to = ");
    pack_put_quoted(t, column->to);
    if (choice->from[0] != '\0') {
        source_of(t, choice);
    } else {
        pack_put(t, ", value = ");
        pack_put_quoted(t, column->constant != NULL ? column->constant : "");
    }
    pack_put(t, column->empty_element && choice->from[0] != '\0' ? ", empty = \"element\"" : "");
    pack_put_remarks(&remarks, draft, i);
    pack_put(t, words.n > 0 ? " }, -- " : " },");
    pack_put(t, bytes_text(&words));
    pack_put(t, "\n");
    t->rc = t->rc == SHK_OK ? remarks.rc : t->rc;
    bytes_clear(&words);
}

static int32_t count_lines(const struct bytes *text) {
    int32_t n = 0;
    for (size_t i = 0; i < text->n; i++) {
        n += text->p[i] == '\n' ? 1 : 0;
    }
    return n;
}

int32_t pack_write_script(const struct pack_draft *draft, struct bytes *out) {
    struct pack_new_text t = {.out = out};
    head(&t, draft);
    pack_put(&t, "---@type shikaku.Script\nreturn {\n  contract = 1,\n");
    key(&t, "id", draft->job->id);
    key(&t, "format", draft->source->xml ? "xml" : "csv");
    encoding(&t, draft->source);
    newline(&t, draft->source);
    if (draft->source->xml) {
        xml_keys(&t, draft);
    } else {
        csv_keys(&t, draft);
    }
    if (pack_uses_any(draft)) {
        pack_put(&t,
                 "  -- 見てよい項目。行を足したら、ここと pack.lua にも足します。\n"
                 "  -- What the script may see; a new row needs its field here and in pack.lua.\n");
        pack_put_uses(&t, draft);
    }
    pack_put(&t, "  fields = {\n");
    int32_t line = count_lines(out);
    for (size_t i = 0; i < draft->source->n; i++) {
        row(&t, draft, i);
        draft->guesses[i].line = line + (int32_t)i + 1;
    }
    pack_put(&t, "  },\n}\n");
    return t.rc;
}
