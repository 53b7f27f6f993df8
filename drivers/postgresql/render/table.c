#include <string.h>

#include "drivers/postgresql/render/render.h"

static const Dialect *const D = &postgresql_dialect;

static StrBuf alter_table(const Render *r, const Table *table)
{
    StrBuf text = pg_begin(r);
    strbuf_puts(&text, option_get(&table->head.options, PG_SERVER) ? "ALTER FOREIGN TABLE" : "ALTER TABLE");
    sql(&text, D, QID(table->head.schema, table->head.name));
    return text;
}

static void emit_alter(const Render *r, const Table *table, const char *action, const char *lock,
                       const char *note)
{
    StrBuf text = alter_table(r, table);
    strbuf_printf(&text, " %s", action);
    pg_cost(r, pg_emit(r, &text), lock, note);
}

// The server makes one constraint of two keys over the same columns in one CREATE TABLE.
static bool is_merged(const Table *table, const Constraint *c)
{
    if (c->head.kind != OBJECT_UNIQUE)
        return false;
    bool before = true;
    VEC_EACH (Constraint *, it, &table->constraints) {
        before &= *it != c;
        bool first = (*it)->head.kind == OBJECT_PRIMARY_KEY || ((*it)->head.kind == OBJECT_UNIQUE && before);
        if (first && *it != c && parts_equal(&(*it)->parts, &c->parts))
            return true;
    }
    return false;
}

// Foreign keys that follow as steps of their own, and those that are to be there unchecked, are left out.
static bool stands_inside(const Render *r, const Table *table, const Constraint *c)
{
    if (c->not_valid || is_merged(table, c) || option_get(&c->head.options, PG_PARTITION_OF))
        return false;
    VEC_EACH (Constraint *, later, &r->step->later)
        if (*later == c)
            return false;
    return true;
}

static bool follows(const Render *r, const Table *table, const Constraint *c)
{
    if (stands_inside(r, table, c) || option_get(&c->head.options, PG_PARTITION_OF))
        return false;
    VEC_EACH (Constraint *, later, &r->step->later)
        if (*later == c)
            return false;
    return true;
}

// A partition whose columns are all its parent's is made as PARTITION OF; else it is attached.
static bool is_partition_of(const Render *r, const Table *table)
{
    if (!option_get(&table->head.options, PG_PARTITION_OF) || pg_partition_brings_key(r->graph, table))
        return false;
    VEC_EACH (Column *, column, &table->columns)
        if (!option_is(&(*column)->head.options, PG_INHERITED))
            return false;
    return true;
}

// A primary key in PARTITION OF, or beside INHERITS, gives its columns not-null constraints of the table's own, beside those that
// it has of its parent: it is added afterwards.
static bool adds_key_later(const Render *r, const Table *table, const Constraint *c)
{
    return r->version >= PG_18 && c->head.kind == OBJECT_PRIMARY_KEY &&
           (is_partition_of(r, table) || option_get(&table->head.options, PG_INHERITS));
}

// Columns and constraints in parentheses. Inherited parts are left out; with `overrides` (a partition,
// or a table of a type) they may be missing altogether.
static void put_body(StrBuf *out, const Render *r, const Table *table, bool overrides)
{
    size_t written = 0;
    bool inherits = option_get(&table->head.options, PG_INHERITS) != NULL;
    StrBuf body = pg_begin(r);
    bool like = pg_partition_brings_key(r->graph, table);
    if (like) {
        strbuf_puts(&body, "\n    ");
        pg_put_like_parent(&body, table);
        written++;
    }
    VEC_EACH (Column *, column, &table->columns) {
        if ((inherits || like) && option_is(&(*column)->head.options, PG_INHERITED))
            continue;
        strbuf_puts(&body, written++ ? ",\n    " : "\n    ");
        pg_put_column(&body, r, *column, overrides);
    }
    VEC_EACH (Constraint *, c, &table->constraints)
        if (stands_inside(r, table, *c) && !adds_key_later(r, table, *c)) {
            strbuf_puts(&body, written++ ? ",\n    " : "\n    ");
            pg_put_constraint(&body, r, *c, false);
        }
    if (written)
        strbuf_printf(out, " (%s\n)", body.text);
    else if (!overrides)
        strbuf_puts(out, " ()");
}

