#define _GNU_SOURCE
#include "core/compare/sql_model.h"

#include <string.h>
#include <strings.h>

#include "core/base/file.h"
#include "core/compare/sql_reach.h"
#include "core/revision/directive.h"
#include "core/revision/splitter.h"

typedef struct ModelStatement {
    const char *sql;
    SourcePos at;
} ModelStatement;
typedef VEC(ModelStatement) ModelStatementList;

// ---- Which files

static bool is_sql_file(const char *path)
{
    const size_t n = strlen(path);
    return n > 4 && strcasecmp(path + n - 4, ".sql") == 0;
}

// Appends the .sql files that a path stands for: itself, or a folder's in name order, unless that has YAML files.
static bool expand(Arena *arena, const char *path, NameList *files, Error *err)
{
    NameList yaml = { 0 }, names = { 0 };
    if (!folder_exists(path)) {
        if (is_sql_file(path))
            *VEC_PUSH(arena, files) = path;
        return true;
    }
    if (!folder_list(arena, path, ".yaml", &yaml, err) || !folder_list(arena, path, ".yml", &yaml, err) ||
        (!yaml.count && !folder_list(arena, path, ".sql", &names, err)))
        return false;
    VEC_EACH (const char *, name, &names)
        *VEC_PUSH(arena, files) = path_join(arena, path, *name);
    return true;
}

bool sql_model_is(Arena *arena, const NameList *paths, bool *out, Error *err)
{
    const char *sql = NULL, *other = NULL;
    VEC_EACH (const char *, path, paths) {
        NameList files = { 0 };
        if (!expand(arena, *path, &files, err))
            return false;
        *(files.count ? &sql : &other) = *path;
    }
    *out = sql != NULL;
    if (!sql || !other)
        return true;
    error_set(err, ERR_SCHEMA, "the model is plain SQL in %s, and is not in %s", sql, other);
    return error_hint(err, "A model is all of YAML or all of SQL. Convert the one into the other with: "
                           "cmigrate inspect -o schema.yaml");
}

// ---- Their statements

static SourcePos place_of(const char *path, Text text, const SplitEvent *event)
{
    const char *start = event->text.p;
    while (start > text.p && start[-1] != '\n')
        start--;
    return (SourcePos){ path, event->line, text_column(start, event->text.p), 0 };
}

// Newer dumps of PostgreSQL are framed in \restrict and \unrestrict, which tell psql alone something.
static bool may_be_passed_over(Text line)
{
    static const char *const words[] = { "\\restrict", "\\unrestrict" };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (line.n >= strlen(words[i]) && memcmp(line.p, words[i], strlen(words[i])) == 0)
            return true;
    return false;
}

static bool refuse_client_command(Text line, SourcePos at, Error *err)
{
    const int shown = line.n > 60 ? 60 : (int)line.n;
    at.length = text_characters(line);
    error_at(err, ERR_SCHEMA, at, "'%.*s' is a command of the engine's client, not SQL", shown, line.p);
    return error_hint(err, "Remove the line; a model is what the server itself takes.");
}

static bool add_statement(Arena *arena, const Dialect *dialect, Text sql, SourcePos at,
                          ModelStatementList *out, Error *err)
{
    const char *text = arena_strndup(arena, sql.p, sql.n);
    const char *reach = sql_reach(arena, dialect, text);
    if (reach) {
        at.length = (unsigned)strcspn(text, " \t\r\n(;");
        error_at(err, ERR_SCHEMA, at, "a model cannot %s", reach);
        return error_hint(err,
                          "Its files are run in a scratch place, to be read back: what reaches beyond that "
                          "place has to go. Dump the schema of one database, without its data and roles.");
    }
    *VEC_PUSH(arena, out) = (ModelStatement){ text, at };
    return true;
}

static bool split_text(Arena *arena, const Dialect *dialect, const char *path, Text text,
                       ModelStatementList *out, Error *err)
{
    Splitter splitter;
    splitter_init(&splitter, text, dialect->lex);
    for (SplitEvent event = splitter_next(&splitter); event.kind != SPLIT_END;
         event = splitter_next(&splitter)) {
        const SourcePos at = place_of(path, text, &event);
        if (event.kind == SPLIT_BAD)
            return error_at(err, ERR_SCHEMA, at, "a quote or comment begins here and does not end");
        if (event.kind == SPLIT_CLIENT && !may_be_passed_over(event.text))
            return refuse_client_command(event.text, at, err);
        if (event.kind == SPLIT_STATEMENT && !add_statement(arena, dialect, event.text, at, out, err))
            return false;
    }
    return true;
}

static bool split_file(Arena *arena, const Dialect *dialect, const char *path, ModelStatementList *out,
                       Error *err)
{
    Text text;
    if (!file_read(arena, path, 0, &text, err))
        return error_hint(err, "The model is where schema: in cmigrate.yaml, or --schema, says.");
    return split_text(arena, dialect, path, text, out, err);
}

static bool split_all(Arena *arena, const Dialect *dialect, const NameList *paths, ModelStatementList *out,
                      Error *err)
{
    NameList files = { 0 };
    VEC_EACH (const char *, path, paths)
        if (!expand(arena, *path, &files, err))
            return false;
    VEC_EACH (const char *, file, &files)
        if (!split_file(arena, dialect, *file, out, err))
            return false;
    return true;
}

