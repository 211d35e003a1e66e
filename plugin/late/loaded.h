/* A library's functions, found when they are first needed. Each file loaded_NAME.c defines those of one library,
 * by the library's own header, and forwards them. */
#ifndef LATE_LOADED_H
#define LATE_LOADED_H

#include <stdatomic.h>
#include <stddef.h>

typedef void (*loaded_function)(void);

struct loaded {
    const char *name;           /* of the file, as the linker would have noted it */
    const char *const *symbols; /* ended by null */
    _Atomic(loaded_function *) found;
};

extern struct loaded loaded_curl, loaded_archive;

/* The i-th of the symbols; only after late_need said SHK_OK. */
loaded_function loaded_at(const struct loaded *library, size_t i);

/* A list CALLS(ONE) of names makes both: the symbols' names, and their places with LOADED_PLACE. */
#define LOADED_NAME(function)  #function,
#define LOADED_PLACE(function) AT_##function,
/* The function itself, of its own type. */
#define LOADED_CALL(library, function)                                                             \
    ((__typeof__(function) *)loaded_at(&(library), AT_##function))

#endif
