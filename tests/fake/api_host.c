#include "api_host.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void write_config(struct api_host *host, const char *lines) {
    char text[2048];
    snprintf(text, sizeof text,
             "return {\n  route = \"demo\",\n  card = \"demo\",\n  demo = { folder = \"" TEST_DATA
             "/demo\" },\n  %s\n}\n",
             lines);
    temp_write(&host->folder, "shikaku.lua", text);
}

int api_setup(void **state) {
    struct api_host *host = calloc(1, sizeof *host);
    *state = host;
    if (host == NULL || !temp_folder_make(&host->folder)) {
        return -1;
    }
    snprintf(host->config, sizeof host->config, "%s/shikaku.lua", host->folder.path);
    write_config(host, "");
    return 0;
}

int api_teardown(void **state) {
    struct api_host *host = *state;
    temp_folder_remove(&host->folder);
    free(host);
    return 0;
}

shk_session api_open(struct api_host *host, const char *lines) {
    shk_session s = 0;
    write_config(host, lines);
    assert_int_equal(shk_open(host->config, -1, &s), SHK_OK);
    assert_true(s > 0);
    return s;
}
