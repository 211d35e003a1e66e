#include <windows.h>

#include "orca_call.h"

void orca_pause(int32_t ms) {
    Sleep((DWORD)ms);
}
