#include <stdlib.h>
#include <string.h>

#include "kana.h"
#include "lua_library.h"
#include "lua_record.h"
#include "run.h"
#include "text.h"

#define VALUE_COST 16

void run_check(lua_State *L, int32_t rc) {
    if (rc != SHK_OK) {
        sandbox_fail(L, rc, 0, NULL);
    }
}

noreturn void run_fail(lua_State *L, struct run *run, int32_t code, const char *what) {
    const char *to = run->row > 0 ? run->name : run->key;
    sandbox_fail(L, code, 0, what != NULL ? what : to);
}

void *run_grow(lua_State *L, void *p, size_t n, size_t *cap, size_t item) {
    if (n < *cap) {
        return p;
    }
    size_t bigger = *cap == 0 ? 64 : *cap * 2;
    void *grown = realloc(p, bigger * item);
    if (grown == NULL) {
        run_check(L, SHK_E_MEMORY);
    }
    *cap = bigger;
    return grown;
}

void run_push_function(lua_State *L, const struct run *run, int function) {
    lua_rawgeti(L, LUA_REGISTRYINDEX, run->kept);
    lua_rawgeti(L, -1, function);
    lua_remove(L, -2);
}

static void read_source(lua_State *L, struct run *run, const struct contract_source *source,
                        const struct run_entry *at, struct value *out) {
    struct record_place place = source->place;
    if (source->in_entry) {
        record_place_entry(&place, at->entry);
    }
    sandbox_charge(L, VALUE_COST);
    size_t record = source->record > 0 ? source->record : at->record;
    if (record_value_at(run->records, record, &place, out) != SHK_OK) {
        *out = (struct value){.text = ""};
    }
}

static void push_source(lua_State *L, struct run *run, const struct contract_source *source,
                        const struct run_entry *at) {
    struct value value;
    if (!source->given) {
        lua_pushnil(L);
    } else if (source->index) {
        lua_pushinteger(L, (lua_Integer)at->index);
    } else {
        read_source(L, run, source, at, &value);
        record_push_found(L, &value);
    }
}

/* value, record, entry: what every function of a row gets behind its own first argument. */
static int push_views(lua_State *L, struct run *run, const struct run_entry *at) {
    record_push_view(L, run->record_view, run->records, at->record);
    if (at->list == NULL) {
        lua_pushnil(L);
    } else {
        record_push_entry(L, run->record_view, at->list, at->entry);
    }
    return 2;
}

static void push_with(lua_State *L, struct run *run, const struct contract_row *row,
                      const struct run_entry *at) {
    run_push_function(L, run, row->with);
    push_source(L, run, &row->from, at);
    push_views(L, run, at);
    lua_call(L, 3, 1);
}

static void take(lua_State *L, struct run *run, const char *p, size_t n) {
    run->one.n = 0;
    run_check(L, bytes_append(&run->one, p, n));
}

/* Text and whole numbers are values; nil is absent. Anything else is the script's mistake. True: absent. */
static bool take_result(lua_State *L, struct run *run, const struct contract_row *row) {
    int type = lua_type(L, -1);
    bool usable = type == LUA_TSTRING || type == LUA_TNUMBER ||
                  (type == LUA_TBOOLEAN && row->kind == CELL_BOOLEAN);
    if (type == LUA_TNIL) {
        lua_pop(L, 1);
        return true;
    }
    if (!usable) {
        run_fail(L, run, SHK_E_SCRIPT_RUN, NULL);
    }
    library_push_text(L, lua_gettop(L));
    size_t n;
    const char *text = lua_tolstring(L, -1, &n);
    sandbox_charge(L, 8 + n / 8);
    if (!utf8_valid(text, n)) {
        run_fail(L, run, SHK_E_SCRIPT_RUN, NULL);
    }
    take(L, run, text, n);
    lua_pop(L, 2);
    return false;
}

static bool take_number(lua_State *L, struct run *run, int64_t number) {
    char digits[24];
    size_t n = text_format(digits, sizeof digits, "%lld", (long long)number);
    take(L, run, digits, n);
    return false;
}

static bool take_source(lua_State *L, struct run *run, const struct contract_row *row,
                        const struct run_entry *at) {
    struct value value;
    if (row->from.index) {
        return take_number(L, run, (int64_t)at->index);
    }
    read_source(L, run, &row->from, at, &value);
    if (value.state == VALUE_PRESENT && value.is_number) {
        return take_number(L, run, value.number);
    }
    take(L, run, value.text, value.len);
    return value.state == VALUE_ABSENT;
}

/* True when the value is absent behind the helper. */
static bool apply_one(lua_State *L, struct run *run, const struct contract_as *as) {
    const struct word in = {bytes_text(&run->one), run->one.n};
    sandbox_charge(L, VALUE_COST + in.n);
    run->other.n = 0;
    int32_t rc = as->helper->run(in, as->argument, run->encoder, &run->other);
    if (rc == SHK_E_ABSENT) {
        return true;
    }
    if (rc == SHK_E_MEMORY) {
        run_check(L, rc);
    }
    if (rc != SHK_OK) {
        run_fail(L, run, SHK_E_SCRIPT_RUN, NULL);
    }
    struct bytes swapped = run->one;
    run->one = run->other;
    run->other = swapped;
    return false;
}

