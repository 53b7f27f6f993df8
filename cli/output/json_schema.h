// json_schema.h -- the JSON Schema of the files that people write, for editors: `cmigrate help --json-schema model|config`.
//
// Keys and what is said of them come from the tables that the readers read by (core/yaml/keys.h), options from the dialects, so
// that a key which the reader refuses is refused by the schema. What a reader says of values (that a table exists, that a
// default fits its type) a schema cannot.
#ifndef CLI_OUTPUT_JSON_SCHEMA_H
#define CLI_OUTPUT_JSON_SCHEMA_H

#include "core/base/error.h"
#include "core/base/strbuf.h"

extern const char *const json_schema_words[]; // model, config; ended by NULL
// The JSON schema of what one of these words names, as a whole document. `word` must be one of them.
void json_schema_put(StrBuf *out, const char *word);

#endif