// What follows the parentheses, in the order of the server's grammar.
static void put_tail(StrBuf *out, const Table *table)
{
    const OptionList *options = &table->head.options;
    const char *inherits = option_get(options, PG_INHERITS), *by = option_get(options, PG_PARTITION_BY);
    const char *method = option_get(options, PG_USING), *with = option_get(options, PG_WITH);
    const char *tablespace = option_get(options, PG_TABLESPACE), *server = option_get(options, PG_SERVER);
    if (inherits) {
        strbuf_puts(out, " INHERITS (");
        pg_put_joined_list(out, inherits);
        strbuf_putc(out, ')');
    }
    if (by)
        sql(out, D, KW("PARTITION BY"), EXPR(by));
    if (method)
        sql(out, D, KW("USING"), ID(method));
    if (with && !server) {
        strbuf_puts(out, " WITH ");
        pg_put_settings(out, with);
    }
    if (tablespace)
        sql(out, D, KW("TABLESPACE"), ID(tablespace));
    if (server)
        sql(out, D, KW("SERVER"), ID(server));
    pg_put_fdw_options(out, option_get(options, PG_SERVER_OPTIONS));
}

// CREATE TABLE in its four forms: plain, partition, of a type, foreign.
static void put_create(StrBuf *out, const Render *r, const Table *table)
{
    const OptionList *options = &table->head.options;
    const char *of = option_get(options, PG_OF_TYPE);
    bool partition = is_partition_of(r, table);
    strbuf_puts(out, option_get(options, PG_SERVER)    ? "CREATE FOREIGN TABLE"
                     : option_is(options, PG_UNLOGGED) ? "CREATE UNLOGGED TABLE"
                                                       : "CREATE TABLE");
    sql(out, D, QID(table->head.schema, table->head.name));
    if (partition) {
        strbuf_puts(out, " PARTITION OF ");
        pg_put_joined(out, option_get(options, PG_PARTITION_OF));
    } else if (of) {
        strbuf_puts(out, " OF ");
        pg_put_joined(out, of);
    }
    put_body(out, r, table, partition || of);
    if (partition) {
        const char *bound = option_get(options, PG_PARTITION_BOUND);
        sql(out, D, EXPR(bound ? bound : "DEFAULT"));
    }
    put_tail(out, table);
}

void pg_render_attach(const Render *r, const Table *table)
{
    const char *bound = option_get(&table->head.options, PG_PARTITION_BOUND);
    StrBuf text = pg_begin(r);
    strbuf_puts(&text, "ALTER TABLE ");
    pg_put_joined(&text, option_get(&table->head.options, PG_PARTITION_OF));
    sql(&text, D, KW("ATTACH PARTITION"), QID(table->head.schema, table->head.name),
        EXPR(bound ? bound : "DEFAULT"));
    bool both = pg_default_partition_of(r, option_get(&table->head.options, PG_PARTITION_OF)) != NULL;
    pg_cost(r, pg_emit(r, &text),
            both ? "SHARE UPDATE EXCLUSIVE on the parent, ACCESS EXCLUSIVE on the partition and the default "
                   "partition"
                 : "SHARE UPDATE EXCLUSIVE on the parent, ACCESS EXCLUSIVE on the partition",
            both ? "reads the partition and the default partition" : "reads the partition");
}

void pg_render_detach(const Render *r, const Table *table)
{
    StrBuf text = pg_begin(r);
    strbuf_puts(&text, "ALTER TABLE ");
    pg_put_joined(&text, option_get(&table->head.options, PG_PARTITION_OF));
    sql(&text, D, KW("DETACH PARTITION"), QID(table->head.schema, table->head.name));
    bool both = pg_default_partition_of(r, option_get(&table->head.options, PG_PARTITION_OF)) != NULL;
    pg_cost(r, pg_emit(r, &text),
            both ? "ACCESS EXCLUSIVE on the parent, the partition and the default partition"
                 : "ACCESS EXCLUSIVE on the parent and the partition",
            NULL);
}

static void render_identity_mark(const Render *r, const Table *table, const char *identity)
{
    StrBuf text = alter_table(r, table);
    strbuf_puts(&text, " REPLICA IDENTITY");
    if (!identity)
        strbuf_puts(&text, " DEFAULT");
    else if (strcmp(identity, "full") == 0 || strcmp(identity, "nothing") == 0)
        strbuf_puts(&text, identity[0] == 'f' ? " FULL" : " NOTHING");
    else
        sql(&text, D, KW("USING INDEX"), ID(identity));
    pg_cost(r, pg_emit(r, &text), "ACCESS EXCLUSIVE", NULL);
}

