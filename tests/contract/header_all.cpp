// A C++ host: no name is mangled and no header needs another before it.
#include "shikaku/adapter.h"
#include "shikaku/codes.h"
#include "shikaku/shikaku.h"
#include "shikaku/sql_text.h"

#include <type_traits>

static_assert(std::is_same<decltype(shk_abi()), int32_t>::value, "shk_abi gives an int32_t");
static_assert(std::is_standard_layout<shk_delivery>::value, "a plain table");

extern "C" int32_t SHK_CALL shk_abi(void);

int header_all() {
    char name[64];
    shk_session session = 0;
    return shk_open(nullptr, 0, &session) == SHK_OK ? shk_text(session, "record.name", -1, name, 64)
                                                    : shk_close(session);
}
