/* The rules of a row for its finished text: characters, limits, width. */
#include <stdlib.h>
#include <string.h>

#include "run.h"
#include "text.h"

static const char geta[] = "〓";

static noreturn void lost(lua_State *L, struct run *run, uint32_t code) {
    char what[CONTRACT_WHERE_MAX];
    text_format(what, sizeof what, "%s U+%04X", run->name, (unsigned)code);
    run_fail(L, run, SHK_E_CHARACTER_LOST, what);
}

static const char *substitute_of(const struct contract *c, uint32_t code) {
    size_t low = 0, high = c->substitutes_n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c->substitutes[middle].code < code) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < c->substitutes_n && c->substitutes[low].code == code ? c->substitutes[low].to
                                                                      : NULL;
}

/* The script's word for a character, left on the stack; null: it stops. */
static const char *ask_script(lua_State *L, struct run *run, const struct contract_row *row,
                              const char *p, size_t n) {
    size_t len = 0, at;
    uint32_t code;
    run_push_function(L, run, row->lack.function);
    lua_pushstring(L, row->to);
    lua_pushlstring(L, p, n);
    lua_call(L, 2, 1);
    if (lua_isnil(L, -1)) {
        return NULL;
    }
    const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &len) : NULL;
    bool usable = text != NULL && strlen(text) == len && utf8_valid(text, len);
    at = usable ? encoder_first_lost(run->encoder, text, len, &code) : 0;
    if (!usable || at < len) {
        run_fail(L, run, SHK_E_SCRIPT_RUN, NULL);
    }
    return text;
}

void row_text_note_loss(lua_State *L, struct run *run, uint32_t code, const char *instead) {
    struct run_loss loss = {.code = code};
    run->lost++;
    if (run->losses_n == MAPPING_LOSSES_MAX) {
        return;
    }
    /* The row's name begins where its cell will say. */
    loss.to_at = run->to_at;
    (void)utf8_decode(instead, strlen(instead), &loss.instead);
    run->losses = run_grow(L, run->losses, run->losses_n, &run->losses_cap, sizeof *run->losses);
    run->losses[run->losses_n++] = loss;
}

const char *row_text_instead(const struct run *run, const struct contract_lack *lack,
                             uint32_t code) {
    const char *instead = substitute_of(run->contract, code);
    if (instead == NULL && lack->rule == UNMAPPABLE_GETA) {
        instead = encoder_has(run->encoder, 0x3013) ? geta : "?";
    }
    return instead;
}

static void replace_one(lua_State *L, struct run *run, const struct contract_row *row,
                        const char *p, size_t n, uint32_t code) {
    int top = lua_gettop(L);
    const char *instead = row_text_instead(run, &row->lack, code);
    if (instead == NULL && row->lack.rule == UNMAPPABLE_FUNCTION) {
        instead = ask_script(L, run, row, p, n);
    }
    if (instead == NULL) {
        lost(L, run, code);
    }
    row_text_note_loss(L, run, code, instead);
    run_check(L, bytes_append_text(&run->other, instead));
    lua_settop(L, top);
}

/* Rewrites run->one without the characters that the target lacks. */
static void replace_lost(lua_State *L, struct run *run, const struct contract_row *row,
                         size_t first) {
    const char *p = bytes_text(&run->one);
    size_t n = run->one.n;
    run->other.n = 0;
    run_check(L, bytes_append(&run->other, p, first));
    for (size_t i = first, len; i < n; i += len) {
        uint32_t code = 0;
        len = utf8_decode(p + i, n - i, &code);
        if (encoder_has(run->encoder, code)) {
            run_check(L, bytes_append(&run->other, p + i, len));
        } else {
            replace_one(L, run, row, p + i, len, code);
        }
    }
    struct bytes swapped = run->one;
    run->one = run->other;
    run->other = swapped;
}

static void check_characters(lua_State *L, struct run *run, const struct contract_row *row) {
    uint32_t code;
    size_t first = encoder_first_lost(run->encoder, bytes_text(&run->one), run->one.n, &code);
    if (first < run->one.n) {
        replace_lost(L, run, row, first);
    }
    code = format_forbidden(&run->contract->style, bytes_text(&run->one), run->one.n);
    if (code != FORMAT_CODE_NONE) {
        lost(L, run, code);
    }
}

/* In the target's bytes, or its characters. */
static size_t size_of(const struct run *run, bool chars) {
    const char *text = bytes_text(&run->one);
    return chars ? utf8_count(text, run->one.n) : encoder_bytes(run->encoder, text, run->one.n);
}

static bool exceeds(const struct run *run, int32_t limit, bool chars) {
    /* But for escapes, nothing is longer elsewhere than in UTF-8. */
    bool escapes = !chars && run->contract->encoding_kind == ENCODING_ISO_2022_JP;
    if (limit == 0 || (!escapes && run->one.n <= (size_t)limit)) {
        return false;
    }
    return size_of(run, chars) > (size_t)limit;
}

static void fill_up(lua_State *L, struct run *run, const struct contract_row *row) {
    size_t have = size_of(run, row->width_chars), pad_n = strlen(row->pad);
    size_t each = row->width_chars ? 1 : encoder_bytes(run->encoder, row->pad, pad_n);
    size_t missing = (size_t)row->width - have;
    if (missing % each != 0) {
        /* A full-width fill does not come out even. */
        run_fail(L, run, SHK_E_FIELD_TOO_LONG, NULL);
    }
    run->other.n = 0;
    if (!row->align_right) {
        run_check(L, bytes_append(&run->other, bytes_text(&run->one), run->one.n));
    }
    for (size_t i = 0; i < missing; i += each) {
        run_check(L, bytes_append(&run->other, row->pad, pad_n));
    }
    if (row->align_right) {
        run_check(L, bytes_append(&run->other, bytes_text(&run->one), run->one.n));
    }
    struct bytes swapped = run->one;
    run->one = run->other;
    run->other = swapped;
    /* Escapes of an encoding do not add up. */
    if (size_of(run, row->width_chars) != (size_t)row->width) {
        run_fail(L, run, SHK_E_FIELD_TOO_LONG, NULL);
    }
}

static void check_kind(lua_State *L, struct run *run, const struct contract_row *row) {
    if (!format_kind_fits(row->kind, bytes_text(&run->one))) {
        run_fail(L, run, SHK_E_SCRIPT_RUN, NULL);
    }
}

void row_text_check(lua_State *L, struct run *run, const struct contract_row *row, bool absent) {
    if (!absent) {
        check_characters(L, run, row);
        check_kind(L, run, row);
    }
    if (exceeds(run, row->max_bytes, false) || exceeds(run, row->max_chars, true) ||
        exceeds(run, row->width, row->width_chars)) {
        run_fail(L, run, SHK_E_FIELD_TOO_LONG, NULL);
    }
    if (row->width > 0) {
        fill_up(L, run, row);
    }
}