static void render_cluster_mark(const Render *r, const Table *table, const char *index)
{
    StrBuf text = alter_table(r, table);
    if (index)
        sql(&text, D, KW("CLUSTER ON"), ID(index));
    else
        strbuf_puts(&text, " SET WITHOUT CLUSTER");
    pg_cost(r, pg_emit(r, &text), "SHARE UPDATE EXCLUSIVE", NULL);
}

static bool names_index_of(const Table *table, const char *name)
{
    if (!name || table_constraint(table, name))
        return false;
    VEC_EACH (Index *, index, &table->indexes)
        if (strcmp((*index)->head.name, name) == 0)
            return true;
    return false;
}

// Marks that name an index: those of a plain index are set when it has been made.
void pg_render_index_marks(const Render *r, const Table *table, const char *index)
{
    const char *identity = option_get(&table->head.options, PG_REPLICA_IDENTITY);
    const char *cluster = option_get(&table->head.options, PG_CLUSTER_ON);
    if (identity && same_text(identity, index))
        render_identity_mark(r, table, identity);
    if (cluster && same_text(cluster, index))
        render_cluster_mark(r, table, cluster);
}

// A key of a new table locks the table that it refers to, which may be in use. NULL: none does.
static const char *locks_of_keys(const Render *r, const Table *table)
{
    StrBuf names = pg_begin(r);
    VEC_EACH (Constraint *, it, &table->constraints) {
        const Constraint *key = *it;
        if (key->head.kind != OBJECT_FOREIGN_KEY || !stands_inside(r, table, key) ||
            !schema_table(r->graph->have, key->referred_schema, key->referred_table))
            continue;
        const char *name = name_join(r->arena, key->referred_schema, key->referred_table);
        if (!name_listed(r->arena, names.text, name))
            strbuf_printf(&names, "%s%s", names.length ? ", " : "", name);
    }
    return names.length ? arena_printf(r->arena, "SHARE ROW EXCLUSIVE on %s", names.text) : NULL;
}

void pg_render_create_table(const Render *r, const Table *table)
{
    const OptionList *options = &table->head.options;
    VEC_EACH (Column *, column, &table->columns)
        pg_render_before_column(r, *column);
    StrBuf text = pg_begin(r);
    put_create(&text, r, table);
    const char *keys = locks_of_keys(r, table), *relatives = pg_lock_of_new_partition(r, table);
    const Table *other = pg_default_partition_of(r, option_get(options, PG_PARTITION_OF));
    pg_cost(r, pg_emit(r, &text),
            keys && relatives ? arena_printf(r->arena, "%s, %s", relatives, keys)
            : relatives       ? relatives
                              : keys,
            other ? "reads the default partition" : NULL);
    if (option_get(options, PG_PARTITION_OF) && !is_partition_of(r, table))
        pg_render_attach(r, table);
    VEC_EACH (Column *, column, &table->columns) {
        bool made = option_get(options, PG_INHERITS) || pg_partition_brings_key(r->graph, table);
        if (made && option_is(&(*column)->head.options, PG_INHERITED))
            pg_render_override(r, NULL, *column);
        pg_render_after_column(r, *column);
    }
    VEC_EACH (Constraint *, c, &table->constraints) {
        if (follows(r, table, *c) || adds_key_later(r, table, *c))
            pg_render_add_constraint(r, *c);
        else if (stands_inside(r, table, *c)) {
            pg_comment_if(r, &(*c)->head);
            pg_render_inner_comment(r, NULL, &(*c)->head);
        } else if (option_get(&(*c)->head.options, PG_PARTITION_OF))
            pg_render_adopt(r, &(*c)->head);
    }
    if (option_is(options, PG_ROW_SECURITY))
        emit_alter(r, table, "ENABLE ROW LEVEL SECURITY", NULL, NULL);
    if (option_is(options, PG_FORCE_ROW_SECURITY))
        emit_alter(r, table, "FORCE ROW LEVEL SECURITY", NULL, NULL);
    const char *identity = option_get(options, PG_REPLICA_IDENTITY),
               *cluster = option_get(options, PG_CLUSTER_ON);
    if (identity && !names_index_of(table, identity) && !pg_marks_unlisted(table, identity))
        render_identity_mark(r, table, identity);
    if (cluster && !names_index_of(table, cluster) && !pg_marks_unlisted(table, cluster))
        render_cluster_mark(r, table, cluster);
    pg_comment_if(r, &table->head);
}

