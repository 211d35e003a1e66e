/* A clinic's Lua file with words; a sample text is read with what came of it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "app_words_load.h"
#include "fuzz.h"

void fuzz_one(const uint8_t *p, size_t n) {
    static const char text[] =
        "照会番号\t1\n資格情報(医療保険)\n確認日 : \t令和7年6月2日\n"
        "保険者番号\t39990015\n番号\t01234567\n氏名\t見本　花子\n"
        "生年月日\t大正15年3月4日\n性別\t女\n負担割合\t1割\n新しい見出し\n"
        "区分\tウ\n資格情報(医療扶助)\n氏名\t見本　花子\n生年月日\tT15.3.4\n";
    struct fault why = {0};
    struct record_set *set = NULL;
    struct app_words *words = app_words_new();
    if (words == NULL) {
        fuzz_must(fuzz_failed(), "no words without a fault");
        return;
    }
    int32_t rc = app_words_take("w.lua", p, n, words, &why);
    fuzz_must(rc == why.code, "the fault is another than the return");
    fuzz_must(rc != SHK_E_CONFIG_VALUE || why.where[0] != '\0', "no key is named");
    (void)app_first_length(text, sizeof text - 1, words);
    (void)app_read(text, sizeof text - 1, 1, words, &set, NULL);
    record_free(&set);
    app_words_free(&words);
}
