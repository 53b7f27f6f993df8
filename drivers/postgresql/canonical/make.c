#include "drivers/postgresql/canonical/canonical.h"

#include <stdlib.h>
#include <string.h>

#include "drivers/postgresql/render/render.h"

static const Dialect *const D = &postgresql_dialect;

// ---- names of schemas

static const char *scratch_of(const Canonical *c, const char *schema)
{
    VEC_EACH (const SchemaName, name, &c->schemas)
        if (schema ? name->there && strcmp(name->there, schema) == 0 : !name->there)
            return name->here;
    return schema;
}

void canonical_name_schemas(Canonical *c)
{
    unsigned backend = (unsigned)PQbackendPID(c->pg->conn); // a pooler makes up its own, negative too
    *VEC_PUSH(c->arena, &c->schemas) =
        (SchemaName){ arena_printf(c->arena, "cmigrate_scratch_%u_0_", backend), NULL };
    VEC_EACH (Object *, object, &c->order) {
        const char *schema = (*object)->schema;
        if (!schema || scratch_of(c, schema) != schema)
            continue;
        const char *here = arena_printf(c->arena, "cmigrate_scratch_%u_%zu_", backend, c->schemas.count);
        *VEC_PUSH(c->arena, &c->schemas) = (SchemaName){ here, schema };
    }
}

// The operator that begins with this token: symbols without a space between them. NULL: none does.
static const char *operator_at(const Maker *m, const Token *token)
{
    const char *start = token->text.p, *end = start;
    for (; token->kind == TOKEN_SYMBOL && token->text.p == end && strchr("+-*/<>=~!@#%^&|`?", *end); token++)
        end += token->text.n;
    return end > start ? arena_strndup(m->arena, start, (size_t)(end - start)) : NULL;
}

// Names in schemas that stand for something made here get the scratch schema's name.
static const char *moved_text(const Maker *m, const char *text)
{
    if (text)
        text = pg_in_list(m->arena, text, false);
    if (!text || !strchr(text, '.'))
        return text;
    TokenList tokens = lex_all(m->arena, (Text){ text, strlen(text) }, LEX_POSTGRESQL);
    StrBuf out;
    strbuf_init(&out, m->arena);
    const char *done = text;
    for (size_t i = 0; i + 2 < tokens.count; i++) {
        const Token *t = &tokens.items[i], *next = &tokens.items[i + 2];
        if ((t->kind != TOKEN_WORD && t->kind != TOKEN_NAME) || !token_is(&tokens.items[i + 1], "."))
            continue;
        bool word = next->kind == TOKEN_WORD || next->kind == TOKEN_NAME;
        const char *name = word ? canonical_name(m->arena, next) : operator_at(m, next);
        if (!name)
            continue;
        const char *schema = canonical_name(m->arena, t);
        if (strcmp(schema, m->c->pg->db.server.default_schema) == 0)
            schema = NULL;
        const Candidate *candidate = canonical_find(m->c, schema, name);
        if (!candidate || !candidate->chosen)
            continue;
        strbuf_put(&out, done, (size_t)(t->text.p - done));
        strbuf_puts(&out, scratch_of(m->c, schema));
        done = t->text.p + t->text.n;
        i += 2;
    }
    if (done == text)
        return text;
    strbuf_puts(&out, done);
    return out.text;
}

static const char *moved_schema(const Maker *m, const char *schema)
{
    return schema ? scratch_of(m->c, schema) : NULL;
}

// `schema.name` as name_join writes it; lists of them too.
static const char *moved_joined(const Maker *m, const char *joined) { return moved_text(m, joined); }

static PartList moved_parts(const Maker *m, const PartList *parts)
{
    PartList out = { 0 };
    VEC_EACH (const Part, part, parts) {
        Part *copy = VEC_PUSH(m->arena, &out);
        *copy = *part;
        copy->expression = moved_text(m, part->expression);
        copy->opclass = moved_text(m, part->opclass);
        copy->collation = moved_joined(m, part->collation);
        copy->with_operator = moved_text(m, part->with_operator);
    }
    return out;
}