// ---- ALTER

static const char *object_option(const Object *object, const char *key)
{
    return option_get(&object->options, key);
}

static void alter_switch(const Render *r, const Table *have, const Table *want, const char *key,
                         const char *on, const char *off, const char *note)
{
    bool was = option_is(&have->head.options, key), is = option_is(&want->head.options, key);
    if (was != is)
        emit_alter(r, want, is ? on : off, "ACCESS EXCLUSIVE", note);
}

// An index that the same plan makes is named when it is there.
static bool is_made_later(const Render *r, const Table *want, const char *name)
{
    const Index *index = name ? table_index(want, name) : NULL;
    const Constraint *key = name ? table_constraint(want, name) : NULL;
    return pg_marks_unlisted(want, name) || (index && step_find_create(r->graph, &index->head)) ||
           (key && step_find_create(r->graph, &key->head));
}

// An index that keeps its mark under another name.
static bool is_renamed_mark(const Render *r, const Table *want, const char *old, const char *new)
{
    const Index *index = new ? table_index(want, new) : NULL;
    const Constraint *key = new ? table_constraint(want, new) : NULL;
    const Object *object = index ? &index->head : key ? &key->head : NULL;
    const Step *step = object ? step_find_alter(r->graph, object) : NULL;
    return step && step->facets & FACET_NAME && same_text(step->have->name, old);
}

static void alter_marks(const Render *r, const Table *have, const Table *want)
{
    const char *identity = object_option(&want->head, PG_REPLICA_IDENTITY),
               *cluster = object_option(&want->head, PG_CLUSTER_ON);
    const char *had_identity = object_option(&have->head, PG_REPLICA_IDENTITY),
               *had_cluster = object_option(&have->head, PG_CLUSTER_ON);
    if (!same_text(had_identity, identity) && !is_made_later(r, want, identity) &&
        !is_renamed_mark(r, want, had_identity, identity))
        render_identity_mark(r, want, identity);
    if (!same_text(had_cluster, cluster) && !is_made_later(r, want, cluster) &&
        !is_renamed_mark(r, want, had_cluster, cluster))
        render_cluster_mark(r, want, cluster);
}

// INHERIT or NO INHERIT for each name of `list` that `other` does not have.
static void alter_inherits(const Render *r, const Table *want, const char *list, const char *other,
                           const char *words)
{
    for (const char *name; (name = name_next(r->arena, &list));) {
        if (name_listed(r->arena, other, name))
            continue;
        StrBuf text = alter_table(r, want);
        strbuf_printf(&text, " %s ", words);
        pg_put_joined(&text, name);
        bool joins = strcmp(words, "INHERIT") == 0;
        pg_cost(r, pg_emit(r, &text),
                joins ? "ACCESS EXCLUSIVE, SHARE UPDATE EXCLUSIVE on the parent" : "ACCESS EXCLUSIVE", NULL);
    }
}

void pg_render_leave_parents(const Render *r, const Table *have, const Table *want)
{
    alter_inherits(r, want, object_option(&have->head, PG_INHERITS), object_option(&want->head, PG_INHERITS),
                   "NO INHERIT");
}

static void alter_place(const Render *r, const Table *have, const Table *want)
{
    const char *old = object_option(&have->head, PG_USING), *new = object_option(&want->head, PG_USING);
    if (!same_text(old, new) && r->version >= PG_15) {
        StrBuf text = alter_table(r, want);
        sql(&text, D, KW("SET ACCESS METHOD"), ID(new ? new : "heap"));
        pg_cost(r, pg_emit(r, &text), "ACCESS EXCLUSIVE", "rewrites the table");
    }
    old = object_option(&have->head, PG_TABLESPACE);
    new = object_option(&want->head, PG_TABLESPACE);
    if (!same_text(old, new)) {
        StrBuf text = alter_table(r, want);
        sql(&text, D, KW("SET TABLESPACE"), ID(new ? new : "pg_default"));
        pg_cost(r, pg_emit(r, &text), "ACCESS EXCLUSIVE", "copies the table");
    }
}

