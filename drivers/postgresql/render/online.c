// Online: what would hold a strong lock for long is done in parts that hold it briefly. Indexes are built concurrently,
// keys are checked after they were added, and each section gives up rather than queue for a lock.
#include <string.h>

#include "drivers/postgresql/render/render.h"

static const Dialect *const D = &postgresql_dialect;

// Below deadlock_timeout, as every wait of a run: see pg_lock. What runs outside a transaction holds up no writer while it
// waits for older transactions.
static const char timeout_here[] = "SET LOCAL lock_timeout = '800ms'";
static const char timeout_session[] = "SET lock_timeout = '5s'";

bool pg_is_in_use(const Render *r, const Object *object)
{
    if (!r->online || r->step->restores)
        return false;
    const Schema *have = r->graph->have, *want = r->graph->want;
    const Table *table = schema_table(want, object->schema, object->table);
    if (!table)
        table = schema_table(have, object->schema, object->table);
    if (!table || !schema_table(have, object->schema, object->table))
        return false;
    const Step *alter = step_find_alter(r->graph, &table->head);
    return !step_find_create(r->graph, &table->head) && !(alter && pg_table_is_remade(alter));
}

static bool is_partitioned(const Render *r, const Object *object)
{
    const Table *table = schema_table(r->graph->want, object->schema, object->table);
    return table && option_get(&table->head.options, PG_PARTITION_BY);
}

static void emit_concurrent(const Render *r, const Index *index)
{
    StrBuf leftover = pg_begin(r), text = pg_begin(r);
    sql(&leftover, D, KW("DROP INDEX CONCURRENTLY IF EXISTS"), QID(index->head.schema, index->head.name));
    Statement *drop = pg_emit(r, &leftover);
    drop->no_transaction = true;
    drop->comment = "an invalid index that an interrupted run may have left";
    pg_put_index(&text, index, "CONCURRENTLY", "");
    Statement *create = pg_emit(r, &text);
    create->no_transaction = true;
    pg_cost(r, create, "SHARE UPDATE EXCLUSIVE", "builds an index, reads the table twice");
}

static const char *auto_name(const Render *r, const Index *index, const Table *table)
{
    StrBuf columns = pg_begin(r);
    VEC_EACH (Part, part, &index->parts)
        strbuf_printf(&columns, "%s%s", columns.length ? "_" : "", part->column ? part->column : "expr");
    return pg_object_name(r->arena, table->head.name, columns.text, "idx");
}

// Concurrently an index is built table by table, by name. A database may have partitions that the model did not have: the
// parent's index would stay invalid for them without a word.
static void assert_known_partitions(const Render *r, const Index *index, const char *parent)
{
    StrBuf query = pg_begin(r);
    strbuf_puts(&query, "SELECT inhrelid::regclass FROM pg_catalog.pg_inherits WHERE inhparent = ");
    D->put_literal(&query, pg_qualified(r->arena, index->head.schema, index->head.table));
    strbuf_puts(&query, "::regclass AND inhrelid NOT IN (0");
    VEC_EACH (Table *, it, &r->graph->want->tables) {
        const char *of = option_get(&(*it)->head.options, PG_PARTITION_OF);
        if (!of || strcmp(of, parent) != 0)
            continue;
        strbuf_puts(&query, ", COALESCE(pg_catalog.to_regclass(");
        D->put_literal(&query, pg_qualified(r->arena, (*it)->head.schema, (*it)->head.name));
        strbuf_puts(&query, ")::oid, 0)");
    }
    strbuf_puts(&query, ")");
    pg_emit(r, &query)->assertion = arena_printf(r->arena,
                                                 "index %s of %s is built partition by partition, and the "
                                                 "database has one that the model does not have",
                                                 index->head.name, index->head.table);
}

