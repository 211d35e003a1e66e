/* shikaku.h alone, twice: the types of every function stay as they are. */
#include "shikaku/shikaku.h"

#define SAME_SIZE(name, a, b) typedef char name[sizeof(a) == sizeof(b) ? 1 : -1]
SAME_SIZE(session_is_32_bits, shk_session, int32_t);

typedef struct door {
    int32_t(SHK_CALL *abi)(void);
    int32_t(SHK_CALL *open)(const char *, int32_t, shk_session *);
    int32_t(SHK_CALL *close)(shk_session);
    int32_t(SHK_CALL *set)(shk_session, const char *, int32_t, const char *, int32_t);
    int32_t(SHK_CALL *put)(shk_session, const char *, int32_t, const uint8_t *, int32_t);
    int32_t(SHK_CALL *start)(shk_session, int32_t);
    int32_t(SHK_CALL *answer_pin)(shk_session, const char *, int32_t, int32_t);
    int32_t(SHK_CALL *cancel)(shk_session);
    int32_t(SHK_CALL *next_event)(shk_session, int32_t);
    int32_t(SHK_CALL *wake)(shk_session, int32_t, int32_t);
    int32_t(SHK_CALL *text)(shk_session, const char *, int32_t, char *, int32_t);
    int32_t(SHK_CALL *number)(shk_session, const char *, int32_t, int32_t *);
    int32_t(SHK_CALL *count)(shk_session, const char *, int32_t);
    int32_t(SHK_CALL *bytes)(shk_session, const char *, int32_t, uint8_t *, int32_t);
    int32_t(SHK_CALL *forget)(shk_session);
    int32_t(SHK_CALL *check)(shk_session, const char *, int32_t, int32_t, int32_t);
} door;

#if defined(_WIN32) && !defined(_WIN64)
/* Says the same again, or does not compile. */
int32_t __stdcall shk_forget(shk_session s);
#endif

void header_shikaku(door *d);

void header_shikaku(door *d) {
    d->abi = shk_abi;
    d->open = shk_open;
    d->close = shk_close;
    d->set = shk_set;
    d->put = shk_put;
    d->start = shk_start;
    d->answer_pin = shk_answer_pin;
    d->cancel = shk_cancel;
    d->next_event = shk_next_event;
    d->wake = shk_wake;
    d->text = shk_text;
    d->number = shk_int;
    d->count = shk_count;
    d->bytes = shk_bytes;
    d->forget = shk_forget;
    d->check = shk_check;
}
