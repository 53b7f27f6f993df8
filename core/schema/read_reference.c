#include "core/schema/read.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

// Foreign keys: what they say is read with their table; what they mean is known when all tables are there.

// One name of a reference: in double quotes, or up to a dot, comma or parenthesis.
static const char *scan_name(Reader *r, const char **p)
{
    while (isspace((unsigned char)**p))
        (*p)++;
    if (**p != '"') {
        size_t n = strcspn(*p, ".,()\"");
        const char *start = *p;
        *p += n;
        while (n > 0 && isspace((unsigned char)start[n - 1]))
            n--;
        return n ? arena_strndup(r->arena, start, n) : NULL;
    }
    StrBuf out;
    strbuf_init(&out, r->arena);
    for ((*p)++; **p; (*p)++) {
        if (**p == '"' && *++*p != '"') {
            while (isspace((unsigned char)**p))
                (*p)++;
            return out.text;
        }
        strbuf_putc(&out, **p);
    }
    return NULL;
}

// user, user.id, user(id), schema.table.column, schema.table(a, b)
static bool scan_reference(Reader *r, const char *p, Reference *ref)
{
    do {
        const char *name = scan_name(r, &p);
        if (!name)
            return false;
        *VEC_PUSH(r->scratch, &ref->names) = name;
    } while (*p++ == '.');
    p--;
    if (*p == '(') {
        ref->has_columns = true;
        do {
            p++;
            while (isspace((unsigned char)*p))
                p++;
            if (*p == ')' && !ref->columns.count)
                break;
            const char *name = scan_name(r, &p);
            if (!name)
                return false;
            *VEC_PUSH(r->arena, &ref->columns) = name;
        } while (*p == ',');
        if (*p++ != ')')
            return false;
        while (isspace((unsigned char)*p))
            p++;
    }
    return *p == '\0' && ref->names.count <= (ref->has_columns ? 2 : 3);
}

enum {
    K_NAME,
    K_COLUMNS,
    K_REFERENCES,
    K_TABLE,
    K_COLUMN,
    K_ON_DELETE,
    K_ON_UPDATE,
    K_MATCH,
    K_DEFERRABLE,
    K_NOT_VALID,
    K_NOT_ENFORCED,
    K_UNCHECKED,
    K_COMMENT,
    K_RENAMED_FROM,
    K_OPTIONS,
    K_COUNT
};
static const KeyInfo reference_keys[K_COUNT] = {
    {"name",          "text",       "its name, in a list"                                       },
    { "columns",      "parts",      "the columns that refer"                                    },
    { "references",   "text",       "what they refer to: user(id)"                              },
    { "table",        "text",       "the table that they refer to"                              },
    { "column",       "parts",      "the column that refers, or at a column the one referred to"},
    { "on_delete",    "action",     "what becomes of the row when the referenced one is deleted"},
    { "on_update",    "action",     "what becomes of it when the referenced key is changed"     },
    { "match",        "text",       "full, partial or simple"                                   },
    { "deferrable",   "deferrable", "when it is checked"                                        },
    { "not_valid",    "truth",      "rows that exist are not checked (PostgreSQL)"              },
    { "not_enforced", "truth",      "it is not enforced"                                        },
    { "unchecked",    "truth",      "the referenced table need not exist"                       },
    { "comment",      "text",       "a comment, kept in the database where it can"              },
    { "renamed_from", "names",      "the name it had: a rename, not a drop and a create"        },
    { "options",      "options",    "settings of one engine: {mysql: {engine: InnoDB}}"         },
};
const KeyMap reference_keys_map = { reference_keys, K_COUNT };

static bool read_target(Reader *r, const Node *node, Reference *ref)
{
    ref->node = node;
    if (node->kind != NODE_SCALAR) {
        read_issue(r, node_at(node), "'references' must name a table: user.id, user(a, b) or user");
        return false;
    }
    if (scan_reference(r, node_string(node), ref))
        return true;
    Error *err = read_issue(r, node_at(node), "'%s' is not a reference", node_string(node));
    error_hint(err, "It reads user.id, user(a, b), user (its primary key), or schema.user(id); put odd names "
                    "in double quotes.");
    return false;
}

