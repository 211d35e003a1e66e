/* Another program at the same reader, over the PC/SC library.
 * usage: other_program READER MODE, READER as its number in the list.
 *   exclusive      connects so that nobody else may, says "held", lets go at a line on stdin
 *   transaction    the same with a shared connection and a transaction
 *   reset          connects, says "ready", and at each line on stdin resets the card and says "reset"
 *   hammer         connects, says "ready", and resets the card every few milliseconds for ever
 *   thief COMMANDS connects, says "ready", begins a transaction at a line on stdin (it has to wait when
 *                  another program has one), then sends each command (hex, divided by commas) and
 *                  says its status word, or "gone" when the connection was lost
 * Exit 0: done; 2: not possible. */
#include <PCSC/wintypes.h>

#include <PCSC/winscard.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static SCARDCONTEXT context;
static SCARDHANDLE card;
static DWORD protocol;

static void say(const char *word) {
    printf("%s\n", word);
    fflush(stdout);
}

static int await_line(void) {
    char line[8];
    return fgets(line, sizeof line, stdin) != NULL;
}

static int connect_to(int number, DWORD share) {
    char names[4096];
    DWORD len = sizeof names;
    const char *name = names;
    if (SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context) != SCARD_S_SUCCESS ||
        SCardListReaders(context, NULL, names, &len) != SCARD_S_SUCCESS) {
        return 0;
    }
    while (number-- > 0 && *name != '\0') {
        name += strlen(name) + 1;
    }
    return SCardConnect(context, name, share, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &card,
                        &protocol) == SCARD_S_SUCCESS;
}

static int hold(int transaction) {
    if (transaction && SCardBeginTransaction(card) != SCARD_S_SUCCESS) {
        return 2;
    }
    say("held");
    (void)await_line();
    return 0;
}

static LONG reset(void) {
    return SCardReconnect(card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1,
                          SCARD_RESET_CARD, &protocol);
}

static int reset_when_told(void) {
    say("ready");
    while (await_line()) {
        say(reset() == SCARD_S_SUCCESS ? "reset" : "refused");
    }
    return 0;
}

static int hammer(void) {
    const struct timespec pause = {.tv_nsec = 7 * 1000000L};
    say("ready");
    while (!ferror(stdout)) {
        (void)reset();
        nanosleep(&pause, NULL);
    }
    return 0;
}

static LONG begin(void) {
    LONG rv = SCardBeginTransaction(card);
    while (rv == (LONG)SCARD_W_RESET_CARD) {
        (void)SCardReconnect(card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1,
                             SCARD_LEAVE_CARD, &protocol);
        rv = SCardBeginTransaction(card);
    }
    return rv;
}

static DWORD from_hex(const char *text, BYTE *out, size_t cap) {
    DWORD n = 0;
    char pair[3] = "";
    for (; text[0] != '\0' && text[1] != '\0' && n < cap; text += 2) {
        memcpy(pair, text, 2);
        out[n++] = (BYTE)strtoul(pair, NULL, 16);
    }
    return n;
}

static void send_one(const char *text) {
    BYTE command[300], reply[4096];
    DWORD n = from_hex(text, command, sizeof command), len = sizeof reply;
    const SCARD_IO_REQUEST *pci = protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
    if (SCardTransmit(card, pci, command, n, NULL, reply, &len) != SCARD_S_SUCCESS || len < 2) {
        say("gone");
        return;
    }
    printf("%02X%02X\n", (unsigned)reply[len - 2], (unsigned)reply[len - 1]);
    fflush(stdout);
}

static int steal(char *commands) {
    say("ready");
    (void)await_line();
    if (begin() != SCARD_S_SUCCESS) {
        say("gone");
        return 0;
    }
    for (char *one = strtok(commands, ","); one != NULL; one = strtok(NULL, ",")) {
        send_one(one);
    }
    return 0;
}

static int behave(int argc, char **argv) {
    if (strcmp(argv[2], "exclusive") == 0 || strcmp(argv[2], "transaction") == 0) {
        return hold(argv[2][0] == 't');
    }
    if (strcmp(argv[2], "reset") == 0) {
        return reset_when_told();
    }
    if (strcmp(argv[2], "hammer") == 0) {
        return hammer();
    }
    return argc == 4 && strcmp(argv[2], "thief") == 0 ? steal(argv[3]) : 2;
}

int main(int argc, char **argv) {
    if (argc < 3) {
        return 2;
    }
    int alone = strcmp(argv[2], "exclusive") == 0;
    if (!connect_to((int)strtol(argv[1], NULL, 10),
                    alone ? SCARD_SHARE_EXCLUSIVE : SCARD_SHARE_SHARED)) {
        return 2;
    }
    int rc = behave(argc, argv);
    (void)SCardDisconnect(card, SCARD_LEAVE_CARD);
    (void)SCardReleaseContext(context);
    return rc;
}
