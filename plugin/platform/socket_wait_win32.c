#include "socket_wait.h"

#include <windows.h>

#include "platform.h"

int socket_wait(int64_t handle, int wanted, int64_t end_ms) {
    SOCKET socket = (SOCKET)handle;
    int64_t left = end_ms - platform_clock.mono_ms(NULL);
    left = left < 0 ? 0 : left > INT32_MAX ? INT32_MAX : left;
    struct timeval t = {(long)(left / 1000), (long)(left % 1000 * 1000)};
    fd_set read = {.fd_count = (wanted & SOCKET_READ) != 0, .fd_array = {socket}};
    fd_set write = {.fd_count = (wanted & SOCKET_WRITE) != 0, .fd_array = {socket}};
    fd_set broken = {.fd_count = 1, .fd_array = {socket}};
    int n = select(0, &read, &write, &broken, &t);
    if (n <= 0) {
        return n < 0 ? -1 : 0;
    }
    if (broken.fd_count > 0) {
        return wanted;
    }
    return (read.fd_count > 0 ? SOCKET_READ : 0) | (write.fd_count > 0 ? SOCKET_WRITE : 0);
}