static void read_details(Reader *r, const Node **got, Constraint *key, Reference *ref)
{
    if (got[K_ON_DELETE])
        key->on_delete = read_action(r, got[K_ON_DELETE], "on_delete");
    if (got[K_ON_UPDATE])
        key->on_update = read_action(r, got[K_ON_UPDATE], "on_update");
    if (got[K_MATCH])
        key->match = read_match(r, got[K_MATCH]);
    if (got[K_DEFERRABLE])
        key->deferral = read_deferral(r, got[K_DEFERRABLE]);
    if (got[K_UNCHECKED])
        ref->unchecked = read_bool(r, got[K_UNCHECKED], "unchecked", false);
    key->not_valid = read_bool(r, got[K_NOT_VALID], "not_valid", false);
    key->not_enforced = read_bool(r, got[K_NOT_ENFORCED], "not_enforced", false);
    read_comment(r, got[K_COMMENT], &key->head);
    read_renamed(r, got[K_RENAMED_FROM], &key->head);
    read_options(r, got[K_OPTIONS], OBJECT_FOREIGN_KEY, &key->head.options);
}

static void add_reference(TableReader *t, Constraint *key, Reference *ref, const Node *name)
{
    bool given;
    key->head.name = read_own_name(t, name, &given);
    key->named_by_convention = ref->by_convention = !given;
    ref->key = key;
    key->unchecked = ref->unchecked;
    ref->table = t->table;
    *VEC_PUSH(t->r->arena, &t->table->constraints) = key;
    *VEC_PUSH(t->r->scratch, &t->r->references) = *ref;
}

// `references: {table: user, column: id, name: fk, …}` gives target and details at once.
static bool read_target_map(Reader *r, const Node *node, const Node **got, Reference *ref)
{
    if (!got[K_TABLE]) {
        read_issue(r, node_at(node), "'references' needs a table");
        return false;
    }
    if (!read_target(r, got[K_TABLE], ref))
        return false;
    const Node *columns = got[K_COLUMNS] ? got[K_COLUMNS] : got[K_COLUMN];
    if (columns || ref->names.count == 2)
        ref->has_columns = true;
    if (columns)
        ref->columns = read_names(r, columns, "columns");
    return true;
}

void read_column_reference(TableReader *t, const Column *column, const ColumnReference *nodes)
{
    Reader *r = t->r;
    Constraint *key = constraint_new(r->arena, t->table, OBJECT_FOREIGN_KEY, NULL);
    const FlatOptions flat = { OBJECT_FOREIGN_KEY, &key->head.options };
    const Node *got[K_COUNT] = { 0 };
    Reference ref = { 0 };
    *VEC_PUSH(r->arena, &key->parts) = (Part){ .column = column->head.name };
    key->head.at = node_at(nodes->references);
    if (nodes->references->kind == NODE_MAP) {
        read_keys(r, nodes->references, "a reference", &reference_keys_map, got, &flat);
        const Node *target = got[K_REFERENCES];
        if (target ? !read_target(r, target, &ref) : !read_target_map(r, nodes->references, got, &ref))
            return;
    } else if (!read_target(r, nodes->references, &ref)) {
        return;
    }
    const Node *name = got[K_NAME];
    const Node *const outer[] = { nodes->on_delete, nodes->on_update, nodes->match, nodes->deferrable };
    for (size_t i = 0; i < COUNT_OF(outer); i++)
        if (outer[i])
            got[K_ON_DELETE + i] = outer[i];
    if (nodes->unchecked)
        got[K_UNCHECKED] = nodes->unchecked;
    read_details(r, got, key, &ref);
    add_reference(t, key, &ref, name);
}

static void read_foreign_key(TableReader *t, const Node *name, const Node *value)
{
    Reader *r = t->r;
    Constraint *key = constraint_new(r->arena, t->table, OBJECT_FOREIGN_KEY, NULL);
    const FlatOptions flat = { OBJECT_FOREIGN_KEY, &key->head.options };
    const Node *got[K_COUNT];
    Reference ref = { 0 };
    key->head.at = node_at(node_is_null(name) ? value : name);
    if (!read_keys(r, value, "a foreign key", &reference_keys_map, got, &flat))
        return;
    read_part_list(t, got[K_COLUMNS] ? got[K_COLUMNS] : got[K_COLUMN], &key->parts);
    const Node *target = got[K_REFERENCES] ? got[K_REFERENCES] : got[K_TABLE];
    if (!target || !key->parts.count) {
        Error *err = read_issue(r, node_at(value), "a foreign key needs 'columns' and 'references'");
        error_hint(err, "As in {columns: [user_id], references: user(id)}.");
        return;
    }
    if (!read_target(r, target, &ref))
        return;
    read_details(r, got, key, &ref);
    add_reference(t, key, &ref, name);
}

