/* The private PostgreSQL server of tests/postgres. */
#ifndef FAKE_PG_SERVER_H
#define FAKE_PG_SERVER_H

/* Begins the program anew under with-postgres.sh when it does not run there yet; comes back inside. */
void pg_server_enter(char **argv);
const char *pg_server_connection(void); /* TCP and TLS */
const char *pg_server_local(void);      /* unix socket */
/* "start", "stop", "restart", "freeze", "thaw"; fails the case when that does not work. */
void pg_server_do(const char *what);
/* Brings it back, whatever the case did with it. */
void pg_server_restore(void);

#endif
