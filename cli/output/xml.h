// xml.h -- text in an XML document.
#ifndef CLI_OUTPUT_XML_H
#define CLI_OUTPUT_XML_H

#include "core/base/strbuf.h"

// Escaped for content and for attributes alike; control characters that XML 1.0 does not have become '?'.
void put_xml(StrBuf *out, const char *text);

#endif
