#include "drivers/postgresql/render/render.h"

#include <string.h>

static const Dialect *const D = &postgresql_dialect;

StrBuf pg_begin(const Render *r)
{
    StrBuf text;
    strbuf_init(&text, r->arena);
    return text;
}

Statement *pg_emit(const Render *r, const StrBuf *text)
{
    Statement *statement = VEC_PUSH(r->arena, r->out);
    statement->sql = pg_in_list(r->arena, text->text, false);
    return statement;
}

// The notes on costs begin with what is done to the table.
void pg_cost(const Render *r, Statement *statement, const char *lock, const char *note)
{
    statement->lock = lock;
    statement->note = note;
    statement->rewrites = note && strncmp(note, "rewrites the table", 18) == 0;
    statement->scans = note && !statement->rewrites && (strstr(note, "reads") || strstr(note, "builds"));
    const char *comment = pg_cost_comment(r->arena, lock, note);
    if (comment)
        statement->comment = comment;
}

static void force_row_security(const Render *r, const Object *part, const char *words)
{
    StrBuf text = pg_begin(r);
    sql(&text, D, KW("ALTER TABLE"), QID(part->schema, part->table), TYPE(words));
    pg_cost(r, pg_emit(r, &text), "ACCESS EXCLUSIVE", NULL);
}

// An assertion that does not see all rows proves nothing: where row security is forced on the owner it is lifted
// meanwhile.
void pg_emit_assertion(const Render *r, const StrBuf *query, const Object *part, const char *column,
                       bool only_null, const char *message)
{
    bool hidden = pg_hides_rows(r->graph, part->schema, part->table);
    if (hidden)
        force_row_security(r, part, "NO FORCE ROW LEVEL SECURITY");
    Statement *statement = pg_emit(r, query);
    statement->assertion = message;
    pg_say_action(r, statement,
                  (TableAction){ .subject = column, .only_null = only_null, .names = pg_row_key_names(r) });
    // it reads the table: not while locks of statements before it are held
    statement->starts_section = !hidden && pg_is_in_use(r, part);
    const Table *want = schema_table(r->graph->want, part->schema, part->table);
    if (hidden && want && option_is(&want->head.options, PG_FORCE_ROW_SECURITY))
        force_row_security(r, part, "FORCE ROW LEVEL SECURITY");
}

void pg_render_comment(const Render *r, const Object *object)
{
    if (object->kind == OBJECT_USER_MAPPING || object->kind == OBJECT_GRANT ||
        object->kind == OBJECT_DEFAULT_PRIVILEGE || !object->name)
        return;
    StrBuf text = pg_begin(r);
    sql(&text, D, KW("COMMENT ON"));
    strbuf_putc(&text, ' ');
    pg_put_target(&text, object);
    sql(&text, D, KW("IS"));
    if (object->comment && object->comment[0])
        sql(&text, D, LIT(object->comment));
    else
        sql(&text, D, KW("NULL"));
    pg_say_action(r, pg_emit(r, &text), (TableAction){ .subject = object->name });
}

void pg_comment_if(const Render *r, const Object *object)
{
    if (object->comment && object->comment[0])
        pg_render_comment(r, object);
}

void pg_render_inner_comment(const Render *r, const Object *have, const Object *want)
{
    const bool column = want->kind == OBJECT_COLUMN;
    const char *key = column ? PG_SEQUENCE_COMMENT : PG_INDEX_COMMENT;
    const char *old = have ? option_get(&have->options, key) : NULL, *new = option_get(&want->options, key);
    if (old == new || (old && new &&strcmp(old, new) == 0))
        return;
    const char *name = column ? pg_sequence_name(r->arena, (const Column *)(const void *)want) : want->name;
    StrBuf text = pg_begin(r);
    sql(&text, D, KW("COMMENT ON"), TYPE(column ? "SEQUENCE" : "INDEX"), QID(want->schema, name), KW("IS"));
    if (new)
        sql(&text, D, LIT(new));
    else
        sql(&text, D, KW("NULL"));
    // the column's default or the key goes with it
    pg_say_action(r, pg_emit(r, &text),
                  (TableAction){ .subject = want->name, .names = pg_one_name(r, name) });
}

void pg_render_not_null_comment(const Render *r, const Column *have, const Column *want)
{
    const char *old = have ? option_get(&have->head.options, PG_NOT_NULL_COMMENT) : NULL,
               *new = option_get(&want->head.options, PG_NOT_NULL_COMMENT);
    if (want->nullable || r->version < PG_18 || old == new || (old && new &&strcmp(old, new) == 0))
        return;
    StrBuf text = pg_begin(r);
    sql(&text, D, KW("COMMENT ON CONSTRAINT"), ID(pg_not_null_name(r->arena, want)), KW("ON"),
        pg_table_of(&want->head), KW("IS"));
    if (new)
        sql(&text, D, LIT(new));
    else
        sql(&text, D, KW("NULL"));
    pg_say_action(r, pg_emit(r, &text),
                  (TableAction){ .subject = pg_not_null_name(r->arena, want),
                                 .names = pg_one_name(r, want->head.name) });
}

