/* Where the documents of `shikaku map` go. */
#ifndef CONSOLE_MAP_OUT_H
#define CONSOLE_MAP_OUT_H

#include "args.h"
#include "screen.h"

struct document {
    char *file_name, *format, *encoding; /* null when the plugin does not say */
    struct buffer head, body;
};

/* Documents of this format follow each other in one file; others have one each. */
bool document_joins(const struct document *d);

/* Everything of a run in one file. */
struct map_file;
/* Null with *why filled when there is something already, or nothing can be written. */
struct map_file *map_file_new(const char *path, bool replace, struct failure *why);
bool map_file_take(struct map_file *file, const struct document *d, struct failure *why);
/* Gives the file its name; without a document there is none. */
bool map_file_end(struct map_file *file, struct failure *why);
void map_file_free(struct map_file **file);

/* A file for each document, or for the rows of one name. Nothing that is there is replaced. */
struct map_folder;
struct map_folder *map_folder_new(const char *path, struct failure *why);
bool map_folder_take(struct map_folder *folder, const struct document *d, struct failure *why);
bool map_folder_end(struct map_folder *folder, struct failure *why);
int64_t map_folder_files(const struct map_folder *folder);
void map_folder_free(struct map_folder **folder);

/* diff_map.c: compares instead of writing. */
struct map_diff;
struct map_diff *map_diff_new(const char *path, struct screen *screen, struct json *j,
                              struct failure *why);
bool map_diff_take(struct map_diff *diff, const struct document *d, struct failure *why);
bool map_diff_end(struct map_diff *diff, struct failure *why);
int64_t map_diff_changes(const struct map_diff *diff);
void map_diff_free(struct map_diff **diff);

/* One of them, or the standard output, or nothing where that says something else. */
struct map_out {
    struct screen *screen;
    struct map_file *file;
    struct map_folder *folder;
    struct map_diff *diff;
    bool print, begun;
};
bool map_out_open(struct map_out *out, const struct args *args, struct screen *screen,
                  struct json *j, struct failure *why);
bool map_out_take(struct map_out *out, const struct document *d, struct failure *why);
bool map_out_end(struct map_out *out, struct failure *why);
void map_out_close(struct map_out *out);

#endif
