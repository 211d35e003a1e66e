#include "match.h"

static const struct {
    const char *name, *japanese;
} grades[] = {
    [MATCH_NONE] = {"none", "照合していません"},
    [MATCH_SAME] = {"same", "本人・保険とも一致"},
    [MATCH_CHANGED] = {"changed", "本人（保険は変更）"},
    [MATCH_PROBABLY] = {"probably", "おそらく本人（確認が必要）"},
    [MATCH_SEVERAL] = {"several", "候補が複数（確認が必要）"},
    [MATCH_NEW] = {"new", "新しい患者"},
};

const char *match_grade_name(enum match_grade grade) {
    return grades[grade].name;
}

const char *match_grade_japanese(enum match_grade grade) {
    return grades[grade].japanese;
}