// The parent's index is empty at first; each partition's is built concurrently and given to it.
static void render_partitioned(const Render *r, const Index *index)
{
    StrBuf text = pg_begin(r);
    pg_put_index(&text, index, "", "ONLY ");
    pg_cost(r, pg_emit(r, &text), "SHARE", NULL);
    const char *parent = name_join(r->arena, index->head.schema, index->head.table);
    assert_known_partitions(r, index, parent);
    VEC_EACH (Table *, it, &r->graph->want->tables) {
        const Table *child = *it;
        const char *of = option_get(&child->head.options, PG_PARTITION_OF);
        if (!of || strcmp(of, parent) != 0)
            continue;
        Index part = *index;
        part.head.schema = child->head.schema;
        part.head.table = child->head.name;
        part.head.name = auto_name(r, index, child);
        part.head.comment = NULL;
        if (option_get(&child->head.options, PG_PARTITION_BY))
            render_partitioned(r, &part);
        else
            emit_concurrent(r, &part);
        StrBuf attach = pg_begin(r);
        sql(&attach, D, KW("ALTER INDEX"), QID(index->head.schema, index->head.name), KW("ATTACH PARTITION"),
            QID(part.head.schema, part.head.name));
        pg_emit(r, &attach);
    }
}

// No script can name the partitions that a job keeps: the index is built on all that are there as it runs.
static bool has_unknown_partitions(const Render *r, const Object *object)
{
    const Table *table = schema_table(r->graph->want, object->schema, object->table);
    return table && option_get(&table->head.options, "partitions");
}

bool pg_online_create_index(const Render *r, const Index *index)
{
    if (!pg_is_in_use(r, &index->head) || has_unknown_partitions(r, &index->head))
        return false;
    if (is_partitioned(r, &index->head))
        render_partitioned(r, index);
    else
        emit_concurrent(r, index);
    return true;
}

bool pg_online_drop_index(const Render *r, const Object *index)
{
    if (!pg_is_in_use(r, index) || is_partitioned(r, index))
        return false;
    StrBuf text = pg_begin(r);
    sql(&text, D, KW("DROP INDEX CONCURRENTLY IF EXISTS"), QID(index->schema, index->name));
    Statement *statement = pg_emit(r, &text);
    statement->no_transaction = true;
    pg_cost(r, statement, "SHARE UPDATE EXCLUSIVE", NULL);
    return true;
}

static void emit_validate(const Render *r, const Object *constraint)
{
    StrBuf text = pg_begin(r);
    sql(&text, D, KW("ALTER TABLE"), pg_table_of(constraint), KW("VALIDATE CONSTRAINT"),
        ID(constraint->name));
    Statement *statement = pg_emit(r, &text);
    statement->starts_section = true;
    pg_cost(r, statement,
            constraint->kind == OBJECT_FOREIGN_KEY ? "SHARE UPDATE EXCLUSIVE, ROW SHARE on the referred table"
                                                   : "SHARE UPDATE EXCLUSIVE",
            "reads the table");
}

