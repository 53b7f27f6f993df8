#include "drivers/mysql/render/alter.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const Dialect *const D = &mysql_dialect;

// USER, USER@HOST, CURRENT_USER and CURRENT_USER(), each part in whatever quotes; what is none of them is a user's name.
static void put_definer(StrBuf *out, const char *definer)
{
    TokenList tokens = lex_all(out->arena, (Text){ definer, strlen(definer) }, D->lex);
    const Token *t = tokens.items;
    bool part[3] = { false };
    for (size_t i = 0; i < COUNT_OF(part) && i < tokens.count; i++)
        part[i] = t[i].kind == TOKEN_WORD || t[i].kind == TOKEN_NAME || t[i].kind == TOKEN_STRING;
    bool whole = (tokens.count == 2 && part[0]) ||
                 (tokens.count == 4 && part[0] &&
                  ((token_is(&t[1], "@") && part[2]) || (token_is(&t[1], "(") && token_is(&t[2], ")"))));
    sql(out, D, KW("DEFINER ="), whole ? EXPR("") : ID(definer));
    for (size_t i = 0; whole && i + 1 < tokens.count; i++) // without what may stand between them
        strbuf_put(out, t[i].text.p, t[i].text.n);
}

// ---- views

// CREATE VIEW, or CREATE OR REPLACE, with all that the model says about it.
static void render_view(Arena *arena, const View *view, bool replace, StatementList *out)
{
    StrBuf text;
    strbuf_init(&text, arena);
    const OptionList *options = &view->head.options;
    const char *algorithm = option_get(options, "algorithm"), *definer = option_get(options, "definer");
    const char *security = option_get(options, "sql_security"), *check = option_get(options, "check_option");
    sql(&text, D, EXPR(replace ? "CREATE OR REPLACE" : "CREATE"));
    if (algorithm)
        sql(&text, D, KW("ALGORITHM ="), WORD(algorithm));
    if (definer)
        put_definer(&text, definer);
    if (security)
        sql(&text, D, KW("SQL SECURITY"), WORD(security));
    sql(&text, D, KW("VIEW"), ID(view->head.name));
    if (view->columns.count) {
        sql(&text, D, KW("("));
        sql_names(&text, D, &view->columns);
        sql(&text, D, KW(")"));
    }
    sql(&text, D, KW("AS"));
    strbuf_putc(&text, '\n');
    sql(&text, D, EXPR(view->query));
    if (check)
        sql(&text, D, KW("WITH"), WORD(check), KW("CHECK OPTION"));
    my_statement(arena, out, text.text);
}

// ---- sequences (MariaDB)

static bool goes_down(const Sequence *sequence) { return sequence->increment && *sequence->increment == '-'; }

static const char *least_value(const Sequence *sequence)
{
    return sequence->minimum ? sequence->minimum : goes_down(sequence) ? "-9223372036854775807" : "1";
}

static const char *most_value(const Sequence *sequence)
{
    return sequence->maximum ? sequence->maximum : goes_down(sequence) ? "-1" : "9223372036854775806";
}

static const char *first_value(const Sequence *sequence)
{
    return sequence->start       ? sequence->start
           : goes_down(sequence) ? most_value(sequence)
                                 : least_value(sequence);
}

// Where the sequence began is outside its new bounds: then it restarts, else it goes on from where it is.
static bool restarts_counter(const Sequence *have, const Sequence *want)
{
    long long start = strtoll(first_value(have), NULL, 10);
    return start < strtoll(least_value(want), NULL, 10) || start > strtoll(most_value(want), NULL, 10);
}

// Its engine and comment are those of a table, which ALTER SEQUENCE does not know.
static void alter_sequence_table(Arena *arena, const Sequence *have, const Sequence *want, StatementList *out)
{
    StrBuf text;
    const char *old = option_get(&have->head.options, "engine"),
               *new = option_get(&want->head.options, "engine");
    bool engine = !same_text(old, new), comment = !same_text(have->head.comment, want->head.comment);
    if (!engine && !comment)
        return;
    strbuf_init(&text, arena);
    sql(&text, D, KW("ALTER TABLE"), ID(want->head.name));
    if (engine)
        sql(&text, D, KW("ENGINE ="), WORD(new ? new : "InnoDB"));
    if (comment)
        sql(&text, D, EXPR(engine ? ", COMMENT =" : "COMMENT ="),
            LIT(want->head.comment ? want->head.comment : ""));
    my_statement(arena, out, text.text);
}

