#include <stdlib.h>
#include <string.h>

#include "drivers/postgresql/introspect/introspect.h"

enum {
    KEY_OID,
    KEY_NAME,
    KEY_KIND,
    KEY_RELATION,
    KEY_DOMAIN,
    KEY_COLUMNS,
    KEY_REFERRED,
    KEY_REFERRED_COLUMNS,
    KEY_ON_UPDATE,
    KEY_ON_DELETE,
    KEY_MATCH,
    KEY_DEFERRABLE,
    KEY_DEFERRED,
    KEY_VALIDATED,
    KEY_NO_INHERIT,
    KEY_IS_LOCAL,
    KEY_INHERITED,
    KEY_PARENT,
    KEY_INDEX,
    KEY_EXPRESSION,
    KEY_OPERATORS,
    KEY_DELETE_COLUMNS,
    KEY_ENFORCED,
    KEY_PERIOD,
    KEY_REFERRED_OID,
};

static const char *column_name(const Introspection *in, unsigned relation, unsigned number)
{
    const Column *column = see_column(in, relation, number);
    return column ? column->head.name : NULL;
}

static const char *action(const char *letter)
{
    switch (*letter) {
    case 'r': return "RESTRICT";
    case 'c': return "CASCADE";
    case 'n': return "SET NULL";
    case 'd': return "SET DEFAULT";
    default: return NULL;
    }
}

// "SET NULL (a, b)": only some of the columns.
static const char *delete_action(const Rows *rows, unsigned relation)
{
    Arena *arena = rows->in->arena;
    const char *text = action(see_row_must(rows, KEY_ON_DELETE));
    const char *columns = see_row_raw(rows, KEY_DELETE_COLUMNS);
    if (!text || !columns)
        return text;
    StrBuf out;
    strbuf_init(&out, arena);
    strbuf_printf(&out, "%s (", text);
    unsigned number = 0;
    for (bool first = true; see_next_number(&columns, &number); first = false) {
        const char *name = column_name(rows->in, relation, number);
        strbuf_printf(&out, "%s%s", first ? "" : ", ", name ? pg_quote_ident(arena, name) : "?");
    }
    strbuf_putc(&out, ')');
    return out.text;
}

// The target and actions of a foreign key. A table that the filter leaves out is known by the text that the
// query gives for it.
static void read_foreign_key(const Rows *rows, Constraint *key, unsigned relation)
{
    Introspection *in = rows->in;
    NameList parts = { 0 };
    const char *of_extension = see_row_text(rows, KEY_REFERRED);
    unsigned other = see_row_oid(rows, KEY_REFERRED_OID);
    const Object *known = see_get(&in->relations, (CatalogKey){ 0, other, 0 });
    if (known) {
        key->referred_table = known->name;
        key->referred_schema = known->schema;
    } else if (of_extension && name_split(in->arena, of_extension, &parts) && parts.count) {
        key->referred_table = parts.items[parts.count - 1];
        key->referred_schema = parts.count > 1 ? parts.items[0] : NULL;
    } else {
        key->referred_table = see_row_must(rows, KEY_REFERRED);
    }
    const char *columns = see_row_raw(rows, KEY_REFERRED_COLUMNS);
    for (unsigned number = 0; see_next_number(&columns, &number);) {
        const char *name = column_name(in, other, number);
        if (name)
            *VEC_PUSH(in->arena, &key->referred_columns) = name;
    }
    const char *update = see_row_must(rows, KEY_ON_UPDATE), *match = see_row_must(rows, KEY_MATCH);
    key->on_update = action(update);
    key->on_delete = delete_action(rows, relation);
    key->match = *match == 'f' ? "FULL" : *match == 'p' ? "PARTIAL" : NULL;
}

static ObjectKind kind_of(char letter)
{
    switch (letter) {
    case 'p': return OBJECT_PRIMARY_KEY;
    case 'u': return OBJECT_UNIQUE;
    case 'x': return OBJECT_EXCLUDE;
    case 'f': return OBJECT_FOREIGN_KEY;
    default: return OBJECT_CHECK;
    }
}

static void read_parts(const Rows *rows, Constraint *key, unsigned relation)
{
    Introspection *in = rows->in;
    const char *columns = see_row_raw(rows, KEY_COLUMNS);
    for (unsigned number = 0; see_next_number(&columns, &number);) {
        const char *name = column_name(in, relation, number);
        // an expression of an exclusion constraint: the row of its index fills it in, the operator belongs to its place
        bool expression = !number && key->head.kind == OBJECT_EXCLUDE;
        if (name || expression)
            *VEC_PUSH(in->arena, &key->parts) =
                (Part){ .column = name, .expression = expression ? "" : NULL };
    }
    if (key->parts.count && see_row_true(rows, KEY_PERIOD))
        key->parts.items[key->parts.count - 1].with_operator =
            key->head.kind == OBJECT_FOREIGN_KEY ? "PERIOD" : "WITHOUT OVERLAPS";
}

