/* Inside `shikaku map`: how a run stands, and what is said of it. */
#ifndef CONSOLE_MAP_H
#define CONSOLE_MAP_H

#include "map_out.h"
#include "run.h"

/* Faults are kept for the one JSON object only; what is more than that is counted. */
enum { MAP_FAULTS_MAX = 1000, MAP_AFTER = -1 };

struct map_fault {
    struct failure failure;
    char *source; /* null: of the run as a whole */
    int32_t person,
        record; /* record 0: of the person as a whole, MAP_AFTER: of what comes behind */
};

struct map {
    struct run *run;
    struct map_out out;
    struct document document;
    struct json json;
    bool json_begun;
    int32_t person;          /* of this source, from 1 */
    bool heard;              /* of this person: read, or told why not */
    bool told, answered;     /* of this source: a fault was told; somebody was read */
    int64_t records, faults; /* of the run: documents made; records and persons that failed */
    int64_t replaced;        /* characters */
    char *pack;              /* its id, once known; null: a script of its own */
    bool pack_unsigned;
    struct failure stop; /* why the run as a whole failed; code 0: it did not */
    bool stop_told;
    int64_t began_ms, shown_ms;
    struct map_fault *kept;
    size_t kept_n;
};

/* map_fault.c: tells a fault at its place and counts it; record as in map_fault. */
void map_tell(struct map *map, int32_t record, const struct failure *f);
/* Of the run as a whole: not counted, and told once. */
void map_tell_run(struct map *map, const struct failure *f);
void map_faults_json(const struct map *map, struct json *j);
void map_faults_clear(struct map *map);

/* map_explain.c: how the n-th document came to be, and what was written in place of what. No value is shown. */
void map_explain(struct map *map, int32_t n);
void map_explain_json(struct json *j, const struct session *s, int32_t n);

/* map_say.c */
void map_progress(struct map *map);
/* What came of the run: to the person, or the end of the object. */
void map_say_end(struct map *map, bool whole);
/* The n-th document as an element of the object. */
void map_say_document(struct map *map, int32_t n);
/* The object up to the elements of its list. */
void map_say_begin(struct map *map);

#endif
