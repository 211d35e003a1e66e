#include <string.h>

#include "pack_new_write.h"
#include "record.h"

static void title(struct pack_new_text *t, const struct pack_new_job *job) {
    bool has_host = job->host != NULL && job->host[0] != '\0';
    pack_put(t, "# ");
    pack_put_cell(t, has_host ? job->host : job->id);
    pack_put(t, "\n\n資格確認の回答を、このレセコンの形式に変えるパックの下書きです。見本 ");
    pack_put_cell(t, job->sample_name);
    pack_put(t, " の見出しから作りました。**まだ使える状態ではありません。** "
                "下の「要確認」と「推測」の行を直してください。\n\n"
                "A draft of a pack, made from the names in the sample. It is not ready: look at "
                "the rows that are\n"
                "not guessed or guesses.\n\n");
}

static void steps(struct pack_new_text *t, const struct pack_new_job *job) {
    pack_put(
        t,
        "## 次にすること / What to do next\n\n"
        "1. `mapping.lua` の「要確認」の行に `from` を書きます（項目名は "
        "docs/fields.md）。レセコンだけが決める項目は `value = \"\"` のままに\n"
        "   するか、行を消します。Give every row that is not guessed a `from`, or leave it empty.\n"
        "2. "
        "「推測」の行と、「書き方は推測」の日付・性別・番号の形を、レセコンの説明書と比べます。Comp"
        "are the guesses.\n"
        "3. 長さの上限があれば `max_bytes` か `max_chars` を書き足します。Add the limits of "
        "length.\n"
        "4. 使う項目を `pack.lua` の `uses` に足します。Name the fields in `uses`.\n"
        "5. 見本の患者（`samples/mihon.xml`、架空の人）で確かめます。`samples/mihon.expected` "
        "は、下書きのスクリプトがこの人から作った\n"
        "   ものです。直したあとは、正しい出力かどうかを見てから作り直します。Try it with the "
        "made-up person:\n\n"
        "```sh\nshikaku pack test ");
    pack_put(t, job->id);
    pack_put(t, "\n```\n\n");
}

static const char *label_of(const char *from) {
    const struct field *field = field_find(from, strlen(from));
    return field != NULL ? field->japanese : "";
}

static void helper_cell(struct pack_new_text *t, const struct pack_choice *choice) {
    for (size_t i = 0; i < choice->helpers_n; i++) {
        pack_put(t, i > 0 ? ", `" : "`");
        pack_put(t, choice->helpers[i]);
        pack_put(t, "`");
    }
    pack_put(t, choice->helpers_n == 0 && choice->with != NULL ? "関数 / function" : "");
}

static void table_row(struct pack_new_text *t, const struct pack_draft *draft, size_t i) {
    const struct pack_choice *choice = &draft->choices[i];
    pack_put(t, "| ");
    pack_put_number(t, (int64_t)i + 1);
    pack_put(t, " | ");
    pack_put_cell(t, draft->source->columns[i].to);
    pack_put(t, " | ");
    if (choice->from[0] != '\0') {
        pack_put(t, "`");
        pack_put(t, choice->from);
        pack_put(t, "` ");
        pack_put(t, label_of(choice->from));
    }
    pack_put(t, " | ");
    helper_cell(t, choice);
    pack_put(t, " | ");
    pack_put_remarks(t, draft, i);
    pack_put(t, " |\n");
}

static void table(struct pack_new_text *t, const struct pack_draft *draft) {
    pack_put(t, "## 項目の対応 / Columns\n\n| | レセコン / host | 項目 / field | 変換 / helper | "
                "|\n|---|---|---|---|---|\n");
    for (size_t i = 0; i < draft->source->n; i++) {
        table_row(t, draft, i);
    }
}

static bool is_open(const struct pack_draft *draft, size_t i) {
    return draft->choices[i].from[0] == '\0' && draft->source->columns[i].constant == NULL;
}

static void open_rows(struct pack_new_text *t, const struct pack_draft *draft) {
    size_t n = 0;
    pack_put(t, "\n## 推測できなかった項目 / Not guessed\n\n");
    for (size_t i = 0; i < draft->source->n; i++) {
        if (is_open(draft, i)) {
            n++;
            pack_put(t, "- ");
            pack_put_cell(t, draft->source->columns[i].to);
            pack_put(t, " (mapping.lua:");
            pack_put_number(t, draft->guesses[i].line);
            pack_put(t, ")\n");
        }
    }
    pack_put(t, n == 0 ? "なし / none\n" : "");
}

static void notes(struct pack_new_text *t, const struct pack_new_source *source) {
    if (!source->has_data) {
        pack_put(t, "\n見本に値がなかったため、日付・性別・番号などの書き方はすべて推測です。データ"
                    "の行がある見本で作り直すと、書き方も決まります。\n"
                    "The sample had no values; with rows of data the forms would be known too.\n");
    }
    if (source->ascii) {
        pack_put(t, "\n見本が英数字だけのため、文字コードは推測です。The encoding is a guess.\n");
    }
    if (source->xml && source->indent < 0) {
        pack_put(t, "\n見本は改行のないXMLでした。下書きは改行と字下げを入れます。\n"
                    "The sample had no line ends; the draft writes them.\n");
    }
    if (!source->xml) {
        return;
    }
    pack_put(t, "\n「見本のまま」の行は、名前空間や種類など、文書の形を決める値です。患者の値が残っ"
                "ていないか確かめてください。\n"
                "Rows kept as in the sample say how the document is built; check that none is a "
                "person's.\n");
}

int32_t pack_write_readme(const struct pack_draft *draft, struct bytes *out) {
    struct pack_new_text t = {.out = out};
    title(&t, draft->job);
    steps(&t, draft->job);
    table(&t, draft);
    open_rows(&t, draft);
    notes(&t, draft->source);
    return t.rc;
}
