/* What the orca adapter is told, checked. */
#ifndef HOST_ADAPTERS_ORCA_SETTINGS_H
#define HOST_ADAPTERS_ORCA_SETTINGS_H

#include "shikaku/adapter.h"

#define ORCA_SETTING_MAX   1024 /* bytes with the terminator */
#define ORCA_URL_MAX       800
#define ORCA_QUESTIONS_MAX 256

enum orca_first { ORCA_FIRST_V2, ORCA_FIRST_V32, ORCA_FIRST_NONE };

struct orca_settings {
    char url[ORCA_URL_MAX]; /* of the server, without a slash at its end */
    char user[ORCA_SETTING_MAX], password[ORCA_SETTING_MAX];
    char ca_file[ORCA_SETTING_MAX], client_cert[ORCA_SETTING_MAX], client_key[ORCA_SETTING_MAX];
    char client_secret[ORCA_SETTING_MAX];
    char api_prefix[64], karte_uid[37], questions[ORCA_QUESTIONS_MAX];
    int32_t timeout_ms;
    int plain;             /* http:// to any address */
    int registers;         /* new_patient = register */
    int updates;           /* update = v32 */
    enum orca_first first; /* what adds the first insurance */
    int ends_old;          /* old_insurance = end */
    int dates_checked;     /* check_date = update */
    int updates_person;    /* person = update */
    int omits_branch;      /* branch = omit, in patientmodv32 */
    int skips_given;       /* given_name = skip */
};

/* Null when the settings are good, else the name of the first that is not; borrowed. */
const char *orca_settings_read(struct orca_settings *out, const shk_setting *settings, uint32_t n);

/* 1 when the code stands in the list of questions that may be answered with Ok. */
int orca_may_confirm(const struct orca_settings *set, const char *code);

#endif
