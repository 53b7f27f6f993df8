// The transaction in which the objects are made, and what is done when one of them cannot be.
#include <stdlib.h>
#include <string.h>

#include "drivers/postgresql/canonical/canonical.h"
#include "drivers/postgresql/facts/facts.h"

typedef VEC(PgQuery) QueryList;

static const char *search_path(const Canonical *c)
{
    return arena_printf(c->arena, "%s, %s", c->schemas.items[0].here,
                        pg_quote_ident(c->arena, c->pg->db.server.default_schema));
}

// What every scratch place needs; the first schema is there, or is created by what follows.
static void push_settings(const Canonical *c, QueryList *list)
{
    // in front of the connection's own, which may lead to what extensions brought
    const char *own = c->pg->script_path, *first = c->schemas.items[0].here;
    StrBuf path;
    strbuf_init(&path, c->arena);
    strbuf_puts(&path, "SELECT pg_catalog.set_config('search_path', ");
    postgresql_dialect.put_literal(&path, *own ? arena_printf(c->arena, "%s, %s", first, own) : first);
    strbuf_puts(&path, ", true)");
    *VEC_PUSH(c->arena, list) = (PgQuery){ path.text, false };
    *VEC_PUSH(c->arena, list) = (PgQuery){ "SET LOCAL check_function_bodies = off", false };
    *VEC_PUSH(c->arena, list) = (PgQuery){ "SET LOCAL client_min_messages = error", false };
}

static void take_schema_name(void *payload, size_t i, PGresult *result)
{
    Canonical *c = payload;
    if (i == 2 && PQntuples(result) == 1 && PQnfields(result) > 0)
        c->schemas.items[0].here = arena_strdup(c->arena, PQgetvalue(result, 0, 0));
}

// pg_temp serves where no schema may be created, and all that is to be made lies in the default one. Functions and
// operators are not looked for there: what calls them is left as it is.
static bool open_temporary(Canonical *c, Error *err)
{
    const PgQuery name[] = {
        {pg_begin_words(c->pg, "BEGIN READ WRITE"),         false },
        { "CREATE TEMPORARY TABLE cmigrate_scratch_ ()",                   false},
        { "SELECT n.nspname FROM pg_catalog.pg_namespace n WHERE n.oid OPERATOR(pg_catalog.=) "
          "pg_catalog.pg_my_temp_schema()",                   false     }
    };
    size_t done = 0;
    if (!pg_pipeline(c->pg, &(PgPipeline){ name, COUNT_OF(name), NULL, 0, take_schema_name, c }, &done, err))
        return false;
    QueryList list = { 0 };
    push_settings(c, &list);
    *VEC_PUSH(c->arena, &list) = (PgQuery){ "SAVEPOINT cmigrate_scratch", false };
    return pg_pipeline(c->pg, &(PgPipeline){ .queries = list.items, .count = list.count }, &done, err);
}

static bool open_scratch(Canonical *c, Error *err)
{
    QueryList list = { 0 };
    *VEC_PUSH(c->arena, &list) = (PgQuery){ pg_begin_words(c->pg, "BEGIN READ WRITE"), false };
    push_settings(c, &list);
    VEC_EACH (const SchemaName, name, &c->schemas) {
        const char *create = arena_printf(c->arena, "CREATE SCHEMA %s", name->here);
        *VEC_PUSH(c->arena, &list) = (PgQuery){ create, false };
    }
    *VEC_PUSH(c->arena, &list) = (PgQuery){ "SAVEPOINT cmigrate_scratch", false };
    size_t done = 0;
    return pg_pipeline(c->pg, &(PgPipeline){ .queries = list.items, .count = list.count }, &done, err);
}

static bool run_all(Maker *m, size_t *failed, Error *err)
{
    PgQuery *queries = arena_alloc(m->arena, (m->made.count + 1) * sizeof(PgQuery));
    for (size_t i = 0; i < m->made.count; i++)
        queries[i].sql = m->made.items[i].sql;
    return m->made.count == 0 ||
           pg_pipeline(m->c->pg, &(PgPipeline){ .queries = queries, .count = m->made.count }, failed, err);
}

static bool is_of_scratch(const char *message)
{
    return strstr(message, "cmigrate_scratch_") || strstr(message, "pg_temp_");
}

// `function a.b(integer) does not exist`, `operator does not exist: text = integer`: true unless the model has one of
// that name, or the types are those of the scratch place, which others do not take.
static bool is_missing_routine(const Maker *m, const Error *refused)
{
    const char *message = refused->message, *open = strchr(message, '(');
    if (is_of_scratch(message))
        return false;
    TokenList tokens = lex_all(m->arena, (Text){ message, open ? (size_t)(open - message) : strlen(message) },
                               LEX_POSTGRESQL);
    const char *name = NULL;
    VEC_EACH (const Token, token, &tokens)
        if (token->kind == TOKEN_WORD || token->kind == TOKEN_NAME)
            name = canonical_name(m->arena, token);
    VEC_EACH (Object *, it, &m->c->want->objects) {
        const char *types, *own;
        switch ((int)(*it)->kind) {
        case OBJECT_OPERATOR: own = open ? NULL : (*it)->name; break;
        case OBJECT_FUNCTION:
        case OBJECT_PROCEDURE:
        case OBJECT_AGGREGATE: own = open ? pg_routine_split(m->arena, (*it)->name, &types) : NULL; break;
        default: own = NULL; break;
        }
        if (own && (!open || (name && strcmp(own, name) == 0)))
            return false;
    }
    return true;
}

