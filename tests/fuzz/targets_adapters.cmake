# Host adapters against a hostile host; where they wait, time passes at once.
set(orca_reply_sources fuzz/reply_host.c fuzz/orca_desk.c fuzz/orca_judge.c fuzz/orca_told.c
  fuzz/orca_rows.c)
set(orca_reply_libraries -Wl,--wrap=adapter_wait)
set(http_reply_sources fuzz/reply_host.c fuzz/http_judge.c)
set(http_reply_libraries -Wl,--wrap=adapter_wait)
set(sql_reply_sources fuzz/reply_host.c fuzz/odbc_desk.c)
set(sql_reply_libraries -Wl,--wrap=adapter_wait)
