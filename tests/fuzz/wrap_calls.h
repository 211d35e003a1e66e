/* How a call is wrapped. CMakeLists.txt reads the names: WRAP stands at the beginning of its line, KIND and NAME first. */
#ifndef FUZZ_WRAP_CALLS_H
#define FUZZ_WRAP_CALLS_H

#include "wrap.h"

/* Between wrap_fragile(true) and wrap_fragile(false) this thread's allocations of libraries do not fail: the library is
 * known to leak or to read on when they do. */
void wrap_fragile(bool begins);

/* The linker's names for what is wrapped, and for what it wraps. */
/* NOLINTBEGIN(bugprone-reserved-identifier,bugprone-macro-parentheses) */
#define WRAP(kind, name, type, params, args, failing)                                              \
    type __real_##name params;                                                                     \
    type __wrap_##name params;                                                                     \
    type __wrap_##name params {                                                                    \
        return wrap_fails(kind) ? (failing) : __real_##name args;                                  \
    }
/* As WRAP, for a call whose library does not bear failing allocations inside of it. */
#define WRAP_FRAGILE(kind, name, type, params, args, failing)                                      \
    type __real_##name params;                                                                     \
    type __wrap_##name params;                                                                     \
    type __wrap_##name params {                                                                    \
        if (wrap_fails(kind)) {                                                                    \
            return failing;                                                                        \
        }                                                                                          \
        wrap_fragile(true);                                                                        \
        type made = __real_##name args;                                                            \
        wrap_fragile(false);                                                                       \
        return made;                                                                               \
    }
/* NOLINTEND(bugprone-reserved-identifier,bugprone-macro-parentheses) */

#endif
