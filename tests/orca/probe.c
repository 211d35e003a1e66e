/* The orca adapter with real HTTP, for tests that drive it from outside:
 * orca_probe find|deliver key=value…  Settings of the adapter as set.KEY=…, values of an answer as
 * ask.PATH=…. kill=N ends the process after the N-th request was answered, kill_before=N before it is
 * sent. What the adapter notes goes to the file note=…; its last line is what an attempt is given. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "real_env.h"
#include "registry.h"
#include "services.h"

#define MANY 64

struct probe {
    int argc;
    char **argv;
    struct fault said; /* by the adapter itself */
    struct services lent;
    struct fault service_why;
    shk_services sv;
    int32_t sent;
    char note[SHK_NOTE_MAX];
};

static const char *word(const struct probe *p, const char *key, const char *otherwise) {
    size_t n = strlen(key);
    for (int i = 2; i < p->argc; i++) {
        if (strncmp(p->argv[i], key, n) == 0 && p->argv[i][n] == '=') {
            return p->argv[i] + n + 1;
        }
    }
    return otherwise;
}

static int32_t number(const struct probe *p, const char *key) {
    const char *text = word(p, key, "0");
    int32_t value = 0;
    return text_to_int32(text, strlen(text), &value) ? value : 0;
}

/* Arguments such as set.url=… without their beginning. */
static uint32_t gather(const struct probe *p, const char *before, shk_setting out[MANY],
                       char room[MANY][64]) {
    uint32_t n = 0;
    size_t m = strlen(before);
    for (int i = 2; i < p->argc && n < MANY; i++) {
        const char *equals = strchr(p->argv[i], '=');
        if (equals != NULL && strncmp(p->argv[i], before, m) == 0) {
            text_copy_n(room[n], 64, p->argv[i] + m, (size_t)(equals - p->argv[i]) - m);
            out[n] = (shk_setting){room[n], equals + 1};
            n++;
        }
    }
    return n;
}

static int32_t SHK_CALL fail(void *self, int32_t code, int32_t native, const char *where) {
    struct probe *p = self;
    return fault_set(&p->said, code, SHK_NATIVE_HOST, native, where);
}

static int32_t SHK_CALL note(void *self, const char *text) {
    struct probe *p = self;
    FILE *file = fopen(word(p, "note", ""), "ab");
    if (file == NULL || fprintf(file, "%s\n", text) < 0 || fclose(file) != 0) {
        return SHK_E_STORE_FAILED;
    }
    return SHK_OK;
}

static void read_note(struct probe *p) {
    char line[SHK_NOTE_MAX];
    FILE *file = fopen(word(p, "note", ""), "rb");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        text_copy_n(p->note, sizeof p->note, line, strcspn(line, "\n"));
    }
    if (file != NULL) {
        fclose(file);
    }
}

static int32_t SHK_CALL send(void *self, void *http, const shk_http_request *request,
                             shk_http_reply *reply) {
    struct probe *p = self;
    p->sent++;
    if (p->sent == number(p, "kill_before")) {
        raise(SIGKILL);
    }
    int32_t rc = p->lent.table.http_send(&p->lent, http, request, reply);
    if (p->sent == number(p, "kill")) {
        raise(SIGKILL);
    }
    return rc;
}

static int32_t SHK_CALL http_open(void *self, const shk_http_settings *settings, void **http) {
    struct probe *p = self;
    return p->lent.table.http_open(&p->lent, settings, http);
}

static void SHK_CALL http_close(void *self, void *http) {
    struct probe *p = self;
    p->lent.table.http_close(&p->lent, http);
}

static int64_t SHK_CALL now_ms(void *self) {
    struct probe *p = self;
    return p->lent.table.now_ms(&p->lent);
}

static void SHK_CALL say(void *self, int32_t level, const char *what, int32_t value) {
    (void)self;
    printf("log %d %s %d\n", (int)level, what, (int)value);
}

static void SHK_CALL release(void *self, uint8_t *data) {
    struct probe *p = self;
    p->lent.table.release(&p->lent, data);
}

static int32_t SHK_CALL stopping(void *self) {
    (void)self;
    return 0;
}

static void lend(struct probe *p) {
    p->sv = p->lent.table;
    p->sv.self = p;
    p->sv.fail = fail;
    p->sv.note = note;
    p->sv.http_open = http_open;
    p->sv.http_send = send;
    p->sv.http_close = http_close;
    p->sv.now_ms = now_ms;
    p->sv.log = say;
    p->sv.release = release;
    p->sv.stopping = stopping;
}

static int32_t SHK_CALL found(void *who, const char *id, const shk_field *values, uint32_t n) {
    (void)who;
    printf("patient %s\n", id);
    for (uint32_t i = 0; i < n; i++) {
        printf("%s %s\n", values[i].to, values[i].value);
    }
    return SHK_OK;
}

static size_t slurp(const char *path, uint8_t *out, size_t cap) {
    FILE *file = fopen(path, "rb");
    size_t n = file != NULL ? fread(out, 1, cap, file) : 0;
    if (file != NULL) {
        fclose(file);
    }
    return n;
}

static int32_t deliver(struct probe *p, shk_host *host) {
    static uint8_t body[1 << 20];
    shk_receipt receipt = {.struct_size = sizeof receipt, .abi = SHK_ADAPTER_ABI};
    read_note(p);
    shk_delivery d = {.struct_size = sizeof d,
                      .abi = SHK_ADAPTER_ABI,
                      .id = "00000000-0000-4000-8000-000000000001",
                      .script = "orca-patientmod",
                      .format = "xml",
                      .encoding = "utf-8",
                      .file_name = "orca.xml",
                      .body = body,
                      .body_len = (uint32_t)slurp(word(p, "document", ""), body, sizeof body),
                      .attempt = p->note[0] != '\0' ? 2 : 1,
                      .patient = word(p, "patient", ""),
                      .note = p->note};
    int32_t rc = adapter_orca.deliver(host, &d, &receipt);
    printf("place %s\npatient %s\nwarning %s\n", receipt.place, receipt.patient, receipt.warning);
    return rc;
}

static int32_t find(struct probe *p, shk_host *host) {
    static shk_setting asked[MANY];
    static char room[MANY][64];
    static shk_field fields[MANY];
    uint32_t n = gather(p, "ask.", asked, room);
    for (uint32_t i = 0; i < n; i++) {
        fields[i] = (shk_field){asked[i].key, asked[i].value};
    }
    return adapter_orca.find_patients(host, fields, n, found, p);
}

static int32_t run(struct probe *p) {
    static shk_setting settings[MANY];
    static char room[MANY][64];
    shk_host *host = NULL;
    uint32_t n = gather(p, "set.", settings, room);
    int32_t rc = adapter_orca.open(&p->sv, settings, n, &host);
    if (rc == SHK_OK) {
        rc = text_equal(p->argv[1], "find") ? find(p, host) : deliver(p, host);
    }
    adapter_orca.close(&host);
    return rc;
}

int main(int argc, char **argv) {
    static struct probe p;
    static const struct env_life life = {NULL, NULL};
    struct session *session = NULL;
    struct env env;
    if (argc < 2) {
        return 2;
    }
    p.argc = argc;
    p.argv = argv;
    real_env_init(&env);
    if (session_new(config_new(), &env, &life, &session, &p.service_why) != SHK_OK) {
        return 2;
    }
    services_init(&p.lent, session, &p.service_why);
    lend(&p);
    int32_t rc = run(&p);
    printf("rc %d\nsaid %d %d %s\n", (int)rc, (int)p.said.code, (int)p.said.native, p.said.where);
    session_drop(session);
    return 0;
}
