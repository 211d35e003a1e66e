/* Waiting for a socket that another library owns. */
#include <winsock2.h>

#include "platform.h"
#include "socket_wait.h"
#include "system.h"

static SOCKET ours, theirs;

static int64_t in_ms(int32_t ms) {
    return platform_clock.mono_ms(NULL) + ms;
}

static void connect_both(void) {
    struct sockaddr_in at = {.sin_family = AF_INET};
    int n = sizeof at;
    WSADATA data;
    CHECK(WSAStartup(MAKEWORD(2, 2), &data) == 0);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    SOCKET door = socket(AF_INET, SOCK_STREAM, 0);
    ours = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(bind(door, (struct sockaddr *)&at, n) == 0 && listen(door, 1) == 0);
    CHECK(getsockname(door, (struct sockaddr *)&at, &n) == 0);
    CHECK(connect(ours, (struct sockaddr *)&at, n) == 0);
    theirs = accept(door, NULL, NULL);
    CHECK(theirs != INVALID_SOCKET);
    closesocket(door);
}

static DWORD WINAPI send_soon(LPVOID self) {
    (void)self;
    Sleep(200);
    send(theirs, "x", 1, 0);
    return 0;
}

static void a_socket_is_waited_for(void) {
    char c;
    connect_both();
    int64_t from = platform_clock.mono_ms(NULL);
    CHECK(socket_wait((int64_t)ours, SOCKET_READ, in_ms(300)) == 0);
    CHECK(platform_clock.mono_ms(NULL) - from >= 290);
    CHECK(socket_wait((int64_t)ours, SOCKET_READ, from - 1000) == 0);
    CHECK(socket_wait((int64_t)ours, SOCKET_WRITE, in_ms(9000)) == SOCKET_WRITE);
    HANDLE thread = CreateThread(NULL, 0, send_soon, NULL, 0, NULL);
    CHECK(socket_wait((int64_t)ours, SOCKET_READ, in_ms(20000)) == SOCKET_READ);
    CHECK(socket_wait((int64_t)ours, SOCKET_READ | SOCKET_WRITE, in_ms(9000)) ==
          (SOCKET_READ | SOCKET_WRITE));
    CHECK(WaitForSingleObject(thread, 20000) == WAIT_OBJECT_0);
    CloseHandle(thread);
    CHECK(recv(ours, &c, 1, 0) == 1 && c == 'x');
}

static void an_ended_connection_can_be_read_and_a_closed_socket_is_none(void) {
    closesocket(theirs);
    CHECK(socket_wait((int64_t)ours, SOCKET_READ, in_ms(9000)) == SOCKET_READ);
    closesocket(ours);
    CHECK(socket_wait((int64_t)ours, SOCKET_READ, in_ms(9000)) == -1);
    WSACleanup();
}

int socket_cases(void) {
    static const struct test_case cases[] = {
        CASE(a_socket_is_waited_for),
        CASE(an_ended_connection_can_be_read_and_a_closed_socket_is_none),
    };
    return run_cases(cases, COUNT(cases));
}
