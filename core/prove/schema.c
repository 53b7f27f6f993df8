// The schema that came back, against the one that was there.
#include <string.h>

#include "core/prove/internal.h"

bool schema_read_now(Proof *proof, Schema *out, Error *err)
{
    Db *db = proof->prove->db;
    *out = (Schema){ 0 };
    if (!db->driver->introspect(db, proof->arena, proof->prove->filter, out, err))
        return false;
    out->columns_ordered = (db->dialect->caps & CAN_PLACE_COLUMN) != 0;
    return true;
}

static const char *object_words(Arena *arena, const Object *object)
{
    const char *name = object->name ? object->name : "without a name";
    if (object->kind == OBJECT_COLUMN)
        return arena_printf(arena, "column %s.%s", object->table, name);
    if (object->kind != OBJECT_TABLE && object->table)
        return arena_printf(arena, "%s %s of table %s", object_kinds[object->kind].word, name, object->table);
    return arena_printf(arena, "%s %s", object_kinds[object->kind].word, object_title(arena, object));
}

static const Column *as_column(const Object *object) { return (const Column *)(const void *)object; }

// "had varchar(120), comes back varchar(100)": of what people look for first.
static const char *how_it_differs(Arena *arena, const Change *change, const char *verb)
{
    const Object *was = change->have, *is = change->want;
    if (was->kind == OBJECT_COLUMN) {
        const Column *a = as_column(was), *b = as_column(is);
        if (change->facets & FACET_TYPE)
            return arena_printf(arena, "had the type %s, %s with %s", a->type, verb, b->type);
        if (change->facets & FACET_NULLABLE)
            return arena_printf(arena, "was %s, %s %s", a->nullable ? "nullable" : "NOT NULL", verb,
                                b->nullable ? "nullable" : "NOT NULL");
        if (change->facets & FACET_DEFAULT)
            return arena_printf(
                arena, "had %s%s, %s with %s%s", a->default_sql ? "the default " : "no default",
                a->default_sql ? a->default_sql : "", verb, b->default_sql ? "the default " : "no default",
                b->default_sql ? b->default_sql : "");
        if (change->facets & FACET_POSITION)
            return arena_printf(arena, "%s in another place", verb);
    }
    static const struct {
        unsigned facet;
        const char *words;
    } said[] = {
        {FACET_NAME,           "another name"              },
        { FACET_GENERATED,     "another expression"        },
        { FACET_COLLATION,     "another collation"         },
        { FACET_COMMENT,       "another comment"           },
        { FACET_OPTIONS,       "other options"             },
        { FACET_PARTS,         "other columns"             },
        { FACET_EXPRESSION,    "another expression"        },
        { FACET_DEFINITION,    "another definition"        },
        { FACET_REFERENCES,    "another table it refers to"},
        { FACET_ACTIONS,       "other actions"             },
        { FACET_VALUES,        "other values"              },
        { FACET_IDENTITY,      "another identity"          },
        { FACET_AUTOINCREMENT, "other numbering"           },
    };
    for (size_t i = 0; i < COUNT_OF(said); i++)
        if (change->facets & said[i].facet)
            return arena_printf(arena, "%s with %s", verb, said[i].words);
    return arena_printf(arena, "%s otherwise", verb);
}

bool schema_compare(Proof *proof, ProveStep step, const Schema *was, const Schema *is, Error *err)
{
    ChangeList changes = { 0 };
    RenameList none = { 0 };
    const Schema *renamed;
    bool down = step == PROVE_DOWN;
    if (!diff_schemas(proof->arena, proof->prove->db->dialect, was, is, &none, &changes, &renamed, err))
        return false;
    VEC_EACH (Change, it, &changes) {
        const Object *object = it->have ? it->have : it->want;
        const char *name = object->name ? object->name : object->table;
        SourcePos at = down ? down_place(proof, name) : up_place(proof, name);
        const char *words = object_words(proof->arena, object);
        if (it->kind == CHANGE_DROP)
            found(proof, step, words, at,
                  down ? "Write the downgrade so that it makes it again."
                       : "Write the downgrade so that it removes what is in the way.",
                  "%s", down ? "does not come back" : "is missing after the second upgrade");
        else if (it->kind == CHANGE_CREATE)
            found(proof, step, words, at, down ? "Drop it in the downgrade." : NULL, "%s",
                  down ? "is left over" : "is there after the second upgrade only");
        else
            found(proof, step, words, at,
                  down ? "Write the downgrade so that it puts back what the upgrade changed." : NULL, "%s",
                  how_it_differs(proof->arena, it, down ? "comes back" : "is made"));
    }
    return true;
}
