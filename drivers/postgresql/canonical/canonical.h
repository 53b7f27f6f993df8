// canonical.h -- what the two halves of the server's spelling share.
//
// canonical.c chooses the objects of the model whose texts differ from the live ones, and what changed objects they
// mention, in an order in which they can be made. canonical_make.c writes the statements that make them in scratch
// schemas; canonical_run.c runs these inside a transaction that is rolled back, and reads the objects back by the same
// introspection as everything else. canonical_take.c puts their texts into the model. canonical_grants.c
// asks which grants hold, requires.c which extensions require others, cycles.c
// refuses what no order can create.
#ifndef DRIVERS_POSTGRESQL_CANONICAL_CANONICAL_H
#define DRIVERS_POSTGRESQL_CANONICAL_CANONICAL_H

#include "drivers/postgresql/introspect/introspect.h"

// An object of the model that can be made apart; `plain` is its name without argument types.
typedef struct Candidate {
    const char *plain;
    Object *object;
    bool asked;   // its own text differs
    bool created; // the database has it not yet
    bool chosen;  // it is made
} Candidate;

typedef struct Canonical {
    PgDb *pg;
    Arena *arena;
    Schema *want;
    Candidate *candidates; // by plain name
    size_t count;
    ObjectList order;       // what is made, each after what it mentions
    SchemaNameList schemas; // scratch schemas; the first is the default one's
    bool misses_extension;  // the model wants one that is not there: unknown names are not the model's fault
    bool temporary;         // the scratch place is pg_temp, where not everything can be made
    bool only_tries;        // what the server refuses is warned of, and no text is taken from it
    ObjectList counters;    // sequences of new serial and identity columns
} Canonical;

// Whether a change's object is made for its own sake.
typedef bool AskedFn(Arena *arena, const Change *change);
AskedFn canonical_is_asked; // its difference may be one of spelling
AskedFn canonical_is_tried; // it is new, and the server may refuse it
// Lies in a schema and can be made in another one without touching live objects.
bool canonical_can_make(ObjectKind kind);

// The candidate of this name; schema NULL: the default one.
Candidate *canonical_find(const Canonical *c, const char *schema, const char *plain);
// An identifier as the server reads it: words folded, quotes off.
const char *canonical_name(Arena *arena, const Token *token);

// One statement, and what of the model it comes from.
typedef struct Made {
    const char *sql;
    const Object *part; // a column, check, index, or the object itself
    size_t group;       // its object's place in c->order
    size_t *offsets;    // CREATE TABLE: where each column begins, in characters; NULL otherwise
} Made;
typedef VEC(Made) MadeList;

// A view or function that was refused for want of another.
typedef struct Lack {
    Object *object, *on;
} Lack;

typedef struct Maker {
    Canonical *c;
    Arena *arena;
    StepGraph graph;
    MadeList made;
    size_t group;
    VEC(Lack) lacks;
} Maker;

// Chooses the scratch schemas' names, one for each schema of `c->order`; no other session has them.
void canonical_name_schemas(Canonical *c);
// The statements that make an object in its scratch schema, added to m->made.
bool canonical_state(Maker *m, const Object *object, Error *err);

// Makes all of c->order and reads it back into `got`; objects that cannot be made apart are left out of it. Of a mere try
// only views and routines are read back, and where it has but one view, nothing is. False with
// ERR_SCHEMA where the server refuses a text of the model for what it says, unless this is only a try.
bool canonical_make(Canonical *c, Schema *got, Error *err);

// Notes what a group that was given up lacks.
void canonical_note_lack(Maker *m, size_t group, const Error *refused);
// False with ERR_SCHEMA where new views and functions use each other in a circle, or a view reads itself.
bool canonical_refuse_cycles(const Maker *m, Error *err);

// Takes the server's spelling of an object's texts from `got` into the model.
void canonical_take(const Canonical *c, Object *object, const Schema *got);

// Which views and routines of c->order use which others of them, and which operators, so that no name in a text is taken for
// one that it is not.
void canonical_take_uses(const Canonical *c, const Schema *got);

// Leaves out of the model the grants that hold already. False when the connection is lost.
bool canonical_grants(PgDb *pg, Arena *arena, Schema *want, const ChangeList *changes, Error *err);

// Which extensions of the model require which others of it, where extensions change. False with ERR_SCHEMA where one requires
// another that will not be there, or when the connection is lost.
bool canonical_requires(PgDb *pg, Arena *arena, const Schema *have, const Schema *want,
                        const ChangeList *changes, Error *err);

// Marks the objects of both sides that have to be written with the default schema (Object.written_schema).
bool canonical_shadowed(PgDb *pg, Arena *arena, const Schema *have, const Schema *want, Error *err);

#endif
