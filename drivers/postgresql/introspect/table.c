#include <stdlib.h>
#include <string.h>

#include "drivers/postgresql/introspect/introspect.h"

enum {
    RELATION_OID,
    RELATION_SCHEMA,
    RELATION_NAME,
    RELATION_KIND,
    RELATION_PERSISTENCE,
    RELATION_OPTIONS,
    RELATION_TOAST_OPTIONS,
    RELATION_TABLESPACE,
    RELATION_METHOD,
    RELATION_IS_PARTITION,
    RELATION_PARTITION_BY,
    RELATION_BOUND,
    RELATION_ROW_SECURITY,
    RELATION_FORCE_ROW_SECURITY,
    RELATION_REPLICA_IDENTITY,
    RELATION_ROWS,
    RELATION_OF_TYPE,
    RELATION_QUERY,
    RELATION_SERVER,
    RELATION_SERVER_OPTIONS,
    RELATION_POPULATED,
    RELATION_ROW_TYPE,
};

static void read_storage(const Rows *rows, Object *object)
{
    Introspection *in = rows->in;
    const char *with = see_settings(in->arena, see_row_raw(rows, RELATION_OPTIONS));
    const NameList toast = pg_array(in->arena, see_row_raw(rows, RELATION_TOAST_OPTIONS));
    VEC_EACH (const char *, item, &toast)
        with = arena_printf(in->arena, "%s%stoast.%s", with ? with : "", with ? ", " : "", *item);
    see_option(in, object, PG_WITH, with);
    see_option(in, object, PG_TABLESPACE, see_row_text(rows, RELATION_TABLESPACE));
    see_option(in, object, PG_USING, see_row_text(rows, RELATION_METHOD));
}

// A table with its options; columns and constraints come from later queries, which find it by its oid or that
// of its row type.
static void read_table(const Rows *rows, const char *schema, const char *name)
{
    Introspection *in = rows->in;
    Table *table = table_new(in->arena, schema, name);
    Object *head = &table->head;
    unsigned oid = see_row_oid(rows, RELATION_OID);
    read_storage(rows, head);
    see_option(in, head, PG_UNLOGGED, see_row_char(rows, RELATION_PERSISTENCE) == 'u' ? "true" : NULL);
    see_option(in, head, PG_PARTITION_BY, see_row_text(rows, RELATION_PARTITION_BY));
    see_option(in, head, PG_PARTITION_BOUND, see_row_text(rows, RELATION_BOUND));
    see_option(in, head, PG_ROW_SECURITY, see_row_true(rows, RELATION_ROW_SECURITY) ? "true" : NULL);
    see_option(in, head, PG_FORCE_ROW_SECURITY,
               see_row_true(rows, RELATION_FORCE_ROW_SECURITY) ? "true" : NULL);
    const char identity = see_row_char(rows, RELATION_REPLICA_IDENTITY);
    see_option(in, head, PG_REPLICA_IDENTITY,
               identity == 'f'                                               ? "full"
               : identity == 'n' && see_row_char(rows, RELATION_KIND) != 'f' ? "nothing"
                                                                             : NULL);
    see_option(in, head, PG_OF_TYPE, see_row_text(rows, RELATION_OF_TYPE));
    see_option(in, head, PG_SERVER, see_row_text(rows, RELATION_SERVER));
    see_option(in, head, PG_SERVER_OPTIONS,
               see_server_options(in->arena, see_row_raw(rows, RELATION_SERVER_OPTIONS)));
    long estimate = see_row_int(rows, RELATION_ROWS, 0);
    table->row_estimate = estimate > 0 ? (uint64_t)estimate : 0;
    head->id = oid;
    *VEC_PUSH(in->arena, &in->out->tables) = table;
    see_remember(in, CLASS_RELATION, oid, head);
    see_remember(in, CLASS_TYPE, see_row_oid(rows, RELATION_ROW_TYPE), head);
}

// The text begins with a space and ends with a semicolon.
static const char *view_query(const Rows *rows)
{
    const char *text = see_row_must(rows, RELATION_QUERY);
    if (!text)
        return "";
    while (*text == ' ' || *text == '\n')
        text++;
    size_t n = strlen(text);
    while (n && (text[n - 1] == ';' || text[n - 1] == '\n' || text[n - 1] == ' '))
        n--;
    return see_requoted(rows->in->arena, arena_strndup(rows->in->arena, text, n));
}

