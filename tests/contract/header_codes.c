/* codes.h alone, twice: its numbers are constants of the preprocessor. */
#include "shikaku/codes.h"

#if SHK_OK != 0 || SHK_E_ARGUMENT >= 0 || SHK_EVENT_NONE != 0
#error "the numbers of codes.h changed their sign"
#endif

int header_codes(int event);

int header_codes(int event) {
    switch (event) {
    case SHK_EVENT_DONE:
        return SHK_E_CANCELLED;
    default:
        return SHK_OK;
    }
}