bool sql_model_look(Arena *arena, const Dialect *dialect, const NameList *paths, size_t *statements,
                    Error *err)
{
    ModelStatementList list = { 0 };
    if (!split_all(arena, dialect, paths, &list, err))
        return false;
    *statements = list.count;
    return true;
}

// ---- What they make

// The name that a CREATE statement gives, without its schema; NULL: it is none.
static const char *name_made(Arena *arena, const Dialect *dialect, const char *sql)
{
    static const char *const before[] = { "TABLE",    "VIEW",  "INDEX",     "TRIGGER", "FUNCTION",
                                          "SEQUENCE", "EVENT", "PROCEDURE", "TYPE",    "DOMAIN" };
    Lexer lexer;
    lex_init(&lexer, (Text){ sql, strlen(sql) }, dialect->lex, false);
    Token token = lex_next(&lexer);
    if (!token_is(&token, "CREATE"))
        return NULL;
    bool kind = false;
    for (token = lex_next(&lexer); token.kind == TOKEN_WORD || !kind; token = lex_next(&lexer)) {
        if (token.kind == TOKEN_END)
            return NULL;
        for (size_t i = 0; i < COUNT_OF(before) && !kind; i++)
            kind = token_is(&token, before[i]);
        if (kind)
            break;
    }
    token = lex_next(&lexer);
    while (token_is(&token, "IF") || token_is(&token, "NOT") || token_is(&token, "EXISTS") ||
           token_is(&token, "CONCURRENTLY"))
        token = lex_next(&lexer);
    const char *name =
        token.kind == TOKEN_WORD || token.kind == TOKEN_NAME ? token_name(arena, &token) : NULL;
    for (token = lex_next(&lexer); name && token_is(&token, "."); token = lex_next(&lexer)) {
        token = lex_next(&lexer);
        name = token_name(arena, &token);
    }
    return name;
}

static void place(Object *object, const char *name, SourcePos at)
{
    if (object->name && !object->at.file && strcasecmp(object->name, name) == 0)
        object->at = at;
}

// Messages about what was read point to the statement that made it.
static void place_objects(Arena *arena, const Dialect *dialect, const ModelStatementList *statements,
                          Schema *schema)
{
    VEC_EACH (const ModelStatement, statement, statements) {
        const char *name = name_made(arena, dialect, statement->sql);
        for (size_t i = 0; name && i < schema->tables.count; i++)
            place(&schema->tables.items[i]->head, name, statement->at);
        for (size_t i = 0; name && i < schema->objects.count; i++)
            place(schema->objects.items[i], name, statement->at);
    }
}

// A refusal is a fault of the model, unless the connection was lost or somebody interrupted it.
static bool refused(Db *scratch, const ModelStatement *statement, Error *err)
{
    const bool alive = !scratch->driver->alive || scratch->driver->alive(scratch);
    if (err && err->code == ERR_SQL && alive) {
        err->code = ERR_SCHEMA;
        err->at = statement->at;
    }
    return false;
}

static bool run_all(Db *scratch, const ModelStatementList *statements, Error *err)
{
    VEC_EACH (const ModelStatement, statement, statements)
        if (!db_exec_scratch(scratch, statement->sql, err))
            return refused(scratch, statement, err);
    Error ignored = { 0 };
    (void)scratch->driver->rollback(scratch, &ignored); // a file may begin a transaction and not end it
    return !scratch->driver->restore || scratch->driver->restore(scratch, err);
}

// What a model in YAML says by its sections and keys: it has all of a kind, and a materialized view has rows.
static void settle(Schema *schema)
{
    VEC_EACH (Object *, object, &schema->objects) {
        schema->kinds |= KIND_BIT((*object)->kind);
        if ((*object)->kind != OBJECT_VIEW)
            continue;
        View *view = (View *)(void *)*object;
        view->data_unsaid = view->with_no_data;
        view->with_no_data = false;
    }
}

static bool read_statements(Arena *arena, Db *scratch, const ModelStatementList *statements,
                            const Filter *filter, Schema *out, Error *err)
{
    Filter all = *filter;
    all.names_schema = NULL; // all that is in the scratch place is the model's
    all.made = NULL;
    if (!run_all(scratch, statements, err) || !scratch->driver->introspect(scratch, arena, &all, out, err))
        return false;
    place_objects(arena, scratch->dialect, statements, out);
    settle(out);
    return true;
}

bool sql_model_read(Arena *arena, Db *scratch, const NameList *paths, const Filter *filter, Schema *out,
                    Error *err)
{
    ModelStatementList statements = { 0 };
    return split_all(arena, scratch->dialect, paths, &statements, err) &&
           read_statements(arena, scratch, &statements, filter, out, err);
}

bool sql_model_read_text(Arena *arena, Db *scratch, const char *name, Text text, const Filter *filter,
                         Schema *out, Error *err)
{
    ModelStatementList statements = { 0 };
    return split_text(arena, scratch->dialect, name, text, &statements, err) &&
           read_statements(arena, scratch, &statements, filter, out, err);
}
