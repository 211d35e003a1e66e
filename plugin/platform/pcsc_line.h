/* One connection to the PC/SC service, on a thread of its own. Every call has a limit. One that is late
 * answers PCSC_LATE: from then on the line belongs to its thread, which gives back library, context and
 * card whenever the driver lets go of it, and only pcsc_line_over and pcsc_line_abandon may be called.
 *
 * Commands are copied into locked memory of the line. The copy is wiped as soon as the call is over, and
 * at once when it is late: its header first, so that a driver that has not looked yet sees no VERIFY. */
#ifndef PLATFORM_PCSC_LINE_H
#define PLATFORM_PCSC_LINE_H

#include "pcsc_table.h"

#define PCSC_LATE 0xFFFFFFFFu /* no code of PC/SC */

struct pcsc_line;

/* Loads the library (null: the system's own) and starts the thread. SHK_E_NO_PCSC, SHK_E_MEMORY. */
int32_t pcsc_line_open(const char *library, struct pcsc_line **out);
/* Gives everything back. What takes longer than ms goes on by itself. Null is accepted. */
void pcsc_line_close(struct pcsc_line **line, int32_t ms);

/* Of a line that is late. Waits at most ms for its call to end; true: it has, and the line is freed. */
bool pcsc_line_over(struct pcsc_line **line, int32_t ms);
/* Nobody asks any more; null is accepted. */
void pcsc_line_abandon(struct pcsc_line **line);

/* The calls of pcsc_table.h; the last argument is the limit. */
uint32_t pcsc_line_establish(struct pcsc_line *line, int32_t ms);
uint32_t pcsc_line_release(struct pcsc_line *line, int32_t ms);
bool pcsc_line_has_context(const struct pcsc_line *line);
uint32_t pcsc_line_readers(struct pcsc_line *line, struct reader_list *list, int32_t ms);
uint32_t pcsc_line_watch(struct pcsc_line *line, int32_t wait_ms, struct pcsc_watch *at, size_t n,
                         int32_t ms);
/* *took_ms: in the call itself. */
uint32_t pcsc_line_connect(struct pcsc_line *line, const char *reader, int64_t *took_ms,
                           int32_t ms);
/* A reset by another program before anything was asked of the card costs nothing. */
uint32_t pcsc_line_begin(struct pcsc_line *line, int64_t *took_ms, int32_t ms);
uint32_t pcsc_line_transmit(struct pcsc_line *line, const uint8_t *tx, size_t tx_len, uint8_t *rx,
                            size_t *rx_len, int32_t ms);
uint32_t pcsc_line_control(struct pcsc_line *line, uint32_t code, const uint8_t *tx, size_t tx_len,
                           uint8_t *rx, size_t *rx_len, int32_t ms);
uint32_t pcsc_line_attribute(struct pcsc_line *line, uint32_t id, uint8_t *rx, size_t *rx_len,
                             int32_t ms);
uint32_t pcsc_line_end(struct pcsc_line *line, enum pcsc_leave leave, int32_t ms);
/* Powers the card down when its transaction is still open, or ended without the power-down it asked for. */
uint32_t pcsc_line_disconnect(struct pcsc_line *line, int32_t ms);
/* Begins to end the transaction with the power off and to disconnect. pcsc_line_has_let_go waits for that; until then
 * nothing else may be called but pcsc_line_close. */
void pcsc_line_let_go(struct pcsc_line *line);
uint32_t pcsc_line_has_let_go(struct pcsc_line *line, int32_t ms);

#endif
