/* Card readers for programs that use the real library: a PC/SC library (the configuration's pcsc_library) whose
 * readers hold virtual cards, in the same process. Everything may be called from any thread. */
#ifndef SOAK_READERS_H
#define SOAK_READERS_H

#include <stdbool.h>
#include <stdint.h>

#define SOAK_READERS_MAX 16

/* So many readers, "Reader 0" and on, with a card of that profile beside each. Once, before the library is loaded. */
bool readers_make(const char *profile, int n);
/* The card is laid on the reader or taken away. */
void readers_place(int reader, bool placed);
/* It is taken away when this command, counted from now, arrives; 0: no more. */
void readers_remove_at(int reader, uint32_t command);
int readers_tries(int reader); /* left of the card's PIN */
/* Contexts and cards that the library has opened and not given back. */
int readers_open_handles(void);
void readers_free(void);

#endif
