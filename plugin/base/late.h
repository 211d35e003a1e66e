/* Libraries that are loaded when they are first needed. On Linux libshikaku.so forwards their calls
 * (plugin/late/loaded.c); elsewhere, and in the tests, they are linked (plugin/late/linked.c). */
#ifndef BASE_LATE_H
#define BASE_LATE_H

#include "fault.h"

enum late_library { LATE_CURL, LATE_ARCHIVE };

/* To be asked before the first call into it, by any thread. SHK_E_LIBRARY with the file's name in `where` when
 * it is missing or lacks a function; asked again, it looks again. */
int32_t late_need(enum late_library which, struct fault *why);

#endif
