// relations.h -- the relations of a database as measure.c compares them before and after a statement.
#ifndef DRIVERS_POSTGRESQL_DRIVER_RELATIONS_H
#define DRIVERS_POSTGRESQL_DRIVER_RELATIONS_H

#include "drivers/postgresql/driver/driver.h"

typedef struct Relation {
    unsigned long oid, of;      // of an index: its table, of others: itself
    const char *schema, *table; // of an index: its table
    const char *name;
    bool is_index, gone; // gone: dropped, and nothing else is known of it
    bool uncommitted;    // the open transaction has written its row
    unsigned long file;
    long long scans;
    unsigned locks; // bits: 1 << a lock mode, the weakest first
} Relation;
typedef VEC(Relation) RelationList; // in the order of their oids

// The name of the strongest of the modes in `locks`, as the documentation writes it; NULL: it hinders nothing but what changes
// the table itself. And how strong a lock of that name is.
const char *pg_strongest_lock(unsigned locks);
size_t pg_lock_rank(const char *lock);

// All of them; or those that the open transaction has a lock on, dropped ones too.
bool pg_read_all_relations(Db *db, Arena *arena, RelationList *out, Error *err) MUST_USE;
bool pg_read_locked_relations(Db *db, Arena *arena, RelationList *out, Error *err) MUST_USE;

// Makes what pg_find_relation looks into what the open transaction sees: *now is what differs from what is kept of the
// connection. Costs what was changed, scanned or locked since the last time.
bool pg_follow_relations(Db *db, Arena *arena, RelationList *now, Error *err) MUST_USE;
// False: there was none of this oid, or it was dropped before. The names in *out live as long as the connection or `now`.
bool pg_find_relation(const Db *db, const RelationList *now, unsigned long oid, Relation *out);

#endif
