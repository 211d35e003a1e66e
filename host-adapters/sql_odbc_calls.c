#include "sql_odbc_calls.h"

#if defined(_WIN32)
#define SYSTEM_ODBC "odbc32.dll"
#else
#define SYSTEM_ODBC "libodbc.so.2"
#endif

int odbc_load(const shk_services *sv, const char *library, struct odbc_calls *out) {
    const struct {
        const char *name;
        void *slot;
    } functions[] = {
        {"SQLAllocHandle", &out->alloc},
        {"SQLFreeHandle", &out->release},
        {"SQLSetEnvAttr", &out->set_env},
        {"SQLSetConnectAttr", &out->set_connection},
        {"SQLGetConnectAttr", &out->connection_attribute},
        {"SQLSetStmtAttr", &out->set_statement},
        {"SQLDriverConnect", &out->connect},
        {"SQLDriverConnectW", &out->connect_wide},
        {"SQLDisconnect", &out->disconnect},
        {"SQLGetInfo", &out->info},
        {"SQLEndTran", &out->end},
        {"SQLGetDiagRec", &out->diagnose},
        {"SQLBindParameter", &out->bind},
        {"SQLExecDirect", &out->execute},
        {"SQLExecDirectW", &out->execute_wide},
        {"SQLRowCount", &out->row_count},
        {"SQLMoreResults", &out->more},
        {"SQLNumResultCols", &out->columns},
        {"SQLDescribeCol", &out->describe},
        {"SQLFetch", &out->fetch},
        {"SQLGetData", &out->data},
    };
    void *handle = sv->library_open(sv->self, library[0] != '\0' ? library : SYSTEM_ODBC);
    for (size_t i = 0; handle != NULL && i < sizeof functions / sizeof functions[0]; i++) {
        if (sv->library_find(sv->self, handle, functions[i].name, functions[i].slot) != 1) {
            handle = NULL;
        }
    }
    return handle != NULL;
}