static void read_state(const Rows *rows, Constraint *key)
{
    if (see_row_true(rows, KEY_DEFERRABLE))
        key->deferral = see_row_true(rows, KEY_DEFERRED) ? DEFERRABLE_DEFERRED : DEFERRABLE_IMMEDIATE;
    key->not_enforced = !see_row_true(rows, KEY_ENFORCED);
    key->not_valid = !see_row_true(rows, KEY_VALIDATED) && !key->not_enforced;
    key->no_inherit = key->head.kind == OBJECT_CHECK && see_row_true(rows, KEY_NO_INHERIT);
}

static void read_domain_check(const Rows *rows, DomainType *domain)
{
    Introspection *in = rows->in;
    Constraint *check = object_new(in->arena, OBJECT_CHECK, domain->head.schema, domain->head.name,
                                   see_row_must(rows, KEY_NAME));
    check->expression = see_row_sql(rows, KEY_EXPRESSION);
    if (!check->expression)
        return;
    check->not_valid = !see_row_true(rows, KEY_VALIDATED);
    *VEC_PUSH(in->arena, &domain->checks) = check;
    // what the check depends on, the domain does; its comment is its own
    see_remember(in, CLASS_CONSTRAINT, see_row_oid(rows, KEY_OID), &domain->head);
    see_put(&in->checks, (CatalogKey){ 0, see_row_oid(rows, KEY_OID), 0 }, check);
}

void see_constraints(Rows rows)
{
    Introspection *in = rows.in;
    while (see_rows_next(&rows)) {
        unsigned relation = see_row_oid(&rows, KEY_RELATION), domain = see_row_oid(&rows, KEY_DOMAIN);
        Object *owner =
            relation ? see_object(in, CLASS_RELATION, relation) : see_object(in, CLASS_TYPE, domain);
        if (owner && owner->kind == OBJECT_DOMAIN)
            read_domain_check(&rows, (DomainType *)(void *)owner);
        if (!owner || owner->kind != OBJECT_TABLE)
            continue;
        Table *table = (Table *)(void *)owner;
        ObjectKind kind = kind_of(see_row_char(&rows, KEY_KIND));
        Constraint *key = constraint_new(in->arena, table, kind, see_row_must(&rows, KEY_NAME));
        key->head.id = see_row_oid(&rows, KEY_OID);
        if (kind != OBJECT_CHECK)
            read_parts(&rows, key, relation);
        if (kind == OBJECT_FOREIGN_KEY)
            read_foreign_key(&rows, key, relation);
        key->expression = see_row_sql(&rows, KEY_EXPRESSION);
        if (kind == OBJECT_CHECK && !key->expression)
            continue;
        read_state(&rows, key);
        const NameList operators = pg_array(in->arena, see_row_raw(&rows, KEY_OPERATORS));
        for (size_t i = 0; kind == OBJECT_EXCLUDE && i < operators.count && i < key->parts.count; i++)
            key->parts.items[i].with_operator = operators.items[i];
        bool from_parent = see_row_oid(&rows, KEY_PARENT) ||
                           (see_row_int(&rows, KEY_INHERITED, 0) > 0 && !see_row_true(&rows, KEY_IS_LOCAL));
        see_remember(in, CLASS_CONSTRAINT, (unsigned)key->head.id, &key->head);
        if (from_parent) {
            if (kind == OBJECT_CHECK)
                *VEC_PUSH(in->scratch, &in->child_checks) =
                    (ChildCheck){ table, key->head.name, !key->not_valid };
            continue;
        }
        *VEC_PUSH(in->arena, &table->constraints) = key;
    }
}

enum { OPCLASS_KIND, OPCLASS_OID, OPCLASS_NAME, OPCLASS_DEFAULT, OPCLASS_TYPE, OPCLASS_METHOD };

static CatalogKey default_class_key(unsigned type, unsigned method)
{
    return (CatalogKey){ 1, type, method };
}

