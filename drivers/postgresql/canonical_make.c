#include "drivers/postgresql/canonical.h"

#include <stdlib.h>
#include <string.h>

#include "drivers/postgresql/render.h"

// One statement, and what of the model it comes from.
typedef struct Made {
    const char *sql;
    const Object *part; // a column, check, index, or the object itself
    size_t group;       // its object's place in c->order
    size_t *offsets;    // CREATE TABLE: where each column begins, in characters; NULL otherwise
} Made;
typedef VEC(Made) MadeList;

typedef struct Maker {
    Canonical *c;
    Arena *arena;
    StepGraph graph;
    MadeList made;
    size_t group;
} Maker;

static const Dialect *const D = &postgresql_dialect;

// ---- names of schemas

static const char *scratch_of(const Canonical *c, const char *schema)
{
    VEC_EACH (const SchemaName, name, &c->schemas)
        if (schema ? name->there && strcmp(name->there, schema) == 0 : !name->there)
            return name->here;
    return schema;
}

static void name_schemas(Canonical *c)
{
    int backend = PQbackendPID(c->pg->conn);
    *VEC_PUSH(c->arena, &c->schemas) =
        (SchemaName){ arena_printf(c->arena, "cmigrate_scratch_%d_0_", backend), NULL };
    VEC_EACH (Object *, object, &c->order) {
        const char *schema = (*object)->schema;
        if (!schema || scratch_of(c, schema) != schema)
            continue;
        const char *here = arena_printf(c->arena, "cmigrate_scratch_%d_%zu_", backend, c->schemas.count);
        *VEC_PUSH(c->arena, &c->schemas) = (SchemaName){ here, schema };
    }
}

