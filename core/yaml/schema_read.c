#include "core/yaml/schema_read.h"

#include <string.h>

#include "core/base/file.h"
#include "core/yaml/read_internal.h"

enum { MOST_NODES = 2000000 };

static const char *const convention_words[] = { [CONVENTION_PRIMARY_KEY] = "primary_key",
                                                [CONVENTION_FOREIGN_KEY] = "foreign_key",
                                                [CONVENTION_UNIQUE] = "unique",
                                                [CONVENTION_INDEX] = "index",
                                                [CONVENTION_CHECK] = "check",
                                                [CONVENTION_COUNT] = NULL };

static void read_convention(ModelReader *r)
{
    static const char *const defaults[] = { [CONVENTION_PRIMARY_KEY] = "pk_{table}",
                                            [CONVENTION_FOREIGN_KEY] =
                                                "fk_{table}_{columns}_{referred_table}",
                                            [CONVENTION_UNIQUE] = "uq_{table}_{columns}",
                                            [CONVENTION_INDEX] = "ix_{table}_{columns}",
                                            [CONVENTION_CHECK] = "ck_{table}_{name}" };
    memcpy(r->convention, defaults, sizeof(defaults));
    VEC_EACH (const Node *, root, &r->roots) {
        const Node *map = node_get(*root, "naming_convention");
        if (!map || !expect_map(r, map, "naming_convention"))
            continue;
        reject_unknown(r, map, convention_words, "naming_convention", OBJECT_KIND_COUNT);
        for (size_t i = 0; i < CONVENTION_COUNT; i++)
            if (node_get(map, convention_words[i]))
                r->convention[i] = get_text(r, map, convention_words[i]);
    }
}

static void check_sections(ModelReader *r, const Node *root)
{
    const char *known[OBJECT_KIND_COUNT + 6] = { "naming_convention", "types", "mixins", "many_to_many",
                                                 "x" };
    size_t n = 4;
    for (int kind = 0; kind < OBJECT_KIND_COUNT; kind++)
        if (object_kinds[kind].yaml)
            known[n++] = object_kinds[kind].yaml;
    known[n] = NULL;
    static const char private[] = "x-"; // x-anything: a place for anchors
    VEC_EACH (NodePair, pair, &root->pairs) {
        bool found = pair->merge || strncmp(pair->key->text, private, strlen(private)) == 0;
        for (size_t i = 0; i < n && !found; i++)
            found = strcmp(known[i], pair->key->text) == 0;
        if (found)
            continue;
        Error *err =
            issues_add(r->issues, ERR_SCHEMA, pair->key->at, "unknown key '%s' in a model", pair->key->text);
        const char *near = nearest_word(pair->key->text, known, n);
        if (near)
            error_label(err, "did you mean '%s'?", near);
    }
}

static void add_root(ModelReader *r, const char *name, Text text)
{
    Node *root = NULL;
    r->broken |= !node_parse(r->arena, name, text, &root, r->issues);
    if (!root || node_is_null(root))
        return;
    if (root->kind != NODE_MAP) {
        Error *err = issues_add(r->issues, ERR_SCHEMA, root->at, "a model is a map of sections");
        error_hint(err, "Begin with tables: and, below it, one key for each table.");
        return;
    }
    check_sections(r, root);
    *VEC_PUSH(r->arena, &r->roots) = root;
}

static bool build(ModelReader *r, Error *err)
{
    if (r->broken)
        return issues_raise(r->issues, err);
    read_convention(r);
    read_types(r);
    read_tables(r);
    read_many_to_many(r);
    read_objects(r);
    name_by_convention(r);
    finish_tables(r);
    if (!issues_raise(r->issues, err))
        return false;
    if (r->dialect->resolve && !r->dialect->resolve(r->arena, r->schema, err))
        return false;
    schema_sort(r->schema);
    return true;
}

static bool finish(ModelReader *r, Schema *out, RenameList *renames, Error *err)
{
    if (!build(r, err))
        return false;
    *out = *r->schema;
    if (renames)
        VEC_EACH (Rename, rename, r->renames)
            *VEC_PUSH(r->arena, renames) = *rename;
    return true;
}

// Files and folders become files, in their order; a folder's in name order.
static bool list_files(Arena *arena, const NameList *paths, NameList *out, Error *err)
{
    VEC_EACH (const char *, path, paths) {
        if (!folder_exists(*path)) {
            *VEC_PUSH(arena, out) = *path;
            continue;
        }
        NameList yaml = { 0 };
        if (!folder_list(arena, *path, ".yaml", &yaml, err) || !folder_list(arena, *path, ".yml", &yaml, err))
            return false;
        if (yaml.count > 1)
            for (size_t i = 1; i < yaml.count; i++) // two sorted runs become one
                for (size_t k = i; k > 0 && strcmp(yaml.items[k - 1], yaml.items[k]) > 0; k--) {
                    const char *higher = yaml.items[k - 1];
                    yaml.items[k - 1] = yaml.items[k];
                    yaml.items[k] = higher;
                }
        VEC_EACH (const char *, name, &yaml)
            *VEC_PUSH(arena, out) = path_join(arena, *path, *name);
    }
    return true;
}

bool schema_read(Arena *arena, const NameList *paths, const Dialect *dialect, Schema *out,
                 RenameList *renames, Error *err)
{
    Issues issues = { .arena = arena };
    Schema schema = { .dialect = dialect };
    RenameList hints = { 0 };
    ModelReader r = { .arena = arena,
                      .dialect = dialect,
                      .issues = &issues,
                      .schema = &schema,
                      .renames = &hints,
                      .budget = MOST_NODES };
    NameList files = { 0 };
    if (!list_files(arena, paths, &files, err))
        return false;
    VEC_EACH (const char *, file, &files) {
        Text text;
        if (!file_read(arena, *file, 0, &text, err)) {
            err->code = ERR_SCHEMA;
            return error_hint(err, "The model's place is schema: in cmigrate.yaml, or --schema.");
        }
        add_root(&r, *file, text);
    }
    return finish(&r, out, renames, err);
}

bool schema_read_text(Arena *arena, const char *name, Text text, const Dialect *dialect, Schema *out,
                      RenameList *renames, Error *err)
{
    Issues issues = { .arena = arena };
    Schema schema = { .dialect = dialect };
    RenameList hints = { 0 };
    ModelReader r = { .arena = arena,
                      .dialect = dialect,
                      .issues = &issues,
                      .schema = &schema,
                      .renames = &hints,
                      .budget = MOST_NODES };
    add_root(&r, name, text);
    return finish(&r, out, renames, err);
}
