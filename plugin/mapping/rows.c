#include "rows.h"

#include <lauxlib.h>
#include <string.h>

#include "charset.h"
#include "kana.h"
#include "lua_library.h"
#include "lua_record.h"
#include "sandbox.h"
#include "text.h"

static void push_from(lua_State *L, const struct rows_job *job, const struct contract_row *row) {
    if (row->from == NULL) {
        lua_pushnil(L);
    } else if (!record_push_value(L, job->records, job->record, row->from)) {
        sandbox_fail(L, SHK_E_SCRIPT_CONTRACT, row->line, row->to);
    }
}

static void push_with(lua_State *L, const struct rows_job *job, size_t i) {
    char name[24];
    text_format(name, sizeof name, "with %d", (int)i + 1);
    lua_getfield(L, job->kept, name);
    push_from(L, job, &job->contract->rows[i]);
    record_push(L, job->records, job->record);
    lua_call(L, 2, 1);
}

static void apply_helpers(lua_State *L, const struct contract_row *row) {
    for (size_t i = 0; i < row->as_n && !lua_isnil(L, -1); i++) {
        lua_pushcfunction(L, row->as[i]);
        lua_insert(L, -2);
        lua_call(L, 1, 1);
    }
}

/* Text and whole numbers are values; nil is absent. Anything else is the script's mistake. */
static void push_as_text(lua_State *L, const struct contract_row *row) {
    int type = lua_type(L, -1);
    if (type == LUA_TNIL) {
        return;
    }
    if (type != LUA_TSTRING && type != LUA_TNUMBER) {
        sandbox_fail(L, SHK_E_SCRIPT_RUN, row->line, row->to);
    }
    library_push_text(L, lua_gettop(L));
    lua_remove(L, -2);
    size_t n;
    const char *text = lua_tolstring(L, -1, &n);
    sandbox_charge(L, 8 + n / 8);
    if (!utf8_valid(text, n)) {
        sandbox_fail(L, SHK_E_SCRIPT_RUN, row->line, row->to);
    }
}

static noreturn void lost(lua_State *L, const struct contract_row *row, uint32_t code) {
    char what[160];
    text_format(what, sizeof what, "%s U+%04X", row->to, (unsigned)code);
    sandbox_fail(L, SHK_E_CHARACTER_LOST, row->line, what);
}

/* The first character that code page 932 lacks, or FORMAT_CODE_NONE; the number of them. */
static uint32_t first_lost(const char *p, size_t n, int32_t *count) {
    uint32_t code, first = FORMAT_CODE_NONE;
    *count = 0;
    for (size_t i = 0, len; i < n; i += len) {
        len = utf8_decode(p + i, n - i, &code);
        if (code >= 0x80 && !cp932_has(p + i, len)) {
            first = *count == 0 ? code : first;
            *count += 1;
        }
    }
    return first;
}

static void check_characters(lua_State *L, const struct rows_job *job,
                             const struct contract_row *row, const char *text, size_t n,
                             int32_t *losses) {
    const struct contract *c = job->contract;
    uint32_t code = format_forbidden(&c->style, text, n);
    if (code != FORMAT_CODE_NONE) {
        lost(L, row, code);
    }
    int32_t count = 0;
    code = c->cp932 && !cp932_has(text, n) ? first_lost(text, n, &count) : FORMAT_CODE_NONE;
    if (code != FORMAT_CODE_NONE && !c->geta) {
        lost(L, row, code);
    }
    *losses += count;
}

static size_t target_bytes(const struct rows_job *job, const char *text, size_t n) {
    return job->contract->cp932 ? kana_columns(text, n) : n;
}

static void check_lengths(lua_State *L, const struct rows_job *job, const struct contract_row *row,
                          const char *text, size_t n) {
    size_t wide = target_bytes(job, text, n);
    bool fits = (row->max_bytes == 0 || wide <= (size_t)row->max_bytes) &&
                (row->max_chars == 0 || utf8_count(text, n) <= (size_t)row->max_chars) &&
                (row->width == 0 || wide <= (size_t)row->width);
    if (!fits) {
        sandbox_fail(L, SHK_E_FIELD_TOO_LONG, row->line, row->to);
    }
}

/* Fills the text on the top up to the row's bytes. */
static void fill_up(lua_State *L, const struct rows_job *job, const struct contract_row *row) {
    char fill[1000]; /* a width is not larger */
    size_t n;
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        lua_pushliteral(L, "");
    }
    const char *text = lua_tolstring(L, -1, &n);
    size_t missing = (size_t)row->width - target_bytes(job, text, n);
    memset(fill, row->pad, sizeof fill);
    lua_pushlstring(L, fill, missing);
    if (row->align_right) {
        lua_insert(L, -2);
    }
    lua_concat(L, 2);
}

static void check_required(lua_State *L, const struct contract_row *row) {
    if (row->required && (lua_isnil(L, -1) || lua_rawlen(L, -1) == 0)) {
        sandbox_fail(L, SHK_E_FIELD_REQUIRED, row->line, row->to);
    }
}

void rows_push(lua_State *L, const struct rows_job *job, size_t i, int32_t *losses) {
    const struct contract_row *row = &job->contract->rows[i];
    sandbox_at(L, row->line, row->to);
    if (row->value != NULL) {
        lua_pushlstring(L, row->value, row->value_len);
    } else if (row->with) {
        push_with(L, job, i);
    } else {
        push_from(L, job, row);
        apply_helpers(L, row);
    }
    push_as_text(L, row);
    check_required(L, row);
    size_t n = 0;
    const char *text = lua_isnil(L, -1) ? "" : lua_tolstring(L, -1, &n);
    check_characters(L, job, row, text, n, losses);
    check_lengths(L, job, row, text, n);
    if (row->width > 0) {
        fill_up(L, job, row);
    }
    sandbox_at(L, 0, NULL);
}
