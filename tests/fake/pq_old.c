/* libpq from before what the plugin needs. The rest is the real one, which it is linked with. */
__attribute__((visibility("default"))) int PQlibVersion(void);

int PQlibVersion(void) {
    return 110022;
}