// Names in schemas that stand for something made here get the scratch schema's name.
static const char *moved_text(const Maker *m, const char *text)
{
    if (!text || !strchr(text, '.'))
        return text;
    TokenList tokens = lex_all(m->arena, (Text){ text, strlen(text) }, LEX_POSTGRESQL);
    StrBuf out;
    strbuf_init(&out, m->arena);
    const char *done = text;
    for (size_t i = 0; i + 2 < tokens.count; i++) {
        const Token *t = &tokens.items[i], *next = &tokens.items[i + 2];
        if ((t->kind != TOKEN_WORD && t->kind != TOKEN_NAME) || !token_is(&tokens.items[i + 1], ".") ||
            (next->kind != TOKEN_WORD && next->kind != TOKEN_NAME))
            continue;
        const char *schema = canonical_name(m->arena, t);
        if (strcmp(schema, m->c->pg->db.server.default_schema) == 0)
            schema = NULL;
        const Candidate *candidate = canonical_find(m->c, schema, canonical_name(m->arena, next));
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
    if (object->kind != OBJECT_TEXT_SEARCH) {
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

static bool make_one(Maker *m, const Object *object, Error *err)
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

// ---- the transaction

static const char *search_path(const Canonical *c)
{
    return arena_printf(c->arena, "%s, %s", c->schemas.items[0].here,
                        pg_quote_ident(c->arena, c->pg->db.server.default_schema));
}

static bool open_scratch(Canonical *c, Error *err)
{
    VEC(PgQuery) list = { 0 };
    *VEC_PUSH(c->arena, &list) = (PgQuery){ "BEGIN READ WRITE", false };
    const char *path = arena_printf(c->arena, "SET LOCAL search_path = %s", search_path(c));
    *VEC_PUSH(c->arena, &list) = (PgQuery){ path, false };
    *VEC_PUSH(c->arena, &list) = (PgQuery){ "SET LOCAL check_function_bodies = off", false };
    *VEC_PUSH(c->arena, &list) = (PgQuery){ "SET LOCAL client_min_messages = error", false };
    VEC_EACH (const SchemaName, name, &c->schemas) {
        const char *create = arena_printf(c->arena, "CREATE SCHEMA %s", name->here);
        *VEC_PUSH(c->arena, &list) = (PgQuery){ create, false };
    }
    *VEC_PUSH(c->arena, &list) = (PgQuery){ "SAVEPOINT cmigrate_scratch", false };
    size_t done = 0;
    return pg_pipeline(c->pg, list.items, list.count, NULL, 0, NULL, &done, err);
}

static bool run_all(Maker *m, size_t *failed, Error *err)
{
    PgQuery *queries = arena_alloc(m->arena, (m->made.count + 1) * sizeof(PgQuery));
    for (size_t i = 0; i < m->made.count; i++)
        queries[i].sql = m->made.items[i].sql;
    return m->made.count == 0 || pg_pipeline(m->c->pg, queries, m->made.count, NULL, 0, NULL, failed, err);
}

// What the server says of the text itself, whatever lies around it.
static bool is_about_text(const char *state)
{
    static const char *const states[] = { "42601", "42704", "42703", "42P01",
                                          "22P02", "22007", "22008", "42P02" };
    for (size_t i = 0; i < COUNT_OF(states); i++)
        if (strcmp(states[i], state) == 0)
            return true;
    return false;
}

// The column that an error's position lies in.
static const Object *part_of(const Made *made, const Object *object, const Error *refused)
{
    const char *position = strstr(refused->detail, "POSITION: ");
    if (!made->offsets || !position || object->kind != OBJECT_TABLE)
        return made->part;
    size_t at = strtoul(position + strlen("POSITION: "), NULL, 10);
    const Table *table = (const Table *)(const void *)object;
    const Object *found = made->part;
    for (size_t i = 0; i < table->columns.count; i++)
        if (made->offsets[i] != SIZE_MAX && made->offsets[i] < at)
            found = &table->columns.items[i]->head;
    return found;
}

static bool refuse(const Maker *m, const Made *made, const Error *refused, Error *err)
{
    const Object *object = m->c->order.items[made->group];
    const Object *part = part_of(made, object, refused);
    SourcePos at = part->at.file ? part->at : object->at;
    error_at(err, ERR_SCHEMA, at, "PostgreSQL refuses %s '%s': %s", object_kinds[part->kind].word,
             part->name ? part->name : object->name, refused->message);
    error_native(err, refused->native);
    const char *hint = strstr(refused->detail, "HINT: ");
    if (hint)
        error_hint(err, "%.*s", (int)strcspn(hint + strlen("HINT: "), "\n"), hint + strlen("HINT: "));
    return false;
}

// Takes the statements of a group out, or puts them at the end.
static void move_group(Maker *m, size_t group, bool keep)
{
    MadeList rest = { 0 };
    for (int pass = 0; pass < 2; pass++)
        VEC_EACH (const Made, made, &m->made)
            if (pass == 0 ? made->group != group : keep && made->group == group)
                *VEC_PUSH(m->arena, &rest) = *made;
    m->made = rest;
}

// Makes what can be made. The order by mention is nearly always right; what fails goes to the end once, and then out.
static bool make_all(Maker *m, Error *err)
{
    size_t groups = m->c->order.count, given_up = 0;
    bool *postponed = arena_alloc(m->arena, groups + 1);
    for (size_t attempt = 0; attempt < 4 * groups + 4; attempt++) {
        size_t failed = 0;
        Error refused = { 0 };
        if (run_all(m, &failed, &refused))
            return true;
        if (PQstatus(m->c->pg->conn) == CONNECTION_BAD || failed >= m->made.count) {
            *err = refused;
            return false;
        }
        PGresult *result = pg_run(m->c->pg, m->c->pg->conn, "ROLLBACK TO SAVEPOINT cmigrate_scratch");
        PQclear(result);
        const Made made = m->made.items[failed];
        bool last = made.group == m->made.items[m->made.count - 1].group;
        if (!postponed[made.group] && !last) {
            postponed[made.group] = true;
            move_group(m, made.group, true);
            continue;
        }
        if (is_about_text(refused.native) && !m->c->misses_extension && !given_up)
            return refuse(m, &made, &refused, err);
        given_up++;
        move_group(m, made.group, false);
    }
    m->made = (MadeList){ 0 };
    return true;
}

static void say_why_not(Canonical *c, const Error *why)
{
    Warning *warning = VEC_PUSH(c->arena, &c->want->warnings);
    warning->text = arena_printf(
        c->arena, "texts were compared as they stand, for no scratch schema could be made: %s", why->message);
}

bool canonical_make(Canonical *c, Schema *got, Error *err)
{
    *got = (Schema){ 0 };
    name_schemas(c);
    Error why = { 0 };
    if (!open_scratch(c, &why)) {
        c->pg->db.driver->rollback(&c->pg->db, NULL);
        if (PQstatus(c->pg->conn) == CONNECTION_BAD) {
            *err = why;
            return false;
        }
        say_why_not(c, &why);
        return true;
    }
    Maker m = { .c = c, .arena = c->arena };
    m.graph = (StepGraph){ .arena = c->arena, .have = c->want, .want = c->want };
    c->want->server = c->want->server.version ? c->want->server : c->pg->db.server;
    bool ok = true;
    for (m.group = 0; ok && m.group < c->order.count; m.group++)
        ok = make_one(&m, c->order.items[m.group], err);
    ok = ok && make_all(&m, err) &&
         see_schema_of(c->pg, c->arena, NULL, &c->schemas, search_path(c), got, err);
    Error ignored = { 0 };
    bool back = c->pg->db.driver->rollback(&c->pg->db, &ignored);
    if (ok && !back) {
        *err = ignored;
        return false;
    }
    return ok;
}
