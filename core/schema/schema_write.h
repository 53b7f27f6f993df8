// schema_write.h -- a Schema becomes the model's YAML or JSON, so that reading it back gives an equal Schema.
//
// Portable types are written where the dialect's table is exact, names are left out where the naming convention gives
// them, and everything else is written out. Order: tables by name, columns in table order; same input, same bytes.
#ifndef CORE_SCHEMA_SCHEMA_WRITE_H
#define CORE_SCHEMA_SCHEMA_WRITE_H

#include "core/dialect/dialect.h"

// The schema as a model that reads back as the same schema.
void schema_write_yaml(StrBuf *out, const Schema *schema);
void schema_write_json(StrBuf *out, const Schema *schema); // the same tree as one JSON document

#endif
