#include "charset.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

struct charset {
    UINT page;
};

static const struct {
    const char *encoding;
    UINT page;
} pages[] = {{"cp932", 932}, {"euc-jp", 20932}, {"iso-2022-jp", 50222}};

struct charset *charset_new(const char *encoding) {
    struct charset *charset = calloc(1, sizeof *charset);
    if (charset == NULL) {
        return NULL;
    }
    charset->page = CP_UTF8;
    for (size_t i = 0; encoding != NULL && i < sizeof pages / sizeof *pages; i++) {
        charset->page = strcmp(encoding, pages[i].encoding) == 0 ? pages[i].page : charset->page;
    }
    return charset;
}

void charset_free(struct charset **charset) {
    free(*charset);
    *charset = NULL;
}

/* What is no character becomes U+FFFD or the page's own sign for it. */
char *charset_text(struct charset *charset, const char *p, size_t n) {
    size_t mark = n >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    int length = (int)(n - mark);
    WCHAR *wide = malloc(((size_t)length + 1) * sizeof *wide);
    char *text = malloc((size_t)length * 4 + 4);
    if (wide != NULL && text != NULL) {
        int units =
            length > 0 ? MultiByteToWideChar(charset->page, 0, p + mark, length, wide, length) : 0;
        int made = units > 0 ? WideCharToMultiByte(CP_UTF8, 0, wide, units, text, length * 4 + 3,
                                                   NULL, NULL)
                             : 0;
        text[made] = '\0';
    } else {
        free(text);
        text = NULL;
    }
    free(wide);
    return text;
}
