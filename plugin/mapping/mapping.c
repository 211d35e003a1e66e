#include "mapping.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

#include "charset.h"
#include "face.h"
#include "file_name.h"
#include "lua_record.h"
#include "overlay.h"
#include "result.h"
#include "state_mark.h"

#define STEPS_USUAL  2000000
#define MEMORY_USUAL ((size_t)8 * 1024 * 1024)
#define WALL_USUAL   2000
#define GARBAGE_MAX  ((size_t)256 * 1024) /* between two records */

struct mapping {
    struct mapping_job job;
    struct sandbox sandbox;
    struct contract contract;
    struct contract_texts texts;
    struct uses pack;
    struct encoder *encoder;
    struct bytes document; /* UTF-8, on its way to the target encoding */
    bool head_made;
    struct bytes head_text; /* encoded */
    struct run run;
    int mark;
    size_t used; /* memory behind loading */
    bool stale;
    bool once; /* no record comes behind this one */
    struct mapping_result *result;
};

enum { SELF = 1, KEPT = 2 }; /* places on the stack while loading */

static struct mapping *mapping_of(lua_State *L) {
    return lua_touserdata(L, SELF);
}

/* The line of the row or key at work, for a fault that no line of Lua stands for. */
static const char *locate(struct sandbox *sb, int32_t *line) {
    struct mapping *m = sb->owner;
    char place[TEXTS_PATH_MAX + 1];
    if (m->run.row > 0) {
        contract_row_place(&m->contract, m->run.row - 1, place, sizeof place);
        return texts_place(&m->texts, place, line);
    }
    return m->run.key != NULL ? texts_place(&m->texts, m->run.key, line) : sb->name;
}

static int load(lua_State *L) {
    struct mapping *m = mapping_of(L);
    const struct uses *pack = m->job.uses != NULL ? &m->pack : NULL;
    struct uses more = {0}; /* of an overlay, to a script of its own */
    lua_newtable(L);
    sandbox_load(L, m->job.script.p, m->job.script.n);
    if (m->job.overlay.n > 0) {
        overlay_apply(L, &m->texts, m->job.overlay.p, m->job.overlay.n, m->job.pack,
                      pack != NULL ? &m->pack : &more);
    }
    contract_read(L, lua_gettop(L), KEPT, &m->texts, pack, &m->contract, &m->encoder);
    for (size_t i = 0; i < USES_FIELDS_MAX; i++) {
        m->contract.uses.field[i] |= more.field[i];
    }
    lua_pushvalue(L, KEPT);
    m->run.kept = luaL_ref(L, LUA_REGISTRYINDEX);
    m->run.record_view = record_new_view(L, &m->contract.uses);
    m->used = m->sandbox.memory.used;
    return 0;
}

static int32_t pack_uses(struct mapping *m, struct fault *why) {
    for (size_t i = 0; i < m->job.uses_n; i++) {
        if (!uses_add(&m->pack, m->job.uses[i], strlen(m->job.uses[i]))) {
            return fault_raise(why, SHK_E_ARGUMENT);
        }
    }
    m->pack.named = true;
    return SHK_OK;
}

static void begin(struct mapping *m) {
    const struct mapping_budget *budget = &m->job.budget;
    m->sandbox = (struct sandbox){
        .name = m->job.script.name,
        .other_name = m->job.overlay.name,
        .limits = {.steps = budget->steps > 0 ? budget->steps : STEPS_USUAL,
                   .memory = budget->memory > 0 ? budget->memory : MEMORY_USUAL,
                   .wall_ms = budget->wall_ms > 0 ? budget->wall_ms : WALL_USUAL,
                   .clock = m->job.clock,
                   .clock_self = m->job.clock_self},
        .syntax_code = SHK_E_SCRIPT_SYNTAX,
        .run_code = SHK_E_SCRIPT_RUN,
        .locate = locate,
        .owner = m,
    };
    m->texts.script = (struct contract_text){
        .name = m->job.script.name, .p = (const char *)m->job.script.p, .n = m->job.script.n};
    m->texts.overlay = (struct contract_text){
        .name = m->job.overlay.name, .p = (const char *)m->job.overlay.p, .n = m->job.overlay.n};
    m->pack = (struct uses){0};
    m->mark = LUA_NOREF;
}

static void end(struct mapping *m) {
    sandbox_close(&m->sandbox);
    texts_clear(&m->texts);
    encoder_free(&m->encoder);
    m->contract = (struct contract){0};
    m->run.row = 0;
    m->run.key = NULL;
}