static StatementList settings_of_parent(const Render *r, const Object *object)
{
    StatementList list = { 0 };
    const Object *parent = pg_parent_index(r->arena, r->graph->want, object);
    if (!parent)
        return list;
    Render apart = *r;
    apart.out = &list;
    Object like_parent = *object;
    like_parent.options = parent->options;
    pg_render_index_settings(&apart, object, &like_parent);
    return list;
}

// What a partition has of its parent's index or key stays, or is gone already: what it said of its own is taken back.
static void render_disown(const Render *r, const Object *object)
{
    const bool key = object->kind != OBJECT_INDEX;
    const char *name = pg_qualified(r->arena, object->schema, object->name),
               *table = pg_qualified(r->arena, object->schema, object->table);
    StatementList settings = settings_of_parent(r, object);
    if (!object->comment && !option_get(&object->options, PG_INDEX_COMMENT) && !settings.count)
        return;
    StrBuf text = pg_begin(r), body = pg_begin(r), literal = pg_begin(r);
    D->put_literal(&literal, name);
    strbuf_printf(&body, "\nBEGIN\n    IF to_regclass(%s) IS NOT NULL THEN\n", literal.text);
    if (key && object->comment)
        strbuf_printf(&body, "        COMMENT ON CONSTRAINT %s ON %s IS NULL;\n",
                      pg_quoted(r->arena, object->name), table);
    if (!key || option_get(&object->options, PG_INDEX_COMMENT))
        strbuf_printf(&body, "        COMMENT ON INDEX %s IS NULL;\n", name);
    VEC_EACH (Statement, it, &settings)
        strbuf_printf(&body, "        %s;\n", it->sql);
    strbuf_puts(&body, "    END IF;\nEND\n");
    const char *tag = pg_dollar_tag(r->arena, "disown", body.text);
    strbuf_printf(&text, "DO %s%s%s", tag, body.text, tag);
    pg_emit(r, &text);
}

static void render_drop_constraint(const Render *r, const Object *object)
{
    if (option_get(&object->options, PG_PARTITION_OF) && object->name)
        render_disown(r, object);
    if (!object->name || option_get(&object->options, PG_PARTITION_OF))
        return; // it goes with its parent's
    StrBuf text = pg_begin(r);
    // a partition's key may have gone with the index of its parent that it served
    bool partition = r->step->have_table && option_get(&r->step->have_table->head.options, PG_PARTITION_OF);
    sql(&text, D, KW("DROP CONSTRAINT"), TYPE(partition ? "IF EXISTS" : ""), ID(object->name));
    Statement *statement =
        pg_emit_action(r, object, &text, (TableAction){ .pass = PG_PASS_DROP, .subject = object->name });
    bool key = object->kind == OBJECT_FOREIGN_KEY;
    if (key)
        statement->action = NULL; // it locks another table too
    pg_cost(r, statement, key ? "ACCESS EXCLUSIVE on both tables" : "ACCESS EXCLUSIVE", NULL);
}

// A slot on the publisher would have to be dropped there, outside any transaction: it is let go.
static void release_subscription(const Render *r, const Object *object)
{
    static const char *const actions[] = { "DISABLE", "SET (slot_name = NONE)" };
    for (size_t i = 0; i < COUNT_OF(actions); i++) {
        StrBuf text = pg_begin(r);
        sql(&text, D, KW("ALTER SUBSCRIPTION"), ID(object->name), EXPR(actions[i]));
        pg_emit(r, &text);
    }
}

// A partition that a job keeps may be gone already when the script runs.
static bool may_be_gone(const Render *r, const Object *object)
{
    if (object->kind != OBJECT_TABLE)
        return false;
    TableList above = pg_ancestors_of(r->arena, r->graph->have, as_table(object));
    VEC_EACH (Table *, it, &above)
        if (option_of(*it, "partitions") && pg_parent_of(r->arena, r->graph->have, as_table(object)))
            return true;
    return false;
}

// DROP and the name, with what the kind needs besides.
static void put_drop(const Render *r, StrBuf *text, const Object *object)
{
    bool foreign = object->kind == OBJECT_TABLE && option_of(as_table(object), PG_SERVER);
    if (may_be_gone(r, object)) {
        sql(text, D, foreign ? KW("DROP FOREIGN TABLE IF EXISTS") : KW("DROP TABLE IF EXISTS"),
            QID(pg_written_schema(object), object->name));
        return;
    }
    sql(text, D, KW("DROP"));
    strbuf_putc(text, ' ');
    pg_put_target(text, object);
}

