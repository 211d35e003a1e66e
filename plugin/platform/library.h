/* Shared libraries found at run time. */
#ifndef PLATFORM_LIBRARY_H
#define PLATFORM_LIBRARY_H

/* Loads a library by absolute path, or by bare name from where the system keeps its own; Windows looks
 * into the system directory only. Null when there is none. */
void *library_open(const char *name);
/* Copies the address of a function into *slot, a pointer to a function pointer; when the library lacks
 * it the slot stays as it was. */
void library_find(void *library, const char *symbol, void *slot);
void library_close(void *library); /* null is accepted */

#endif