// MariaDB's CREATE or ALTER SEQUENCE, with limits, increment and cache written out: ALTER does not reset what
// it leaves out.
static void render_sequence(Arena *arena, const Sequence *have, const Sequence *sequence, StatementList *out)
{
    StrBuf text;
    strbuf_init(&text, arena);
    sql(&text, D, EXPR(have ? "ALTER" : "CREATE"), KW("SEQUENCE"), ID(sequence->head.name));
    if (sequence->start || (have && strcmp(first_value(have), first_value(sequence)) != 0))
        sql(&text, D, KW("START WITH"), EXPR(first_value(sequence)));
    // the servers' NO MINVALUE and NO MAXVALUE mind the direction that was
    sql(&text, D, KW("MINVALUE"), EXPR(least_value(sequence)), KW("MAXVALUE"), EXPR(most_value(sequence)));
    sql(&text, D, KW("INCREMENT BY"), EXPR(sequence->increment ? sequence->increment : "1"));
    sql(&text, D, KW("CACHE"), EXPR(sequence->cache ? sequence->cache : "1000"));
    sql(&text, D, EXPR(sequence->cycle ? "CYCLE" : "NOCYCLE"));
    if (have && restarts_counter(have, sequence))
        sql(&text, D, KW("RESTART"));
    const char *engine = option_get(&sequence->head.options, "engine");
    if (engine && !have)
        sql(&text, D, KW("ENGINE ="), WORD(engine));
    if (sequence->head.comment && !have)
        sql(&text, D, KW("COMMENT ="), LIT(sequence->head.comment));
    Statement *statement = my_statement(arena, out, text.text);
    if (have && restarts_counter(have, sequence))
        statement->loss = arena_printf(arena, "the counter of sequence %s begins again at %s",
                                       sequence->head.name, first_value(sequence));
    if (have)
        alter_sequence_table(arena, have, sequence, out);
}

// ---- what is kept as its text

// Puts DEFINER after CREATE (and OR REPLACE), and the trigger's place after FOR EACH ROW.
static const char *with_clauses(Arena *arena, const Object *object)
{
    const char *definer = option_get(&object->options, "definer"),
               *follows = option_get(&object->options, "follows");
    const char *text = object->definition;
    if (!definer && !follows)
        return text;
    StrBuf out;
    strbuf_init(&out, arena);
    Lexer lexer;
    lex_init(&lexer, (Text){ text, strlen(text) }, D->lex, false);
    const char *done = text;
    Token token = lex_next(&lexer);
    if (definer && token_is(&token, "create")) {
        strbuf_put(&out, done, (size_t)(token.text.p + token.text.n - done));
        put_definer(&out, definer);
        done = token.text.p + token.text.n;
    }
    for (; follows && token.kind != TOKEN_END; token = lex_next(&lexer)) {
        if (!token_is(&token, "for"))
            continue;
        Token each = lex_next(&lexer), row = lex_next(&lexer);
        if (!token_is(&each, "each") || !token_is(&row, "row"))
            continue;
        strbuf_put(&out, done, (size_t)(row.text.p + row.text.n - done));
        sql(&out, D, KW("FOLLOWS"), ID(follows));
        done = row.text.p + row.text.n;
        break;
    }
    strbuf_puts(&out, done);
    return out.text;
}

// Settings of the session while one statement runs.
typedef struct Settings {
    const char *names[4], *values[4];
    size_t count;
} Settings;

static void add_setting(Settings *settings, const char *name, const char *value)
{
    if (!value)
        return;
    settings->names[settings->count] = name;
    settings->values[settings->count++] = value;
}

static void put_settings(Arena *arena, const Settings *settings, StatementList *out)
{
    StrBuf keep, set;
    if (!settings->count)
        return;
    strbuf_init(&keep, arena);
    strbuf_init(&set, arena);
    for (size_t i = 0; i < settings->count; i++) {
        const char *name = settings->names[i];
        strbuf_printf(&keep, "%s@cmigrate_%s = @@SESSION.%s", i ? ", " : "SET ", name, name);
        sql(&set, D, EXPR(i ? "," : "SET SESSION"), EXPR(name), KW("="), LIT(settings->values[i]));
    }
    my_statement(arena, out, keep.text);
    my_statement(arena, out, set.text);
}

static void take_settings_back(Arena *arena, const Settings *settings, StatementList *out)
{
    StrBuf text;
    if (!settings->count)
        return;
    strbuf_init(&text, arena);
    for (size_t i = 0; i < settings->count; i++)
        strbuf_printf(&text, "%s%s = @cmigrate_%s", i ? ", " : "SET SESSION ", settings->names[i],
                      settings->names[i]);
    my_statement(arena, out, text.text);
}

// A stored program or view keeps the sql_mode and the character set of the session that makes it, an event its time
// zone too.
static Settings settings_of(const Object *object)
{
    static const char *const names[] = { "sql_mode", "time_zone", "character_set_client",
                                         "collation_connection" };
    Settings settings = { 0 };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        add_setting(&settings, names[i], option_get(&object->options, names[i]));
    return settings;
}

