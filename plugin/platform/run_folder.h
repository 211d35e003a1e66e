/* Where the programs of one user on one machine leave word for each other while it runs. */
#ifndef PLATFORM_RUN_FOLDER_H
#define PLATFORM_RUN_FOLDER_H

/* UTF-8; made when it is not there, 0700 where the system has modes. Null: there is none that only this user
 * can write to, which on Windows is left to the rights of his profile. Borrowed, the same in every call, any thread. */
const char *platform_run_folder(void);

#endif
