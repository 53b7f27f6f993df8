#include "core/db/filter.h"

#include <fnmatch.h>
#include <stdio.h>
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

static bool glob_takes(const Filter *filter, const char *glob, const char *text)
{
    return fnmatch(glob, text, filter->any_case ? FNM_CASEFOLD : 0) == 0;
}

// "schema.name" in `out`; false where it does not fit, which no name of a server does.
static bool qualify(const char *schema, const char *name, char out[1024])
{
    int n = snprintf(out, 1024, "%s%s%s", schema ? schema : "", schema ? "." : "", name);
    return n >= 0 && n < 1024;
}

// An object of the default schema is known to globs by both of its names. All that match are noted as used.
static bool is_named(const Filter *filter, const NameList *globs, bool *used, const char *schema,
                     const char *name)
{
    char qualified[1024], by_default[1024];
    bool whole = qualify(schema, name, qualified),
         other = !schema && filter->default_schema && qualify(filter->default_schema, name, by_default);
    bool found = false;
    for (size_t i = 0; i < globs->count; i++) {
        const char *glob = globs->items[i];
        if (!(whole && glob_takes(filter, glob, qualified)) &&
            !(other && glob_takes(filter, glob, by_default)))
            continue;
        found = true;
        if (used)
            __atomic_store_n(&used[i], true, __ATOMIC_RELAXED);
    }
    return found;
}

const char *filter_default_schema(Arena *arena, const Dialect *dialect, const Url *url)
{
    const char *said = dialect && dialect->url_schema ? dialect->url_schema(arena, url) : NULL;
    return said ? said : !dialect ? NULL : dialect->default_schema ? dialect->default_schema : url->database;
}

// `all`: a glob counts that takes everything in the schema; else any that may take something there.
static bool schema_matches(const Filter *filter, const NameList *globs, const char *schema, bool all)
{
    VEC_EACH (const char *, glob, globs) {
        const char *dot = strchr(*glob, '.');
        if (!dot && glob_takes(filter, *glob, schema))
            return true;
        char before[512];
        size_t n = dot ? (size_t)(dot - *glob) : sizeof(before);
        if (n >= sizeof(before) || (all && strcmp(dot, ".*") != 0))
            continue;
        memcpy(before, *glob, n);
        before[n] = '\0';
        if (glob_takes(filter, before, schema))
            return true;
    }
    return false;
}

static bool is_default(const Filter *filter, const char *schema)
{
    return !schema || (filter->default_schema && strcmp(schema, filter->default_schema) == 0);
}

// A glob of include that speaks of a schema that is in scope by itself narrows it down.
static bool narrows(const Filter *filter, const char *schema)
{
    VEC_EACH (const char *, glob, &filter->include) {
        const NameList one = { .items = glob, .count = 1 };
        const char *name = schema ? schema : filter->default_schema;
        bool dotted = strchr(*glob, '.') != NULL;
        if (is_default(filter, schema) ? !dotted || (name && schema_matches(filter, &one, name, false))
                                       : dotted && schema_matches(filter, &one, schema, false))
            return true;
    }
    return false;
}

// In scope by itself: the default schema, those of the model, and without a model every one that nothing narrows down.
static bool is_in_scope(const Filter *filter, const char *schema)
{
    if (is_default(filter, schema))
        return true;
    if (!filter->names_schema)
        return !filter->include.count;
    return filter->names_schema(filter->payload, schema) ||
           (filter->made && filter->made(filter->payload, OBJECT_SCHEMA, schema));
}

bool filter_takes(const Filter *filter, const char *schema, const char *name)
{
    if (!filter)
        return true;
    if (is_named(filter, &filter->exclude, filter->exclude_used, schema, name))
        return false;
    if (is_named(filter, &filter->include, filter->include_used, schema, name))
        return true;
    return !narrows(filter, schema) && is_in_scope(filter, schema);
}

