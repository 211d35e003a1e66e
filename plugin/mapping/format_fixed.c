#include "format_parts.h"
#include "shikaku/codes.h"

/* The cells come with their width already. */
int32_t fixed_row(const struct format_style *style, const struct format_cell *cells, size_t n,
                  struct bytes *out) {
    int32_t rc = SHK_OK;
    for (size_t i = 0; rc == SHK_OK && i < n; i++) {
        if (cells[i].value != NULL) {
            rc = bytes_append_text(out, cells[i].value);
        }
    }
    return rc == SHK_OK ? bytes_append_text(out, style->newline) : rc;
}
