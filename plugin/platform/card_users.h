/* Who else works with cards on this machine. */
#ifndef PLATFORM_CARD_USERS_H
#define PLATFORM_CARD_USERS_H

#include <stddef.h>

#define CARD_USER_NAME_MAX 64

/* Names of other processes that have the PC/SC client library loaded, each once, as far as this user may
 * look into them: who may hold the card, not who does. UTF-8. At most `max` of them and about half a
 * second. */
size_t card_users(char (*names)[CARD_USER_NAME_MAX], size_t max);

#endif