static bool take_value(lua_State *L, struct run *run, const struct contract_row *row,
                       const struct run_entry *at) {
    if (row->value != NULL) {
        take(L, run, row->value, row->value_len);
        return false;
    }
    if (row->with != 0) {
        push_with(L, run, row, at);
        return take_result(L, run, row);
    }
    bool absent = take_source(L, run, row, at);
    for (size_t i = 0; !absent && i < row->as_n; i++) {
        absent = apply_one(L, run, &row->as[i]);
    }
    return absent;
}

/* "Disease[]/Code" with the numbers of the entries, or the name as it is. */
static size_t keep_name(lua_State *L, struct run *run, const char *to, const struct run_entry *at) {
    size_t start = run->text.n, next = 0;
    if (at->depth == 0) {
        run_check(L, bytes_append(&run->text, to, strlen(to) + 1));
        return start;
    }
    for (const char *p = to; *p != '\0';) {
        const char *bracket = next < at->depth ? strstr(p, "[]") : NULL;
        size_t n = bracket != NULL ? (size_t)(bracket - p) : strlen(p);
        run_check(L, bytes_append(&run->text, p, n));
        p += n;
        if (bracket != NULL) {
            char number[24];
            text_format(number, sizeof number, "[%u]", (unsigned)at->numbers[next++]);
            run_check(L, bytes_append_text(&run->text, number));
            p += 2;
        }
    }
    run_check(L, bytes_append_byte(&run->text, 0));
    return start;
}

static void keep_cell(lua_State *L, struct run *run, const struct contract_row *row, bool absent,
                      size_t to_at) {
    sandbox_charge(L, VALUE_COST);
    sandbox_hold(L, run->text.n + run->one.n + run->cells_n * sizeof *run->cells +
                        run->trace_n * sizeof *run->trace);
    run->cells = run_grow(L, run->cells, run->cells_n, &run->cells_cap, sizeof *run->cells);
    struct run_cell *cell = &run->cells[run->cells_n++];
    *cell = (struct run_cell){.to_at = to_at,
                              .value_at = run->text.n,
                              .value_n = absent ? 0 : run->one.n,
                              .absent = absent,
                              .empty = row->empty,
                              .kind = row->kind};
    run_check(L, bytes_append(&run->text, bytes_text(&run->one), cell->value_n));
    run_check(L, bytes_append_byte(&run->text, 0));
}

static enum mapping_raw raw_class(lua_State *L, struct run *run, const struct contract_row *row,
                                  const struct run_entry *at) {
    struct value value;
    if (row->value != NULL) {
        return RAW_CONSTANT;
    }
    if (!row->from.given) {
        return RAW_FUNCTION;
    }
    if (row->from.index) {
        return RAW_NUMBER;
    }
    read_source(L, run, &row->from, at, &value);
    if (value.state == VALUE_PRESENT) {
        return value.is_number ? RAW_NUMBER : RAW_TEXT;
    }
    return value.state == VALUE_EMPTY ? RAW_EMPTY : RAW_ABSENT;
}

static void name_helpers(const struct contract_row *row, char *out, size_t cap) {
    size_t n = 0;
    out[0] = '\0';
    for (size_t i = 0; i < row->as_n && n < cap; i++) {
        const struct contract_as *as = &row->as[i];
        n += text_format(out + n, cap - n, "%s%s%s%s", i > 0 ? " " : "", as->helper->name,
                         as->argument.p != NULL ? ":" : "",
                         as->argument.p != NULL ? as->argument.p : "");
    }
    if (row->with != 0) {
        text_copy(out, cap, "function");
    }
}

static void keep_trace(lua_State *L, struct run *run, const struct contract_row *row,
                       const struct run_entry *at, bool written) {
    run->trace = run_grow(L, run->trace, run->trace_n, &run->trace_cap, sizeof *run->trace);
    struct mapping_trace *trace = &run->trace[run->trace_n++];
    bool chars = row->max_bytes == 0 && (row->max_chars > 0 || row->width_chars);
    const char *text = bytes_text(&run->one);
    *trace = (struct mapping_trace){
        .to_at = run->to_at, .raw = raw_class(L, run, row, at), .written = written};
    trace->line = (int32_t)run->row; /* the row; its line is found when the result is made */
    text_copy(trace->from, sizeof trace->from, row->from.given ? row->from.path : "");
    name_helpers(row, trace->helpers, sizeof trace->helpers);
    if (written) {
        trace->bytes = (int32_t)(chars ? utf8_count(text, run->one.n)
                                       : encoder_bytes(run->encoder, text, run->one.n));
    }
    trace->limit = row->max_bytes > 0 ? row->max_bytes : row->max_chars;
    trace->limit = trace->limit > 0 ? trace->limit : row->width;
}

