#include "log_sink.h"

#include <stdlib.h>
#include <windows.h>

#include "path_win32.h"

struct log_sink {
    HANDLE file;
};

int32_t log_sink_open(const char *path, struct log_sink **out, struct fault *why) {
    *out = NULL;
    struct log_sink *sink = calloc(1, sizeof *sink);
    wchar_t *wide = path_wide(path);
    if (sink == NULL || wide == NULL) {
        free(sink);
        free(wide);
        return fault_raise(why, SHK_E_MEMORY);
    }
    /* FILE_APPEND_DATA alone makes each write one atomic append. */
    sink->file = CreateFileW(wide, FILE_APPEND_DATA | SYNCHRONIZE,
                             FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                             OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    DWORD error = GetLastError();
    free(wide);
    if (sink->file == INVALID_HANDLE_VALUE) {
        free(sink);
        return fault_set(why, SHK_E_FOLDER_WRITE, SHK_NATIVE_OS, (int32_t)error, "log");
    }
    *out = sink;
    return SHK_OK;
}

void log_sink_write(struct log_sink *sink, const char *line, size_t n) {
    DWORD written = 0;
    (void)WriteFile(sink->file, line, (DWORD)n, &written, NULL);
}

void log_sink_close(struct log_sink **sink) {
    if (*sink != NULL) {
        CloseHandle((*sink)->file);
        free(*sink);
        *sink = NULL;
    }
}
