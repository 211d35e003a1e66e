/* Tables that cannot be called: BROKEN says how. Built once for each. */
#include "parts.h"

enum { GOOD, SHORT, NO_ID, NO_OPEN, NO_DELIVER, NO_CLOSE, OTHER_ABI, NO_TABLE, EMPTY, ODD_NAME };

const shk_adapter *SHK_CALL shk_adapter_entry(uint32_t abi) {
    static shk_adapter table = PARTS_TABLE;
    switch (BROKEN) {
    case SHORT:
        table.struct_size = (uint32_t)offsetof(shk_adapter, close);
        break;
    case NO_ID:
        table.id = NULL;
        break;
    case NO_OPEN:
        table.open = NULL;
        break;
    case NO_DELIVER:
        table.deliver = NULL;
        break;
    case NO_CLOSE:
        table.close = NULL;
        break;
    case OTHER_ABI:
        table.abi = SHK_ADAPTER_ABI + 1;
        break;
    case EMPTY:
        memset(&table, 0, sizeof table);
        break;
    case ODD_NAME:
        table.id = "module";
        break;
    default:
        break;
    }
    return BROKEN == NO_TABLE || abi != SHK_ADAPTER_ABI ? NULL : &table;
}
