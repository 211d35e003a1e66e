#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): mkdtemp */
#include "outbox_world.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"
#include "platform.h"
#include "shikaku/shikaku.h"
#include "values.h"

#define OUT         "/out"
#define TAKEN       "/taken"
#define SCRIPTS     "/scripts"
#define SCRIPT      SCRIPTS "/p.lua"
#define PATIENCE_MS 120000
#define DB_MOST     ((size_t)4 << 20)

static const char script[] =
    "return { contract = 1, id = \"p\", format = \"xml\", encoding = \"utf-8\", root = \"P\","
    " file = \"p.xml\", fields = { { to = \"N\", from = \"name\" }, { to = \"I\", from = "
    "\"number\" } } }";

const char *world_db(const struct outbox_world *w) {
    static char path[96];
    snprintf(path, sizeof path, "%s/shikaku.db", w->folder);
    return path;
}

/* Other numbers every time, the same ones in every run. */
static int32_t fill_random(void *self, uint8_t *p, size_t n) {
    uint64_t *chance = self;
    for (size_t i = 0; i < n; i++) {
        *chance = *chance * 6364136223846793005u + 1442695040888963407u;
        p[i] = (uint8_t)(*chance >> 56);
    }
    return SHK_OK;
}

static bool set_keys(struct config *c, const char *folder, struct fault *why) {
    static const char *const keys[][2] = {{"route", "demo"},
                                          {"demo.folder", OUT},
                                          {"institution_code", "9919999999"},
                                          {"deliveries[1].script", SCRIPT},
                                          {"deliveries[1].folder", OUT},
                                          {"deliveries[1].mode", "file"},
                                          {"deliveries[1].name_by", "id"}};
    bool good = config_set(c, "store.folder", folder, why) == SHK_OK;
    for (size_t i = 0; good && i < sizeof keys / sizeof keys[0]; i++) {
        good = config_set(c, keys[i][0], keys[i][1], why) == SHK_OK;
    }
    return good;
}

static bool is_private(void *self, const char *path) {
    return files_fake_get(self, path) != NULL;
}

struct session *world_session(struct outbox_world *w) {
    static struct file_ops files;
    static const struct random_ops random = {fill_random};
    static const struct env_life life = {NULL, NULL};
    const struct env env = {.clock = &clock_fake_ops,
                            .clock_self = &w->clock,
                            .files = &files,
                            .files_self = &w->files,
                            .random = &random,
                            .random_self = &w->chance,
                            .sqlite = &db_sqlite};
    struct session *s = NULL;
    struct fault why = {0};
    files = files_fake_ops;
    files.is_private = is_private;
    struct config *c = config_new();
    if (c == NULL || !set_keys(c, w->folder, &why)) {
        config_free(&c);
        return NULL;
    }
    return session_new(c, &env, &life, &s, &why) == SHK_OK ? s : NULL;
}

static int32_t ended_with(struct session *s) {
    struct reading r = {0};
    mutex_lock(s->lock);
    int32_t rc = values_read(s, "fault.code", strlen("fault.code"), &r);
    mutex_unlock(s->lock);
    return rc == SHK_OK ? (int32_t)r.number : rc;
}

static int32_t put(struct session *s, const char *path, const char *text) {
    return session_put(s, path, (const uint8_t *)text, strlen(text));
}

int32_t world_job(struct session *s, int32_t job, const char *path, const char *value) {
    int32_t rc = path != NULL ? put(s, path, value) : SHK_OK;
    rc = rc == SHK_OK ? session_start(s, job) : rc;
    int32_t event = rc == SHK_OK ? SHK_EVENT_WAITING : SHK_EVENT_DONE;
    while (event != SHK_EVENT_DONE) {
        event = session_next_event(s, PATIENCE_MS);
        fuzz_must(event != SHK_EVENT_NONE, "a job ends");
    }
    return rc == SHK_OK ? ended_with(s) : rc;
}

int32_t world_import(struct session *s, unsigned n) {
    char text[2048];
    snprintf(
        text, sizeof text,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><XmlMsg><MessageHeader>"
        "<QualificationConfirmationDate>20261122</QualificationConfirmationDate>"
        "<MedicalInstitutionCode>9919999999</MedicalInstitutionCode><SegmentOfResult>1"
        "</SegmentOfResult><CharacterCodeIdentifier>0</CharacterCodeIdentifier></MessageHeader>"
        "<MessageBody><ProcessingResultStatus>1</ProcessingResultStatus><QualificationValidity>1"
        "</QualificationValidity><ResultList><ResultOfQualificationConfirmation><InsurerNumber>"
        "06990014</InsurerNumber><InsuredCardSymbol>見本</InsuredCardSymbol>"
        "<InsuredIdentificationNumber>%u</InsuredIdentificationNumber><Name>見本　%u"
        "</Name><NameKana>ﾐﾎﾝ</NameKana><Sex1>1</Sex1><Birthdate>1985031%u</Birthdate>"
        "</ResultOfQualificationConfirmation></ResultList></MessageBody></XmlMsg>",
        1000 + n, n, n);
    return world_job(s, SHK_JOB_IMPORT, "import.data", text);
}