void read_foreign_keys(TableReader *t, const Node *node)
{
    EntryList entries = read_entries(t->r, node, "foreign_keys", false);
    VEC_EACH (Entry, entry, &entries) {
        const Node *value = read_pick(t->r, entry->value);
        if (!node_is_null(value))
            read_foreign_key(t, entry->key, value);
    }
}

// What they mean --------------------------------------------------------------------------------------------------

const Table *find_table(const Reader *r, const char *schema, const char *name)
{
    const Table *table = schema_table(r->schema, schema, name);
    if (table || !(r->dialect->caps & FOLDS_NAME_CASE))
        return table;
    VEC_EACH (Table *, it, &r->schema->tables)
        if (strcasecmp((*it)->head.name, name) == 0)
            return *it;
    return NULL;
}

const Column *find_column(const Reader *r, const Table *table, const char *name)
{
    VEC_EACH (Column *, column, &table->columns)
        if (strcmp((*column)->head.name, name) == 0 ||
            ((r->dialect->caps & FOLDS_NAME_CASE) && strcasecmp((*column)->head.name, name) == 0))
            return *column;
    return NULL;
}

// Sets the target's schema, table and columns from the texts; the table, or NULL where it is not there.
static const Table *place_target(const Reader *r, Reference *ref)
{
    Constraint *key = ref->key;
    size_t most = ref->has_columns ? 2 : 3;
    if (ref->names.count == most && is_default_schema(r, ref->names.items[0])) {
        ref->names.items++;
        ref->names.count--;
    }
    const char **names = ref->names.items;
    size_t n = ref->names.count;
    key->referred_columns = ref->columns;
    if (n == 2 && !ref->has_columns) {
        const Table *table = find_table(r, NULL, names[0]);
        const Table *whole = table ? NULL : find_table(r, names[0], names[1]);
        if (whole) {
            key->referred_schema = names[0];
            key->referred_table = names[1];
            return whole;
        }
        key->referred_table = names[0];
        *VEC_PUSH(r->arena, &key->referred_columns) = names[1];
        return table;
    }
    if (n == 3)
        *VEC_PUSH(r->arena, &key->referred_columns) = names[2];
    key->referred_schema = n > 1 ? names[0] : NULL;
    key->referred_table = names[n > 1];
    return find_table(r, key->referred_schema, key->referred_table);
}

// A view of that name is no target either, and another name would not help.
static void missing_table(Reader *r, const Reference *ref)
{
    const char *name = name_join(r->arena, ref->key->referred_schema, ref->key->referred_table);
    if (!r->table_names.count)
        VEC_EACH (Table *, it, &r->schema->tables)
            *VEC_PUSH(r->arena, &r->table_names) = name_join(r->arena, (*it)->head.schema, (*it)->head.name);
    const char *at = strstr(node_string(ref->node), ref->names.items[0]);
    size_t skip = at ? (size_t)(at - node_string(ref->node)) : 0;
    bool plain = strncmp(node_string(ref->node) + skip, name, strlen(name)) == 0;
    const SourcePos place = plain ? node_at_text(ref->node, skip, strlen(name)) : node_at(ref->node);
    const Object *view =
        schema_object(r->schema, OBJECT_VIEW, ref->key->referred_schema, NULL, ref->key->referred_table);
    if (view) {
        Error *of_view = read_issue(r, place, "'%s' is a view: a foreign key refers to a table", name);
        error_also(of_view, view->at, "the view is here");
        error_hint(of_view, "Refer to the table that the view reads.");
        return;
    }
    Error *err = read_issue(r, place, "table '%s' does not exist", name);
    read_suggest(err, name, r->table_names.items, r->table_names.count);
    if (!err->label[0])
        error_hint(err, "A table that is not part of the model is referred to with 'unchecked: true'.");
}