static void render_verbatim(Arena *arena, const Object *object, StatementList *out)
{
    Settings settings = settings_of(object);
    put_settings(arena, &settings, out);
    my_statement(arena, out, with_clauses(arena, object));
    take_settings_back(arena, &settings, out);
}

// ---- what a routine's users may do with it

static const char *drop_words(const Object *object)
{
    switch ((int)object->kind) {
    case OBJECT_TABLE: return "DROP TABLE";
    case OBJECT_VIEW: return "DROP VIEW";
    case OBJECT_SEQUENCE: return "DROP SEQUENCE";
    case OBJECT_FUNCTION: return "DROP FUNCTION";
    case OBJECT_PROCEDURE: return "DROP PROCEDURE";
    case OBJECT_PACKAGE: return "DROP PACKAGE";
    case OBJECT_PACKAGE_BODY: return "DROP PACKAGE BODY";
    case OBJECT_TRIGGER: return "DROP TRIGGER";
    case OBJECT_EVENT: return "DROP EVENT";
    default: return NULL;
    }
}

static const Privileges *privileges_of(const StepGraph *graph, const Object *object)
{
    if (object->privileges || !graph->have)
        return object->privileges;
    const Object *live = schema_counterpart(graph->have, object);
    return live ? live->privileges : NULL;
}

// Dropped with the old routine, or on the way here; `made` is where it was created again.
static void render_grants(Arena *arena, const StepGraph *graph, const Object *object, size_t made,
                          StatementList *out)
{
    const Privileges *privileges = privileges_of(graph, object);
    if (!privileges)
        return;
    VEC_EACH (const Grant, grant, &privileges->grants) {
        StrBuf text;
        if (!grant->what) { // grants.c of introspect
            out->items[made].comment = arena_printf(
                arena, "grants on %s %s that others have are lost: this user may not read mysql.procs_priv",
                object_kinds[object->kind].word, object->name);
            return;
        }
        strbuf_init(&text, arena);
        sql(&text, D, EXPR(grant->what), KW("ON"), EXPR(drop_words(object) + strlen("DROP ")),
            ID(object->name), EXPR(grant->whom));
        my_statement(arena, out, text.text);
    }
}

// ---- dispatch

static bool unsupported(const Object *object, Error *err)
{
    return error_at(err, ERR_UNSUPPORTED, object->at, "this server has no %s ('%s')",
                    object_kinds[object->kind].word, object->name ? object->name : "");
}

static bool hangs_on_table(const Object *object)
{
    return object->kind >= OBJECT_COLUMN && object->kind <= OBJECT_FOREIGN_KEY;
}

// A single change of a table's part that is a step of its own: the same as a table step with one change.
static bool render_alone(Arena *arena, const StepGraph *graph, const Step *step, ChangeKind kind,
                         StatementList *out, Error *err)
{
    Step table = *step;
    Change change = { .kind = kind,
                      .facets = step->facets,
                      .have = kind == CHANGE_CREATE ? NULL : step->have,
                      .want = kind == CHANGE_DROP ? NULL : step->want,
                      .have_table = step->have_table,
                      .want_table = step->want_table };
    table.kind = STEP_TABLE;
    table.changes = (ChangeList){ 0 };
    *VEC_PUSH(arena, &table.changes) = change;
    if (!table.want_table)
        table.want_table = table.have_table;
    if (!table.have_table)
        table.have_table = table.want_table;
    return my_render_alter_table(graph, &table, arena, out, err);
}

static bool render_drop(Arena *arena, const StepGraph *graph, const Step *step, StatementList *out,
                        Error *err)
{
    if (hangs_on_table(step->have))
        return render_alone(arena, graph, step, CHANGE_DROP, out, err);
    if (step->have->kind == OBJECT_DATABASE) // a model that says nothing of it leaves it as it is
        return true;
    const char *words = drop_words(step->have);
    if (!words)
        return unsupported(step->have, err);
    StrBuf text;
    strbuf_init(&text, arena);
    sql(&text, D, EXPR(words), ID(step->old_name ? step->old_name : step->have->name));
    bool package = step->have->kind == OBJECT_PACKAGE || step->have->kind == OBJECT_PACKAGE_BODY;
    Settings settings = { 0 };
    if (package) // there are no such words in another mode
        add_setting(&settings, "sql_mode", "ORACLE");
    put_settings(arena, &settings, out);
    my_statement(arena, out, text.text);
    take_settings_back(arena, &settings, out);
    return true;
}

