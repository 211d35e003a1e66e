/* The text that the official app copies to the XML of a face push, one after the other in one process:
 *     app_face TEXT ROUNDS > FACE
 * The microseconds of one go to the standard error, the last document to the standard output. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "app.h"
#include "oqs_write.h"

static double now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int32_t convert(const char *text, size_t n, const struct app_words *words,
                       struct bytes *out) {
    struct record_set *set = NULL;
    struct fault why = {0};
    bytes_clear(out);
    int32_t rc = app_read(text, n, 1, words, &set, &why);
    rc = rc == SHK_OK ? oqs_write_face(set, NULL, 0, OQS_CP932, NULL, NULL, out, &why) : rc;
    record_free(&set);
    if (rc != SHK_OK) {
        fprintf(stderr, "fault %d %s\n", (int)rc, why.where);
    }
    return rc;
}

int main(int argc, char **argv) {
    static char text[APP_TEXT_MAX];
    struct bytes face = {0};
    FILE *f = argc == 3 ? fopen(argv[1], "rb") : NULL;
    struct app_words *words = app_words_new();
    if (f == NULL || words == NULL) {
        fprintf(stderr, "app_face TEXT ROUNDS\n");
        return 2;
    }
    size_t n = fread(text, 1, sizeof text, f);
    fclose(f);
    long rounds = strtol(argv[2], NULL, 10);
    int32_t rc = SHK_OK;
    double since = now_us();
    for (long i = 0; rc == SHK_OK && i < rounds; i++) {
        rc = convert(text, n, words, &face);
    }
    fprintf(stderr, "%.3f\n", (now_us() - since) / (double)rounds);
    fwrite(face.p, 1, face.n, stdout);
    bytes_clear(&face);
    app_words_free(&words);
    return rc == SHK_OK ? 0 : 1;
}