static void move_head(const Maker *m, Object *head)
{
    head->schema = moved_schema(m, head->schema);
    head->comment = NULL;
    head->written_schema = NULL;
}

// ---- statements

static Made *add(Maker *m, const char *sql, const Object *part)
{
    Made *made = VEC_PUSH(m->arena, &m->made);
    *made = (Made){ .sql = sql, .part = part, .group = m->group };
    return made;
}

// As the planner would have it made.
static bool add_rendered(Maker *m, const Object *copy, const Table *table, const Object *part, Error *err)
{
    StatementList out = { 0 };
    Step step = { .kind = STEP_CREATE, .want = copy, .want_table = table };
    if (!pg_render(m->arena, &m->graph, &step, &out, err))
        return false;
    VEC_EACH (const Statement, statement, &out)
        if (!statement->assertion)
            add(m, statement->sql, part);
    return true;
}

static size_t characters(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xC0) != 0x80;
    return n;
}

static void put_column(Maker *m, StrBuf *out, const Column *column)
{
    D->put_identifier(out, column->head.name);
    strbuf_printf(out, " %s", moved_text(m, column->type));
    if (column->collation) {
        strbuf_puts(out, " COLLATE ");
        pg_put_collation(out, moved_joined(m, column->collation));
    }
    if (column->generated) {
        strbuf_puts(out, " GENERATED ALWAYS AS ");
        pg_put_expression(out, moved_text(m, column->generated));
        strbuf_puts(out, column->stored ? " STORED" : " VIRTUAL");
    }
}

static void put_columns(Maker *m, StrBuf *out, const Table *table, size_t *offsets)
{
    strbuf_puts(out, " (");
    bool any = false;
    for (size_t i = 0; i < table->columns.count; i++) {
        const Column *column = table->columns.items[i];
        offsets[i] = SIZE_MAX;
        if (option_is(&column->head.options, PG_INHERITED))
            continue;
        strbuf_puts(out, any ? ", " : "");
        any = true;
        offsets[i] = characters(out->text);
        put_column(m, out, column);
    }
    strbuf_putc(out, ')');
}

// Creates a table in the scratch place with the parts whose text is asked for. Offsets of the columns lead an
// error back to its line in the model.
static void create_table(Maker *m, const Table *table)
{
    const OptionList *options = &table->head.options;
    const char *parent = option_get(options, PG_PARTITION_OF), *inherits = option_get(options, PG_INHERITS);
    const char *by = option_get(options, PG_PARTITION_BY), *bound = option_get(options, PG_PARTITION_BOUND);
    const char *of = option_get(options, PG_OF_TYPE);
    StrBuf out;
    strbuf_init(&out, m->arena);
    size_t *offsets = arena_alloc(m->arena, (table->columns.count + 1) * sizeof(size_t));
    sql(&out, D, KW("CREATE TABLE"), QID(moved_schema(m, table->head.schema), table->head.name));
    if (parent) {
        strbuf_puts(&out, " PARTITION OF ");
        pg_put_joined(&out, moved_joined(m, parent));
        strbuf_printf(&out, " %s", bound ? moved_text(m, bound) : "DEFAULT");
    } else if (of) {
        strbuf_printf(&out, " OF %s", moved_text(m, of));
    } else {
        put_columns(m, &out, table, offsets);
    }
    if (inherits) {
        strbuf_puts(&out, " INHERITS (");
        pg_put_joined_list(&out, moved_joined(m, inherits));
        strbuf_puts(&out, ")");
    }
    if (by)
        strbuf_printf(&out, " PARTITION BY %s", moved_text(m, by));
    Made *made = add(m, out.text, &table->head);
    made->offsets = parent || of ? NULL : offsets;
}

