// filter.h -- what is ours: the one place that decides which objects of a database take part.
//
// In scope are the connection's default schema and the schemas in which the model declares something; any other only where
// `include` takes from it. `exclude` then leaves out of that. The readers of databases, the reader of the model, the
// comparison and `validate` all ask here, so that no two of them can disagree: what is out of scope is neither read, nor
// compared, nor dropped.
//
// Everything here is a function of a Filter that its maker owns; nothing allocates but where an arena is taken.
#ifndef CORE_DB_FILTER_H
#define CORE_DB_FILTER_H

#include "core/base/url.h"
#include "core/dialect/dialect.h"

// An entry of include or exclude that is for some kind only: {kind: index, name: "ix_tmp_*"}.
typedef struct KindPattern {
    ObjectKind kind;  // OBJECT_CHECK also stands for exclusion constraints where the word is `constraint`
    bool constraint;  // any kind of constraint
    const char *name; // a glob over "name", "table.name" and "schema.table.name"
    SourcePos at;
    bool used; // it matched something
} KindPattern;
typedef VEC(KindPattern) KindPatternList;

// What becomes of objects in scope that the model does not have.
typedef enum Unmanaged { UNMANAGED_DROP, UNMANAGED_WARN, UNMANAGED_KEEP } Unmanaged;

typedef struct Filter {
    NameList include; // globs (fnmatch) over "schema.table" and, for the default schema, "table" too
    NameList exclude;
    KindPatternList include_kinds, exclude_kinds;
    // Of each glob of include and exclude: did it match? May be NULL. Written by whoever reads, so by two threads at once.
    bool *include_used, *exclude_used;
    const char *default_schema; // what a name without a schema may be called by, too; NULL: nothing
    const char *version_table;  // kept out, as is every name that begins with cmigrate_
    const char *version_schema; // NULL: the default
    bool any_case; // the server takes names that differ in case for one, and spells them its own way
    // Does the model declare something in this schema? Asked of schemas other than the default one. NULL: there is no model
    // to ask; then every schema is in scope, or, where there is an include, the default one and what that takes.
    bool (*names_schema)(void *payload, const char *schema);
    // Did a script of the project make it: a schema, an extension or another object of the database as a whole? Then it is
    // the project's, though the model does not name it any more. NULL: it is not known.
    bool (*made)(void *payload, ObjectKind kind, const char *name);
    void *payload;
} Filter;

// The default schema as far as a URL tells without a connection: its search_path, else the engine's own.
const char *filter_default_schema(Arena *arena, const Dialect *dialect, const Url *url);

bool filter_takes(const Filter *filter, const char *schema,
                  const char *name); // a table, view or other named object
// A schema itself: `legacy.*` leaves it out, too, and to include `app.user` includes the schema app. The one of the version
// table only where the model names it: it is never dropped.
bool filter_takes_schema(const Filter *filter, const char *schema);
// Whether it is in scope with all that is in it. What is not may have tables of others in it, and is not dropped.
bool filter_owns_schema(const Filter *filter, const char *schema);
bool filter_is_own(const Filter *filter, const char *name); // a table that cmigrate keeps for itself
// Which tool keeps its history in a table of this name ("Alembic"); NULL: none that is known.
const char *filter_foreign_tool(const char *table);

// What the filter leaves out is no part of a model either: it is neither compared nor dropped. Nor is, with a warning, what
// cmigrate keeps for itself.
void filter_model(Arena *arena, const Filter *filter, Schema *schema);
// Appends the schemas in which a model declares something, the default one apart, each once.
void filter_claims(Arena *arena, const Schema *model, NameList *out);

#endif
