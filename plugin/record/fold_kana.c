#include "fold_kana.h"

#define HALF_FIRST     0xFF61u
#define HALF_LAST      0xFF9Fu
#define VOICED         0x309Bu
#define SEMI_VOICED    0x309Cu
#define COMBINING_GAP  0x2u /* U+3099 and U+309A are the combining forms */
#define HIRAGANA_FIRST 0x3041u
#define HIRAGANA_LAST  0x3096u
#define ITERATION_MARK 0x309Du /* ゝ and ゞ */
#define KATAKANA_GAP   0x60u

static const uint16_t full_forms[] = {
    0x3002, 0x300C, 0x300D, 0x3001, 0x30FB, 0x30F2, 0x30A1, 0x30A3,      0x30A5, 0x30A7, 0x30A9,
    0x30E3, 0x30E5, 0x30E7, 0x30C3, 0x30FC, 0x30A2, 0x30A4, 0x30A6,      0x30A8, 0x30AA, 0x30AB,
    0x30AD, 0x30AF, 0x30B1, 0x30B3, 0x30B5, 0x30B7, 0x30B9, 0x30BB,      0x30BD, 0x30BF, 0x30C1,
    0x30C4, 0x30C6, 0x30C8, 0x30CA, 0x30CB, 0x30CC, 0x30CD, 0x30CE,      0x30CF, 0x30D2, 0x30D5,
    0x30D8, 0x30DB, 0x30DE, 0x30DF, 0x30E0, 0x30E1, 0x30E2, 0x30E4,      0x30E6, 0x30E8, 0x30E9,
    0x30EA, 0x30EB, 0x30EC, 0x30ED, 0x30EF, 0x30F3, VOICED, SEMI_VOICED,
};

uint32_t kana_to_full(uint32_t code) {
    return code >= HALF_FIRST && code <= HALF_LAST ? full_forms[code - HALF_FIRST] : code;
}

/* The katakana letter, so that one rule serves both scripts. */
static bool takes_mark(uint32_t letter, bool semi) {
    bool ha_row = letter >= 0x30CF && letter <= 0x30DB && (letter - 0x30CF) % 3 == 0;
    bool ka_to_chi = letter >= 0x30AB && letter <= 0x30C1 && letter % 2 == 1;
    bool tsu_te_to = letter == 0x30C4 || letter == 0x30C6 || letter == 0x30C8;
    return ha_row || (!semi && (ka_to_chi || tsu_te_to));
}

uint32_t kana_join(uint32_t letter, uint32_t mark) {
    bool voiced = mark == VOICED || mark == VOICED - COMBINING_GAP;
    bool semi = mark == SEMI_VOICED || mark == SEMI_VOICED - COMBINING_GAP;
    uint32_t katakana = kana_to_katakana(letter);
    if ((voiced || semi) && takes_mark(katakana, semi)) {
        return letter + (semi ? 2 : 1);
    }
    if (!voiced) {
        return 0;
    }
    switch (katakana) {
    case 0x30A6: /* ウ */
        return letter + 0x4E;
    case 0x30EF: /* ワ */
        return 0x30F7;
    case 0x30F2: /* ヲ */
        return 0x30FA;
    default:
        return 0;
    }
}

uint32_t kana_to_katakana(uint32_t code) {
    bool hiragana = (code >= HIRAGANA_FIRST && code <= HIRAGANA_LAST) || code == ITERATION_MARK ||
                    code == ITERATION_MARK + 1;
    return hiragana ? code + KATAKANA_GAP : code;
}

uint32_t kana_to_large(uint32_t code) {
    switch (code) {
    case 0x30A1: /* ァ ィ ゥ ェ ォ */
    case 0x30A3:
    case 0x30A5:
    case 0x30A7:
    case 0x30A9:
    case 0x30C3: /* ッ ャ ュ ョ ヮ */
    case 0x30E3:
    case 0x30E5:
    case 0x30E7:
    case 0x30EE:
        return code + 1;
    case 0x30F5: /* ヵ */
        return 0x30AB;
    case 0x30F6: /* ヶ */
        return 0x30B1;
    default:
        return code;
    }
}
