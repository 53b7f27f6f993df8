// charsets.h -- which character set a column has, and how wide its characters are: what decides about length bytes.
//
// Fails: never. Memory: the arena that is passed; what a schema says is given as it is there.
#ifndef DRIVERS_MYSQL_FACTS_CHARSETS_H
#define DRIVERS_MYSQL_FACTS_CHARSETS_H

#include "core/model/schema.h"

// By the column (NULL: only the table), its table, the database; utf8 is utf8mb3.
const char *my_charset_of(Arena *arena, const ServerInfo *server, const Table *table, const Column *column);
unsigned my_charset_bytes(const char *charset); // of its widest character

#endif
