/* What the console needs from the operating system. One file per system fills it in. */
#ifndef CONSOLE_PLATFORM_H
#define CONSOLE_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef void (*platform_function)(void);

/* Ctrl-C and its relatives only count from now on; a closed pipe is a failed write, not a death; a
 * crash leaves no memory image behind, because a PIN might be in it. */
void platform_begin(void);
/* The words of the command line in UTF-8, for main to use in place of its own. */
void platform_arguments(int *argc, char ***argv);
/* A variable of the environment in UTF-8, or null. Valid as long as the program runs. */
const char *platform_variable(const char *name);
/* fopen with a path in UTF-8. */
FILE *platform_open(const char *path, const char *mode);
/* How often the person asked to stop. */
int platform_interrupts(void);
int64_t platform_now_ms(void);
bool platform_is_terminal(FILE *stream);
/* Whether this terminal shows colours; makes it, where that must be asked for. */
bool platform_shows_colors(FILE *stream);
/* Whole characters of UTF-8; false with errno when they cannot be written. */
bool platform_write(FILE *stream, const char *text, size_t n);
/* Behind which the last part of a path stands. */
const char *platform_last_separator(const char *path);
bool platform_descriptor_usable(int fd);

/* A name under which the standard input can be opened once more from its beginning, or null. */
const char *platform_input_path(void);

/* Null when it cannot be loaded; the reason is platform_library_error. A library stays loaded. */
void *platform_library_open(const char *path);
const char *platform_library_error(void);
platform_function platform_library_symbol(void *library, const char *name);
/* The file name the library has on this system. */
const char *platform_library_name(void);
bool platform_file_exists(const char *path);
/* The folder of the running program, without a closing slash. */
bool platform_own_folder(char *folder, size_t cap);

/* Memory for the PIN, kept out of the swap where the system allows it. */
void *platform_secret_new(size_t size);
void platform_secret_free(void **secret, size_t size);
void platform_wipe(void *memory, size_t size);

/* A line at a time, from the terminal or from a descriptor, without ever waiting long. */
struct input;
struct input *input_terminal(void);
struct input *input_descriptor(int fd);
/* Restores the terminal; null is accepted. A descriptor stays open. */
void input_free(struct input **in);

/* Writes the prompt; hidden: what is typed is not shown. What was typed before is thrown away. */
bool input_begin(struct input *in, const char *prompt, bool hidden);
void input_end(struct input *in);
/* Throws away what waits. */
void input_drain(struct input *in);

enum input_state {
    INPUT_WAITING,
    INPUT_LINE,
    INPUT_TOO_LONG, /* the line is over; nothing of it is kept */
    INPUT_CLOSED
};
/* What a line that has ended is, its '\r' gone; one that did not fit is wiped, and *too_long cleared. */
enum input_state input_line_ended(bool *too_long, char *line, size_t cap, size_t *len);
/* Collects into line, which holds *len bytes of the line so far. */
enum input_state input_poll(struct input *in, char *line, size_t cap, size_t *len,
                            int32_t timeout_ms);

#endif
