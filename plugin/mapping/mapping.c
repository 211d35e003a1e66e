#include "mapping.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

#include "charset.h"
#include "contract.h"
#include "file_name.h"
#include "lua_record.h"
#include "rows.h"
#include "sandbox.h"

#define STEPS_USUAL  2000000
#define MEMORY_USUAL ((size_t)8 * 1024 * 1024)
#define WALL_USUAL   2000

/* Everything that Lua does not own, so that a raised error cannot lose it. */
struct run {
    const struct mapping_job *job;
    struct source_map map;
    struct contract contract;
    struct format_cell *cells;
    struct mapping_result *result;
    struct bytes text; /* UTF-8, on its way to the target encoding */
};

enum { SELF = 1, KEPT = 2, TABLE = 3, OUT = 4 }; /* places on the stack */

static void check_memory(lua_State *L, int32_t rc) {
    if (rc != SHK_OK) {
        sandbox_fail(L, rc, 0, NULL);
    }
}

static void make_rows(lua_State *L, struct run *run) {
    size_t n = run->contract.rows_n;
    run->result->fields = calloc(n, sizeof *run->result->fields);
    run->cells = calloc(n, sizeof *run->cells);
    bool made = run->result->fields != NULL && run->cells != NULL;
    check_memory(L, made ? SHK_OK : SHK_E_MEMORY);
    run->result->fields_n = n;
}

/* Takes the value on the top of the stack as row i. */
static void take_value(lua_State *L, struct run *run, size_t i) {
    const struct contract_row *row = &run->contract.rows[i];
    struct mapped_field *field = &run->result->fields[i];
    size_t n = 0;
    const char *text = lua_tolstring(L, -1, &n);
    field->to = text_dup(row->to);
    field->value = text != NULL ? text_dup_n(text, n) : NULL;
    bool made = field->to != NULL && (text == NULL || field->value != NULL);
    check_memory(L, made ? SHK_OK : SHK_E_MEMORY);
    run->cells[i] = (struct format_cell){field->to, field->value, row->empty, row->kind};
}

static void run_rows(lua_State *L, struct run *run) {
    const struct mapping_job *job = run->job;
    const struct rows_job rows = {&run->contract, job->records, job->record, KEPT};
    make_rows(L, run);
    lua_newtable(L);
    for (size_t i = 0; i < run->contract.rows_n; i++) {
        rows_push(L, &rows, i, &run->result->losses);
        take_value(L, run, i);
        lua_pushstring(L, run->contract.rows[i].to);
        lua_insert(L, -2);
        lua_rawset(L, OUT);
    }
}

static bool names_field(const struct run *run, const char *name) {
    for (size_t i = 0; i < run->contract.rows_n; i++) {
        if (text_equal(run->contract.rows[i].to, name)) {
            return true;
        }
    }
    return false;
}

/* The check's own words may quote a value, so only its line counts, and a field's name. */
static void run_check(lua_State *L, struct run *run) {
    struct sandbox *sb = sandbox_of(L);
    if (!run->contract.has_check) {
        return;
    }
    sandbox_at(L, run->contract.check_line, "check");
    sandbox_follow_lines(L, true);
    lua_getfield(L, KEPT, "check");
    lua_pushvalue(L, OUT);
    lua_call(L, 1, 1);
    sandbox_follow_lines(L, false);
    bool passed = lua_isnil(L, -1) || (lua_isboolean(L, -1) && lua_toboolean(L, -1));
    if (!passed) {
        const char *word = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "";
        sandbox_fail(L, SHK_E_SCRIPT_CHECK, sb->line, names_field(run, word) ? word : "check");
    }
    lua_pop(L, 1);
}

static void name_file(lua_State *L, struct run *run) {
    const struct contract *c = &run->contract;
    size_t n = 0;
    sandbox_at(L, c->file_line, "file");
    if (c->file != NULL) {
        lua_pushstring(L, c->file);
    } else {
        lua_getfield(L, KEPT, "file");
        record_push(L, run->job->records, run->job->record);
        lua_call(L, 1, 1);
    }
    const char *name = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &n) : "";
    if (!file_name_usable(name, n)) {
        sandbox_fail(L, SHK_E_FILE_NAME, c->file_line, "file");
    }
    text_copy(run->result->file_name, sizeof run->result->file_name, name);
    lua_pop(L, 1);
    sandbox_at(L, 0, NULL);
}