void see_opclasses(Rows rows)
{
    Introspection *in = rows.in;
    while (see_rows_next(&rows)) {
        unsigned oid = see_row_oid(&rows, OPCLASS_OID);
        const CatalogKey key = { 0, oid, 0 };
        if (see_row_char(&rows, OPCLASS_KIND) == 'c') {
            see_put(&in->collations, key,
                    // const goes: what is kept is only read
                    // NOLINTNEXTLINE(performance-no-int-to-ptr)
                    (void *)(uintptr_t)see_collation(in, see_row_must(&rows, OPCLASS_NAME)));
            continue;
        }
        OpClass *class = ARENA_NEW(in->arena, OpClass);
        *class = (OpClass){ see_row_must(&rows, OPCLASS_NAME), see_row_true(&rows, OPCLASS_DEFAULT),
                            see_row_oid(&rows, OPCLASS_TYPE), see_row_oid(&rows, OPCLASS_METHOD) };
        see_put(&in->opclasses, key, class);
        if (class->is_default)
            see_put(&in->opclasses, default_class_key(class->type, class->method), class);
    }
}

enum {
    INDEX_OID,
    INDEX_RELATION,
    INDEX_NAME,
    INDEX_METHOD,
    INDEX_UNIQUE,
    INDEX_KEY,
    INDEX_OPTIONS,
    INDEX_COLLATIONS,
    INDEX_OPCLASSES,
    INDEX_KEY_COUNT,
    INDEX_NULLS_NOT_DISTINCT,
    INDEX_PREDICATE,
    INDEX_EXPRESSIONS,
    INDEX_STORAGE,
    INDEX_TABLESPACE,
    INDEX_CLUSTERED,
    INDEX_REPLICA_IDENTITY,
    INDEX_VALID,
    INDEX_CONSTRAINT,
    INDEX_IS_PARTITION,
    INDEX_NAMES,
    INDEX_DEFINITION,
};

static unsigned next_number(const char **text)
{
    unsigned value = 0;
    (void)see_next_number(text, &value);
    return value;
}

// Named only where it is not what the column's type takes by itself.
static const char *opclass_name(const Rows *rows, unsigned oid, const Column *column)
{
    const Introspection *in = rows->in;
    const OpClass *class = see_get(&in->opclasses, (CatalogKey){ 0, oid, 0 });
    if (!class || (class->is_default && !column))
        return NULL;
    if (!class->is_default)
        return class->name;
    unsigned type = (unsigned)(column->head.id >> 32);
    const OpClass *own = see_get(&in->opclasses, default_class_key(type, class->method));
    return own && own != class ? class->name : NULL;
}

// The catalogue does not tell what an expression is sorted by without a word: the definition has one where it needs it.
static bool says_collation(const Rows *rows, unsigned position)
{
    const char *definition = see_row_text(rows, INDEX_DEFINITION);
    if (!definition)
        return false;
    TokenList tokens = lex_all(rows->in->scratch, (Text){ definition, strlen(definition) }, LEX_POSTGRESQL);
    size_t i = 0;
    while (i < tokens.count && !token_is(&tokens.items[i], "using"))
        i++;
    unsigned at = 1;
    for (int depth = 0; i < tokens.count && at <= position; i++) {
        const Token *token = &tokens.items[i];
        if (depth == 1 && token_is(token, ")"))
            break; // after the keys
        depth += token_is(token, "(") ? 1 : token_is(token, ")") ? -1 : 0;
        at += depth == 1 && token_is(token, ",");
        if (at == position && depth == 1 && token_is(token, "collate"))
            return true;
    }
    return false;
}

typedef struct KeyReader {
    const Rows *rows;
    unsigned index, relation;
    const char *options, *collations, *opclasses;
    NameList expressions;
    size_t next_expression;
} KeyReader;

// One part of a key or index. The server's defaults (operator class, collation, NULLs) are left unset.
static Part read_part(KeyReader *reader, unsigned number, unsigned position)
{
    Introspection *in = reader->rows->in;
    const Column *column = number ? see_column(in, reader->relation, number) : NULL;
    Part part = { .column = column ? column->head.name : NULL };
    if (!number && reader->next_expression < reader->expressions.count)
        part.expression =
            see_inner_expression(in->arena, reader->expressions.items[reader->next_expression++]);
    unsigned option = next_number(&reader->options), collation = next_number(&reader->collations);
    part.opclass = opclass_name(reader->rows, next_number(&reader->opclasses), column);
    unsigned own = column ? (unsigned)(column->head.id & 0xffffffffu) : 0;
    if (collation && (column ? collation != own : says_collation(reader->rows, position)))
        part.collation = see_get(&in->collations, (CatalogKey){ 0, collation, 0 });
    part.descending = option & 1;
    bool first = option & 2;
    if (first != part.descending)
        part.nulls_first = first ? YES : NO;
    const Column *settings = see_column(in, reader->index, position);
    const char *parameters = settings ? option_get(&settings->head.options, PG_ATTRIBUTE_OPTIONS) : NULL;
    if (parameters) {
        const OpClass *class = NULL;
        if (!part.opclass) { // parameters can only follow a name
            const char *at = see_row_must(reader->rows, INDEX_OPCLASSES);
            unsigned oid = 0;
            for (unsigned i = 0; i < position; i++)
                oid = next_number(&at);
            class = see_get(&in->opclasses, (CatalogKey){ 0, oid, 0 });
        }
        part.opclass = arena_printf(in->arena, "%s (%s)", class ? class->name : part.opclass, parameters);
    }
    return part;
}