// What the message names: relation "a.b" does not exist, type b does not exist.
static const char *missing_name(Arena *arena, const char *message)
{
    const char *open = strchr(message, '"'), *close = open ? strrchr(open + 1, '"') : NULL;
    if (close)
        return arena_strndup(arena, open + 1, (size_t)(close - open - 1));
    open = strncmp(message, "type ", 5) == 0 ? message + 5 : NULL;
    close = open ? strstr(open, " does not exist") : NULL;
    return close ? arena_strndup(arena, open, (size_t)(close - open)) : NULL;
}

// True unless the model has one of that name, which a text reaches by a way that does not lead to the scratch place
// ('a.b'::regclass), or which could not be made before it.
static bool is_missing_object(const Maker *m, const Error *refused)
{
    const char *missing = missing_name(m->arena, refused->message);
    NameList parts = { 0 };
    if (is_of_scratch(refused->message))
        return false;
    if (!missing || !name_split(m->arena, missing, &parts) || !parts.count)
        return true;
    const char *name = parts.items[parts.count - 1];
    VEC_EACH (Table *, it, &m->c->want->tables)
        if (strcmp((*it)->head.name, name) == 0)
            return false;
    VEC_EACH (Object *, it, &m->c->want->objects)
        if ((*it)->name && strcmp((*it)->name, name) == 0)
            return false;
    return true;
}

// What the server says of the text itself, whatever lies around it.
static bool is_about_text(const Maker *m, const Error *refused)
{
    const char *state = refused->native;
    if (strcmp(state, "42883") == 0)
        return is_missing_routine(m, refused);
    if (strcmp(state, "42P01") == 0 || strcmp(state, "42704") == 0)
        return is_missing_object(m, refused);
    static const char *const states[] = { "42601", "42703", "22P02", "22007", "22008", "22023", "42P02" };
    for (size_t i = 0; i < COUNT_OF(states); i++)
        if (strcmp(states[i], state) == 0)
            return true;
    return false;
}

// Nothing that is made before it, or that is there, would make the server take it. The texts of a table see its own columns
// alone, and these are all there; an attribute of a composite type (`not found in data type`) may come by a change of it.
static bool is_certain(const Object *object, const Error *refused)
{
    if (object->kind == OBJECT_TABLE && strcmp(refused->native, "42703") == 0)
        return strncmp(refused->message, "column ", 7) == 0 && strstr(refused->message, "does not exist");
    static const char *const states[] = { "42601", "22P02", "22007", "22008", "22023" };
    for (size_t i = 0; i < COUNT_OF(states); i++)
        if (strcmp(states[i], refused->native) == 0)
            return true;
    return false;
}

// The column that an error's position lies in.
static const Object *part_of(const Made *made, const Object *object, const Error *refused)
{
    if (!made->offsets || !refused->position || object->kind != OBJECT_TABLE)
        return made->part;
    const size_t at = refused->position;
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
    const char *text =
        arena_printf(m->arena, "PostgreSQL refuses %s '%s'%s%s%s: %s", object_kinds[part->kind].word,
                     part->name ? part->name : object->name, part->table ? " of table '" : "",
                     part->table ? part->table : "", part->table ? "'" : "", refused->message);
    if (m->c->only_tries && !is_certain(object, refused)) {
        *VEC_PUSH(m->arena, &m->c->want->warnings) = (Warning){ .at = at, .text = text };
        return true;
    }
    error_at(err, ERR_SCHEMA, at, "%s", text);
    error_native(err, refused->native);
    const char *hint = strstr(refused->detail, "HINT: ");
    if (hint)
        return error_hint(err, "%.*s", (int)strcspn(hint + strlen("HINT: "), "\n"), hint + strlen("HINT: "));
    return error_hint(err, "Change it in the model; nothing was written.");
}

// What a group still lacks goes to the end: an index may call what is made of its table's rows.
static void postpone_rest(Maker *m, size_t failed)
{
    MadeList rest = { 0 };
    size_t group = m->made.items[failed].group;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < m->made.count; i++)
            if ((i >= failed && m->made.items[i].group == group) == (pass == 1))
                *VEC_PUSH(m->arena, &rest) = m->made.items[i];
    m->made = rest;
}

// Takes the statements of a group out.
static void give_up_group(Maker *m, size_t group)
{
    MadeList rest = { 0 };
    VEC_EACH (const Made, made, &m->made)
        if (made->group != group)
            *VEC_PUSH(m->arena, &rest) = *made;
    m->made = rest;
}

