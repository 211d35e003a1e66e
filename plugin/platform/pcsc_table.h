/* PC/SC found at run time, in our own widths. Every call gives the PC/SC code as 32 bits, whatever the
 * platform's LONG is, and works on a library that lacks the function (PCSC_INTERNAL). */
#ifndef PLATFORM_PCSC_TABLE_H
#define PLATFORM_PCSC_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "env.h"

#define PCSC_OK                  0u
#define PCSC_OS_INVALID_HANDLE   6u   /* Windows, once the service has ended */
#define PCSC_OS_BROKEN_PIPE      109u /* Windows, with a remote desktop that was disconnected */
#define PCSC_INTERNAL            0x80100001u
#define PCSC_INVALID_HANDLE      0x80100003u
#define PCSC_NO_MEMORY           0x80100006u
#define PCSC_INSUFFICIENT_BUFFER 0x80100008u
#define PCSC_UNKNOWN_READER      0x80100009u
#define PCSC_TIMEOUT             0x8010000Au
#define PCSC_SHARING_VIOLATION   0x8010000Bu
#define PCSC_NO_SMARTCARD        0x8010000Cu
#define PCSC_NOT_READY           0x80100010u
#define PCSC_CANCELLED           0x80100002u
#define PCSC_SYSTEM_CANCELLED    0x80100012u
#define PCSC_COMM_ERROR          0x80100013u
#define PCSC_NOT_TRANSACTED      0x80100016u
#define PCSC_READER_UNAVAILABLE  0x80100017u
#define PCSC_SHUTDOWN            0x80100018u
#define PCSC_CARD_UNSUPPORTED    0x8010001Cu
#define PCSC_NO_SERVICE          0x8010001Du
#define PCSC_SERVICE_STOPPED     0x8010001Eu
#define PCSC_UNEXPECTED          0x8010001Fu
#define PCSC_NO_READERS          0x8010002Eu
#define PCSC_UNSUPPORTED_FEATURE                                                                   \
    0x80100022u /* Windows; pcsc-lite says PCSC_UNEXPECTED for it too */
#define PCSC_SERVER_TOO_BUSY   0x80100031u
#define PCSC_UNSUPPORTED_CARD  0x80100065u
#define PCSC_UNRESPONSIVE_CARD 0x80100066u
#define PCSC_UNPOWERED_CARD    0x80100067u
#define PCSC_RESET_CARD        0x80100068u
#define PCSC_REMOVED_CARD      0x80100069u

#define PCSC_STATE_UNAWARE   0x0000u
#define PCSC_STATE_CHANGED   0x0002u
#define PCSC_STATE_PRESENT   0x0020u
#define PCSC_STATE_EXCLUSIVE 0x0080u
#define PCSC_STATE_IN_USE    0x0100u
#define PCSC_STATE_MUTE      0x0200u
#define PCSC_STATE_FLAGS     0xFFFFu /* above: the count of events */

#define PCSC_ATTRIBUTE_VENDOR  0x00010100u /* text */
#define PCSC_ATTRIBUTE_ATR     0x00090303u /* of the card that is connected */
#define PCSC_ATTRIBUTE_VERSION 0x00010102u /* 0xMMmmbbbb, in the machine's order */

/* The reader that stands for "a reader came or went". */
#define PCSC_PNP "\\\\?PnP?\\Notification"

typedef intptr_t pcsc_handle;

enum pcsc_leave { PCSC_LEAVE_CARD, PCSC_UNPOWER_CARD };

struct pcsc_watch {
    const char *name; /* UTF-8 */
    uint32_t current, event;
    uint8_t atr[ATR_MAX];
    size_t atr_len;
};

struct pcsc; /* a loaded library */

/* library: absolute path, or null for the system's own.
 * SHK_E_NO_PCSC when there is none, SHK_E_MEMORY. */
int32_t pcsc_open(const char *library, struct pcsc **out);
void pcsc_close(struct pcsc **pcsc);

uint32_t pcsc_establish(struct pcsc *p, pcsc_handle *context);
void pcsc_release(struct pcsc *p, pcsc_handle context);
/* The readers' names into list->at[].name, nothing else. Names that do not fit are left out. */
uint32_t pcsc_readers(struct pcsc *p, pcsc_handle context, struct reader_list *list);
/* At most READER_LIST_MAX + 1 readers. */
uint32_t pcsc_wait(struct pcsc *p, pcsc_handle context, uint32_t ms, struct pcsc_watch *at,
                   size_t n);
/* Shared, T=0 or T=1. */
uint32_t pcsc_connect(struct pcsc *p, pcsc_handle context, const char *reader, pcsc_handle *card,
                      uint32_t *protocol);
/* Takes note of a reset that another program made, without making one. */
uint32_t pcsc_reconnect(struct pcsc *p, pcsc_handle card, uint32_t *protocol);
uint32_t pcsc_disconnect(struct pcsc *p, pcsc_handle card, enum pcsc_leave leave);
uint32_t pcsc_begin(struct pcsc *p, pcsc_handle card);
/* A beginning that takes this much longer than other calls has waited for another program: the client of pcsc-lite looks
 * every 100 ms, Windows wakes at once. */
int32_t pcsc_wait_shows_ms(void);
uint32_t pcsc_end(struct pcsc *p, pcsc_handle card, enum pcsc_leave leave);
uint32_t pcsc_transmit(struct pcsc *p, pcsc_handle card, uint32_t protocol, const uint8_t *tx,
                       size_t tx_len, uint8_t *rx, size_t *rx_len);

/* The control code that asks a reader for its features (PC/SC part 10). */
uint32_t pcsc_feature_request(void);
uint32_t pcsc_control(struct pcsc *p, pcsc_handle card, uint32_t code, const uint8_t *tx,
                      size_t tx_len, uint8_t *rx, size_t *rx_len);
/* One PCSC_ATTRIBUTE_ of the reader. */
uint32_t pcsc_attribute(struct pcsc *p, pcsc_handle card, uint32_t id, uint8_t *rx, size_t *rx_len);

#endif
