/* A pack's folder: any of its files changed, added or taken away, signed in between by a trusted key or another one, and
 * changed again while it is read. Only what the trusted key signed is signed, and samples that pass are those that the
 * script makes. */
#include <stdio.h>
#include <string.h>

#include "crypto.h"
#include "fault.h"
#include "files_fake.h"
#include "fuzz.h"
#include "pack_keys.h"
#include "pack_list.h"
#include "pack_samples.h"
#include "shikaku/shikaku.h"

#define AT         "/packs/p"
#define STEPS_MOST 8

static const char pack_lua[] =
    "return { pack = 1, id = \"p\", version = \"1.2.3\", name = \"見本\", name_en = \"Sample\","
    " vendor = \"見本\", host = \"見本\", host_versions = { \"5.0\" }, contract = 1,"
    " format = \"csv\", encoding = \"utf-8\", adapter = \"folder\", uses = { \"name\" } }";
static const char mapping_lua[] =
    "return { contract = 1, id = \"p\", format = \"csv\", encoding = \"utf-8\", file = \"p.csv\","
    " fields = { { to = \"N\", from = \"name\" } } }";
static const char sample_xml[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><XmlMsg><MessageHeader><SegmentOfResult>1"
    "</SegmentOfResult></MessageHeader><MessageBody><ProcessingResultStatus>1"
    "</ProcessingResultStatus><QualificationValidity>1</QualificationValidity><ResultList>"
    "<ResultOfQualificationConfirmation><Name>見本</Name></ResultOfQualificationConfirmation>"
    "</ResultList></MessageBody></XmlMsg>";
static const char sample_expected[] = "見本\r\n";

static const char *const names[] = {"pack.lua",           "mapping.lua",  "samples/a.xml",
                                    "samples/a.expected", "manifest.txt", "manifest.sig",
                                    "README.md",          "samples/b.xml"};

struct pack_world_of {
    struct files_fake files;
    struct clock_fake clock;
    struct env env;
    struct fuzz_input in;
    struct bytes signed_text; /* the manifest that the trusted key signed */
    uint32_t wait;
};

static struct pack_keys own, other;

static bool is_folder(const char *name) {
    return text_equal(name, "folder");
}

static const char *path_of(const char *name) {
    static char path[300];
    snprintf(path, sizeof path, AT "/%s", name);
    return path;
}

static void write_manifest(struct pack_world_of *w, struct bytes *out) {
    struct pack_folder folder = {.at = NULL};
    struct fault why = {0};
    if (pack_folder_read(&w->env, AT, &folder, &why) == SHK_OK) {
        fuzz_must(pack_manifest_write(&folder, out) == SHK_OK, "world: manifest");
    }
    pack_folder_clear(&folder);
}

static void sign(struct pack_world_of *w, const struct pack_keys *keys) {
    uint8_t signature[ED25519_SIGNATURE];
    struct bytes text = {0};
    w->files.other = NULL;
    write_manifest(w, &text);
    fuzz_must(ed25519_sign(keys->secret.p, keys->secret.n, "", text.p, text.n, signature) == SHK_OK,
              "world: signature");
    files_fake_set_n(&w->files, path_of(PACK_MANIFEST), bytes_text(&text), text.n);
    files_fake_set_n(&w->files, path_of(PACK_SIGNATURE), signature, sizeof signature);
    if (keys == &own) {
        bytes_clear(&w->signed_text);
        w->signed_text = text;
    } else {
        bytes_clear(&text);
    }
}

static void change_byte(struct pack_world_of *w, const char *path) {
    const struct files_fake_file *file = files_fake_find(&w->files, path);
    uint32_t at = fuzz_below(&w->in, 1024);
    uint8_t by = fuzz_byte(&w->in);
    if (file != NULL && file->content.n > 0) {
        file->content.p[at % file->content.n] ^= by;
    }
}

static void change(struct pack_world_of *w) {
    uint8_t what = fuzz_byte(&w->in) % 5;
    char name[100];
    text_copy(name, sizeof name, names[fuzz_below(&w->in, 8)]);
    if (what == 3) {
        (void)fuzz_text(&w->in, name, sizeof name);
    }
    if (what == 0) {
        change_byte(w, path_of(name));
    } else if (what == 1) {
        files_fake_drop(&w->files, path_of(name));
    } else if (what < 4) {
        struct fuzz_input content = fuzz_piece(&w->in);
        files_fake_set_n(&w->files, path_of(name), content.n > 0 ? (const void *)content.p : "",
                         content.n);
    } else {
        files_fake_fail(&w->files, fuzz_byte(&w->in) % 2 == 0 ? FILES_FAKE_READ : FILES_FAKE_LIST,
                        SHK_E_FOLDER_WRITE, (int32_t)fuzz_below(&w->in, 8));
    }
}

/* Another program at work while the pack is read: what is left of the input. */
static void meanwhile(struct files_fake *f, enum files_fake_call call, const char *path) {
    struct pack_world_of *w = f->other_self;
    (void)call, (void)path;
    fuzz_faults(false);
    if (w->in.n > 0 && w->wait-- == 0) {
        w->wait = fuzz_below(&w->in, 16);
        change(w);
    }
    fuzz_faults(true);
}

static void set_up(struct pack_world_of *w, struct fuzz_input in) {
    static const char *const contents[] = {pack_lua, mapping_lua, sample_xml, sample_expected};
    if (own.secret.n == 0) {
        fuzz_must(pack_keys_make(&own, "ED25519", NULL) && pack_keys_make(&other, "ED25519", NULL),
                  "world: keys");
    }
    w->in = in;
    clock_fake_init(&w->clock);
    files_fake_init(&w->files, "/packs");
    files_fake_add_folder(&w->files, AT);
    files_fake_add_folder(&w->files, AT "/samples");
    w->files.other_self = w;
    w->env = (struct env){.files = &files_fake_ops,
                          .files_self = &w->files,
                          .clock = &clock_fake_ops,
                          .clock_self = &w->clock};
    for (size_t i = 0; i < 4; i++) {
        files_fake_set(&w->files, path_of(names[i]), contents[i]);
    }
}

static bool holds(const struct pack *pack, const char *name, const char *content) {
    const struct pack_file *file = pack_folder_find(&pack->folder, name);
    return file != NULL && file->content.n == strlen(content) &&
           memcmp(bytes_text(&file->content), content, file->content.n) == 0;
}

static void judge_signed(const struct pack_world_of *w, const struct pack *pack) {
    struct bytes is = {0};
    fuzz_must(pack_manifest_write(&pack->folder, &is) == SHK_OK, "world: manifest");
    fuzz_must(is.n == w->signed_text.n && is.n > 0 && memcmp(is.p, w->signed_text.p, is.n) == 0,
              "only what the trusted key signed is signed");
    bytes_clear(&is);
}

static void run_samples(const struct pack *pack, const struct pack_world *world) {
    struct pack_samples samples = {.n = 0};
    struct fault why = {0};
    int32_t rc = pack_samples_run(pack, world, true, &samples, &why);
    fuzz_faults(false);
    for (size_t i = 0; i < samples.n; i++) {
        bool judged = rc == SHK_OK || rc == SHK_E_PACK_SAMPLE; /* else it broke off */
        bool passed = judged && samples.at[i].fault.code == SHK_OK;
        fuzz_must(rc != SHK_OK || passed, "all samples passed");
        bool same = holds(pack, "pack.lua", pack_lua) && holds(pack, "mapping.lua", mapping_lua) &&
                    holds(pack, "samples/a.xml", sample_xml);
        bool right = holds(pack, "samples/a.expected", sample_expected);
        fuzz_must(!passed || !same || !text_equal(samples.at[i].name, "a") || right,
                  "a sample with another result does not pass");
    }
    fuzz_must(rc != SHK_OK || samples.n > 0, "no sample is no pass");
    fuzz_faults(true);
    pack_samples_clear(&samples);
}

static void try_pack(struct pack_world_of *w, uint8_t how) {
    const struct pack_world world = {
        .env = &w->env,
        .adapter_known = is_folder,
        .budget = {.steps = 20000, .memory = 1 << 20, .wall_ms = 1000}};
    const struct pack_trust trust = {.keys = own.open.p,
                                     .keys_n = (how & 1) != 0 ? own.open.n : 0,
                                     .refuse_unsigned = (how & 2) != 0};
    struct pack *pack = NULL;
    struct pack_list list = {.n = 0};
    struct fault why = {0};
    bool is_signed = false;
    int32_t rc = pack_open(&world, &trust, AT, &pack, &is_signed, &why);
    fuzz_must(rc == SHK_OK || fault_find(rc) != NULL, "a fault has a known code");
    fuzz_must(rc != SHK_OK || !trust.refuse_unsigned || is_signed, "an unsigned pack is refused");
    fuzz_faults(false);
    fuzz_must(!is_signed || pack != NULL, "what is signed is there");
    if (is_signed) {
        judge_signed(w, pack);
    }
    fuzz_faults(true);
    if (rc == SHK_OK) {
        run_samples(pack, &world);
    }
    pack_free(&pack);
    if ((how & 4) != 0) {
        (void)pack_list_read(&world, &trust, "/packs", &list, &why);
    }
    pack_list_clear(&list);
}

/* The first byte: trust and list. Then steps: 0 signs, 1 with another key, 2 ends them, else a change. */
void fuzz_one(const uint8_t *p, size_t n) {
    static struct pack_world_of w;
    struct fuzz_input in = {p, n};
    fuzz_faults(false);
    memset(&w, 0, sizeof w);
    uint8_t how = fuzz_byte(&in);
    set_up(&w, in);
    for (int i = 0; i < STEPS_MOST && w.in.n > 0; i++) {
        uint8_t step = fuzz_byte(&w.in) % 8;
        if (step == 2) {
            break;
        }
        if (step < 2) {
            sign(&w, step == 0 ? &own : &other);
        } else {
            change(&w);
        }
    }
    w.files.other = meanwhile;
    fuzz_faults(true);
    try_pack(&w, how);
    fuzz_faults(false);
    files_fake_clear(&w.files);
    bytes_clear(&w.signed_text);
    fuzz_faults(true);
}
