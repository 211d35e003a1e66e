#include "seat.h"

#include <windows.h>

/* Programs of session 0 belong to nobody's desktop. */
static bool is_service(void) {
    DWORD session = 1;
    return ProcessIdToSessionId(GetCurrentProcessId(), &session) && session == 0;
}

void platform_seat(struct seat *out) {
    *out = (struct seat){.session = "local", .bits = (int32_t)sizeof(void *) * 8, .windows = true};
    if (GetEnvironmentVariableW(L"SSH_CONNECTION", NULL, 0) > 0) {
        out->session = "ssh";
    } else if (is_service()) {
        out->session = "service";
    } else if (GetSystemMetrics(SM_REMOTESESSION) != 0) {
        out->session = "remote";
    }
}
