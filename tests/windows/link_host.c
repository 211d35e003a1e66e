/* A host that names every function of the header is linked with the import library and starts; each call
 * is answered and leaves the stack as it was. Built with MinGW, and with BARE for Microsoft's linker, without a C
 * run-time. */
#include <shikaku/shikaku.h>

int check(void);

/* With 0 for a session, which is none. */
static int refused(void) {
    char text[4];
    uint8_t bytes[4] = {0};
    int32_t number = 0;
    return shk_close(0) == SHK_E_SESSION && shk_set(0, "route", -1, "app", -1) == SHK_E_SESSION &&
           shk_put(0, "secret", -1, bytes, 4) == SHK_E_SESSION &&
           shk_start(0, SHK_JOB_CHECK) == SHK_E_SESSION &&
           shk_answer_pin(0, "0000", -1, 0) == SHK_E_SESSION && shk_cancel(0) == SHK_E_SESSION &&
           shk_next_event(0, 0) == SHK_E_SESSION && shk_wake(0, -1, 0) == SHK_E_SESSION &&
           shk_text(0, "outcome", -1, text, 4) < 0 && shk_int(0, "outcome", -1, &number) < 0 &&
           shk_count(0, "records", -1) < 0 && shk_bytes(0, "outcome", -1, bytes, 4) < 0 &&
           shk_forget(0) == SHK_E_SESSION && shk_check(0, "0000", -1, 0, 0) == SHK_E_SESSION;
}

/* 0 when all is well. */
int check(void) {
    shk_session s = 0;
    if (shk_abi() != SHK_ABI) {
        return 2;
    }
    if (!refused()) {
        return 3;
    }
    if (shk_open("", 0, &s) != SHK_OK || s <= 0) {
        return 4;
    }
    return shk_close(s) == SHK_OK && shk_close(s) == SHK_E_SESSION ? 0 : 5;
}

#ifdef BARE
/* Says to the linker that no handler of this file needs to be registered (/SAFESEH). */
#ifdef __i386__
__asm__(".globl \"@feat.00\"\n.set \"@feat.00\", 1");
#endif
#else
int main(void) {
    return check();
}
#endif
