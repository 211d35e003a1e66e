/* A host for tests of the exports: a folder of its own with a configuration file in it. */
#ifndef FAKE_API_HOST_H
#define FAKE_API_HOST_H

#include "shikaku/shikaku.h"
#include "temp_folder.h"

struct api_host {
    struct temp_folder folder;
    char config[128]; /* path of the file that api_open wrote last */
};

/* For cmocka: *state becomes a struct api_host with a demo configuration. */
int api_setup(void **state);
int api_teardown(void **state); /* removes the folder */
/* Opens a session with the demo route, the demo card and the further lines of Lua. */
shk_session api_open(struct api_host *host, const char *lines);

#endif
