/* Target encodings: which characters one has, how many bytes they take, and the bytes themselves. */
#ifndef BASE_ENCODER_H
#define BASE_ENCODER_H

#include "bytes.h"

/* EUC-JP is ASCII, JIS X 0208 and half-width katakana (8E xx); ISO-2022-JP is ASCII (without ESC, SO and
 * SI, which would change the meaning of what follows) and JIS X 0208. Neither has the rows of NEC and
 * IBM. Characters with one usual counterpart (〜 and ～, − and －, ¥ and ￥ …) take its bytes. */
enum encoding { ENCODING_UTF8, ENCODING_CP932, ENCODING_EUC_JP, ENCODING_ISO_2022_JP };

/* What a text may hold beside what the encoding has. All allow ASCII; the two of JIS allow half-width
 * katakana (JIS X 0201) too, and either of two usual counterparts. JIS X 0213 is that of 2004. */
enum repertoire {
    REPERTOIRE_ENCODING,
    REPERTOIRE_JIS_X_0208,
    REPERTOIRE_JIS_X_0213,
    REPERTOIRE_ASCII,
    REPERTOIRE_CP932
};

/* Remembers which characters were met, no text. Belongs to one thread at a time. */
struct encoder;

/* Null where memory is lacking, or the platform's converter of code page 932. */
struct encoder *encoder_new(enum encoding encoding, enum repertoire repertoire);
void encoder_free(struct encoder **encoder);

/* The encoding has it and the repertoire allows it. */
bool encoder_has(struct encoder *e, uint32_t code);

/* Whether a repertoire has the character, whatever this encoder's own one is. */
bool encoder_in(struct encoder *e, enum repertoire repertoire, uint32_t code);

/* The functions below take UTF-8 of any length. A byte that is not UTF-8 is one lacking character,
 * U+FFFD. What is lacking is written as 〓, whatever the repertoire. ISO-2022-JP begins and ends in
 * ASCII, and is in ASCII at every line end. */

/* The place in bytes of the first lacking character and its code point; n when there is none. */
size_t encoder_first_lost(struct encoder *e, const char *p, size_t n, uint32_t *code);
/* The length that encoder_write would append. */
size_t encoder_bytes(struct encoder *e, const char *p, size_t n);
/* Appends the text in the target encoding. SHK_E_MEMORY with out as it was. */
int32_t encoder_write(struct encoder *e, const char *p, size_t n, struct bytes *out);

#endif