static void read_view_settings(const Rows *rows, Object *head)
{
    Introspection *in = rows->in;
    const NameList settings = pg_array(in->arena, see_row_raw(rows, RELATION_OPTIONS));
    VEC_EACH (const char *, item, &settings) {
        const char *equals = strchr(*item, '=');
        if (!equals)
            continue;
        const char *key = arena_strndup(in->arena, *item, (size_t)(equals - *item)), *value = equals + 1;
        bool is_switch = strcmp(key, "check_option") != 0;
        if (is_switch && (strcmp(value, "true") == 0 || strcmp(value, "on") == 0 || strcmp(value, "1") == 0))
            see_option(in, head, key, "true");
        else if (!is_switch)
            see_option(in, head, key, value);
    }
}

static void read_view(const Rows *rows, const char *schema, const char *name, bool materialized)
{
    Introspection *in = rows->in;
    View *view = object_new(in->arena, OBJECT_VIEW, schema, NULL, name);
    view->materialized = materialized;
    view->query = view_query(rows);
    if (materialized) {
        read_storage(rows, &view->head);
        view->with_no_data = !see_row_true(rows, RELATION_POPULATED);
    } else {
        read_view_settings(rows, &view->head);
    }
    see_add(in, CLASS_RELATION, see_row_oid(rows, RELATION_OID), &view->head);
    see_remember(in, CLASS_TYPE, see_row_oid(rows, RELATION_ROW_TYPE), &view->head);
}

void see_relations(Rows rows)
{
    Introspection *in = rows.in;
    while (see_rows_next(&rows)) {
        if (filter_is_own(in->filter, see_row_must(&rows, RELATION_NAME)) && !in->only)
            continue;
        const char *schema = see_row_schema(&rows, RELATION_SCHEMA),
                   *name = see_row_must(&rows, RELATION_NAME);
        char kind = see_row_char(&rows, RELATION_KIND);
        Object *known = ARENA_NEW(in->scratch, Object);
        *known = (Object){ .schema = schema, .name = name };
        see_put(&in->relations, (CatalogKey){ 0, see_row_oid(&rows, RELATION_OID), 0 }, known);
        if (!see_takes(in, schema, name))
            continue;
        if (kind == 'v' || kind == 'm')
            read_view(&rows, schema, name, kind == 'm');
        else
            read_table(&rows, schema, name);
    }
}

typedef struct ColumnType {
    const char *name;
    unsigned collation;
    char storage;
} ColumnType;

enum { TYPE_NAME_OID, TYPE_NAME_MODIFIER, TYPE_NAME_TEXT, TYPE_NAME_COLLATION, TYPE_NAME_STORAGE };

void see_column_types(Rows rows)
{
    Introspection *in = rows.in;
    while (see_rows_next(&rows)) {
        ColumnType *type = ARENA_NEW(in->scratch, ColumnType);
        *type = (ColumnType){ see_row_must(&rows, TYPE_NAME_TEXT), see_row_oid(&rows, TYPE_NAME_COLLATION),
                              see_row_char(&rows, TYPE_NAME_STORAGE) };
        const CatalogKey key = { 0, see_row_oid(&rows, TYPE_NAME_OID),
                                 (unsigned)see_row_int(&rows, TYPE_NAME_MODIFIER, -1) };
        see_put(&in->types, key, type);
    }
}

enum {
    COLUMN_RELATION,
    COLUMN_NUMBER,
    COLUMN_NAME,
    COLUMN_TYPE,
    COLUMN_MODIFIER,
    COLUMN_NOT_NULL,
    COLUMN_DEFAULT,
    COLUMN_DEFAULT_OID,
    COLUMN_IDENTITY,
    COLUMN_GENERATED,
    COLUMN_COLLATION,
    COLUMN_STORAGE,
    COLUMN_COMPRESSION,
    COLUMN_STATISTICS,
    COLUMN_OPTIONS,
    COLUMN_FDW_OPTIONS,
    COLUMN_IS_LOCAL,
    COLUMN_INHERITED,
};

static const char *storage_word(char letter)
{
    switch (letter) {
    case 'p': return "plain";
    case 'e': return "external";
    case 'm': return "main";
    default: return "extended";
    }
}

