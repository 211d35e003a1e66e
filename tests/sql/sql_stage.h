/* A real database by ODBC, the sql adapter over services that load real libraries, and one delivery. The
 * environment says which database: with-odbc.sh. */
#ifndef SQL_STAGE_H
#define SQL_STAGE_H

#include "shikaku/adapter.h"

#define STAGE_SETTINGS_MAX 12

extern const char *const NOW; /* what the services' clock says, as the table of ids has it */

struct stage {
    shk_services sv;
    /* The first thing that was said to be wrong. */
    int32_t code, native;
    char where[64];
    int stopping;
    shk_setting settings[STAGE_SETTINGS_MAX];
    uint32_t settings_n;
    shk_host *host;
    shk_receipt receipt;
};

int is_postgres(void);
int is_wide(void); /* SQL_WIDE=yes */

void stage_init(struct stage *s);
/* With the connection, user and password of the environment. */
void stage_open(struct stage *s);
/* Replaces or adds a setting; before stage_open. Null: takes it away. */
void stage_set(struct stage *s, const char *key, const char *value);
void stage_close(struct stage *s);

/* Delivers with this id: statements and parameters end with a null; a parameter is a name and a value. */
int32_t stage_deliver(struct stage *s, const char *id, const char *const *statements,
                      const char *const *parameters);
int32_t stage_deliver_rows(struct stage *s, const char *id, const char *const *statements,
                           const char *const *parameters, const int32_t *rows);

/* The database beside the adapter. */
void db_fresh(void);  /* no table but an empty "patients" */
void db_forget(void); /* closes the connection; the next question makes another */
int32_t db_try(const char *text);
void db_run(const char *text);
/* The first value of the first row; "(null)" and "(none)" too. Static. */
const char *db_value(const char *text);
int db_count(const char *table);

/* The usual patient: one INSERT. */
extern const char *const insert_patient[];
extern const char *const one_patient[];

#endif
