/* The groups of cases of system.c, and the other program that they can start. */
#ifndef WINDOWS_SYSTEM_H
#define WINDOWS_SYSTEM_H

#include <windows.h>

#include "check.h"

#define COUNT(cases) (sizeof(cases) / sizeof(cases)[0])

/* Each gives the number of failed checks so far. */
int path_cases(void);
int place_cases(void);
int memory_cases(void);
int socket_cases(void);

/* `lock FILE` or `card`; returns when it has what it shall have. */
HANDLE start_other(const wchar_t *what);
void end_other(HANDLE process); /* as a crash would */

#endif