static void missing_column(Reader *r, const Reference *ref, const Table *table, const char *column)
{
    NameList names = { 0 };
    VEC_EACH (Column *, it, &table->columns)
        *VEC_PUSH(r->arena, &names) = (*it)->head.name;
    const char *text = node_string(ref->node), *found = NULL;
    for (const char *p = strpbrk(text, ".("); p && *p; p++) // after the table
        if (strncmp(p, column, strlen(column)) == 0 && column[0])
            found = p;
    Error *err = read_issue(
        r, found ? node_at_text(ref->node, (size_t)(found - text), strlen(column)) : node_at(ref->node),
        "table '%s' has no column '%s'", table->head.name, column);
    error_also(err, table->head.at, "the table is here");
    read_suggest_column(err, column, &names);
}

bool brings_columns(const Table *table)
{
    static const char *const options[] = { "inherits", "partition_of", "of_type" };
    for (size_t i = 0; i < COUNT_OF(options); i++)
        if (option_get(&table->head.options, options[i]))
            return true;
    return table->head.definition != NULL || table->is_virtual;
}

// Checks the referred columns once all tables are known. A table whose columns come from elsewhere (a parent,
// a type) cannot be checked here.
static void check_target(Reader *r, const Reference *ref, const Table *table)
{
    const Constraint *key = ref->key, *primary = table_primary_key(table);
    size_t count = key->referred_columns.count;
    bool known = true;
    VEC_EACH (const char *, column, &key->referred_columns)
        if (!brings_columns(table) && !find_column(r, table, *column)) {
            missing_column(r, ref, table, *column);
            known = false;
        }
    if (!count && !primary && !brings_columns(table)) {
        Error *err =
            read_issue(r, node_at(ref->node), "table '%s' has no primary key to refer to", table->head.name);
        error_also(err, table->head.at, "the table is here");
        return;
    }
    if (!count && primary)
        count = primary->parts.count;
    if (known && count && count != key->parts.count)
        error_hint(read_issue(r, node_at(ref->node), "%zu column%s cannot refer to %zu", key->parts.count,
                              key->parts.count == 1 ? "" : "s", count),
                   "Name as many columns of '%s' as refer to them.", table->head.name);
}

KeyFamily key_family(const Reader *r, const Column *column)
{
    static const char *const wholes[] = { "integer", "bigint", "smallint", "tinyint" };
    const char *type = column && column->type ? r->dialect->type_portable(r->arena, column->type) : NULL;
    for (size_t i = 0; type && i < COUNT_OF(wholes); i++)
        if (strcmp(type, wholes[i]) == 0)
            return KEY_NUMBER;
    bool text =
        type && !strchr(type, '[') &&
        (strcmp(type, "text") == 0 || strncmp(type, "string", 6) == 0 || strncmp(type, "char", 4) == 0);
    return text ? KEY_TEXT : KEY_OTHER;
}

// A text that refers to a number: most engines refuse it when the revision runs, after other tables were made.
static void check_key_types(Reader *r, const Reference *ref, const Table *target)
{
    static const char *const words[] = { [KEY_NUMBER] = "a whole number", [KEY_TEXT] = "a text" };
    const Constraint *key = ref->key, *primary = table_primary_key(target);
    for (size_t i = 0; i < key->parts.count; i++) {
        const char *other = i < key->referred_columns.count       ? key->referred_columns.items[i]
                            : primary && i < primary->parts.count ? primary->parts.items[i].column
                                                                  : NULL;
        const Column *from =
            key->parts.items[i].column ? find_column(r, ref->table, key->parts.items[i].column) : NULL;
        const Column *to = other ? find_column(r, target, other) : NULL;
        KeyFamily had = key_family(r, from), has = key_family(r, to);
        if (had == KEY_OTHER || has == KEY_OTHER || had == has)
            continue;
        const char *text =
            arena_printf(r->arena, "column '%s' is %s and refers to '%s' of table '%s', which is %s",
                         from->head.name, words[had], to->head.name, target->head.name, words[has]);
        if (r->dialect->caps & KEYS_MATCH_TYPES) {
            Error *err = read_issue(r, node_at(ref->node), "%s", text);
            error_also(err, to->head.at, "this is referred to");
            error_hint(err, "Give both columns the same type.");
        } else {
            *VEC_PUSH(r->arena, &r->schema->warnings) =
                (Warning){ .text = arena_printf(r->arena, "%s: give both the same type", text),
                           .at = node_at(ref->node) };
        }
    }
}

