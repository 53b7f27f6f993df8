// Triggers and virtual tables of a model, which are given as their CREATE statement: read far enough to know what they
// create, and brought into the form that sqlite_schema keeps.
#include "drivers/sqlite/ddl/internal.h"

#include <string.h>

typedef struct Head {
    const char *schema, *name;
    const char *rest; // of the text, from the name on
    bool temporary;
} Head;

// CREATE [TEMP] words [IF NOT EXISTS] [schema.]name, and the cursor after it.
static bool read_head(Ddl *ddl, const char *kind, Head *out)
{
    *out = (Head){ 0 };
    if (!ddl_expect(ddl, "CREATE"))
        return false;
    out->temporary = ddl_take(ddl, "TEMP") || ddl_take(ddl, "TEMPORARY");
    if (strcmp(kind, "VIRTUAL TABLE") == 0 ? !ddl_take_two(ddl, "VIRTUAL", "TABLE") : !ddl_take(ddl, kind))
        return ddl_unexpected(ddl, kind);
    if (ddl_at(ddl, "IF") && token_is(&ddl->next, "NOT")) {
        ddl_step(ddl);
        ddl_step(ddl);
        if (!ddl_expect(ddl, "EXISTS"))
            return false;
    }
    out->rest = ddl->now.text.p;
    if (!ddl_name(ddl, &out->name))
        return false;
    if (ddl_take(ddl, ".")) {
        out->schema = out->name;
        out->rest = ddl->now.text.p;
        return ddl_name(ddl, &out->name);
    }
    return true;
}

static bool refuse(Error *err, const Object *object, const char *why)
{
    const char *word = object->kind == OBJECT_TABLE ? "virtual table" : object_kinds[object->kind].word;
    return error_at(err, ERR_SCHEMA, object->at, "the definition of %s '%s' %s", word, object->name, why);
}

// What the statement creates must be what the model calls it.
static bool check_head(const Head *head, const Object *object, Arena *arena, Error *err)
{
    if (head->temporary || sqlite_same_name(head->schema, "temp")) {
        refuse(err, object, "creates a temporary object, which ends with its connection");
        return error_hint(err, "Leave out TEMP.");
    }
    if (head->schema && !sqlite_same_name(head->schema, "main"))
        return refuse(err, object,
                      arena_printf(arena, "is of the database '%s': only main is managed", head->schema));
    if (!sqlite_same_name(head->name, object->name)) {
        refuse(err, object, arena_printf(arena, "creates '%s'", head->name));
        return error_hint(err, "The key and the name in the statement must be the same.");
    }
    return true;
}

// As SQLite stores it: without IF NOT EXISTS and without the database before the name.
static const char *stored_form(Arena *arena, const char *kind, const Head *head)
{
    return arena_printf(arena, "CREATE %s %s", kind, head->rest);
}

// Until the END of the body, whose CASE expressions have one of their own; then nothing may follow.
static bool skip_body(Ddl *ddl)
{
    size_t cases = 0;
    while (ddl->now.kind != TOKEN_END && !ddl_at(ddl, "BEGIN"))
        ddl_step(ddl);
    if (!ddl_expect(ddl, "BEGIN"))
        return false;
    for (; ddl->now.kind != TOKEN_END; ddl_step(ddl)) {
        if (ddl_at(ddl, "CASE"))
            cases++;
        else if (ddl_at(ddl, "END") && cases)
            cases--;
        else if (ddl_at(ddl, "END"))
            break;
    }
    return ddl_expect(ddl, "END");
}

static bool is_one_statement(Ddl *ddl)
{
    while (ddl_take(ddl, ";"))
        continue;
    return ddl->now.kind == TOKEN_END;
}

// The table after ON, which follows the event and its columns.
static bool read_host(Ddl *ddl, const char **out)
{
    while (ddl->now.kind != TOKEN_END && !ddl_at(ddl, "ON") && !ddl_at(ddl, "BEGIN"))
        ddl_step(ddl);
    if (!ddl_expect(ddl, "ON") || !ddl_name(ddl, out))
        return false;
    return !ddl_take(ddl, ".") || ddl_name(ddl, out);
}

static bool cannot_parse(Error *err, const Object *object, const Error *why)
{
    return refuse(err, object, why->message);
}

bool ddl_settle_trigger(Arena *arena, Object *trigger, Error *err)
{
    Ddl ddl;
    Error why = { 0 };
    Head head;
    const char *host = NULL;
    ddl_open(&ddl, arena, trigger->definition, &why);
    if (!read_head(&ddl, "TRIGGER", &head) || !read_host(&ddl, &host) || !skip_body(&ddl))
        return cannot_parse(err, trigger, &why);
    const char *end = ddl.behind;
    if (!is_one_statement(&ddl))
        return refuse(err, trigger, "holds more than one statement");
    if (!check_head(&head, trigger, arena, err))
        return false;
    if (trigger->table && !sqlite_same_name(trigger->table, host))
        return refuse(err, trigger, arena_printf(arena, "is on '%s', not on '%s'", host, trigger->table));
    if (!trigger->table)
        trigger->table = host;
    const char *text = stored_form(arena, "TRIGGER", &head);
    trigger->definition = arena_strndup(arena, text, strlen(text) - strlen(end));
    return true;
}

bool ddl_settle_virtual(Arena *arena, Table *table, Error *err)
{
    Ddl ddl;
    Error why = { 0 };
    Head head;
    ddl_open(&ddl, arena, table->head.definition, &why);
    if (!read_head(&ddl, "VIRTUAL TABLE", &head) || !ddl_expect(&ddl, "USING"))
        return cannot_parse(err, &table->head, &why);
    ddl_step(&ddl);
    const char *arguments = NULL;
    if (ddl_at(&ddl, "(") && !ddl_parenthesised(&ddl, &arguments))
        return cannot_parse(err, &table->head, &why);
    const char *end = ddl.behind;
    if (!is_one_statement(&ddl))
        return refuse(err, &table->head, "holds more than one statement");
    if (!check_head(&head, &table->head, arena, err))
        return false;
    const char *text = stored_form(arena, "VIRTUAL TABLE", &head);
    table->head.definition = arena_strndup(arena, text, strlen(text) - strlen(end));
    return true;
}
