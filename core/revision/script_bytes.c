#include "core/revision/script_bytes.h"

#include <string.h>

#include "core/base/hidden.h"
#include "core/revision/directive.h"

bool script_refuse_nul(const char *path, Text text, unsigned line, Error *err)
{
    const bool utf16 =
        text.n > 1 && (memcmp(text.p, "\xff\xfe", 2) == 0 || memcmp(text.p, "\xfe\xff", 2) == 0);
    error_at(err, ERR_SCRIPT, (SourcePos){ path, line, 0, 0 },
             utf16 ? "this file is UTF-16, and a script is UTF-8" : "a NUL byte: this is not SQL text");
    return error_hint(err, "%s",
                      utf16 ? "Save it as UTF-8: iconv -f utf-16 -t utf-8."
                            : "Remove it, or restore the file from version control.");
}

bool script_is_text(const char *path, Text text, Error *err)
{
    const char *end = text.p + text.n, *line_start = text.p;
    unsigned line = 1;
    size_t n = 1;
    for (const char *p = text.p; p < end; p += n) {
        n = utf8_sequence(p, (size_t)(end - p));
        if (*p == '\0')
            return script_refuse_nul(path, text, line, err);
        if (!n) {
            error_at(err, ERR_SCRIPT, (SourcePos){ path, line, text_column(line_start, p), 0 },
                     "byte 0x%02X is not UTF-8, and a script is UTF-8", (unsigned char)*p);
            return error_hint(err,
                              "Save the file as UTF-8; one in Latin-1: iconv -f latin1 -t utf-8. Bytes of a "
                              "value are written in hexadecimal.");
        }
        if (*p == '\n') {
            line++;
            line_start = p + 1;
        }
    }
    return true;
}