static void take_ids(struct outbox_world *w) {
    sqlite3 *db = NULL;
    sqlite3_stmt *rows = NULL;
    fuzz_must(sqlite3_open_v2(world_db(w), &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
                  sqlite3_prepare_v2(db, "SELECT id FROM delivery ORDER BY came", -1, &rows,
                                     NULL) == SQLITE_OK,
              "world: ids");
    for (size_t i = 0; i < WORLD_ROWS; i++) {
        fuzz_must(sqlite3_step(rows) == SQLITE_ROW, "world: rows");
        text_copy(w->id[i], sizeof w->id[i], (const char *)sqlite3_column_text(rows, 0));
    }
    sqlite3_finalize(rows);
    sqlite3_close(db);
}

/* The host has what was published: from then on only the store knows of it. */
static void host_takes(struct outbox_world *w, const char *id) {
    char from[96], to[96];
    snprintf(from, sizeof from, OUT "/%s.xml", id);
    snprintf(to, sizeof to, TAKEN "/%s.xml", id);
    fuzz_must(files_fake_get(&w->files, from) != NULL, "world: a document was published");
    files_fake_move(&w->files, from, to);
}

/* Without its script everything waits; then each delivery comes as far as its fault lets it. */
static void fill_store(struct outbox_world *w) {
    static const struct {
        enum files_fake_step step;
        bool good;
    } left[WORLD_ROWS - 1] = {{FILES_FAKE_FLUSH, false},
                              {FILES_FAKE_RENAME, false},
                              {FILES_FAKE_LATE, false},
                              {FILES_FAKE_NEVER, true}};
    for (unsigned i = 0; i < WORLD_ROWS; i++) {
        struct session *s = world_session(w);
        fuzz_must(s != NULL && world_import(s, i) == SHK_E_SCRIPT_FILE, "world: an answer waits");
        session_close(s);
    }
    take_ids(w);
    files_fake_set(&w->files, SCRIPT, script);
    for (size_t i = 1; i < WORLD_ROWS; i++) {
        struct session *s = world_session(w);
        /* The first one makes the folder's mark before it fails. */
        files_fake_fail(&w->files, left[i - 1].step, SHK_E_FOLDER_WRITE, i == 1 ? 1 : 0);
        fuzz_must(s != NULL && (world_job(s, SHK_JOB_DELIVER, "outbox.id", w->id[i]) == SHK_OK) ==
                                   left[i - 1].good,
                  "world: a delivery comes so far");
        files_fake_fail(&w->files, FILES_FAKE_NEVER, 0, 0);
        session_close(s);
    }
    host_takes(w, w->id[WORLD_ROWS - 2]);
    host_takes(w, w->id[WORLD_ROWS - 1]);
}

static void keep_db(struct outbox_world *w) {
    FILE *file = fopen(world_db(w), "rb");
    uint8_t *p = malloc(DB_MOST);
    size_t n = file != NULL && p != NULL ? fread(p, 1, DB_MOST, file) : 0;
    fuzz_must(n > 0 && n < DB_MOST && bytes_append(&w->db, p, n) == SHK_OK, "world: database");
    fclose(file);
    free(p);
}

static void copy_files(const struct files_fake *from, struct files_fake *to) {
    files_fake_init(to, OUT);
    for (size_t i = 0; i < FILES_FAKE_FOLDERS_MAX; i++) {
        if (from->more[i][0] != '\0') {
            files_fake_add_folder(to, from->more[i]);
        }
    }
    for (size_t i = 0; i < from->files_n; i++) {
        files_fake_set_n(to, from->file[i].path, from->file[i].content.p, from->file[i].content.n);
    }
}

static void make(struct outbox_world *w) {
    snprintf(w->folder, sizeof w->folder, "%s/shikaku-fuzz-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    fuzz_must(mkdtemp(w->folder) != NULL, "world: folder");
    clock_fake_init(&w->clock);
    files_fake_init(&w->files, OUT);
    files_fake_add_folder(&w->files, SCRIPTS);
    files_fake_add_folder(&w->files, TAKEN);
    files_fake_add_folder(&w->files, w->folder);
    fill_store(w);
    keep_db(w);
    copy_files(&w->files, &w->kept);
    files_fake_clear(&w->files);
    (void)remove(world_db(w));
    (void)rmdir(w->folder);
}

/* What the input before left. */
static void lay_down(struct outbox_world *w) {
    fuzz_must(mkdir(w->folder, 0700) == 0, "world: folder again");
    FILE *file = fopen(world_db(w), "wb");
    fuzz_must(file != NULL && fwrite(w->db.p, 1, w->db.n, file) == w->db.n && fclose(file) == 0,
              "world: database again");
    fuzz_must(chmod(world_db(w), 0600) == 0, "world: mode");
    copy_files(&w->kept, &w->files);
    clock_fake_init(&w->clock);
    clock_fake_advance(&w->clock, 600000);
    w->chance = 1;
}

struct outbox_world *world_new(void) {
    static struct outbox_world *w;
    if (w == NULL) {
        w = calloc(1, sizeof *w);
        fuzz_must(w != NULL, "world: memory");
        make(w);
    }
    lay_down(w);
    return w;
}

void world_end(struct outbox_world *w) {
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        char path[112];
        snprintf(path, sizeof path, "%s%s", world_db(w), endings[i]);
        (void)remove(path);
    }
    files_fake_clear(&w->files);
    (void)rmdir(w->folder);
}

size_t world_documents(const struct outbox_world *w, const char *id) {
    size_t n = 0;
    for (size_t i = 0; i < w->files.files_n; i++) {
        const char *name = text_file_name(w->files.file[i].path);
        bool whole = strstr(bytes_text(&w->files.file[i].content), "</P>") != NULL;
        fuzz_must(!text_starts(name, id) || whole, "a document is whole");
        n += text_starts(name, id) ? 1 : 0;
    }
    return n;
}
