#include "cli/output/xml.h"

void put_xml(StrBuf *out, const char *text)
{
    for (const char *p = text; *p; p++)
        switch (*p) {
        case '<': strbuf_puts(out, "&lt;"); break;
        case '>': strbuf_puts(out, "&gt;"); break;
        case '&': strbuf_puts(out, "&amp;"); break;
        case '"': strbuf_puts(out, "&quot;"); break;
        case '\n': strbuf_puts(out, "&#10;"); break;
        default: // XML 1.0 has no other control characters, not even escaped
            strbuf_putc(out, (unsigned char)*p < ' ' && *p != '\t' ? '?' : *p);
        }
}