static void run_row(lua_State *L, struct run *run, const struct contract_row *row,
                    const struct run_entry *at) {
    run->row = (size_t)(row - run->contract->rows) + 1;
    size_t to_at = keep_name(L, run, row->to, at);
    run->to_at = to_at;
    text_copy(run->name, sizeof run->name, bytes_text(&run->text) + to_at);
    sandbox_at(L, 0, run->name);
    bool absent = take_value(L, run, row, at);
    if (absent) {
        run->one.n = 0;
    }
    if (row->required && (absent || run->one.n == 0)) {
        run_fail(L, run, SHK_E_FIELD_REQUIRED, NULL);
    }
    row_text_check(L, run, row, absent);
    absent = absent && row->width == 0;
    if (run->explain) {
        keep_trace(L, run, row, at, !absent);
    }
    keep_cell(L, run, row, absent, to_at);
    run->row = 0;
    sandbox_at(L, 0, NULL);
}

static bool is_filled(lua_State *L, struct run *run, const struct contract_source *source,
                      const struct run_entry *at) {
    struct value value;
    read_source(L, run, source, at, &value);
    return value.state == VALUE_PRESENT && value.len > 0;
}

static bool is_due(lua_State *L, struct run *run, const struct contract_row *row,
                   const struct run_entry *at) {
    bool due = true;
    run->row = (size_t)(row - run->contract->rows) + 1;
    text_copy(run->name, sizeof run->name, row->to);
    sandbox_at(L, 0, run->name);
    if (row->when.kind == WHEN_FUNCTION) {
        run_push_function(L, run, row->when.function);
        push_views(L, run, at);
        lua_call(L, 2, 1);
        due = lua_toboolean(L, -1) != 0;
        lua_pop(L, 1);
    } else if (row->when.kind != WHEN_ALWAYS) {
        due = is_filled(L, run, &row->when.source, at) == (row->when.kind == WHEN_FILLED);
    }
    run->row = 0;
    sandbox_at(L, 0, NULL);
    return due;
}

static void run_range(lua_State *L, struct run *run, size_t first, size_t end,
                      const struct run_entry *at);

static size_t entries_of(struct run *run, const struct contract_row *group,
                         const struct run_entry *at) {
    size_t n = 0;
    if (group->each == EACH_RECORD) {
        return record_count(run->records);
    }
    (void)record_list_count(run->records, at->record, group->list, strlen(group->list), &n);
    return n;
}

/* Entries are numbered as they are written: one that is passed over leaves no gap. */
static void run_each(lua_State *L, struct run *run, size_t head, const struct run_entry *at) {
    const struct contract_row *group = &run->contract->rows[head];
    size_t n = entries_of(run, group, at), index = 0;
    for (size_t i = 1; i <= n; i++) {
        struct run_entry inner = *at;
        sandbox_charge(L, VALUE_COST);
        if (group->each == EACH_RECORD) {
            inner.record = i;
        } else {
            inner.list = group->list;
            inner.entry = i;
        }
        inner.index = index + 1;
        inner.numbers[inner.depth++] = index + 1;
        if (is_due(L, run, group, &inner)) {
            index++;
            run_range(L, run, head + 1, group->end, &inner);
        }
    }
}

/* In a line of columns or cells a value that is not due keeps its place. */
static void run_absent(lua_State *L, struct run *run, size_t first, size_t end,
                       const struct run_entry *at) {
    enum format_kind kind = run->contract->style.kind;
    bool columns =
        kind == FORMAT_CSV || kind == FORMAT_FIXED || kind == FORMAT_TEXT || kind == FORMAT_SQL;
    for (size_t i = first; columns && i < end;) {
        const struct contract_row *row = &run->contract->rows[i];
        if (!row->is_group) {
            size_t to_at = keep_name(L, run, row->to, at);
            run->one.n = 0;
            run->row = i + 1;
            text_copy(run->name, sizeof run->name, row->to);
            row_text_check(L, run, row, true);
            keep_cell(L, run, row, row->width == 0, to_at);
            run->row = 0;
        }
        i = row->each != EACH_ONCE ? row->end : i + 1;
    }
}

static void run_range(lua_State *L, struct run *run, size_t first, size_t end,
                      const struct run_entry *at) {
    for (size_t i = first; i < end;) {
        const struct contract_row *row = &run->contract->rows[i];
        size_t next = row->is_group ? row->end : i + 1;
        if (row->each != EACH_ONCE) {
            run_each(L, run, i, at);
        } else if (row->when.kind != WHEN_ALWAYS && !is_due(L, run, row, at)) {
            run_absent(L, run, i, next, at);
        } else if (row->is_group) {
            run_range(L, run, i + 1, row->end, at);
        } else {
            run_row(L, run, row, at);
        }
        i = next;
    }
}

void rows_run(lua_State *L, struct run *run) {
    const struct run_entry at = {.record = run->record};
    run_range(L, run, 0, run->contract->rows_n, &at);
}

void run_clear(struct run *run) {
    bytes_clear(&run->one);
    bytes_clear(&run->other);
    bytes_clear(&run->text);
    free(run->cells);
    free(run->losses);
    free(run->trace);
    run->cells = NULL;
    run->losses = NULL;
    run->trace = NULL;
}