// Are the columns those of a key, in any order? `any`: an index need not be unique, and its first column is enough to be sure of
// nothing else, since InnoDB adds the columns of the primary key after an index's own.
static bool leads_to(const Reader *r, const Table *table, const PartList *parts, const NameList *columns,
                     bool any)
{
    size_t count = any && parts->count > 1 ? 1 : parts->count, found = 0;
    for (size_t i = 0; i < count; i++)
        VEC_EACH (const char *, it, columns)
            found += parts->items[i].column &&
                     find_column(r, table, parts->items[i].column) == find_column(r, table, *it);
    return any ? found > 0 : found == columns->count && count == columns->count;
}

static bool is_key_of(const Reader *r, const Table *table, const NameList *columns)
{
    bool any = (r->dialect->caps & REFERS_TO_INDEXES) != 0;
    VEC_EACH (Constraint *, it, &table->constraints)
        if (((*it)->head.kind == OBJECT_PRIMARY_KEY || (*it)->head.kind == OBJECT_UNIQUE ||
             (any && (*it)->head.kind == OBJECT_FOREIGN_KEY)) &&
            leads_to(r, table, &(*it)->parts, columns, any))
            return true;
    VEC_EACH (Index *, it, &table->indexes)
        if ((any || ((*it)->unique && !(*it)->where)) && leads_to(r, table, &(*it)->parts, columns, any))
            return true;
    return false;
}

// What is referred to must be a key. SQLite takes the reference, and refuses every write of both tables.
static void check_key(Reader *r, const Reference *ref, const Table *target)
{
    const NameList *columns = &ref->key->referred_columns;
    VEC_EACH (const char *, column, columns)
        if (!find_column(r, target, *column))
            return; // that is told already
    if (!columns->count || brings_columns(target) || is_key_of(r, target, columns))
        return;
    const char *names = columns->items[0];
    for (size_t i = 1; i < columns->count; i++)
        names = arena_printf(r->arena, "%s, %s", names, columns->items[i]);
    const char *text = arena_printf(r->arena, "'%s' of table '%s' is referred to and is not a key", names,
                                    target->head.name);
    if (r->dialect->caps & KEYS_MATCH_TYPES) {
        Error *err = read_issue(r, node_at(ref->node), "%s", text);
        error_also(err, target->head.at, "the table is here");
        error_hint(err, "Refer to its primary key, or declare unique: true there.");
    } else {
        *VEC_PUSH(r->arena, &r->schema->warnings) = (Warning){
            .text = arena_printf(r->arena,
                                 "%s: writing to either table will fail; declare unique: true there", text),
            .at = node_at(ref->node)
        };
    }
}

// SET NULL of a column that cannot be null: the row that is referred to can never be deleted.
static void check_set_null(Reader *r, const Reference *ref)
{
    const Constraint *key = ref->key;
    const char *rule = key->on_delete && strcmp(key->on_delete, "SET NULL") == 0   ? "on_delete"
                       : key->on_update && strcmp(key->on_update, "SET NULL") == 0 ? "on_update"
                                                                                   : NULL;
    for (size_t i = 0; rule && i < key->parts.count; i++) {
        const Column *column =
            key->parts.items[i].column ? find_column(r, ref->table, key->parts.items[i].column) : NULL;
        if (!column || column->nullable)
            continue;
        *VEC_PUSH(r->arena, &r->schema->warnings) = (Warning){
            .text = arena_printf(r->arena,
                                 "column '%s' cannot be null, so '%s: set null' will fail: make it nullable, "
                                 "or write another action",
                                 column->head.name, rule),
            .at = node_at(ref->node)
        };
        return;
    }
}

void resolve_references(Reader *r)
{
    VEC_EACH (Reference, ref, &r->references) {
        const Table *table = place_target(r, ref);
        Constraint *key = ref->key;
        if (!table && !ref->unchecked)
            missing_table(r, ref);
        else if (table && !ref->unchecked)
            check_target(r, ref, table);
        if (table && !ref->unchecked)
            check_key_types(r, ref, table);
        if (table && !ref->unchecked)
            check_key(r, ref, table);
        check_set_null(r, ref);
        if (!ref->by_convention)
            continue;
        const NameFacts facts = { .table = ref->table->head.name,
                                  .parts = &key->parts,
                                  .referred_table = key->referred_table,
                                  .referred_columns = &key->referred_columns };
        key->head.name = convention_name(r->arena, r->dialect, r->names.patterns[NAMED_FOREIGN_KEY], &facts);
    }
}
