#include "script_made.h"

#include <string.h>

#include "script_pieces.h"

struct form {
    const char *outer, *row, *names[6];
};

static const struct form forms[] = {
    {"format='csv',header=true", "", {"A", "氏名", "B", "C", "D", "E"}},
    {"format='csv',quote='always',newline='lf'", "", {"A", "B", "C", "D", "E", "F"}},
    {"format='tsv'", "", {"A", "B", "C", "D", "E", "F"}},
    {"format='csv',quote='never',separator=';'", "", {"A", "B", "C", "D", "E", "F"}},
    {"format='fixed'", "width=12,", {"A", "B", "C", "D", "E", "F"}},
    {"format='xml',root='R'", "", {"A/B", "A/C[2]/@id", "A/C[2]", "D", "E/@x", "E/F/text()"}},
    {"format='xml',root='R',indent=2,empty='nil'", "", {"@a", "A", "B", "C/D", "C/E", "F"}},
    {"format='json',indent=1", "", {"a", "b[1]/c", "b[1]/d", "e/f", "g", "h[1]"}},
    {"format='hl7'", "", {"PID/3", "PID/5.1", "PID/5.2", "PID/11(2).1", "IN1/3", "IN1/36"}},
    {"format='text',separator=','", "", {"L/a", "L/b", "M/c", "d", "N/e", "N/f"}},
    {"format='sql',statements={'insert into t values (:a,:b,:c,:d,:e,:g)'}",
     "",
     {"a", "b", "c", "d", "e", "g"}},
    {"format='face'", "", {"name", "name_kana", "symbol", "number", "address", "sex"}}};

static void add_row(struct maker *m, const struct form *form, uint32_t i) {
    static const char *const sources[] = {
        "from='name'", "from='name_kana'", "from='address'",       "from='birth_date'",
        "value='=1'",  "value=7",          "from='burden_percent'"};
    static const char *const more[] = {"",
                                       "max_bytes=4,",
                                       "max_chars=3,",
                                       "as='kana_half'",
                                       "as={'wide','pad:9'}",
                                       "required=true,",
                                       "unmappable='stop',",
                                       "when=function(rec) return true end,"};
    add(m, "{to='");
    add(m, form->names[i]);
    add(m, "',");
    add(m, form->row);
    if (fuzz_below(m->in, 3) > 0) {
        add(m, "from='name',with=");
        add_function(m);
    } else {
        PICK(m, sources);
    }
    add(m, ",");
    PICK(m, more);
    add(m, "},\n");
}

static void add_fields(struct maker *m, const struct form *form) {
    uint32_t n = form->names[0][0] == 'a' && form->outer[8] == 's' ? 6 : 1 + fuzz_below(m->in, 6);
    add(m, "fields={\n");
    for (uint32_t i = 0; i < n; i++) {
        add_row(m, form, i);
    }
    if (strstr(form->outer, "xml") != NULL && fuzz_below(m->in, 2) == 1) {
        add(m, "{to='G',each='specific_diseases',fields={{to='X',from='@disease',with=");
        add_function(m);
        add(m, "},{to='Y',from='@index'}}},");
    }
    add(m, "}}\n");
}

static void add_outer(struct maker *m, const struct form *form) {
    static const char *const encodings[] = {"utf-8", "utf-8-bom", "cp932", "euc-jp", "iso-2022-jp"};
    static const char *const files[] = {"'a.csv'", "'../a'", "function(rec) return rec.name end",
                                        "'CON'"};
    add(m, "return {contract=1,id='t',");
    add(m, form->outer);
    add(m, ",encoding='");
    PICK(m, encodings);
    add(m, "',unmappable='geta',file=");
    uint32_t which = fuzz_below(m->in, 2 * COUNT(files));
    if (which < 2 * COUNT(files) - 1) {
        add(m, which < COUNT(files) ? files[which] : files[0]);
    } else {
        add_function(m);
    }
    add(m,
        ",uses={'name','name_kana','birth_date','sex','insurer_number','symbol','address','elderly'"
        ","
        "'specific_diseases','confirmation_date','validity','burden_percent','derived','relation',"
        "'postal_code','number'},");
}

size_t script_make(struct fuzz_input *in, char out[SCRIPT_MADE_MAX]) {
    struct maker m = {.in = in, .out = out, .room = SCRIPT_MADE_MAX};
    const struct form *form = &forms[fuzz_below(in, COUNT(forms))];
    out[0] = '\0';
    if (fuzz_below(in, 4) == 3) {
        add(&m, "local v,rec=1,{} ");
        add_statement(&m);
    }
    add_outer(&m, form);
    if (fuzz_below(in, 4) == 3) {
        add(&m, "check=");
        add_function(&m);
        add(&m, ",");
    }
    add_fields(&m, form);
    return m.n;
}
