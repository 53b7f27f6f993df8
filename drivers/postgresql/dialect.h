// dialect.h -- the pure parts of PostgreSQL that its files share: types, literals, names.
#ifndef DRIVERS_POSTGRESQL_DIALECT_H
#define DRIVERS_POSTGRESQL_DIALECT_H

#include "drivers/postgresql/postgresql.h"

enum { PG_OPTION_COUNT = 30 };
extern const OptionInfo pg_options[PG_OPTION_COUNT];
extern const char *const pg_portable_types[];

// dialect_types.c: the one spelling of each type is that of format_type().
const char *pg_type_native(Arena *arena, const char *spelling, const char **wrong);
const char *pg_type_portable(Arena *arena, const char *native);
const char *pg_type_without_modifier(Arena *arena, const char *type); // "character varying(80)" -> "character varying"
bool pg_type_is_number(const char *type);

// dialect_resolve.c
bool pg_resolve(Arena *arena, Schema *schema, Error *err);
// The name that the server gives by itself: name1_name2_label, cut to 63 bytes as makeObjectName() does.
const char *pg_object_name(Arena *arena, const char *name1, const char *name2, const char *label);

void pg_put_identifier(StrBuf *out, const char *name);
void pg_put_literal(StrBuf *out, const char *text);
// As the server's quote_ident(): in double quotes only where it must be.
const char *pg_quote_ident(Arena *arena, const char *name);

#endif