static void set_defaults(Maker *m, const Table *table)
{
    VEC_EACH (Column *, it, &table->columns) {
        const Column *column = *it;
        if (!column->default_sql || column->autoincrement || column->identity != IDENTITY_NONE ||
            column->generated)
            continue;
        StrBuf out;
        strbuf_init(&out, m->arena);
        sql(&out, D, KW("ALTER TABLE"), QID(moved_schema(m, table->head.schema), table->head.name),
            KW("ALTER COLUMN"), ID(column->head.name), KW("SET DEFAULT"),
            EXPR(moved_text(m, column->default_sql)));
        add(m, out.text, &column->head);
    }
}

static void add_check(Maker *m, const Table *table, const Constraint *check)
{
    StrBuf out;
    strbuf_init(&out, m->arena);
    sql(&out, D, KW("ALTER TABLE"), QID(moved_schema(m, table->head.schema), table->head.name),
        KW("ADD CONSTRAINT"), ID(check->head.name), KW("CHECK"));
    strbuf_putc(&out, ' ');
    pg_put_expression(&out, moved_text(m, check->expression));
    strbuf_puts(&out, check->no_inherit ? " NO INHERIT" : "");
    add(m, out.text, &check->head);
}

// Views that group by a key need it.
static void add_primary_key(Maker *m, const Table *table, const Constraint *key)
{
    StrBuf out;
    strbuf_init(&out, m->arena);
    sql(&out, D, KW("ALTER TABLE"), QID(moved_schema(m, table->head.schema), table->head.name),
        KW("ADD PRIMARY KEY"));
    strbuf_puts(&out, " (");
    VEC_EACH (const Part, part, &key->parts) {
        if (!part->column || part->with_operator)
            return;
        strbuf_puts(&out, part == key->parts.items ? "" : ", ");
        D->put_identifier(&out, part->column);
    }
    strbuf_putc(&out, ')');
    add(m, out.text, &key->head);
}

static bool add_index(Maker *m, const Index *index, const Table *table, Error *err)
{
    if (option_get(&index->head.options, PG_PARTITION_OF) || !index->head.name)
        return true;
    Index *copy = ARENA_NEW(m->arena, Index);
    *copy = *index;
    move_head(m, &copy->head);
    copy->head.options = (OptionList){ 0 };
    copy->parts = moved_parts(m, &index->parts);
    copy->where = moved_text(m, index->where);
    return add_rendered(m, &copy->head, table, &index->head, err);
}

static bool add_exclude(Maker *m, const Constraint *exclude, const Table *table, Error *err)
{
    Constraint *copy = ARENA_NEW(m->arena, Constraint);
    *copy = *exclude;
    move_head(m, &copy->head);
    copy->head.options = (OptionList){ 0 };
    copy->parts = moved_parts(m, &exclude->parts);
    copy->where = moved_text(m, exclude->where);
    return add_rendered(m, &copy->head, table, &exclude->head, err);
}

static bool make_table(Maker *m, const Table *table, Error *err)
{
    create_table(m, table);
    set_defaults(m, table);
    Table *copy = ARENA_NEW(m->arena, Table);
    *copy = *table;
    move_head(m, &copy->head);
    VEC_EACH (Constraint *, it, &table->constraints) {
        if (!(*it)->head.name || option_get(&(*it)->head.options, PG_PARTITION_OF))
            continue;
        if ((*it)->head.kind == OBJECT_CHECK)
            add_check(m, table, *it);
        else if ((*it)->head.kind == OBJECT_PRIMARY_KEY)
            add_primary_key(m, table, *it);
        else if ((*it)->head.kind == OBJECT_EXCLUDE && !add_exclude(m, *it, copy, err))
            return false;
    }
    VEC_EACH (Index *, index, &table->indexes)
        if (!add_index(m, *index, copy, err))
            return false;
    return true;
}

