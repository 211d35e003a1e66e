/* What the files of jpki share. Nothing here is for callers. */
#ifndef IDENTITY_JPKI_PARTS_H
#define IDENTITY_JPKI_PARTS_H

#include "jpki.h"

/* Every file that can be named to the card, by SELECT or by its short identifier, which is the same number.
 * Those of the signing key (署名用) and of the individual number (個人番号) have no name here, and what
 * makes a command takes nothing but these names. */
enum jpki_file {
    FILE_LABEL = 0x0006,
    FILE_AVAILABLE = 0x0008,
    FILE_CERTIFICATE = 0x000A,
    FILE_KEY = 0x0017,
    FILE_PIN = 0x0018
};

#define CERTIFICATE_MAX 4096
#define SW_NOT_VERIFIED 0x6982 /* the form is right, but a PIN must come first */

int32_t jpki_select(struct jpki *j, enum jpki_file file, struct fault *why);
/* Unless it is selected already. */
int32_t jpki_need(struct jpki *j, enum jpki_file file, struct fault *why);
/* P2 of VERIFY and of COMPUTE DIGITAL SIGNATURE that names the file. */
uint8_t jpki_reference(enum jpki_file file);

/* Fills j->ways, once for a card: from the rules, what reader and ATR say, and what is remembered. A fault of
 * the reader that is asked is the fault of the call. */
int32_t jpki_find_ways(struct jpki *j, struct fault *why);
/* Remembers what was just seen, and keeps to it in this connection. */
void jpki_learn(struct jpki *j, enum habit_feature feature, bool works);
/* After a feature failed where nothing simpler could be tried. */
void jpki_doubt(struct jpki *j, enum habit_feature feature);

#endif
