#include "wait.h"

#include <windows.h>

void adapter_wait(int32_t ms) {
    Sleep((DWORD)ms);
}
