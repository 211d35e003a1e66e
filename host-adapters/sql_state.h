/* What a database's own number for a failure means for a delivery. */
#ifndef HOST_ADAPTERS_SQL_STATE_H
#define HOST_ADAPTERS_SQL_STATE_H

#include <stdint.h>

struct sql_state {
    char state[6];  /* SQLSTATE; "" none */
    int32_t native; /* the driver's own */
    int sqlite;     /* its driver says nearly everything by its own number */
    int login;      /* the driver's word, which is not kept, was about the login */
};

/* SHK_E_HOST_…, SHK_E_DRIVER or SHK_E_STATEMENT. */
int32_t sql_state_code(const struct sql_state *said, int connecting);
/* Some drivers (psqlODBC, MySQL's) have one state for every connection that fails; their word tells. */
int sql_state_names_login(const char *word);
/* The state as a number to the base 36. */
int32_t sql_state_number(const struct sql_state *said);

#endif
