#include "core/schema/read.h"

enum {
    K_NAME,
    K_COLUMNS,
    K_UNIQUE,
    K_METHOD,
    K_WHERE,
    K_INCLUDE,
    K_NULLS_DISTINCT,
    K_COMMENT,
    K_RENAMED_FROM,
    K_OPTIONS,
    K_LINT,
    K_COUNT
};
static const KeyInfo index_keys[K_COUNT] = {
    {"name",            "text",    "its name, in a list"                                 },
    { "columns",        "parts",   "its columns and expressions"                         },
    { "unique",         "truth",   "whether two rows may not agree"                      },
    { "method",         "text",    "btree, gin, fulltext and so on"                      },
    { "where",          "text",    "the rows that it is for"                             },
    { "include",        "names",   "columns that it carries besides"                     },
    { "nulls_distinct", "truth",   "whether two NULLs differ (default: true)"            },
    { "comment",        "text",    "a comment, kept in the database where it can"        },
    { "renamed_from",   "names",   "the name it had: a rename, not a drop and a create"  },
    { "options",        "options", "settings of one engine: {mysql: {engine: InnoDB}}"   },
    { "lint",           "lint",    "rules of lint that are allowed here: {allow: [RULE]}"},
};
const KeyMap index_keys_map = { index_keys, K_COUNT };

static void read_index_map(TableReader *t, Index *index, const Node *value)
{
    Reader *r = t->r;
    const Node *got[K_COUNT];
    const FlatOptions flat = { OBJECT_INDEX, &index->head.options };
    if (!read_keys(r, value, "an index", &index_keys_map, got, &flat))
        return;
    if (got[K_COLUMNS])
        index->parts = (PartList){ 0 };
    read_part_list(t, got[K_COLUMNS], &index->parts);
    index->unique = read_bool(r, got[K_UNIQUE], "unique", false);
    index->method = read_text(r, got[K_METHOD], "method");
    index->where = read_text(r, got[K_WHERE], "where");
    index->include = read_names(r, got[K_INCLUDE], "include");
    VEC_EACH (const char *, name, &index->include)
        use_column(t, got[K_INCLUDE], *name);
    index->nulls_not_distinct = !read_bool(r, got[K_NULLS_DISTINCT], "nulls_distinct", true);
    read_comment(r, got[K_COMMENT], &index->head);
    read_renamed(r, got[K_RENAMED_FROM], &index->head);
    read_options(r, got[K_OPTIONS], OBJECT_INDEX, &index->head.options);
    read_lint(r, got[K_LINT], &index->head);
}

// An index in one of its forms: a column's own, a list of parts, one part that is more than a column, or a
// mapping with further keys.
static void read_index(TableReader *t, const Node *name, const Node *value, const Column *column)
{
    Reader *r = t->r;
    bool given;
    Index *index = index_new(r->arena, t->table, read_own_name(t, name, &given));
    index->head.at = node_at(given && !node_is_null(name) ? name : value);
    if (column)
        *VEC_PUSH(r->arena, &index->parts) = (Part){ .column = column->head.name };
    if (value->kind == NODE_MAP && (node_get(value, "column") || node_get(value, "expression")))
        read_part_list(t, value, &index->parts); // one part that is more than a column
    else if (value->kind == NODE_MAP)
        read_index_map(t, index, value);
    else if (!column)
        read_part_list(t, value, &index->parts);
    if (!index->parts.count)
        error_hint(read_issue(r, node_at(value), "an index needs columns"), "As in %s: [name, mail].",
                   index->head.name ? index->head.name : "ix_name");
    if (!given) {
        index->head.name = name_by_convention(t, NAMED_INDEX, (NameFacts){ .parts = &index->parts });
        index->named_by_convention = true;
    }
    if (!index->head.name && !(r->dialect->caps & NEEDS_CONSTRAINT_NAMES))
        read_issue(r, index->head.at, "an index needs a name: %s gives it none", r->dialect->name);
    *VEC_PUSH(r->arena, &t->table->indexes) = index;
}

void read_indexes(TableReader *t, const Node *node)
{
    EntryList entries = read_entries(t->r, node, "indexes", true);
    VEC_EACH (Entry, entry, &entries) {
        const Node *value = read_pick(t->r, entry->value);
        if (!node_is_null(value))
            read_index(t, entry->key, value, NULL);
    }
}

void read_column_index(TableReader *t, const Column *column, const Node *node)
{
    read_at_column(t, column, node, read_index);
}
