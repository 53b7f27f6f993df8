#include "core/schema/schema_read.h"

#include <string.h>

#include "core/base/file.h"
#include "core/schema/read.h"

typedef struct Sections {
    EntryList kinds[OBJECT_KIND_COUNT];
    EntryList types, mixins, associations, data;
} Sections;

static const KeyInfo naming_keys[NAMED_COUNT] = {
    [NAMED_PRIMARY_KEY] = {"primary_key",  "text", "as in pk_{table}; null leaves it to the engine"},
    [NAMED_FOREIGN_KEY] = { "foreign_key", "text", "as in fk_{table}_{columns}_{referred_table}"   },
    [NAMED_UNIQUE] = { "unique",      "text", "as in uq_{table}_{columns}"                    },
    [NAMED_INDEX] = { "index",       "text", "as in ix_{table}_{columns}"                    },
    [NAMED_CHECK] = { "check",       "text", "as in ck_{table}_{name}"                       },
};
const KeyMap naming_keys_map = { naming_keys, NAMED_COUNT };

// What a model has beside a section for each kind of object (object_kinds).
static const KeyInfo section_keys[] = {
    {"naming_convention", "naming convention", "names of keys, constraints and indexes that have none"   },
    { "types",            "types",             "types of the project: domains, enums and composite types"},
    { "mixins",           "mixins",            "columns and keys that several tables take"               },
    { "many_to_many",     "associations",      "tables of two foreign keys that are their primary key"   },
    { "data",             "data",              "declared rows, by table"                                 },
    { "$comment",         "text",              "a remark in a model that is JSON; it is not read"        },
    { "$schema",          "text",              "the file's JSON Schema, for editors; it is not read"     },
};
const KeyMap section_keys_map = { section_keys, COUNT_OF(section_keys) };

// The patterns of names. Several files may each give some of them; the same one twice is an issue, and so is
// an unknown placeholder.
static void read_naming(Reader *r, const Node *node)
{
    const Node *got[NAMED_COUNT];
    if (node_is_null(node) || !read_keys(r, node, "naming_convention", &naming_keys_map, got, NULL))
        return;
    for (size_t i = 0; i < NAMED_COUNT; i++) {
        if (!got[i])
            continue;
        if (r->names_at[i]) {
            Error *err = read_issue(r, node_at(got[i]), "'%s' is declared twice", naming_keys[i].name);
            error_also(err, node_at(r->names_at[i]), "the other is here");
        }
        r->names_at[i] = got[i];
        const char *pattern = r->names.patterns[i] = read_text(r, got[i], naming_keys[i].name);
        Text unknown = pattern ? convention_unknown(pattern) : (Text){ "", 0 };
        if (!unknown.n)
            continue;
        const char *word = arena_strndup(r->scratch, unknown.p, unknown.n);
        Error *err = read_issue(r, node_at_text(got[i], (size_t)(unknown.p - pattern), unknown.n),
                                "unknown placeholder '%s'", word);
        read_suggest(err, word, name_placeholders, COUNT_OF(name_placeholders));
        if (!err->label[0])
            error_hint(
                err,
                "Known are {table}, {column}, {columns}, {name}, {referred_table} and {referred_columns}.");
    }
}

static void unknown_section(Reader *r, const Node *key)
{
    NameList known = { 0 };
    for (size_t i = 0; i < COUNT_OF(section_keys); i++)
        *VEC_PUSH(r->scratch, &known) = section_keys[i].name;
    for (size_t i = 0; i < OBJECT_KIND_COUNT; i++)
        if (object_kinds[i].yaml)
            *VEC_PUSH(r->scratch, &known) = object_kinds[i].yaml;
    Error *err = read_issue(r, node_at(key), "unknown section '%s'", node_string(key));
    read_suggest(err, node_string(key), known.items, known.count);
    if (!err->label[0])
        error_hint(err, "A model has tables, many_to_many, data, views, types, mixins, naming_convention, "
                        "sequences, functions, triggers and so on.");
}

static EntryList *section_of(Sections *sections, const char *key)
{
    if (strcmp(key, "types") == 0)
        return &sections->types;
    if (strcmp(key, "mixins") == 0)
        return &sections->mixins;
    if (strcmp(key, "many_to_many") == 0)
        return &sections->associations;
    if (strcmp(key, "data") == 0)
        return &sections->data;
    for (size_t i = 0; i < OBJECT_KIND_COUNT; i++)
        if (object_kinds[i].yaml && strcmp(object_kinds[i].yaml, key) == 0)
            return &sections->kinds[i];
    return NULL;
}

// A section that is there, empty or not, says that the model has all of its kind.
static void note_section(Reader *r, const char *key)
{
    for (size_t i = 0; i < OBJECT_KIND_COUNT; i++)
        if (object_kinds[i].yaml && strcmp(object_kinds[i].yaml, key) == 0)
            r->schema->kinds |= KIND_BIT(i);
}