static void render_view_in_session(Arena *arena, const View *view, bool replace, StatementList *out)
{
    Settings settings = settings_of(&view->head);
    put_settings(arena, &settings, out);
    render_view(arena, view, replace, out);
    take_settings_back(arena, &settings, out);
}

// Of the database that the session uses: what it is called is not the model's.
static void render_database(Arena *arena, const Object *database, StatementList *out)
{
    StrBuf text;
    const char *charset = option_get(&database->options, "charset"),
               *collation = option_get(&database->options, "collation");
    if (!charset && !collation)
        return;
    strbuf_init(&text, arena);
    sql(&text, D, KW("ALTER DATABASE"));
    if (charset)
        sql(&text, D, KW("CHARACTER SET ="), WORD(charset));
    if (collation)
        sql(&text, D, KW("COLLATE ="), WORD(collation));
    my_statement(arena, out, text.text);
}

// CREATE of any object. What an engine has not is an error that names the object's kind.
static bool render_create(Arena *arena, const StepGraph *graph, const Step *step, StatementList *out,
                          Error *err)
{
    const Object *want = step->want;
    if (hangs_on_table(want))
        return render_alone(arena, graph, step, CHANGE_CREATE, out, err);
    if (want->kind == OBJECT_DATABASE) {
        render_database(arena, want, out);
        return true;
    }
    if (!drop_words(want) || (want->kind == OBJECT_SEQUENCE && !my_for_mariadb(graph)))
        return unsupported(want, err);
    if (want->kind == OBJECT_TABLE)
        my_render_create_table(graph, step, arena, out);
    else if (want->kind == OBJECT_VIEW)
        render_view_in_session(arena, (const View *)(const void *)want, false, out);
    else if (want->kind == OBJECT_SEQUENCE)
        render_sequence(arena, NULL, (const Sequence *)(const void *)want, out);
    else {
        size_t made = out->count;
        render_verbatim(arena, want, out);
        render_grants(arena, graph, want, made, out);
    }
    return true;
}

static bool render_rename(Arena *arena, const Step *step, StatementList *out, Error *err)
{
    StrBuf text;
    strbuf_init(&text, arena);
    const Object *have = step->have, *want = step->want;
    const char *table = step->want_table ? step->want_table->head.name : want->table;
    if (have->kind == OBJECT_TABLE || have->kind == OBJECT_VIEW || have->kind == OBJECT_SEQUENCE)
        sql(&text, D, KW("RENAME TABLE"), ID(have->name), KW("TO"), ID(want->name));
    else if (have->kind == OBJECT_COLUMN)
        sql(&text, D, KW("ALTER TABLE"), ID(table), KW("RENAME COLUMN"), ID(have->name), KW("TO"),
            ID(want->name));
    else if (have->kind == OBJECT_INDEX)
        sql(&text, D, KW("ALTER TABLE"), ID(table), KW("RENAME INDEX"), ID(have->name), KW("TO"),
            ID(want->name));
    else
        return unsupported(have, err);
    my_statement(arena, out, text.text);
    return true;
}

static bool render_alter(Arena *arena, const StepGraph *graph, const Step *step, StatementList *out,
                         Error *err)
{
    const Object *want = step->want;
    if (hangs_on_table(want))
        return render_alone(arena, graph, step, CHANGE_ALTER, out, err);
    if (want->kind == OBJECT_TABLE)
        return my_render_alter_table(graph, step, arena, out, err);
    if (want->kind == OBJECT_VIEW)
        render_view_in_session(arena, (const View *)(const void *)want, true, out);
    else if (want->kind == OBJECT_SEQUENCE)
        render_sequence(arena, (const Sequence *)(const void *)step->have,
                        (const Sequence *)(const void *)want, out);
    else if (want->kind == OBJECT_DATABASE)
        render_database(arena, want, out);
    else
        return render_drop(arena, graph, step, out, err) && render_create(arena, graph, step, out, err);
    return true;
}

bool my_render(Arena *arena, const StepGraph *graph, const Step *step, StatementList *out, Error *err)
{
    switch (step->kind) {
    case STEP_RENAME: return render_rename(arena, step, out, err);
    case STEP_DROP: return render_drop(arena, graph, step, out, err);
    case STEP_CREATE: return render_create(arena, graph, step, out, err);
    case STEP_ALTER: return render_alter(arena, graph, step, out, err);
    case STEP_TABLE:
    case STEP_REBUILD: return my_render_alter_table(graph, step, arena, out, err);
    case STEP_SQL:
        VEC_EACH (Statement, statement, &step->statements)
            *VEC_PUSH(arena, out) = *statement;
        return true;
    }
    return error_set(err, ERR_BUG, "step of an unknown kind");
}
