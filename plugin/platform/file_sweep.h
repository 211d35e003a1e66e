/* Clearing up after a program that was killed while it wrote. */
#ifndef PLATFORM_FILE_SWEEP_H
#define PLATFORM_FILE_SWEEP_H

/* Removes temporary files of ours from the folder of `path` that are older than
 * PLATFORM_TEMP_STALE_S: they hold a patient's data and nobody will finish them. `path` is a file
 * that was just put there. Failures are dropped. */
void platform_sweep_beside(const char *path);

#endif