// Sorts the entries of one file into sections. Nothing is read yet: what an entry refers to may be in a later
// file.
static void collect(Reader *r, const Node *root, Sections *sections)
{
    if (node_is_null(root))
        return;
    if (root->kind != NODE_MAP) {
        Error *err = read_issue(r, node_at(root), "a model is a mapping of sections");
        error_hint(err, "As in tables: {user: {columns: {id: {type: integer, primary_key: true}}}}.");
        return;
    }
    for (unsigned i = 0; i < root->count; i++) {
        const NodePair *pair = node_pair(root, i);
        EntryList *section = section_of(sections, node_string(pair->key));
        note_section(r, node_string(pair->key));
        if (node_string(pair->key)[0] == '$' && (strcmp(node_string(pair->key), "$comment") == 0 ||
                                                 strcmp(node_string(pair->key), "$schema") == 0)) {
            continue;
        } else if (strcmp(node_string(pair->key), "naming_convention") == 0) {
            read_naming(r, pair->value);
        } else if (!section) {
            unknown_section(r, pair->key);
        } else if (section == &sections->kinds[OBJECT_DATABASE]) { // not a list of them: there is one
            *VEC_PUSH(r->scratch, section) = (Entry){ .key = pair->key, .value = pair->value };
        } else {
            EntryList entries = read_entries(r, pair->value, node_string(pair->key), false);
            VEC_EACH (Entry, entry, &entries)
                *VEC_PUSH(r->scratch, section) = *entry;
        }
    }
}

static bool has_name(Reader *r, const Entry *entry, const char *what)
{
    if (!node_is_null(entry->key) || (entry->key && entry->key->quoted))
        return true;
    error_hint(read_issue(r, node_at(entry->value), "a %s needs a name", what),
               "The names are the keys of a mapping, no list: user: {columns: {...}}.");
    return false;
}

// Reads the sections in the order in which they need each other: types, mixins, tables, associations, other
// objects, references, rows.
static void read_sections(Reader *r, Sections *sections)
{
    read_type_defs(r, &sections->types, &sections->kinds[OBJECT_ENUM], &sections->kinds[OBJECT_DOMAIN],
                   &sections->kinds[OBJECT_COMPOSITE]);
    read_type_objects(r);
    read_mixin_defs(r, &sections->mixins);
    VEC_EACH (Entry, entry, &sections->kinds[OBJECT_TABLE])
        if (has_name(r, entry, "table"))
            read_table(r, entry->key, entry->value);
    schema_sort(r->schema);
    VEC_EACH (Entry, entry, &sections->associations)
        if (has_name(r, entry, "table"))
            read_association(r, entry->key, entry->value);
    for (size_t kind = 0; kind < OBJECT_KIND_COUNT; kind++)
        if (kind != OBJECT_TABLE && kind != OBJECT_ENUM && kind != OBJECT_DOMAIN && kind != OBJECT_COMPOSITE)
            VEC_EACH (Entry, entry, &sections->kinds[kind])
                read_object(r, (ObjectKind)kind, entry);
    schema_sort(r->schema);
    resolve_references(r);
    schema_sort(r->schema); // names are known now
    check_schema(r);
    VEC_EACH (Entry, entry, &sections->data)
        if (has_name(r, entry, "table"))
            read_data(r, entry->key, entry->value);
}

// A convention of null leaves the name to the engine. One that gives none has none: there a name is a difference.
static void leave_nameless(Reader *r)
{
    if (r->dialect->caps & NEEDS_CONSTRAINT_NAMES)
        return;
    VEC_EACH (Table *, table, &r->schema->tables)
        VEC_EACH (Constraint *, it, &(*table)->constraints)
            (*it)->named_by_convention &= (*it)->head.name != NULL;
}

// A convention that the model states is meant: another name in the database is a rename, as of a name that is written out.
static bool is_meant(const Reader *r, const Object *part)
{
    static const ObjectKind kinds[NAMED_COUNT] = { [NAMED_PRIMARY_KEY] = OBJECT_PRIMARY_KEY,
                                                   [NAMED_FOREIGN_KEY] = OBJECT_FOREIGN_KEY,
                                                   [NAMED_UNIQUE] = OBJECT_UNIQUE,
                                                   [NAMED_INDEX] = OBJECT_INDEX,
                                                   [NAMED_CHECK] = OBJECT_CHECK };
    if (part->kind == OBJECT_PRIMARY_KEY && r->dialect->caps & KEYS_HAVE_NO_NAME)
        return false;
    for (size_t i = 0; i < NAMED_COUNT; i++)
        if (kinds[i] == part->kind)
            return r->names_at[i] && part->name;
    return false;
}

