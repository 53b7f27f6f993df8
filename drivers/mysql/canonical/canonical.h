// canonical.h -- declared and live, brought to one spelling: first by what is known of the server, then by asking it.
#ifndef DRIVERS_MYSQL_CANONICAL_CANONICAL_H
#define DRIVERS_MYSQL_CANONICAL_CANONICAL_H

#include "drivers/mysql/driver/driver.h"
#include "drivers/mysql/introspect/introspect.h"

// Takes out of `want` what says nothing on this server: the database's own collation, the server's own engine, display
// widths on MySQL, a definer or sql_mode that is not declared.
void my_localise(Arena *arena, const MyDb *my, const DdlServer *server, const Schema *have, Schema *want);

// Copies the server's spelling of a declared table or object, as read from the scratch database, into `want`.
void my_adopt_table(Arena *arena, Table *want, const Table *seen);
void my_adopt_object(Object *want, const Object *seen);

#endif
