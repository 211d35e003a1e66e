#include "face.h"

#include <string.h>

#include "oqs_write.h"
#include "text.h"

#define ELEMENT_MAX 100 /* bytes of an element's name in a loss */

/* A character that is lacking, told later: what writes the document must not be left by a raised error. */
struct lacking {
    struct run *run;
    struct run_loss losses[MAPPING_LOSSES_MAX];
    size_t n;
    int32_t count;
};

/* The losses' names stand in the run's text like those of rows. */
static int32_t keep_loss(struct lacking *lacking, const char *element, size_t n, uint32_t code,
                         const char *instead) {
    struct bytes *text = &lacking->run->text;
    lacking->count++;
    if (lacking->n == MAPPING_LOSSES_MAX) {
        return SHK_OK;
    }
    struct run_loss *loss = &lacking->losses[lacking->n];
    *loss = (struct run_loss){.to_at = text->n, .code = code};
    (void)utf8_decode(instead, strlen(instead), &loss->instead);
    int32_t rc = bytes_append(text, element, n < ELEMENT_MAX ? n : ELEMENT_MAX);
    rc = rc == SHK_OK ? bytes_append_byte(text, 0) : rc;
    lacking->n += rc == SHK_OK ? 1 : 0;
    return rc;
}

static int32_t append_instead(void *self, const char *element, size_t n, uint32_t code,
                              struct bytes *out) {
    struct lacking *lacking = self;
    const struct run *run = lacking->run;
    const char *instead = row_text_instead(run, &run->contract->lack, code);
    if (instead == NULL) {
        return SHK_E_ABSENT;
    }
    int32_t rc = keep_loss(lacking, element, n, code, instead);
    return rc == SHK_OK ? bytes_append_text(out, instead) : rc;
}

static void take_losses(lua_State *L, struct run *run, const struct lacking *lacking) {
    run->lost += lacking->count;
    for (size_t i = 0; i < lacking->n && run->losses_n < MAPPING_LOSSES_MAX; i++) {
        run->losses =
            run_grow(L, run->losses, run->losses_n, &run->losses_cap, sizeof *run->losses);
        run->losses[run->losses_n++] = lacking->losses[i];
    }
}

void face_write(lua_State *L, struct run *run, struct bytes *out) {
    struct lacking *lacking = lua_newuserdatauv(L, sizeof *lacking, 0);
    struct oqs_extra *extra = lua_newuserdatauv(L, (run->cells_n + 1) * sizeof *extra, 0);
    size_t extra_n = 0;
    struct fault reason = {0};
    *lacking = (struct lacking){.run = run};
    /* The names of losses follow, and nothing that is pointed to may move then. */
    run_check(
        L, bytes_reserve(&run->text, run->text.n + (size_t)MAPPING_LOSSES_MAX * (ELEMENT_MAX + 2)));
    const char *text = bytes_text(&run->text);
    for (size_t i = 0; i < run->cells_n; i++) {
        const struct run_cell *cell = &run->cells[i];
        if (!cell->absent) {
            extra[extra_n++] = (struct oqs_extra){text + cell->to_at, text + cell->value_at};
        }
    }
    const struct oqs_instead instead = {append_instead, lacking};
    enum oqs_encoding encoding =
        run->contract->encoding_kind == ENCODING_CP932 ? OQS_CP932 : OQS_UTF8;
    int32_t rc = oqs_write_face(run->records, extra, extra_n, encoding, &instead,
                                run->contract->uses.field, out, &reason);
    if (rc != SHK_OK) {
        run->key = "format";
        run_fail(L, run, rc, reason.where[0] != '\0' ? reason.where : NULL);
    }
    take_losses(L, run, lacking);
    lua_pop(L, 2);
}
