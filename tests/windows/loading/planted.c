/* A library that nobody asked for. */
__declspec(dllexport) int planted(void);

int planted(void) {
    return 1;
}