static void render_drop(const Render *r, const Object *object)
{
    if (object->kind == OBJECT_SUBSCRIPTION)
        release_subscription(r, object);
    StrBuf text = pg_begin(r);
    put_drop(r, &text, object);
    if (object->kind == OBJECT_INDEX && pg_index_has_keys(r->graph, object))
        strbuf_puts(&text, " CASCADE");
    Statement *statement = pg_emit(r, &text);
    if (object->kind == OBJECT_TABLE)
        pg_cost(r, statement, pg_lock_of_drop(r, (const Table *)(const void *)object),
                r->step->restores ? NULL : "the table and its rows are gone");
    else if (object->kind == OBJECT_INDEX)
        pg_cost(r, statement, pg_lock_of_index_drop(r, object), NULL);
    else if (object->kind == OBJECT_TRIGGER || object->kind == OBJECT_POLICY || object->kind == OBJECT_RULE)
        pg_cost(r, statement, "ACCESS EXCLUSIVE", NULL);
}

// A schema that cannot be told from the database's own `public` is never dropped or made.
static bool is_default_schema(const Object *object)
{
    return object->kind == OBJECT_SCHEMA && strcmp(object->name, PG_PUBLIC) == 0;
}

// DROP of any object. The default schema stays: it only gets its own comment back.
static bool render_drop_step(const Render *r)
{
    const Object *object = r->step->have;
    switch ((int)object->kind) {
    case OBJECT_COLUMN: pg_render_drop_column(r, (const Column *)(const void *)object); return true;
    case OBJECT_PRIMARY_KEY:
    case OBJECT_UNIQUE:
    case OBJECT_CHECK:
    case OBJECT_EXCLUDE:
    case OBJECT_FOREIGN_KEY: render_drop_constraint(r, object); return true;
    case OBJECT_GRANT:
    case OBJECT_DEFAULT_PRIVILEGE: return pg_render_verbatim_step(r);
    case OBJECT_INDEX:
        if (option_get(&object->options, PG_PARTITION_OF))
            render_disown(r, object);
        else if (!pg_online_drop_index(r, object))
            render_drop(r, object);
        return true;
    default:
        if (is_default_schema(object)) {
            Object schema = *object;
            schema.comment = PG_PUBLIC_COMMENT;
            pg_render_comment(r, &schema);
        } else {
            render_drop(r, object);
        }
        return true;
    }
}

static bool render_object_step(const Render *r, const Object *object)
{
    switch ((int)object->kind) {
    case OBJECT_SCHEMA:
    case OBJECT_EXTENSION:
    case OBJECT_SEQUENCE: return pg_render_sequence_step(r);
    case OBJECT_ENUM:
    case OBJECT_DOMAIN:
    case OBJECT_RANGE:
    case OBJECT_COLLATION:
    case OBJECT_COMPOSITE: return pg_render_type_step(r);
    case OBJECT_VIEW: return pg_render_view_step(r);
    default: return pg_render_verbatim_step(r);
    }
}

static bool render_create_step(const Render *r)
{
    const Object *object = r->step->want;
    switch ((int)object->kind) {
    case OBJECT_TABLE: pg_render_create_table(r, (const Table *)(const void *)object); return true;
    case OBJECT_COLUMN: pg_render_add_column(r, (const Column *)(const void *)object); return true;
    case OBJECT_INDEX: pg_render_create_index(r, (const Index *)(const void *)object); return true;
    case OBJECT_PRIMARY_KEY:
    case OBJECT_UNIQUE:
    case OBJECT_CHECK:
    case OBJECT_EXCLUDE:
    case OBJECT_FOREIGN_KEY:
        pg_render_add_constraint(r, (const Constraint *)(const void *)object);
        return true;
    default: return render_object_step(r, object);
    }
}

static bool render_alter_step(const Render *r)
{
    const Object *object = r->step->want;
    switch ((int)object->kind) {
    case OBJECT_TABLE: pg_render_alter_table(r); return true;
    case OBJECT_COLUMN: pg_render_alter_column(r); return true;
    case OBJECT_INDEX: pg_render_alter_index(r); return true;
    case OBJECT_PRIMARY_KEY:
    case OBJECT_UNIQUE:
    case OBJECT_CHECK:
    case OBJECT_EXCLUDE:
    case OBJECT_FOREIGN_KEY: pg_render_alter_constraint(r); return true;
    default: return render_object_step(r, object);
    }
}