// The parts of an index, then its INCLUDE columns, which follow them in the same list.
static void read_key(const Rows *rows, PartList *parts, NameList *include)
{
    Introspection *in = rows->in;
    KeyReader reader = { .rows = rows,
                         .index = see_row_oid(rows, INDEX_OID),
                         .relation = see_row_oid(rows, INDEX_RELATION),
                         .options = see_row_must(rows, INDEX_OPTIONS),
                         .collations = see_row_must(rows, INDEX_COLLATIONS),
                         .opclasses = see_row_must(rows, INDEX_OPCLASSES),
                         .expressions = see_row_texts(rows, INDEX_EXPRESSIONS) };
    const char *key = see_row_must(rows, INDEX_KEY);
    long keys = see_row_int(rows, INDEX_KEY_COUNT, 0);
    unsigned number = 0;
    for (unsigned position = 1; see_next_number(&key, &number); position++) {
        if (position <= (unsigned)keys) {
            Part part = read_part(&reader, number, position);
            if (part.column || part.expression)
                *VEC_PUSH(in->arena, parts) = part;
            continue;
        }
        const char *name = column_name(in, reader.relation, number);
        if (name)
            *VEC_PUSH(in->arena, include) = name;
    }
}

// 2=500, …: targets of an index's expressions.
static const char *index_statistics(Introspection *in, unsigned oid, size_t count)
{
    const char *out = NULL;
    for (unsigned i = 1; i <= count; i++) {
        const Column *column = see_column(in, oid, i);
        const char *target = column ? option_get(&column->head.options, PG_STATISTICS) : NULL;
        if (target)
            out = arena_printf(in->arena, "%s%s%u=%s", out ? out : "", out ? ", " : "", i, target);
    }
    return out;
}

// Would the server have given this name by itself? A number after it tells apart what would have the same.
static bool is_given_name(Introspection *in, const Rows *rows, const Object *object, const char *label)
{
    const NameList names = pg_array(in->arena, see_row_raw(rows, INDEX_NAMES));
    StrBuf joined;
    strbuf_init(&joined, in->arena);
    VEC_EACH (const char *, name, &names)
        strbuf_printf(&joined, "%s%s", name == names.items ? "" : "_", *name);
    const char *columns = strcmp(label, "pkey") == 0 ? NULL : pg_name_clip(in->arena, joined.text);
    const char *implied = pg_object_name(in->arena, object->table, columns, label);
    size_t n = strlen(implied);
    return strncmp(object->name, implied, n) == 0 &&
           object->name[n + strspn(object->name + n, "0123456789")] == '\0';
}

static void set_index_options(const Rows *rows, Object *object, Object *owner, size_t parts)
{
    Introspection *in = rows->in;
    see_option(in, object, PG_WITH, see_settings(in->arena, see_row_raw(rows, INDEX_STORAGE)));
    see_option(in, object, PG_TABLESPACE, see_row_text(rows, INDEX_TABLESPACE));
    see_option(in, object, PG_STATISTICS, index_statistics(in, see_row_oid(rows, INDEX_OID), parts));
    if (option_get(&owner->options, PG_PARTITION_BY) && !see_row_true(rows, INDEX_VALID))
        see_option(in, object, PG_ONLY, "true");
    if (see_row_true(rows, INDEX_CLUSTERED))
        see_option(in, owner, PG_CLUSTER_ON, object->name);
    if (see_row_true(rows, INDEX_REPLICA_IDENTITY) && !option_get(&owner->options, PG_REPLICA_IDENTITY))
        see_option(in, owner, PG_REPLICA_IDENTITY, object->name);
}

static const char *label_of(ObjectKind kind)
{
    return kind == OBJECT_PRIMARY_KEY ? "pkey"
           : kind == OBJECT_UNIQUE    ? "key"
           : kind == OBJECT_EXCLUDE   ? "excl"
                                      : "idx";
}

