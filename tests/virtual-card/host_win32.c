/* The file inherits the rights of its folder: Windows has no mode 0600. */
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <stdio.h>

#include "internal.h"

int64_t host_now_us(void) {
    LARGE_INTEGER now, per_second;

    QueryPerformanceCounter(&now);
    QueryPerformanceFrequency(&per_second);
    return (int64_t)((double)now.QuadPart * 1e6 / (double)per_second.QuadPart);
}

void host_sleep_ms(uint32_t ms) {
    Sleep(ms);
}

int host_replace_file(const char *path, const void *data, size_t len) {
    char temp[PATH_CAP + 32];
    FILE *f;
    int rc;

    rc = snprintf(temp, sizeof temp, "%s.%lu.new", path, (unsigned long)GetCurrentProcessId());
    if (rc < 0 || (size_t)rc >= sizeof temp || (f = fopen(temp, "wb")) == NULL)
        return -1;
    rc = fwrite(data, 1, len, f) == len ? 0 : -1;
    if (fclose(f) != 0)
        rc = -1;
    if (rc == 0 && !MoveFileExA(temp, path, MOVEFILE_REPLACE_EXISTING))
        rc = -1;
    if (rc != 0)
        (void)remove(temp);
    return rc;
}
