/* The layout of a frozen set, for record_freeze.c and record_thaw.c. Numbers are 32 bits, the highest byte
 * first; a text is its length and its bytes.
 *
 *   magic, version; 1 byte: FROZEN_APP, FROZEN_CARD or 0; results; records
 *   per record  1 byte: FROZEN_BURDEN_UNREAD; lists, each: path, entries; values, each: path, text
 *   drifts, each: line, path, text
 *
 * Values stand by their path and in the form of a source, so that another field table can read them; derived
 * ones are left out. */
#ifndef RECORD_RECORD_FREEZE_H
#define RECORD_RECORD_FREEZE_H

#define FROZEN_MAGIC         "SHKR"
#define FROZEN_MAGIC_LEN     4
#define FROZEN_VERSION       1
#define FROZEN_APP           1u
#define FROZEN_CARD          2u
#define FROZEN_BURDEN_UNREAD 1u

#endif