// False where the parent's index says all.
static bool is_listed(const Rows *rows, Object *object, Table *table)
{
    Introspection *in = rows->in;
    if (!see_row_true(rows, INDEX_IS_PARTITION))
        return true;
    const Parents *parents = see_get(&in->parents, (CatalogKey){ 0, see_row_oid(rows, INDEX_OID), 0 });
    if (!parents)
        return false;
    bool given = is_given_name(in, rows, object, label_of(object->kind));
    *VEC_PUSH(in->scratch, &in->adopted) = (Adopted){ object, parents->oids.items[0], given ? table : NULL };
    return !given;
}

// What a constraint has of its index: parts, INCLUDE, method and predicate. A partition's own copy of the
// parent's key is listed only where it differs.
static void read_key_index(const Rows *rows, Constraint *key, Table *table)
{
    Introspection *in = rows->in;
    PartList parts = { 0 };
    read_key(rows, &parts, &key->include);
    key->nulls_not_distinct = see_row_true(rows, INDEX_NULLS_NOT_DISTINCT);
    if (key->head.kind == OBJECT_EXCLUDE) {
        for (size_t i = 0; i < parts.count && i < key->parts.count; i++)
            parts.items[i].with_operator = key->parts.items[i].with_operator;
        key->parts = parts;
        key->method = see_row_must(rows, INDEX_METHOD);
        key->where = see_row_sql(rows, INDEX_PREDICATE);
    }
    set_index_options(rows, &key->head, &table->head, key->parts.count);
    see_remember(in, CLASS_RELATION, see_row_oid(rows, INDEX_OID), &key->head);
    if (!see_row_true(rows, INDEX_IS_PARTITION))
        return;
    VEC_EACH (Constraint *, it, &table->constraints)
        if (*it == key) // the partition's own, though its index serves one of the parent's
            return;
    if (is_listed(rows, &key->head, table))
        *VEC_PUSH(in->arena, &table->constraints) = key;
}

static Index *read_index(const Rows *rows, Object *owner)
{
    Introspection *in = rows->in;
    Index *index =
        object_new(in->arena, OBJECT_INDEX, owner->schema, owner->name, see_row_must(rows, INDEX_NAME));
    const char *method = see_row_must(rows, INDEX_METHOD);
    index->method = strcmp(method, "btree") == 0 ? NULL : arena_strdup(in->arena, method);
    index->unique = see_row_true(rows, INDEX_UNIQUE);
    index->nulls_not_distinct = see_row_true(rows, INDEX_NULLS_NOT_DISTINCT);
    index->where = see_row_sql(rows, INDEX_PREDICATE);
    read_key(rows, &index->parts, &index->include);
    set_index_options(rows, &index->head, owner, index->parts.count);
    index->head.id = see_row_oid(rows, INDEX_OID);
    see_remember(in, CLASS_RELATION, (unsigned)index->head.id, &index->head);
    return index;
}

// What the server calls the index's constraint: a check of a domain is remembered by the domain.
static bool is_key_of(const Object *key, const Table *table)
{
    return (key->kind == OBJECT_PRIMARY_KEY || key->kind == OBJECT_UNIQUE || key->kind == OBJECT_EXCLUDE) &&
           key->table == table->head.name;
}

void see_indexes(Rows rows)
{
    Introspection *in = rows.in;
    while (see_rows_next(&rows)) {
        Object *owner = see_object(in, CLASS_RELATION, see_row_oid(&rows, INDEX_RELATION));
        unsigned constraint = see_row_oid(&rows, INDEX_CONSTRAINT);
        if (!owner || (owner->kind != OBJECT_TABLE && owner->kind != OBJECT_VIEW))
            continue;
        Table *table = owner->kind == OBJECT_TABLE ? (Table *)(void *)owner : NULL;
        if (!see_row_true(&rows, INDEX_VALID) && !(table && option_get(&owner->options, PG_PARTITION_BY))) {
            see_warn(
                in,
                "index %s of %s is invalid, left by a CREATE INDEX CONCURRENTLY that failed, and not carried",
                see_row_must(&rows, INDEX_NAME), object_title(in->arena, owner));
            continue;
        }
        Object *key = constraint ? see_object(in, CLASS_CONSTRAINT, constraint) : NULL;
        if (key && table && is_key_of(key, table)) {
            read_key_index(&rows, (Constraint *)(void *)key, table);
            continue;
        }
        Index *index = read_index(&rows, owner);
        if (!table)
            *VEC_PUSH(in->arena, &((View *)(void *)owner)->indexes) = index;
        else if (is_listed(&rows, &index->head, table))
            *VEC_PUSH(in->arena, &table->indexes) = index;
    }
}
