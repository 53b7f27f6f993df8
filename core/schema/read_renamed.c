// `renamed_from` of what a model declares: one name, or several that it had one after another.
#include <string.h>

#include "core/dialect/name_table.h"
#include "core/schema/read.h"

// A name with another schema before it, or the name that the object has itself: only its schema is another one then.
static bool is_of_other_schema(const Reader *r, const Object *object, const NameList *parts)
{
    const char *schema = parts->count > 1 ? parts->items[0] : object->schema;
    if (schema && r->dialect->default_schema && strcmp(schema, r->dialect->default_schema) == 0)
        schema = NULL;
    return !same_text(schema, object->schema) ||
           (object->schema && parts->count == 1 && strcmp(parts->items[0], object->name) == 0);
}

// Taken for a new object beside one that is dropped, it would lose the rows.
static void refuse_other_schema(Reader *r, const Node *node, const Object *object, const char *name)
{
    Error *err = read_issue(r, node_at(node), "%s '%s' cannot be renamed out of another schema",
                            object_kinds[object->kind].word, object->name);
    error_hint(err,
               "Move it in a revision of your own, ALTER %s %s SET SCHEMA %s, and take renamed_from away.",
               object_kinds[object->kind].keyword, name, object->schema ? object->schema : "public");
}

void note_rename(Reader *r, Rename rename) { *VEC_PUSH(r->arena, r->renames) = rename; }

static void refuse_same_former_name(Reader *r, const Rename *first, const Rename *second)
{
    Error *err = read_issue(r, second->at, "%s '%s' and '%s' are both renamed from '%s'",
                            object_kinds[second->kind].word, first->to, second->to, second->from);
    error_also(err, first->at, "the other is here");
    error_hint(err, "Take renamed_from away where the rename is done already, or never was one.");
}

// One thing of the database becomes one of the model; of two, the first would take it and the other come without its rows.
// Each is compared with the first of its former name.
void check_former_names(Reader *r)
{
    const RenameList *renames = r->renames;
    NameTable table = name_table_new(r->scratch, NULL, renames->count);
    for (size_t i = 0; i < renames->count; i++) {
        const Rename *it = &renames->items[i];
        const char *parts[] = { object_kinds[it->kind].word, it->schema, it->table, it->from };
        const char *name = placed_name(r->scratch, parts, COUNT_OF(parts));
        const size_t first = name_table_first(&table, name);
        if (first == SIZE_MAX)
            name_table_enter(&table, i, name);
        else if (!same_text(renames->items[first].to, it->to))
            refuse_same_former_name(r, &renames->items[first], it);
    }
}

void read_renamed(Reader *r, const Node *node, Object *object)
{
    NameList names = read_names(r, node, "renamed_from");
    // what lies in a table has a bare name, dots and quotes included
    bool bare = object->kind >= OBJECT_COLUMN && object->kind <= OBJECT_FOREIGN_KEY;
    VEC_EACH (const char *, name, &names) {
        NameList parts = { 0 };
        if (!bare && !name_split(r->arena, *name, &parts)) {
            read_issue(r, node_at(node), "'renamed_from' is not a name: '%s'", *name);
            continue;
        }
        if (!bare && parts.count && is_of_other_schema(r, object, &parts)) {
            refuse_other_schema(r, node, object, *name);
            continue;
        }
        const char *from = bare ? *name : parts.items[parts.count - 1];
        if (!object->renamed_from)
            object->renamed_from = from;
        note_rename(r, (Rename){ .kind = object->kind,
                                 .schema = object->schema,
                                 .table = object->table,
                                 .from = from,
                                 .to = object->name,
                                 .at = node_at(node) });
    }
}
