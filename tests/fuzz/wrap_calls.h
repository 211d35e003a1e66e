/* How a call is wrapped. CMakeLists.txt reads the names: WRAP stands at the beginning of its line, KIND and NAME first. */
#ifndef FUZZ_WRAP_CALLS_H
#define FUZZ_WRAP_CALLS_H

#include "wrap.h"

/* The linker's names for what is wrapped, and for what it wraps. */
/* NOLINTBEGIN(bugprone-reserved-identifier,bugprone-macro-parentheses) */
#define WRAP(kind, name, type, params, args, failing)                                              \
    type __real_##name params;                                                                     \
    type __wrap_##name params;                                                                     \
    type __wrap_##name params {                                                                    \
        return wrap_fails(kind) ? (failing) : __real_##name args;                                  \
    }
/* NOLINTEND(bugprone-reserved-identifier,bugprone-macro-parentheses) */

#endif
