/* adapter.h alone, twice: tables are append-only, so every field has its place for ever. */
#include "shikaku/adapter.h"

#define P sizeof(void *)
#define AT(type, field, place)                                                                     \
    typedef char type##_##field##_stays[offsetof(type, field) == (place) ? 1 : -1]

AT(shk_adapter, struct_size, 0);
AT(shk_adapter, abi, 4);
AT(shk_adapter, id, 8);
AT(shk_adapter, open, 8 + P);
AT(shk_adapter, deliver, 8 + 2 * P);
AT(shk_adapter, close, 8 + 3 * P);

AT(shk_services, self, 8);
AT(shk_services, log, 8 + P);
AT(shk_services, now_ms, 8 + 2 * P);
AT(shk_services, fail, 8 + 3 * P);
AT(shk_services, is_folder, 8 + 4 * P);
AT(shk_services, read_file, 8 + 5 * P);
AT(shk_services, release, 8 + 6 * P);
AT(shk_services, put_file, 8 + 7 * P);
AT(shk_services, lock_file, 8 + 8 * P);
AT(shk_services, unlock_file, 8 + 9 * P);

AT(shk_delivery, id, 8);
AT(shk_delivery, script, 8 + P);
AT(shk_delivery, format, 8 + 2 * P);
AT(shk_delivery, encoding, 8 + 3 * P);
AT(shk_delivery, file_name, 8 + 4 * P);
AT(shk_delivery, head, 8 + 5 * P);
AT(shk_delivery, head_len, 8 + 6 * P);
AT(shk_delivery, body, 8 + 7 * P);
AT(shk_delivery, body_len, 8 + 8 * P);
AT(shk_delivery, fields, 8 + 9 * P);
AT(shk_delivery, fields_n, 8 + 10 * P);

AT(shk_delivery, statement_rows, offsetof(shk_delivery, note) + P);

AT(shk_receipt, place, 8);
AT(shk_field, value, P);
AT(shk_setting, value, P);

int header_adapter(const shk_adapter *a);

int header_adapter(const shk_adapter *a) {
    return SHK_ADAPTER_HAS(a, open) && SHK_ADAPTER_HAS(a, deliver) && a->abi == SHK_ADAPTER_ABI;
}
