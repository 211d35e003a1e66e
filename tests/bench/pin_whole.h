/* From the last digit of the PIN to the delivered document, as a host sees it. */
#ifndef BENCH_PIN_WHOLE_H
#define BENCH_PIN_WHOLE_H

#include <stdbool.h>

double bench_now_us(void);
/* As long as four digits take at least. The card and the server stand still meanwhile, and take longer for what comes
 * next than under commands that follow each other. */
void bench_type(void);

/* One check in a session of its own; the digits come when the connection is open and the challenge there, as with
 * a person who types. False when it ended otherwise than with a document. */
bool pin_whole(const char *config, const char *pin, double *us);

#endif