static void add_by_index(const Render *r, const Constraint *c)
{
    Index index = { .head = c->head, .unique = true, .nulls_not_distinct = c->nulls_not_distinct };
    index.head.kind = OBJECT_INDEX;
    index.parts = c->parts;
    index.include = c->include;
    emit_concurrent(r, &index);
    StrBuf text = pg_begin(r);
    sql(&text, D, KW("ALTER TABLE"), pg_table_of(&c->head), KW("ADD CONSTRAINT"), ID(c->head.name));
    strbuf_puts(&text,
                c->head.kind == OBJECT_PRIMARY_KEY ? " PRIMARY KEY USING INDEX" : " UNIQUE USING INDEX");
    sql(&text, D, ID(c->head.name));
    if (c->deferral != NOT_DEFERRABLE)
        strbuf_puts(&text,
                    c->deferral == DEFERRABLE_DEFERRED ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE");
    pg_cost(r, pg_emit(r, &text), "ACCESS EXCLUSIVE", NULL);
}

static bool is_temporal(const Constraint *c)
{
    return c->parts.count && c->parts.items[c->parts.count - 1].with_operator;
}

bool pg_online_add_constraint(const Render *r, const Constraint *c)
{
    if (!pg_is_in_use(r, &c->head) || c->not_valid || c->not_enforced || !c->head.name)
        return false;
    bool partitioned = is_partitioned(r, &c->head);
    switch ((int)c->head.kind) {
    case OBJECT_PRIMARY_KEY:
    case OBJECT_UNIQUE:
        if (partitioned || is_temporal(c))
            return false;
        add_by_index(r, c);
        return true;
    case OBJECT_FOREIGN_KEY:
        if (partitioned && r->version < PG_18)
            return false;
        break;
    case OBJECT_CHECK: break;
    default: return false;
    }
    pg_cost(r, pg_emit_add_constraint(r, c, true),
            c->head.kind == OBJECT_FOREIGN_KEY ? "SHARE ROW EXCLUSIVE on both tables" : "ACCESS EXCLUSIVE",
            NULL);
    emit_validate(r, &c->head);
    return true;
}

// A check that was validated spares SET NOT NULL the reading of the table. Since 18 the constraint itself can wait.
bool pg_online_set_not_null(const Render *r, const Column *column)
{
    if (!pg_is_in_use(r, &column->head))
        return false;
    Object constraint = { .kind = OBJECT_CHECK, .schema = column->head.schema, .table = column->head.table };
    constraint.name = r->version >= PG_18
                          ? pg_not_null_name(r->arena, column)
                          : pg_object_name(r->arena, column->head.table, column->head.name, "set_not_null");
    TableAction add = { .subject = constraint.name, .names = pg_one_name(r, column->head.name) };
    add.pass = r->version >= PG_18 ? PG_PASS_NOT_NULL : PG_PASS_OTHER;
    StrBuf text = pg_begin(r);
    sql(&text, D, KW("ADD CONSTRAINT"), ID(constraint.name));
    if (r->version >= PG_18)
        sql(&text, D, KW("NOT NULL"), ID(column->head.name), KW("NOT VALID"));
    else
        sql(&text, D, KW("CHECK ("), ID(column->head.name), KW("IS NOT NULL) NOT VALID"));
    pg_cost(r, pg_emit_action(r, &column->head, &text, add), "ACCESS EXCLUSIVE", NULL);
    emit_validate(r, &constraint);
    if (r->version >= PG_18)
        return true;
    StrBuf set = pg_begin_column(r, column), drop = pg_begin(r);
    strbuf_puts(&set, " SET NOT NULL");
    Statement *statement = pg_emit_action(r, &column->head, &set,
                                          (TableAction){ .pass = PG_PASS_NOT_NULL,
                                                         .subject = column->head.name,
                                                         .names = pg_one_name(r, constraint.name) });
    statement->starts_section = true;
    pg_cost(r, statement, "ACCESS EXCLUSIVE", NULL);
    sql(&drop, D, KW("DROP CONSTRAINT"), ID(constraint.name));
    TableAction goes = { .pass = PG_PASS_DROP, .subject = constraint.name };
    pg_cost(r, pg_emit_action(r, &column->head, &drop, goes), "ACCESS EXCLUSIVE", NULL);
    return true;
}

// Puts the timeout in front of the first statement of each section that begins at or after `first`.
void pg_online_timeouts(const Render *r, size_t first)
{
    StatementList *out = r->out;
    for (size_t i = first; i < out->count; i++) {
        Statement *statement = &out->items[i];
        const Statement *before = i ? &out->items[i - 1] : NULL;
        if (before && before->no_transaction == statement->no_transaction && !statement->starts_section)
            continue;
        // a list that is not empty has items
        // NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
        bool outside = statement->no_transaction, starts = statement->starts_section;
        statement->starts_section = false;
        (void)VEC_PUSH(r->arena, out);
        memmove(out->items + i + 1, out->items + i, (out->count - 1 - i) * sizeof(Statement));
        out->items[i] = (Statement){ .sql = outside ? timeout_session : timeout_here,
                                     .no_transaction = outside,
                                     .starts_section = starts };
        i++;
    }
}