static bool is_of_versions(const Filter *filter, const char *schema)
{
    return filter->version_schema && strcmp(filter->version_schema, schema) == 0;
}

bool filter_takes_schema(const Filter *filter, const char *schema)
{
    if (!filter)
        return true;
    if (schema_matches(filter, &filter->exclude, schema, true))
        return false;
    bool by_model = filter->names_schema && filter->names_schema(filter->payload, schema);
    if (by_model || is_of_versions(filter, schema))
        return by_model;
    return schema_matches(filter, &filter->include, schema, false) || is_in_scope(filter, schema);
}

bool filter_owns_schema(const Filter *filter, const char *schema)
{
    if (!filter)
        return true;
    if (is_of_versions(filter, schema))
        return false;
    if (schema_matches(filter, &filter->include, schema, true))
        return true;
    return !narrows(filter, schema) && is_in_scope(filter, schema);
}

const char *filter_foreign_tool(const char *table)
{
    static const struct {
        const char *table, *tool;
    } known[] = {
        {"alembic_version",              "Alembic"         },
        { "django_migrations",           "Django"          },
        { "flyway_schema_history",       "Flyway"          },
        { "schema_migrations",           "another tool"    },
        { "ar_internal_metadata",        "Active Record"   },
        { "databasechangelog",           "Liquibase"       },
        { "databasechangeloglock",       "Liquibase"       },
        { "_prisma_migrations",          "Prisma"          },
        { "goose_db_version",            "goose"           },
        { "knex_migrations",             "Knex"            },
        { "knex_migrations_lock",        "Knex"            },
        { "_sqlx_migrations",            "sqlx"            },
        { "__efmigrationshistory",       "Entity Framework"},
        { "__diesel_schema_migrations",  "Diesel"          },
        { "atlas_schema_revisions",      "Atlas"           },
        { "doctrine_migration_versions", "Doctrine"        },
        { "gorp_migrations",             "sql-migrate"     },
        { "mikro_orm_migrations",        "MikroORM"        },
        { "pgmigrations",                "node-pg-migrate" },
        { "phinxlog",                    "Phinx"           },
        { "play_evolutions",             "Play"            },
        { "refinery_schema_history",     "Refinery"        },
        { "schemaversions",              "DbUp"            },
        { "sequelizemeta",               "Sequelize"       },
        { "__drizzle_migrations",        "Drizzle"         },
        { "_yoyo_migration",             "yoyo"            },
        { "_yoyo_version",               "yoyo"            },
        { "_yoyo_log",                   "yoyo"            },
        { "yoyo_lock",                   "yoyo"            },
    };
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (strcasecmp(known[i].table, table) == 0)
            return known[i].tool;
    return NULL;
}

static bool takes_object(const Filter *filter, const Object *object)
{
    const char *name = object->table ? object->table : object->name;
    if (object->kind == OBJECT_SCHEMA) // in scope: the model names it
        return !filter || !schema_matches(filter, &filter->exclude, name, true);
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

// A schema of a model is in scope because the model names it; what an include takes of it narrows it down.
static bool of_model(void *payload, const char *schema)
{
    (void)payload, (void)schema;
    return true;
}

void filter_model(Arena *arena, const Filter *given, Schema *schema)
{
    Filter of_its_own = given ? *given : (Filter){ 0 };
    const Filter *filter = given ? &of_its_own : NULL;
    of_its_own.names_schema = of_model;
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

void filter_claims(Arena *arena, const Schema *model, NameList *out)
{
    VEC_EACH (Table *, table, &model->tables)
        if ((*table)->head.schema && !names_have(out, (*table)->head.schema))
            *VEC_PUSH(arena, out) = (*table)->head.schema;
    VEC_EACH (Object *, object, &model->objects) {
        const char *schema = (*object)->kind == OBJECT_SCHEMA ? (*object)->name : (*object)->schema;
        if (schema && !names_have(out, schema))
            *VEC_PUSH(arena, out) = schema;
    }
}