static int32_t start(struct mapping *m, struct fault *why) {
    begin(m);
    int32_t rc = m->job.uses != NULL ? pack_uses(m, why) : SHK_OK;
    if (rc == SHK_OK) {
        rc = sandbox_open(&m->sandbox, why);
    }
    if (rc == SHK_OK) {
        rc = sandbox_call(&m->sandbox, load, m, why);
    }
    m->stale = rc != SHK_OK;
    return rc;
}

int32_t mapping_open(const struct mapping_job *job, struct mapping **out, struct fault *why) {
    *out = NULL;
    if (job->script.name == NULL || job->script.p == NULL) {
        return fault_raise(why, SHK_E_ARGUMENT);
    }
    struct mapping *m = calloc(1, sizeof *m);
    if (m == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    m->job = *job;
    int32_t rc = start(m, why);
    if (rc != SHK_OK) {
        mapping_close(&m);
    }
    *out = m;
    return rc;
}

static bool names_field(const struct run *run, const char *name) {
    for (size_t i = 0; i < run->cells_n; i++) {
        if (text_equal(bytes_text(&run->text) + run->cells[i].to_at, name)) {
            return true;
        }
    }
    return false;
}

static void push_out(lua_State *L, const struct run *run) {
    lua_createtable(L, 0, (int)run->cells_n);
    for (size_t i = 0; i < run->cells_n; i++) {
        const struct run_cell *cell = &run->cells[i];
        if (!cell->absent) {
            lua_pushstring(L, bytes_text(&run->text) + cell->to_at);
            lua_pushlstring(L, bytes_text(&run->text) + cell->value_at, cell->value_n);
            lua_rawset(L, -3);
        }
    }
}

/* The check's own words may quote a value, so only its line counts, and a field's name. */
static void run_own_check(lua_State *L, struct run *run) {
    struct sandbox *sb = sandbox_of(L);
    if (run->contract->check == 0) {
        return;
    }
    run->key = "check";
    sandbox_at(L, 0, "check");
    sandbox_follow_lines(L, true);
    run_push_function(L, run, run->contract->check);
    push_out(L, run);
    record_push_view(L, run->record_view, run->records, run->record);
    lua_call(L, 2, 1);
    sandbox_follow_lines(L, false);
    bool passed = lua_isnil(L, -1) || (lua_isboolean(L, -1) && lua_toboolean(L, -1));
    if (!passed) {
        const char *word = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "";
        sandbox_fail(L, SHK_E_SCRIPT_CHECK, sb->line, names_field(run, word) ? word : "check");
    }
    lua_pop(L, 1);
    run->key = NULL;
}

static void name_file(lua_State *L, struct mapping *m) {
    struct run *run = &m->run;
    size_t n = 0;
    run->key = "file";
    sandbox_at(L, 0, "file");
    if (m->contract.file != NULL) {
        lua_pushstring(L, m->contract.file);
    } else {
        run_push_function(L, run, m->contract.file_function);
        record_push_view(L, run->record_view, run->records, run->record);
        lua_call(L, 1, 1);
    }
    const char *name = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &n) : "";
    if (!file_name_usable(name, n)) {
        run_fail(L, run, SHK_E_FILE_NAME, NULL);
    }
    text_copy(m->result->file_name, sizeof m->result->file_name, name);
    lua_pop(L, 1);
    sandbox_at(L, 0, NULL);
    run->key = NULL;
}

static void encode(lua_State *L, struct mapping *m, struct bytes *text, struct bytes *out) {
    run_check(L, encoder_write(m->encoder, bytes_text(text), text->n, out));
}

static void write_head(lua_State *L, struct mapping *m, const struct format_cell *cells) {
    if (!m->head_made) {
        m->document.n = 0;
        run_check(L, format_head(&m->contract.style, cells, m->run.cells_n, &m->document));
        encode(L, m, &m->document, &m->head_text);
        m->head_made = true;
    }
    run_check(L, bytes_append(&m->result->head, bytes_text(&m->head_text), m->head_text.n));
}

static void write_document(lua_State *L, struct mapping *m) {
    if (m->contract.style.kind == FORMAT_FACE) {
        face_write(L, &m->run, &m->result->body);
        if (m->contract.encoding_kind == ENCODING_CP932) {
            const struct bytes *body = &m->result->body;
            run_check(L, cp932_to_utf8(body->p, body->n, &m->result->plain, NULL));
        }
        return;
    }
    struct format_cell *cells = lua_newuserdatauv(L, (m->run.cells_n + 1) * sizeof *cells, 0);
    result_cells(&m->run, cells);
    write_head(L, m, cells);
    m->document.n = 0;
    run_check(L, format_body(&m->contract.style, cells, m->run.cells_n, &m->document));
    encode(L, m, &m->document, &m->result->body);
    if (m->contract.encoding_kind != ENCODING_UTF8) {
        run_check(L, bytes_append(&m->result->plain, bytes_text(&m->document), m->document.n));
    }
    lua_pop(L, 1);
}