static void encode(lua_State *L, struct run *run, struct bytes *in_place) {
    struct cp932_loss loss = {0};
    if (!run->contract.cp932) {
        return;
    }
    run->text = *in_place;
    *in_place = (struct bytes){0};
    check_memory(L, utf8_to_cp932(bytes_text(&run->text), run->text.n, in_place, &loss));
    bytes_clear(&run->text);
}

static void write_document(lua_State *L, struct run *run) {
    const struct format_style *style = &run->contract.style;
    size_t n = run->contract.rows_n;
    check_memory(L, format_head(style, run->cells, n, &run->result->head));
    check_memory(L, format_body(style, run->cells, n, &run->result->body));
    encode(L, run, &run->result->head);
    encode(L, run, &run->result->body);
}

static void free_field(struct mapped_field *field) {
    if (field->value != NULL) {
        memory_wipe(field->value, strlen(field->value));
    }
    free(field->value);
    free(field->to);
    *field = (struct mapped_field){0};
}

/* The fields say the same as the body: in XML an absent one is left out, in a row it is empty. */
static void finish_fields(lua_State *L, struct run *run) {
    struct mapping_result *result = run->result;
    size_t kept = 0;
    for (size_t i = 0; i < result->fields_n; i++) {
        struct mapped_field *field = &result->fields[i];
        bool written = run->contract.style.kind != FORMAT_XML || field->value != NULL ||
                       run->cells[i].empty != EMPTY_OMIT;
        if (written && field->value == NULL) {
            field->value = text_dup("");
            check_memory(L, field->value != NULL ? SHK_OK : SHK_E_MEMORY);
        }
        if (!written) {
            free_field(field);
        } else if (kept++ != i) {
            result->fields[kept - 1] = *field;
            *field = (struct mapped_field){0};
        }
    }
    result->fields_n = kept;
}

static void describe(struct run *run) {
    struct mapping_result *result = run->result;
    text_copy(result->id, sizeof result->id, run->contract.id);
    text_copy(result->format, sizeof result->format, run->contract.format);
    text_copy(result->encoding, sizeof result->encoding, run->contract.encoding);
}

static int body(lua_State *L) {
    struct run *run = lua_touserdata(L, SELF);
    const struct mapping_job *job = run->job;
    lua_newtable(L);
    sandbox_load(L, job->script, job->script_len);
    check_memory(L, source_map_read((const char *)job->script, job->script_len, &run->map));
    contract_read(L, TABLE, KEPT, &run->map, &run->contract);
    describe(run);
    if (job->check_only) {
        return 0;
    }
    run_rows(L, run);
    run_check(L, run);
    name_file(L, run);
    write_document(L, run);
    finish_fields(L, run);
    return 0;
}

static struct sandbox sandbox_for(const struct mapping_job *job) {
    const struct mapping_budget *budget = &job->budget;
    return (struct sandbox){
        .name = job->script_name,
        .limits = {.steps = budget->steps > 0 ? budget->steps : STEPS_USUAL,
                   .memory = budget->memory > 0 ? budget->memory : MEMORY_USUAL,
                   .wall_ms = budget->wall_ms > 0 ? budget->wall_ms : WALL_USUAL,
                   .clock = job->clock,
                   .clock_self = job->clock_self},
        .syntax_code = SHK_E_SCRIPT_SYNTAX,
        .run_code = SHK_E_SCRIPT_RUN,
    };
}

static bool usable(const struct mapping_job *job) {
    bool record =
        job->records != NULL && job->record >= 1 && job->record <= record_count(job->records);
    return job->script_name != NULL && job->script != NULL && (job->check_only || record);
}

int32_t mapping_run(const struct mapping_job *job, struct mapping_result **out, struct fault *why) {
    struct run run = {.job = job};
    struct sandbox sb = sandbox_for(job);
    *out = NULL;
    if (!usable(job)) {
        return fault_raise(why, SHK_E_ARGUMENT);
    }
    run.result = calloc(1, sizeof *run.result);
    int32_t rc =
        run.result != NULL ? sandbox_run(&sb, body, &run, why) : fault_raise(why, SHK_E_MEMORY);
    source_map_clear(&run.map);
    bytes_clear(&run.text);
    free(run.cells);
    if (rc != SHK_OK) {
        mapping_result_free(&run.result);
    }
    *out = run.result;
    return rc;
}

void mapping_result_free(struct mapping_result **result) {
    struct mapping_result *r = *result;
    if (r == NULL) {
        return;
    }
    for (size_t i = 0; i < r->fields_n; i++) {
        free_field(&r->fields[i]);
    }
    free(r->fields);
    bytes_clear(&r->head);
    bytes_clear(&r->body);
    memory_wipe(r, sizeof *r);
    free(r);
    *result = NULL;
}