static bool make_view(Maker *m, const View *view, Error *err)
{
    View *copy = ARENA_NEW(m->arena, View);
    *copy = *view;
    move_head(m, &copy->head);
    copy->head.options = (OptionList){ 0 };
    copy->query = moved_text(m, view->query);
    copy->with_no_data = true;
    if (!add_rendered(m, &copy->head, NULL, &view->head, err))
        return false;
    VEC_EACH (Index *, index, &view->indexes)
        if (!add_index(m, *index, NULL, err))
            return false;
    return true;
}

static bool make_domain(Maker *m, const DomainType *domain, Error *err)
{
    DomainType *copy = ARENA_NEW(m->arena, DomainType);
    *copy = *domain;
    move_head(m, &copy->head);
    copy->base = moved_text(m, domain->base);
    copy->default_sql = moved_text(m, domain->default_sql);
    copy->checks = (ConstraintList){ 0 };
    VEC_EACH (Constraint *, it, &domain->checks) {
        Constraint *check = ARENA_NEW(m->arena, Constraint);
        *check = **it;
        move_head(m, &check->head);
        check->expression = moved_text(m, check->expression);
        *VEC_PUSH(m->arena, &copy->checks) = check;
    }
    return add_rendered(m, &copy->head, NULL, &domain->head, err);
}

static bool make_composite(Maker *m, const CompositeType *type, Error *err)
{
    CompositeType *copy = ARENA_NEW(m->arena, CompositeType);
    *copy = *type;
    move_head(m, &copy->head);
    copy->attributes = (ColumnList){ 0 };
    VEC_EACH (Column *, it, &type->attributes) {
        Column *attribute = ARENA_NEW(m->arena, Column);
        *attribute = **it;
        move_head(m, &attribute->head);
        attribute->type = moved_text(m, attribute->type);
        *VEC_PUSH(m->arena, &copy->attributes) = attribute;
    }
    return add_rendered(m, &copy->head, NULL, &type->head, err);
}

// A text search configuration is more than one statement.
static void make_verbatim(Maker *m, const Object *object)
{
    const char *text = moved_text(m, object->definition ? object->definition : "");
    if (object->kind != OBJECT_TEXT_SEARCH_CONFIGURATION) {
        size_t n = strlen(text);
        while (n && strchr("; \n\t\r", text[n - 1]))
            n--;
        add(m, arena_strndup(m->arena, text, n), object);
        return;
    }
    TokenList tokens = lex_all(m->arena, (Text){ text, strlen(text) }, LEX_POSTGRESQL);
    const char *start = text;
    VEC_EACH (const Token, t, &tokens) {
        if (t->kind != TOKEN_END && !token_is(t, ";"))
            continue;
        const char *end = t->kind == TOKEN_END ? text + strlen(text) : t->text.p;
        const char *one = arena_strndup(m->arena, start, (size_t)(end - start));
        if (one[strspn(one, " \n\t\r")])
            add(m, one, object);
        start = end + 1;
        if (t->kind == TOKEN_END)
            break;
    }
}

bool canonical_state(Maker *m, const Object *object, Error *err)
{
    switch ((int)object->kind) {
    case OBJECT_TABLE: return make_table(m, (const Table *)(const void *)object, err);
    case OBJECT_VIEW: return make_view(m, (const View *)(const void *)object, err);
    case OBJECT_DOMAIN: return make_domain(m, (const DomainType *)(const void *)object, err);
    case OBJECT_COMPOSITE: return make_composite(m, (const CompositeType *)(const void *)object, err);
    case OBJECT_ENUM: {
        EnumType *copy = ARENA_NEW(m->arena, EnumType);
        *copy = *(const EnumType *)(const void *)object;
        move_head(m, &copy->head);
        return add_rendered(m, &copy->head, NULL, object, err);
    }
    case OBJECT_SEQUENCE: {
        Sequence *copy = ARENA_NEW(m->arena, Sequence);
        *copy = *(const Sequence *)(const void *)object;
        move_head(m, &copy->head);
        copy->owned_by = NULL;
        return add_rendered(m, &copy->head, NULL, object, err);
    }
    default: make_verbatim(m, object); return true;
    }
}
