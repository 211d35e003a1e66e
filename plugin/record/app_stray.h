/* What a line that no table knows may be, judged by its plain form. */
#ifndef RECORD_APP_STRAY_H
#define RECORD_APP_STRAY_H

#include <stdbool.h>

/* True for the names of keys and headings, false for what may be a person's data. */
bool app_is_showable(const char *name);
/* Ends as headings do, with or without brackets behind. Other lines may be the rest of somebody's name or
 * address and are never shown. */
bool app_looks_like_heading(const char *name);
/* False for a row of dashes and for a note ("※…"), which continue no value. */
bool app_may_be_a_rest(const char *name);

#endif
