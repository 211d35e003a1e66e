/* Waiting for a socket that somebody else owns; socket_wait_posix.c and socket_wait_win32.c. */
#ifndef PLATFORM_SOCKET_WAIT_H
#define PLATFORM_SOCKET_WAIT_H

#include <stdint.h>

#define SOCKET_READ  1
#define SOCKET_WRITE 2

/* Waits until `end_ms` of platform_clock. Which of `wanted` can go on, a broken socket with all of them; 0 when
 * the time is over; -1 when it is no socket. */
int socket_wait(int64_t handle, int wanted, int64_t end_ms);

#endif
