/* Calls that can be made to fail. A program linked with `wrap` has its calls of the C library, OpenSSL, libcurl, SQLite,
 * libarchive, libxml2, Jansson, Lua and PC/SC pass through here (the linker's --wrap), and the allocators of those
 * libraries as well. Nothing fails until somebody asks for it. Thread: any; asking is for a moment without other
 * threads of the product. */
#ifndef FUZZ_WRAP_H
#define FUZZ_WRAP_H

#include <stdbool.h>
#include <stdint.h>

/* Kinds of calls; a set of them is an OR. */
#define WRAP_MEMORY  0x0001u /* malloc, calloc, realloc, mmap and mlock of the product and of Lua */
#define WRAP_LIBRARY 0x0002u /* the allocators of OpenSSL, libcurl, libxml2, SQLite and Jansson */
#define WRAP_FILE                                                                                  \
    0x0004u /* open, read, write, fsync, rename, unlink, stat, folders, locks, dlopen */
#define WRAP_SOCKET 0x0008u /* poll and what waits */
#define WRAP_THREAD 0x0010u /* threads, mutexes and conditions being made */
#define WRAP_PCSC   0x0020u /* asked by card_pcsc_library's hook and other stand-ins of a reader */
#define WRAP_HTTP   0x0040u /* libcurl's calls; asked by stand-ins of the seam as well */
#define WRAP_DB     0x0080u /* SQLite's calls */
#define WRAP_CRYPTO 0x0100u /* OpenSSL's calls */
#define WRAP_TEXT   0x0200u /* libxml2's, Jansson's, libarchive's, iconv's and the locale's calls */
#define WRAP_ALL    0x03FFu

/* One in `one_in` calls of these kinds fails from now on, chosen by the seed. */
void wrap_chance(uint32_t kinds, uint32_t seed, uint32_t one_in);
/* The nth call of these kinds from now on fails (1: the next); with `more` all after it as well. */
void wrap_nth(uint32_t kinds, uint64_t nth, bool more);
/* Nothing fails any more. */
void wrap_none(void);
/* Between wrap_pause(true) and wrap_pause(false) nothing fails and nothing is counted. */
void wrap_pause(bool paused);
/* Calls of the asked kinds, and failures given, since it was last asked. */
uint64_t wrap_calls(void);
uint64_t wrap_failures(void);
/* Does this call fail? Counts it. For stand-ins that fail on their own. */
bool wrap_fails(uint32_t kind);
/* Puts the libraries' allocators under WRAP_LIBRARY: once, before anything else of theirs is called. */
void wrap_allocators(void);

#endif