void pg_render_rename_plain(const Render *r, const Object *have, const char *name)
{
    StrBuf text = pg_begin(r);
    sql(&text, D, KW("ALTER"));
    strbuf_putc(&text, ' ');
    pg_put_target(&text, have);
    sql(&text, D, KW("RENAME TO"), ID(name));
    pg_emit(r, &text);
}

// ALTER … RENAME TO; what follows a table's or column's name by convention is renamed with it.
static bool render_rename_step(const Render *r)
{
    const Object *have = r->step->have, *want = r->step->want;
    if (have->kind == OBJECT_TABLE) {
        pg_render_rename_table(r);
        return true;
    }
    if (have->kind == OBJECT_COLUMN) {
        pg_render_rename_column(r);
        return true;
    }
    bool routine = object_kind_is_routine(have->kind);
    const char *types;
    pg_render_rename_plain(r, have, routine ? pg_routine_split(r->arena, want->name, &types) : want->name);
    return true;
}

// The literal of ALTER TYPE … ADD VALUE 'x'; NULL: another statement.
static const char *added_value(Arena *arena, const char *statement)
{
    if (strncmp(statement, "ALTER TYPE ", 11) != 0)
        return NULL;
    TokenList tokens = lex_all(arena, (Text){ statement, strlen(statement) }, D->lex);
    for (size_t i = 0; i + 2 < tokens.count; i++)
        if (token_is(&tokens.items[i], "add") && token_is(&tokens.items[i + 1], "value"))
            return arena_strndup(arena, tokens.items[i + 2].text.p, tokens.items[i + 2].text.n);
    return NULL;
}

// As a literal of its own, or within one of an array or a row: '{ok,"so so"}'.
static bool speaks_of(Arena *arena, const char *statement, const char *value)
{
    if (strstr(statement, value))
        return true;
    const char *bare = arena_strndup(arena, value + 1, strlen(value) - 2);
    TokenList tokens = lex_all(arena, (Text){ statement, strlen(statement) }, D->lex);
    VEC_EACH (Token, token, &tokens)
        if (token->kind == TOKEN_STRING && token->text.n > 2 && strchr("{(", token->text.p[1]) &&
            strstr(arena_strndup(arena, token->text.p, token->text.n), bare))
            return true;
    return false;
}

static bool is_routine_text(const char *statement)
{
    return strncmp(statement, "CREATE OR REPLACE FUNCTION", 26) == 0 ||
           strncmp(statement, "CREATE FUNCTION", 15) == 0 ||
           strncmp(statement, "CREATE OR REPLACE PROCEDURE", 27) == 0 ||
           strncmp(statement, "CREATE PROCEDURE", 16) == 0;
}

// A new value of an enum can be used once it is committed: what speaks of it begins another section.
static void part_sections(const Render *r, size_t first)
{
    StatementList *out = r->out;
    for (size_t i = first; i < out->count; i++) {
        if (!strchr(out->items[i].sql, '\'') || is_routine_text(out->items[i].sql) ||
            strncmp(out->items[i].sql, "ALTER TYPE ", 11) == 0 ||
            strncmp(out->items[i].sql, "COMMENT ", 8) == 0)
            continue;
        for (size_t k = i; k > 0 && !out->items[i].starts_section; k--) {
            const char *value = added_value(r->arena, out->items[k - 1].sql);
            if (value && speaks_of(r->arena, out->items[i].sql, value))
                out->items[i].starts_section = true;
            if (out->items[k - 1].starts_section)
                break;
        }
    }
}

static bool render_step(const Render *r)
{
    const Step *step = r->step;
    switch (step->kind) {
    case STEP_RENAME: return render_rename_step(r);
    case STEP_DROP: return render_drop_step(r);
    case STEP_CREATE: return render_create_step(r);
    case STEP_ALTER: return render_alter_step(r);
    case STEP_SQL:
        VEC_EACH (Statement, statement, &step->statements)
            *VEC_PUSH(r->arena, r->out) = *statement;
        return true;
    case STEP_TABLE:
    case STEP_REBUILD: break;
    }
    return error_set(r->err, ERR_BUG, "PostgreSQL has no use for merged changes of a table");
}

bool pg_render(Arena *arena, const StepGraph *graph, const Step *step, StatementList *out, Error *err)
{
    Render r = {
        .arena = arena, .graph = graph, .step = step, .out = out, .err = err, .version = pg_version_of(graph)
    };
    r.online = graph->options && graph->options->online;
    size_t first = out->count;
    if (!render_step(&r))
        return false;
    pg_render_privileges(&r);
    part_sections(&r, first);
    if (r.online)
        pg_online_timeouts(&r, first);
    return true;
}