void pg_render_not_of(const Render *r, const Object *table)
{
    StrBuf text = pg_begin(r);
    sql(&text, D, KW("ALTER TABLE"), QID(table->schema, table->name), KW("NOT OF"));
    pg_cost(r, pg_emit(r, &text), "ACCESS EXCLUSIVE", NULL);
}

// It left its former type before its columns changed.
static void alter_type_of(const Render *r, const Table *have, const Table *want)
{
    const char *old = object_option(&have->head, PG_OF_TYPE), *new = object_option(&want->head, PG_OF_TYPE);
    if (!new || (same_text(old, new) && !pg_row_type_step(r->graph, want)))
        return;
    StrBuf text = alter_table(r, want);
    strbuf_puts(&text, " OF ");
    pg_put_joined(&text, new);
    pg_cost(r, pg_emit(r, &text), "ACCESS EXCLUSIVE", NULL);
}

// Everything about a table that is not a column, key or index, one statement for each difference.
static void alter_options(const Render *r, const Table *have, const Table *want)
{
    alter_switch(r, have, want, PG_UNLOGGED, "SET UNLOGGED", "SET LOGGED", "rewrites the table");
    if (!object_option(&want->head, PG_SERVER))
        pg_render_settings(r, alter_table(r, want).text, object_option(&have->head, PG_WITH),
                           object_option(&want->head, PG_WITH));
    alter_place(r, have, want);
    alter_type_of(r, have, want);
    alter_inherits(r, want, object_option(&want->head, PG_INHERITS), object_option(&have->head, PG_INHERITS),
                   "INHERIT");
    alter_marks(r, have, want);
    alter_switch(r, have, want, PG_ROW_SECURITY, "ENABLE ROW LEVEL SECURITY", "DISABLE ROW LEVEL SECURITY",
                 NULL);
    alter_switch(r, have, want, PG_FORCE_ROW_SECURITY, "FORCE ROW LEVEL SECURITY",
                 "NO FORCE ROW LEVEL SECURITY", NULL);
    const char *old = object_option(&have->head, PG_SERVER_OPTIONS),
               *new = object_option(&want->head, PG_SERVER_OPTIONS);
    if (!same_text(old, new)) {
        StrBuf text = alter_table(r, want);
        pg_put_fdw_changes(&text, old, new);
        pg_emit(r, &text);
    }
}

static void alter_partition(const Render *r, const Table *have, const Table *want)
{
    const char *was = object_option(&have->head, PG_PARTITION_OF),
               *is = object_option(&want->head, PG_PARTITION_OF);
    if (same_text(was, is) && same_text(object_option(&have->head, PG_PARTITION_BOUND),
                                        object_option(&want->head, PG_PARTITION_BOUND)))
        return;
    if (is) // taken out by a step of its own
        pg_render_attach(r, want);
}

void pg_render_alter_table(const Render *r)
{
    const Table *have = r->step->have_table, *want = r->step->want_table;
    if (pg_table_is_remade(r->step)) {
        pg_render_remade_table(r);
        return;
    }
    if (r->step->facets & FACET_OPTIONS) {
        alter_partition(r, have, want);
        alter_options(r, have, want);
    }
    if (r->step->facets & FACET_COMMENT)
        pg_render_comment(r, &want->head);
}

void pg_render_rename_table(const Render *r)
{
    const Table *have = (const Table *)(const void *)r->step->have,
                *want = (const Table *)(const void *)r->step->want;
    StrBuf text = alter_table(r, have);
    sql(&text, D, KW("RENAME TO"), ID(want->head.name));
    pg_cost(r, pg_emit(r, &text), "ACCESS EXCLUSIVE", NULL);
    VEC_EACH (Column *, column, &have->columns) {
        Column before = **column, moved = **column;
        before.head.table = have->head.name; // which may be a name on the way
        moved.head.table = want->head.name;
        pg_render_follow_names(r, &before, &moved);
    }
}

void pg_put_like_parent(StrBuf *out, const Table *table)
{
    strbuf_puts(out, "LIKE ");
    pg_put_joined(out, option_get(&table->head.options, PG_PARTITION_OF));
    strbuf_puts(out, " INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING STORAGE INCLUDING CONSTRAINTS");
}
