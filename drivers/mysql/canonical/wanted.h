// wanted.h -- what is made in a scratch database: objects of the model, and what their texts mention.
#ifndef DRIVERS_MYSQL_CANONICAL_WANTED_H
#define DRIVERS_MYSQL_CANONICAL_WANTED_H

#include "drivers/mysql/canonical/canonical.h"

// What has to be made in the scratch database: the objects whose texts differ, and what they mention.
typedef struct Wanted {
    Arena *arena;
    MyDb *my;
    const Schema *have;
    Schema *want;
    ObjectList tables;  // whose own spelling is asked for
    ObjectList objects; // the same
    ObjectList support; // made for them, not read back
    const char *place;  // foresight: the name of the scratch database
} Wanted;

void wanted_list(Wanted *w, ObjectList *list, Object *object); // once; NULL is ignored
void wanted_support(Wanted *w);                                // fills `support` for what is listed
void wanted_support_one(Wanted *w, Object *object);            // and what it is made from

// Makes one object, a table without its foreign keys; *made: the server took it, else `err` holds why. false: the statements
// could not be written.
bool wanted_make_one(Wanted *w, MYSQL *scratch, Object *object, bool *made, Error *err) MUST_USE;

// Makes all of a list, in the order in which they can be. `must`: false with ERR_SCHEMA, at the object's place, where one
// cannot.
bool wanted_make(Wanted *w, MYSQL *scratch, ObjectList *list, bool must, Error *err) MUST_USE;

// "MySQL refuses check 'c' of table 't': "
const char *wanted_who_refuses(const Wanted *w, const Object *object);
// That before what the error says, as ERR_SCHEMA at the object's place. Always false.
bool wanted_refused(const Wanted *w, const Object *object, Error *err);

// foresight.c: what the server would refuse when the revision runs is refused now: new tables, keys, views and stored
// programs are tried in a scratch database. ERR_SCHEMA at their place in the model. Without a scratch database nothing
// is said.
bool my_foresee(Wanted *w, const ChangeList *changes, Error *err) MUST_USE;

#endif