const char *see_collation(Introspection *in, const char *text)
{
    NameList parts = { 0 };
    if (!text || !name_split(in->arena, text, &parts) || !parts.count)
        return text;
    return name_join(in->arena, parts.count > 1 ? parts.items[0] : NULL, parts.items[parts.count - 1]);
}

// Its type, and what of collation and storage is not the type's own.
static void read_type(const Rows *rows, Column *column)
{
    Introspection *in = rows->in;
    unsigned oid = see_row_oid(rows, COLUMN_TYPE), collation = see_row_oid(rows, COLUMN_COLLATION);
    const CatalogKey key = { 0, oid, (unsigned)see_row_int(rows, COLUMN_MODIFIER, -1) };
    const ColumnType *type = see_get(&in->types, key);
    column->head.id = ((uint64_t)oid << 32) | collation; // for the reading of indexes
    if (!type)
        return;
    column->type = type->name;
    if (collation && collation != type->collation)
        column->collation = see_get(&in->collations, (CatalogKey){ 0, collation, 0 });
    char storage = see_row_char(rows, COLUMN_STORAGE);
    if (storage != type->storage)
        see_option(in, &column->head, PG_STORAGE, storage_word(storage));
}

static void read_expression(const Rows *rows, Column *column)
{
    char generated = see_row_char(rows, COLUMN_GENERATED), identity = see_row_char(rows, COLUMN_IDENTITY);
    column->identity = identity == 'a'   ? IDENTITY_ALWAYS
                       : identity == 'd' ? IDENTITY_BY_DEFAULT
                                         : IDENTITY_NONE;
    if (generated) {
        column->generated = see_row_sql(rows, COLUMN_DEFAULT);
        column->stored = generated == 's';
    } else {
        column->default_sql = see_requoted(rows->in->arena, see_row_text(rows, COLUMN_DEFAULT));
    }
}

static void read_settings(const Rows *rows, Column *column)
{
    Introspection *in = rows->in;
    Object *head = &column->head;
    const char *compression = see_row_raw(rows, COLUMN_COMPRESSION);
    if (compression && *compression)
        see_option(in, head, PG_COMPRESSION, *compression == 'l' ? "lz4" : "pglz");
    long statistics = see_row_int(rows, COLUMN_STATISTICS, -1);
    if (statistics >= 0)
        see_option(in, head, PG_STATISTICS, arena_printf(in->arena, "%ld", statistics));
    see_option(in, head, PG_ATTRIBUTE_OPTIONS, see_settings(in->arena, see_row_raw(rows, COLUMN_OPTIONS)));
    see_option(in, head, PG_SERVER_OPTIONS,
               see_server_options(in->arena, see_row_raw(rows, COLUMN_FDW_OPTIONS)));
}

static Column *read_column(const Rows *rows, const Table *table)
{
    Introspection *in = rows->in;
    Column *column = column_new(in->arena, table, see_row_must(rows, COLUMN_NAME));
    column->nullable = !see_row_true(rows, COLUMN_NOT_NULL);
    read_type(rows, column);
    read_expression(rows, column);
    read_settings(rows, column);
    if (see_row_int(rows, COLUMN_INHERITED, 0) > 0)
        see_option(in, &column->head, PG_INHERITED, see_row_true(rows, COLUMN_IS_LOCAL) ? "local" : "true");
    return column;
}

// What is no table's column has only a name here, for comments and indexes, or is a composite type's attribute.
static Column *read_other(const Rows *rows, Object *owner)
{
    Introspection *in = rows->in;
    Column *column = object_new(in->arena, OBJECT_COLUMN, owner ? owner->schema : NULL,
                                owner ? owner->name : NULL, see_row_must(rows, COLUMN_NAME));
    column->type = "";
    column->nullable = true;
    read_type(rows, column);
    read_settings(rows, column);
    column->default_sql = see_row_text(rows, COLUMN_DEFAULT); // of a view's
    if (owner && owner->kind == OBJECT_COMPOSITE) {
        column->head.options = (OptionList){ 0 };
        *VEC_PUSH(in->arena, &((CompositeType *)(void *)owner)->attributes) = column;
    }
    return column;
}

