#include "values_delivery.h"

#include <string.h>

#include "paths.h"
#include "values_give.h"

static const struct bytes nothing;

static const struct bytes *document_of(const struct mapping_result *made, bool text) {
    if (made == NULL) {
        return &nothing;
    }
    return text && made->plain.n > 0 ? &made->plain : &made->body;
}

/* "U+20BB7" */
static int32_t give_code(struct reading *out, uint32_t code) {
    text_format(out->scratch, sizeof out->scratch, "U+%04X", (unsigned)code);
    return values_give_text(out, out->scratch);
}

static int32_t read_loss(const struct mapping_loss *loss, const char *name, size_t n,
                         struct reading *out) {
    static const struct mapping_loss none = {.to = ""};
    bool there = loss != NULL;
    int32_t rc = SHK_E_PATH;
    loss = there ? loss : &none;
    if (text_equal_n("field", name, n)) {
        rc = values_give_text(out, loss->to);
    } else if (text_equal_n("code", name, n)) {
        rc = give_code(out, loss->code);
    } else if (text_equal_n("instead", name, n)) {
        rc = give_code(out, loss->instead);
    }
    return there || rc == SHK_E_PATH ? rc : SHK_E_ABSENT;
}

static int32_t read_trace(const struct mapping_trace *trace, const char *name, size_t n,
                          struct reading *out) {
    static const char *const raws[] = {"absent", "empty", "text", "number", "constant", "function"};
    static const struct mapping_trace none = {.to = ""};
    bool there = trace != NULL;
    trace = there ? trace : &none;
    const struct {
        const char *name, *text;
        int64_t number; /* when there is no text; below 0: absent */
    } parts[] = {
        {"to", trace->to, 0},
        {"from", trace->from, 0},
        {"helper", trace->helpers, 0},
        {"raw", raws[trace->raw], 0},
        {"line", NULL, trace->line > 0 ? trace->line : -1},
        {"bytes", NULL, trace->bytes},
        {"limit", NULL, trace->limit > 0 ? trace->limit : -1},
        {"written", NULL, trace->written ? 1 : 0},
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (text_equal_n(parts[i].name, name, n)) {
            int32_t rc = parts[i].text != NULL ? values_give_if(out, parts[i].text)
                                               : values_give_known(out, parts[i].number);
            return there ? rc : SHK_E_ABSENT;
        }
    }
    return SHK_E_PATH;
}

/* "loss[2].code", "explain[5].line" */
static int32_t read_listed(const struct mapping_result *made, const char *name, size_t n,
                           struct reading *out) {
    struct path_step step;
    if (!path_step(name, n, &step) || step.index == 0 || step.rest_len == 0) {
        return SHK_E_PATH;
    }
    if (text_equal_n("loss", step.name, step.name_len)) {
        bool there = made != NULL && step.index <= made->loss_n;
        return read_loss(there ? &made->loss[step.index - 1] : NULL, step.rest, step.rest_len, out);
    }
    if (text_equal_n("explain", step.name, step.name_len)) {
        bool there = made != NULL && step.index <= made->trace_n;
        return read_trace(there ? &made->trace[step.index - 1] : NULL, step.rest, step.rest_len,
                          out);
    }
    return SHK_E_PATH;
}

int32_t values_read_delivery(const struct delivered *d, const char *name, size_t n,
                             struct reading *out) {
    const struct mapping_result *made = d->document;
    if (n > 6 && memcmp(name, "fault.", 6) == 0) {
        return values_read_fault(&d->fault, name + 6, n - 6, out);
    }
    if (text_equal_n("id", name, n)) {
        return values_give_text(out, d->id);
    }
    if (text_equal_n("script", name, n)) {
        return values_give_text(out, d->script);
    }
    if (text_equal_n("file", name, n)) {
        return values_give_if(out, d->place);
    }
    if (text_equal_n("patient", name, n)) {
        return values_give_if(out, d->patient);
    }
    if (text_equal_n("warning", name, n)) {
        return values_give_if(out, d->warning);
    }
    if (text_equal_n("grade", name, n)) {
        return values_give_known(out, d->grade > 0 ? d->grade : -1);
    }
    if (text_equal_n("attempt", name, n)) {
        return values_give_known(out, d->attempt > 0 ? d->attempt : -1);
    }
    if (text_equal_n("waiting", name, n)) {
        return values_give_number(out, d->waiting ? 1 : 0);
    }
    if (text_equal_n("repeated", name, n)) {
        return values_give_number(out, d->repeated ? 1 : 0);
    }
    if (text_equal_n("pack", name, n)) {
        return values_give_if(out, d->pack);
    }
    if (text_equal_n("pack_signed", name, n)) {
        return d->pack[0] != '\0' ? values_give_text(out, d->pack_signed ? "signed" : "unsigned")
                                  : SHK_E_ABSENT;
    }
    if (text_equal_n("head", name, n)) {
        out->is_document = true;
        out->text = made != NULL ? bytes_text(&made->head) : "";
        out->len = made != NULL ? made->head.n : 0;
        return made != NULL ? SHK_OK : SHK_E_ABSENT;
    }
    if (text_equal_n("file_name", name, n)) {
        return made != NULL ? values_give_text(out, made->file_name) : SHK_E_ABSENT;
    }
    if (text_equal_n("format", name, n)) {
        return made != NULL ? values_give_text(out, made->format) : SHK_E_ABSENT;
    }
    if (text_equal_n("encoding", name, n)) {
        return made != NULL ? values_give_text(out, made->encoding) : SHK_E_ABSENT;
    }
    if (text_equal_n("losses", name, n)) {
        return made != NULL ? values_give_number(out, made->losses) : SHK_E_ABSENT;
    }
    if (text_equal_n("document", name, n) || text_equal_n("document_text", name, n)) {
        bool text = text_equal_n("document_text", name, n);
        const struct bytes *body = document_of(made, text);
        out->is_document = true;
        out->is_number = text;
        out->text = bytes_text(body);
        out->len = body->n;
        return made != NULL ? SHK_OK : SHK_E_ABSENT;
    }
    return read_listed(made, name, n, out);
}

int32_t values_count_delivery(const struct delivered *d, const char *name, size_t n, int32_t *out) {
    const struct mapping_result *made = d != NULL ? d->document : NULL;
    bool loss = text_equal_n("loss", name, n);
    if (!loss && !text_equal_n("explain", name, n)) {
        return SHK_E_PATH;
    }
    size_t count = made == NULL ? 0 : loss ? made->loss_n : made->trace_n;
    *out = (int32_t)count;
    return SHK_OK;
}