static void describe(struct mapping *m) {
    struct mapping_result *result = m->result;
    text_copy(result->id, sizeof result->id, m->contract.id);
    text_copy(result->format, sizeof result->format, m->contract.format);
    text_copy(result->encoding, sizeof result->encoding, m->contract.encoding);
    result->whole = m->contract.answer;
}

/* Whatever a run left behind ends with its state: the next record begins as the first one did. */
static void look_back(lua_State *L, struct mapping *m) {
    m->stale = !state_unchanged(L, m->mark);
    if (m->sandbox.memory.used > m->used + GARBAGE_MAX) {
        lua_gc(L, LUA_GCCOLLECT);
    }
}

static int map(lua_State *L) {
    struct mapping *m = mapping_of(L);
    rows_run(L, &m->run);
    run_own_check(L, &m->run);
    name_file(L, m);
    write_document(L, m);
    run_check(L, result_take(m->result, &m->run, &m->texts));
    return 0;
}

/* Marks once there is a second record: a single one needs no look back. */
static int mark(lua_State *L) {
    struct mapping *m = mapping_of(L);
    lua_settop(L, 0);
    m->mark = state_mark(L, m->run.kept);
    return 0;
}

static int after(lua_State *L) {
    look_back(L, mapping_of(L));
    return 0;
}

static void begin_run(struct mapping *m, const struct record_set *records, size_t record) {
    struct run *run = &m->run;
    run->contract = &m->contract;
    run->encoder = m->encoder;
    run->records = records;
    run->record = m->contract.answer ? 1 : record;
    run->explain = m->job.explain;
    run->row = 0;
    run->key = NULL;
    run->text.n = 0;
    run->cells_n = run->losses_n = run->trace_n = 0;
    run->lost = 0;
}

static int32_t renew(struct mapping *m, struct fault *why) {
    if (!m->stale) {
        return SHK_OK;
    }
    end(m);
    return start(m, why);
}

static int32_t run_once(struct mapping *m, const struct record_set *records, size_t record,
                        struct fault *why) {
    int32_t rc = renew(m, why);
    begin_run(m, records, record);
    if (rc == SHK_OK && m->once) {
        m->stale = true;
    } else if (rc == SHK_OK && m->mark == LUA_NOREF) {
        rc = sandbox_call(&m->sandbox, mark, m, why);
    }
    if (rc == SHK_OK) {
        describe(m);
        rc = sandbox_call(&m->sandbox, map, m, why);
    }
    if (rc == SHK_OK && !m->once) {
        rc = sandbox_call(&m->sandbox, after, m, why);
    }
    m->stale = m->stale || rc != SHK_OK;
    return rc;
}

int32_t mapping_map(struct mapping *m, const struct record_set *records, size_t record,
                    struct mapping_result **out, struct fault *why) {
    *out = NULL;
    if (records == NULL || record < 1 || record > record_count(records)) {
        return fault_raise(why, SHK_E_ARGUMENT);
    }
    m->result = calloc(1, sizeof *m->result);
    if (m->result == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    int32_t rc = run_once(m, records, record, why);
    if (rc != SHK_OK) {
        mapping_result_free(&m->result);
    }
    *out = m->result;
    m->result = NULL;
    return rc;
}

void mapping_facts(const struct mapping *m, struct mapping_facts *out) {
    const struct contract *c = &m->contract;
    *out = (struct mapping_facts){.id = c->id,
                                  .format = c->format,
                                  .encoding = c->encoding,
                                  .adapter = c->adapter,
                                  .per_answer = c->answer};
    for (size_t i = 0; i < sizeof out->sees / sizeof out->sees[0]; i++) {
        out->sees[i] = c->uses.field[i] != 0;
    }
}

const char *mapping_find(const struct mapping *m) {
    return m->contract.sql.find;
}

void mapping_close(struct mapping **mapping) {
    struct mapping *m = *mapping;
    if (m == NULL) {
        return;
    }
    end(m);
    run_clear(&m->run);
    bytes_clear(&m->document);
    bytes_clear(&m->head_text);
    free(m);
    *mapping = NULL;
}

int32_t mapping_run(const struct mapping_job *job, const struct record_set *records, size_t record,
                    struct mapping_result **out, struct fault *why) {
    struct mapping *m = NULL;
    *out = NULL;
    int32_t rc = mapping_open(job, &m, why);
    if (m != NULL) {
        m->once = true;
        rc = mapping_map(m, records, record, out, why);
    }
    mapping_close(&m);
    return rc;
}
