#include "core/db/driver.h"

#include <fnmatch.h>
#include <string.h>
#include <strings.h>

bool filter_is_own(const Filter *filter, const char *name)
{
    if (strncmp(name, "cmigrate_", strlen("cmigrate_")) == 0)
        return true;
    if (!filter || !filter->version_table)
        return false;
    return filter->any_case ? strcasecmp(filter->version_table, name) == 0
                            : strcmp(filter->version_table, name) == 0;
}

static bool any_matches(const NameList *globs, bool any_case, const char *schema, const char *name)
{
    char qualified[1024];
    size_t n = 0;
    if (schema) {
        n = strlen(schema);
        if (n > sizeof(qualified) / 2)
            return false;
        memcpy(qualified, schema, n);
        qualified[n++] = '.';
    }
    size_t m = strlen(name);
    if (n + m >= sizeof(qualified))
        return false;
    memcpy(qualified + n, name, m + 1);
    VEC_EACH (const char *, glob, globs)
        if (fnmatch(*glob, qualified, any_case ? FNM_CASEFOLD : 0) == 0)
            return true;
    return false;
}

const char *filter_default_schema(const Dialect *dialect, const Url *url)
{
    return !dialect ? NULL : dialect->default_schema ? dialect->default_schema : url->database;
}

// An object of the default schema is known to globs by both of its names.
static bool is_named(const Filter *filter, const NameList *globs, const char *schema, const char *name)
{
    return any_matches(globs, filter->any_case, schema, name) ||
           (!schema && filter->default_schema &&
            any_matches(globs, filter->any_case, filter->default_schema, name));
}

bool filter_takes(const Filter *filter, const char *schema, const char *name)
{
    if (!filter)
        return true;
    if (filter->include.count && !is_named(filter, &filter->include, schema, name))
        return false;
    return !is_named(filter, &filter->exclude, schema, name);
}

// `all` : a glob counts that takes everything in the schema; else any that may take something there.
static bool schema_matches(const NameList *globs, bool any_case, const char *schema, bool all)
{
    VEC_EACH (const char *, glob, globs) {
        const char *dot = strchr(*glob, '.');
        if (!dot && fnmatch(*glob, schema, any_case ? FNM_CASEFOLD : 0) == 0)
            return true;
        char before[512];
        size_t n = dot ? (size_t)(dot - *glob) : sizeof(before);
        if (n >= sizeof(before) || (all && strcmp(dot, ".*") != 0))
            continue;
        memcpy(before, *glob, n);
        before[n] = '\0';
        if (fnmatch(before, schema, any_case ? FNM_CASEFOLD : 0) == 0)
            return true;
    }
    return false;
}

bool filter_takes_schema(const Filter *filter, const char *schema)
{
    if (!filter)
        return true;
    if (filter->include.count && !schema_matches(&filter->include, filter->any_case, schema, false))
        return false;
    return !schema_matches(&filter->exclude, filter->any_case, schema, true);
}

static bool takes_object(const Filter *filter, const Object *object)
{
    const char *name = object->table ? object->table : object->name;
    if (object->kind == OBJECT_SCHEMA)
        return filter_takes_schema(filter, name);
    return !name || filter_takes(filter, object->schema, name);
}

static void warn_of_own(Arena *arena, const Table *table, Schema *schema)
{
    *VEC_PUSH(arena, &schema->warnings) =
        (Warning){ .at = table->head.at,
                   .text = arena_printf(
                       arena, "table '%s' is one that cmigrate keeps for itself: it is left out of the model",
                       table->head.name) };
}

void filter_model(Arena *arena, const Filter *filter, Schema *schema)
{
    size_t kept = 0;
    for (size_t i = 0; i < schema->tables.count; i++) {
        Table *table = schema->tables.items[i];
        if (filter_is_own(filter, table->head.name))
            warn_of_own(arena, table, schema);
        else if (filter_takes(filter, table->head.schema, table->head.name))
            schema->tables.items[kept++] = table;
    }
    schema->tables.count = kept;
    kept = 0;
    for (size_t i = 0; i < schema->objects.count; i++) {
        Object *object = schema->objects.items[i];
        if (takes_object(filter, object))
            schema->objects.items[kept++] = object;
    }
    schema->objects.count = kept;
}

void db_close(Db *db)
{
    if (db)
        db->driver->close(db);
}

typedef struct FirstValue {
    Arena *arena;
    const char *value;
    bool seen;
} FirstValue;

static bool keep_first(void *payload, const Row *row, Error *err)
{
    (void)err;
    FirstValue *first = payload;
    if (!first->seen && row->count && row->values[0])
        first->value = row->lengths ? arena_strndup(first->arena, row->values[0], row->lengths[0])
                                    : arena_strdup(first->arena, row->values[0]);
    first->seen = true;
    return true;
}

bool db_value(Db *db, Arena *arena, const char *query, const char **out, Error *err)
{
    FirstValue first = { .arena = arena };
    if (!db->driver->query(db, query, keep_first, &first, err))
        return false;
    *out = first.value;
    return true;
}
