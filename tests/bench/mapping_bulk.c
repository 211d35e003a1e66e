/* What mapping adds to reading a bulk answer: the file is read twice, once with every record thrown away and
 * once with every record mapped.
 *     mapping_bulk SCRIPT BULK_ANSWER */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mapping.h"
#include "oqs_bulk.h"

#define PIECE      ((size_t)64 * 1024)
#define SCRIPT_MAX ((size_t)1 << 20)

struct pass {
    struct mapping *mapping; /* null: the records are only read */
    size_t rows, bytes;
    struct fault fault;
};

static double now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int32_t on_unit(void *self, size_t number, struct record_set *set,
                       const struct fault *unread, struct fault *why) {
    struct pass *pass = self;
    struct mapping_result *result = NULL;
    (void)number;
    (void)unread;
    int32_t rc = SHK_OK;
    if (pass->mapping != NULL && set != NULL) {
        rc = mapping_map(pass->mapping, set, 1, &result, why);
        pass->bytes += result != NULL ? result->body.n : 0;
        mapping_result_free(&result);
    }
    pass->rows++;
    record_free(&set);
    return rc;
}

static double run_pass(const char *path, struct pass *pass) {
    static uint8_t piece[PIECE];
    const struct oqs_bulk_receiver to = {on_unit, pass};
    struct oqs_bulk *bulk = NULL;
    struct oqs_bulk_head head;
    FILE *f = fopen(path, "rb");
    double start = now_us();
    int32_t rc = f != NULL ? oqs_bulk_new(NULL, &to, &bulk) : SHK_E_ARGUMENT;
    for (size_t n = 1; rc == SHK_OK && n > 0;) {
        n = fread(piece, 1, sizeof piece, f);
        rc = n > 0 ? oqs_bulk_push(bulk, piece, n, &pass->fault) : SHK_OK;
    }
    rc = rc == SHK_OK ? oqs_bulk_end(bulk, &head, &pass->fault) : rc;
    double us = now_us() - start;
    oqs_bulk_free(&bulk);
    if (f != NULL) {
        fclose(f);
    }
    if (rc != SHK_OK) {
        fprintf(stderr, "%s: %d %s\n", path, (int)rc, pass->fault.where);
        exit(1);
    }
    return us;
}

static struct mapping *open_script(const char *path) {
    static uint8_t script[SCRIPT_MAX];
    struct mapping *mapping = NULL;
    struct fault why = {0};
    FILE *f = fopen(path, "rb");
    size_t n = f != NULL ? fread(script, 1, sizeof script, f) : 0;
    if (f != NULL) {
        fclose(f);
    }
    const struct mapping_job job = {.script = {path, script, n}};
    if (mapping_open(&job, &mapping, &why) != SHK_OK) {
        fprintf(stderr, "%d %s\n", (int)why.code, why.where);
        exit(1);
    }
    return mapping;
}

int main(int argc, char **argv) {
    struct pass read = {0}, mapped = {0};
    if (argc != 3) {
        fprintf(stderr, "mapping_bulk SCRIPT BULK_ANSWER\n");
        return 2;
    }
    mapped.mapping = open_script(argv[1]);
    double reading = run_pass(argv[2], &read), all = run_pass(argv[2], &mapped);
    double rows = (double)(read.rows > 0 ? read.rows : 1);
    printf("bulk answer         %zu persons, %zu bytes of rows\n", read.rows, mapped.bytes);
    printf("reading alone       %8.2f us a person\n", reading / rows);
    printf("reading and mapping %8.2f us a person\n", all / rows);
    printf("mapping beyond it   %8.2f us a person  (%.2f of reading)\n", (all - reading) / rows,
           (all - reading) / reading);
    mapping_close(&mapped.mapping);
    return 0;
}