static void take_stated_names(Reader *r)
{
    VEC_EACH (Table *, table, &r->schema->tables) {
        VEC_EACH (Constraint *, it, &(*table)->constraints)
            (*it)->named_by_convention &= !is_meant(r, &(*it)->head);
        VEC_EACH (Index *, it, &(*table)->indexes)
            (*it)->named_by_convention &= !is_meant(r, &(*it)->head);
    }
}

static bool finish(Reader *r, Sections *sections, Error *err)
{
    r->schema->dialect = r->dialect;
    if (!r->broken) // what a file that breaks off would have said is not known
        read_sections(r, sections);
    check_former_names(r);
    if (!issues_raise(&r->issues, err))
        return false;
    leave_nameless(r);
    take_stated_names(r);
    if (!r->schema->server.default_schema)
        r->schema->server.default_schema = r->default_schema;
    if (r->dialect->resolve && !r->dialect->resolve(r->arena, r->schema, err))
        return false;
    schema_sort(r->schema);
    return true;
}

static Reader reader_for(Arena *arena, const Dialect *dialect, const char *default_schema, Schema *out,
                         RenameList *renames)
{
    *out = (Schema){ 0 };
    Arena *scratch = arena_new();
    return (Reader){ .arena = arena,
                     .scratch = scratch,
                     .dialect = dialect,
                     .default_schema = default_schema ? default_schema : dialect->default_schema,
                     .schema = out,
                     .renames = renames ? renames : ARENA_NEW(scratch, RenameList),
                     .issues = { .arena = arena },
                     .names = default_convention };
}

static void read_one(Reader *r, const char *name, Text text, Sections *sections)
{
    Node *root;
    if (node_parse((NodeMemory){ r->arena, r->scratch }, name, text, &r->issues, &root) ||
        root) // its problems are among ours now
        collect(r, root, sections);
    r->broken = r->broken || !root;
}

bool schema_read_text(Arena *arena, const char *name, Text text, const Dialect *dialect, Schema *out,
                      RenameList *renames, Error *err)
{
    Reader r = reader_for(arena, dialect, NULL, out, renames);
    Sections *sections = ARENA_NEW(r.scratch, Sections);
    const char *copy = arena_strndup(r.scratch, text.p, text.n); // with the NUL that files end in
    read_one(&r, name, (Text){ copy, text.n }, sections);
    bool ok = finish(&r, sections, err);
    arena_free(r.scratch);
    return ok;
}

// A path of the model: a file, or a folder whose files are read.
static bool expand_path(Arena *arena, const char *path, NameList *files, Error *err)
{
    if (!folder_exists(path)) {
        *VEC_PUSH(arena, files) = path;
        return true;
    }
    if (file_exists(path_join(arena, path, "cmigrate.yaml"))) {
        error_set(err, ERR_SCHEMA, "folder %s holds cmigrate.yaml, which is not a part of a model", path);
        return error_hint(err,
                          "Name the file of the model, as in schema: schema.yaml, or put its files into a "
                          "folder of their own.");
    }
    NameList yaml = { 0 }, yml = { 0 };
    if (!folder_list(arena, path, ".yaml", &yaml, err) || !folder_list(arena, path, ".yml", &yml, err))
        return false;
    for (size_t i = 0, j = 0; i < yaml.count || j < yml.count;) {
        bool first = j == yml.count || (i < yaml.count && strcmp(yaml.items[i], yml.items[j]) < 0);
        *VEC_PUSH(arena, files) = path_join(arena, path, first ? yaml.items[i++] : yml.items[j++]);
    }
    if (!yaml.count && !yml.count) {
        error_set(err, ERR_SCHEMA, "there is no model in folder %s", path);
        return error_hint(err, "Put files that end in .yaml into it.");
    }
    return true;
}

static bool read_files(Reader *r, const NameList *files, Error *err)
{
    Sections *sections = ARENA_NEW(r->scratch, Sections);
    VEC_EACH (const char *, path, files) {
        Text text;
        if (!file_read(r->scratch, *path, 0, &text, err))
            return error_hint(
                err, "Set schema: in cmigrate.yaml to the path of the model, or pass --schema PATH.");
        read_one(r, *path, text, sections);
    }
    return finish(r, sections, err);
}

bool schema_read(Arena *arena, const NameList *paths, const Dialect *dialect, const char *default_schema,
                 Schema *out, RenameList *renames, Error *err)
{
    NameList files = { 0 };
    for (size_t i = 0; i < paths->count; i++)
        if (!expand_path(arena, paths->items[i], &files, err))
            return false;
    Reader r = reader_for(arena, dialect, default_schema, out, renames);
    bool ok = read_files(&r, &files, err);
    arena_free(r.scratch);
    return ok;
}