// What ALTER VIEW … ALTER COLUMN says.
static void set_view_column(Introspection *in, Object *view, const Column *column)
{
    static const char *const keys[][2] = {
        {PG_STATISTICS,         PG_COLUMN_STATISTICS },
        { PG_STORAGE,           PG_COLUMN_STORAGE    },
        { PG_COMPRESSION,       PG_COLUMN_COMPRESSION},
        { PG_ATTRIBUTE_OPTIONS, PG_COLUMN_ATTRIBUTES }
    };
    if (column->default_sql)
        see_column_setting(in, view, PG_COLUMN_DEFAULTS, column, column->default_sql);
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        const char *value = option_get(&column->head.options, keys[i][0]);
        if (value)
            see_column_setting(in, view, keys[i][1], column, value);
    }
}

void see_columns(Rows rows)
{
    Introspection *in = rows.in;
    while (see_rows_next(&rows)) {
        unsigned relation = see_row_oid(&rows, COLUMN_RELATION), number = see_row_oid(&rows, COLUMN_NUMBER);
        Object *owner = see_object(in, CLASS_RELATION, relation);
        bool of_table = owner && owner->kind == OBJECT_TABLE;
        Table *table = of_table ? (Table *)(void *)owner : NULL;
        Column *column = of_table ? read_column(&rows, table) : read_other(&rows, owner);
        see_put_column(in, relation, number, column);
        if (owner && owner->kind == OBJECT_VIEW)
            set_view_column(in, owner, column);
        if (!of_table)
            continue;
        *VEC_PUSH(in->arena, &table->columns) = column;
        unsigned expression = see_row_oid(&rows, COLUMN_DEFAULT_OID);
        see_remember(in, CLASS_ATTRDEF, expression, &column->head);
    }
}

enum {
    NOT_NULL_RELATION,
    NOT_NULL_COLUMN,
    NOT_NULL_NAME,
    NOT_NULL_NO_INHERIT,
    NOT_NULL_VALID,
    NOT_NULL_OID,
    NOT_NULL_IS_LOCAL
};

static bool is_usual_name(Introspection *in, const Column *column, const char *name)
{
    size_t n = strlen(column->head.table), m = strlen(column->head.name);
    if (n + m + strlen("__not_null") > 63)
        return strcmp(name, pg_object_name(in->arena, column->head.table, column->head.name, "not_null")) ==
               0;
    return strncmp(name, column->head.table, n) == 0 && name[n] == '_' &&
           strncmp(name + n + 1, column->head.name, m) == 0 && strcmp(name + n + 1 + m, "_not_null") == 0;
}

void see_not_nulls(Rows rows)
{
    Introspection *in = rows.in;
    while (see_rows_next(&rows)) {
        Column *column =
            see_column(in, see_row_oid(&rows, NOT_NULL_RELATION), see_row_oid(&rows, NOT_NULL_COLUMN));
        if (!column || !column->head.table)
            continue;
        see_remember(in, CLASS_CONSTRAINT, see_row_oid(&rows, NOT_NULL_OID), &column->head);
        const char *name = see_row_text(&rows, NOT_NULL_NAME);
        if (name && !is_usual_name(in, column, name))
            see_option(in, &column->head, PG_NOT_NULL_NAME, name);
        column->nullable_implied = !see_row_true(&rows, NOT_NULL_IS_LOCAL); // until judge_column has seen it
        if (see_row_true(&rows, NOT_NULL_NO_INHERIT))
            see_option(in, &column->head, PG_NOT_NULL_NO_INHERIT, "true");
        if (!see_row_true(&rows, NOT_NULL_VALID))
            see_option(in, &column->head, PG_NOT_NULL_NOT_VALID, "true");
    }
}

enum {
    SEQUENCE_OID,
    SEQUENCE_SCHEMA,
    SEQUENCE_NAME,
    SEQUENCE_TYPE,
    SEQUENCE_START,
    SEQUENCE_INCREMENT,
    SEQUENCE_MINIMUM,
    SEQUENCE_MAXIMUM,
    SEQUENCE_CACHE,
    SEQUENCE_CYCLE,
    SEQUENCE_PERSISTENCE,
    SEQUENCE_OWNER,
    SEQUENCE_OWNER_COLUMN,
    SEQUENCE_INTERNAL,
};