// pg_temp does not take everything: that an object may differ in its words alone must not look like a difference.
static void say_not_compared(const Maker *m, size_t group, const Error *refused)
{
    Object *object = m->c->order.items[group];
    Warning *warning = VEC_PUSH(m->arena, &m->c->want->warnings);
    object->texts_not_asked = true;
    warning->at = object->at;
    warning->text = arena_printf(m->arena,
                                 "could not compare the texts of %s '%s', for no scratch schema could be "
                                 "created and pg_temp does not serve: %s "
                                 "(GRANT CREATE ON DATABASE %s TO %s gives the right)",
                                 object_kinds[object->kind].word, object->name, refused->message,
                                 pg_quote_ident(m->arena, PQdb(m->c->pg->conn)),
                                 pg_quote_ident(m->arena, PQuser(m->c->pg->conn)));
}

// Makes what can be made. The order by mention is nearly always right; what fails goes to the end once, and then out. What
// is refused after that may only follow from it, but for a column that is not there.
static bool make_all(Maker *m, Error *err)
{
    enum { MOST_TOLD = 10 };
    size_t groups = m->c->order.count, given_up = 0;
    bool *postponed = arena_alloc(m->arena, groups + 1);
    for (size_t attempt = 0; attempt < 4 * groups + 4; attempt++) {
        size_t failed = 0;
        Error refused = { 0 };
        if (run_all(m, &failed, &refused))
            return canonical_refuse_cycles(m, err);
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
            postpone_rest(m, failed);
            continue;
        }
        bool may_follow = given_up && !(m->c->only_tries && strcmp(refused.native, "42703") == 0);
        if (is_about_text(m, &refused) && !m->c->misses_extension && !may_follow &&
            !refuse(m, &made, &refused, err))
            return false;
        canonical_note_lack(m, made.group, &refused);
        if (++given_up == MOST_TOLD && m->c->only_tries)
            return canonical_refuse_cycles(m, err);
        if (m->c->temporary && !m->c->only_tries)
            say_not_compared(m, made.group, &refused);
        give_up_group(m, made.group);
    }
    m->made = (MadeList){ 0 };
    return true;
}

static void say_why_not(Canonical *c, const Error *why)
{
    VEC_EACH (Object *, object, &c->order)
        (*object)->texts_not_asked = true;
    Warning *warning = VEC_PUSH(c->arena, &c->want->warnings);
    warning->text = arena_printf(
        c->arena, "texts were compared as they are written, because no scratch schema could be made: %s%s",
        why->message,
        strcmp(why->native, "42501") == 0
            ? arena_printf(c->arena, " (GRANT CREATE ON DATABASE %s TO %s gives the right)",
                           pg_quote_ident(c->arena, PQdb(c->pg->conn)),
                           pg_quote_ident(c->arena, PQuser(c->pg->conn)))
            : "");
}

// What a try reads back is which of its views and routines uses which.
static bool is_read_back(const Canonical *c)
{
    size_t views = 0, routines = 0;
    VEC_EACH (Object *, it, &c->order) {
        views += (*it)->kind == OBJECT_VIEW;
        routines += (*it)->kind == OBJECT_FUNCTION || (*it)->kind == OBJECT_PROCEDURE;
    }
    return !c->only_tries || views > 1 || routines > 0;
}

bool canonical_make(Canonical *c, Schema *got, Error *err)
{
    *got = (Schema){ 0 };
    canonical_name_schemas(c);
    Error why = { 0 }, ignored = { 0 };
    bool open = open_scratch(c, &why);
    if (!open && strcmp(why.native, "42501") == 0 && c->schemas.count == 1) {
        c->pg->db.driver->rollback(&c->pg->db, NULL);
        open = c->temporary = open_temporary(c, &ignored);
    }
    if (!open) {
        c->pg->db.driver->rollback(&c->pg->db, NULL);
        if (PQstatus(c->pg->conn) == CONNECTION_BAD) {
            *err = why;
            return false;
        }
        if (!c->only_tries) // nothing was to be compared
            say_why_not(c, &why);
        return true;
    }
    Maker m = { .c = c, .arena = c->arena };
    m.graph = (StepGraph){ .arena = c->arena, .have = c->want, .want = c->want };
    c->want->server = c->want->server.version ? c->want->server : c->pg->db.server;
    bool ok = true;
    for (m.group = 0; ok && m.group < c->order.count; m.group++)
        ok = canonical_state(&m, c->order.items[m.group], err);
    ok = ok && make_all(&m, err) &&
         (!is_read_back(c) || see_schema_of(c->pg, c->arena, NULL, &c->schemas, search_path(c), got, err));
    bool back = c->pg->db.driver->rollback(&c->pg->db, &ignored);
    if (ok && !back) {
        *err = ignored;
        return false;
    }
    return ok;
}