static Sequence *read_sequence(const Rows *rows)
{
    Introspection *in = rows->in;
    Sequence *sequence = object_new(in->arena, OBJECT_SEQUENCE, see_row_schema(rows, SEQUENCE_SCHEMA), NULL,
                                    see_row_must(rows, SEQUENCE_NAME));
    sequence->type = see_row_must(rows, SEQUENCE_TYPE);
    sequence->increment = see_row_must(rows, SEQUENCE_INCREMENT);
    sequence->minimum = see_row_must(rows, SEQUENCE_MINIMUM);
    sequence->maximum = see_row_must(rows, SEQUENCE_MAXIMUM);
    sequence->start = see_row_must(rows, SEQUENCE_START);
    sequence->cache = see_row_must(rows, SEQUENCE_CACHE);
    pg_sequence_shorten(sequence);
    sequence->cycle = see_row_true(rows, SEQUENCE_CYCLE);
    return sequence;
}

// nextval('name'::regclass), of this sequence.
static bool is_next_of(Introspection *in, const char *default_sql, const Sequence *sequence)
{
    if (!default_sql)
        return false;
    const char *name = pg_quote_ident(in->arena, sequence->head.name);
    if (sequence->head.schema)
        name = arena_printf(in->arena, "%s.%s", pg_quote_ident(in->arena, sequence->head.schema), name);
    StrBuf expected;
    strbuf_init(&expected, in->arena);
    strbuf_puts(&expected, "nextval(");
    strbuf_quoted(&expected, '\'', "'", name); // a server writes no E'…' there
    strbuf_puts(&expected, "::regclass)");
    return strcmp(expected.text, default_sql) == 0;
}

static bool is_plain(const Sequence *s)
{
    return !s->start && !s->increment && !s->minimum && !s->maximum && !s->cache && !s->cycle;
}

// The sequence of a serial column as `serial` makes it, whatever its name.
static bool is_serial(Introspection *in, const Column *column, const Sequence *sequence, bool apart)
{
    const char *type = sequence->type ? sequence->type : "bigint";
    return !apart && !column->nullable && is_plain(sequence) && strcmp(column->type, type) == 0 &&
           same_text(column->head.schema, sequence->head.schema) &&
           is_next_of(in, column->default_sql, sequence);
}

static void keep_name(Introspection *in, Column *column, const Sequence *sequence)
{
    const char *implied = pg_object_name(in->arena, column->head.table, column->head.name, "seq");
    if (strcmp(sequence->head.name, implied) != 0)
        see_option(in, &column->head, PG_SEQUENCE_NAME, sequence->head.name);
}

void see_sequences(Rows rows)
{
    Introspection *in = rows.in;
    while (see_rows_next(&rows)) {
        unsigned oid = see_row_oid(&rows, SEQUENCE_OID);
        unsigned relation = see_row_oid(&rows, SEQUENCE_OWNER);
        Column *owner = relation ? see_column(in, relation, see_row_oid(&rows, SEQUENCE_OWNER_COLUMN)) : NULL;
        if (relation && (!owner || !owner->head.table))
            continue; // of a table that is left out
        if (filter_is_own(in->filter, see_row_must(&rows, SEQUENCE_NAME)) && !in->only)
            continue;
        Sequence *sequence = read_sequence(&rows);
        bool table_logged = true, unlogged = see_row_char(&rows, SEQUENCE_PERSISTENCE) == 'u';
        if (owner) {
            const Object *table = see_object(in, CLASS_RELATION, relation);
            table_logged = !table || !option_is(&table->options, PG_UNLOGGED);
        }
        if (owner && see_row_true(&rows, SEQUENCE_INTERNAL)) {
            owner->identity_options = pg_identity_options(in->arena, sequence);
            keep_name(in, owner, sequence);
            see_remember(in, CLASS_RELATION, oid, &owner->head);
            continue;
        }
        // since 15 `serial` in an unlogged table makes an unlogged sequence, before that there are none
        bool apart = unlogged ? table_logged : !table_logged && in->out->server.version >= 150000;
        if (owner && is_serial(in, owner, sequence, apart)) {
            owner->autoincrement = true;
            owner->default_sql = NULL;
            keep_name(in, owner, sequence);
            see_remember(in, CLASS_RELATION, oid, &owner->head);
            continue;
        }
        if (!see_takes(in, sequence->head.schema, sequence->head.name))
            continue;
        if (unlogged)
            see_option(in, &sequence->head, PG_UNLOGGED, "true");
        if (owner)
            sequence->owned_by =
                arena_printf(in->arena, "%s.%s", name_join(in->arena, owner->head.schema, owner->head.table),
                             name_join(in->arena, NULL, owner->head.name));
        see_add(in, CLASS_RELATION, oid, &sequence->head);
    }
}
