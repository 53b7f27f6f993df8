#include "drivers/mysql/canonical/canonical.h"

#include <string.h>
#include <strings.h>

#include "core/model/spelling.h"
#include "drivers/mysql/render/render.h"
#include "drivers/mysql/driver/scratch.h"

// What has to be made in the scratch database: the objects whose texts differ, and what they mention.
typedef struct Wanted {
    Arena *arena;
    MyDb *my;
    const Schema *have;
    Schema *want;
    ObjectList tables;  // whose own spelling is asked for
    ObjectList objects; // the same
    ObjectList support; // made for them, not read back
} Wanted;

static bool listed(const ObjectList *list, const Object *object)
{
    VEC_EACH (Object *, it, list)
        if (*it == object)
            return true;
    return false;
}

static void list_once(Wanted *w, ObjectList *list, Object *object)
{
    if (object && !listed(list, object))
        *VEC_PUSH(w->arena, list) = object;
}

static bool same_sql(Arena *arena, const char *a, const char *b)
{
    return a == b || (a && b && my_same_sql(arena, a, b));
}

// A scheduled event that names no start begins when it is made: then the live start is no difference.
static const char *without_start(Arena *arena, const char *definition)
{
    Lexer lexer;
    lex_init(&lexer, (Text){ definition, strlen(definition) }, mysql_dialect.lex, false);
    for (Token token = lex_next(&lexer); token.kind != TOKEN_END; token = lex_next(&lexer)) {
        if (!token_is(&token, "starts"))
            continue;
        Token value = lex_next(&lexer);
        if (value.kind == TOKEN_STRING)
            return arena_printf(arena, "%.*s%s", (int)(token.text.p - definition), definition,
                                value.text.p + value.text.n);
    }
    return definition;
}

static bool has_start(Arena *arena, const char *definition)
{
    return without_start(arena, definition) != definition;
}

// Is what differed settled by now, without asking the server?
static bool settled(Arena *arena, const Object *have, const Object *want)
{
    // what differs has two sides here
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
    if (have->kind == OBJECT_TABLE)
        return options_equal(&have->options, &want->options);
    if (have->kind == OBJECT_VIEW)
        return same_sql(arena, ((const View *)(const void *)have)->query,
                        ((const View *)(const void *)want)->query);
    return same_sql(arena, have->definition, want->definition);
}

static bool column_settled(Arena *arena, const Column *a, const Column *b)
{
    // what differs has two sides here
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
    return strcmp(a->type, b->type) == 0 && same_sql(arena, a->default_sql, b->default_sql) &&
           same_sql(arena, a->generated, b->generated) && same_sql(arena, a->collation, b->collation) &&
           options_equal(&a->head.options, &b->head.options);
}

// Only a change that may be one of spelling: something that stands on both sides, or a check or index that has no
// partner because its text differs.
static bool may_be_spelling(Arena *arena, const Change *change)
{
    const Object *object = change->have ? change->have : change->want;
    if (!change->have_table != !change->want_table)
        return false;
    if (change->kind != CHANGE_ALTER)
        return change->have_table && (object->kind == OBJECT_CHECK || object->kind == OBJECT_INDEX);
    if (object->kind == OBJECT_COLUMN)
        return !column_settled(arena, (const Column *)(const void *)change->have,
                               (const Column *)(const void *)change->want);
    if (object->kind == OBJECT_FOREIGN_KEY || object->kind == OBJECT_SEQUENCE)
        return false;
    return object->kind == OBJECT_INDEX || object->kind == OBJECT_CHECK ||
           object->kind == OBJECT_PRIMARY_KEY || !settled(arena, change->have, change->want);
}

static void collect(Wanted *w, const ChangeList *changes)
{
    VEC_EACH (Change, change, changes) {
        if (!may_be_spelling(w->arena, change))
            continue;
        if (change->want_table)
            list_once(w, &w->tables, schema_counterpart(w->want, &change->want_table->head));
        else if (change->want)
            list_once(w, &w->objects, schema_counterpart(w->want, change->want));
    }
}

// ---- what the texts mention

static void support_text(Wanted *w, const char *text);

static void support(Wanted *w, Object *object)
{
    if (!object || listed(&w->support, object) || listed(&w->tables, object) || listed(&w->objects, object))
        return;
    *VEC_PUSH(w->arena, &w->support) = object;
    if (object->kind == OBJECT_VIEW)
        support_text(w, ((View *)(void *)object)->query);
}

static void support_text(Wanted *w, const char *text)
{
    if (!text)
        return;
    TokenList tokens = lex_all(w->arena, (Text){ text, strlen(text) }, mysql_dialect.lex);
    VEC_EACH (Token, token, &tokens) {
        if (token->kind != TOKEN_WORD && token->kind != TOKEN_NAME)
            continue;
        const char *name = token_name(w->arena, token);
        Table *table = schema_table(w->want, NULL, name);
        support(w, table ? &table->head : NULL);
        static const ObjectKind kinds[] = { OBJECT_VIEW, OBJECT_FUNCTION, OBJECT_SEQUENCE };
        for (size_t i = 0; i < COUNT_OF(kinds); i++)
            support(w, schema_object(w->want, kinds[i], NULL, NULL, name));
    }
}

static void support_all(Wanted *w)
{
    VEC_EACH (Object *, it,
              &w->tables) // a default may take from a sequence, a generated column call nothing stored
        VEC_EACH (Column *, column, &((Table *)(void *)*it)->columns)
            support_text(w, (*column)->default_sql);
    VEC_EACH (Object *, it, &w->objects) {
        if ((*it)->kind == OBJECT_VIEW)
            support_text(w, ((View *)(void *)*it)->query);
        if ((*it)->table)
            support_text(w, (*it)->table);
        if ((*it)->kind == OBJECT_PACKAGE_BODY)
            support(w, schema_object(w->want, OBJECT_PACKAGE, NULL, NULL, (*it)->name));
    }
}

// ---- making them

// The trigger that it follows need not be here: what differs is the text, and that says nothing of the order.
static const Object *without_order(const Wanted *w, const Object *object)
{
    const char *follows = object->kind == OBJECT_TRIGGER ? option_get(&object->options, "follows") : NULL;
    if (!follows || !schema_object(w->want, OBJECT_TRIGGER, object->schema, object->table, follows))
        return object;
    Object *copy = ARENA_NEW(w->arena, Object);
    *copy = *object;
    copy->options = (OptionList){ 0 };
    VEC_EACH (Option, option, &object->options)
        if (strcmp(option->key, "follows") != 0)
            *VEC_PUSH(w->arena, &copy->options) = *option;
    return copy;
}

static bool make(Wanted *w, MYSQL *scratch, Object *object, bool *made, Error *err)
{
    StepGraph graph = { .arena = w->arena, .have = w->have, .want = w->want };
    Step step = { .kind = STEP_CREATE, .want = without_order(w, object) };
    if (object->kind == OBJECT_TABLE) // the keys lead to tables that need not be here
        VEC_EACH (Constraint *, key, &((Table *)(void *)object)->constraints)
            if ((*key)->head.kind == OBJECT_FOREIGN_KEY)
                *VEC_PUSH(w->arena, &step.later) = *key;
    StatementList statements = { 0 };
    if (!my_render(w->arena, &graph, &step, &statements, err))
        return false;
    *made = true;
    VEC_EACH (Statement, statement, &statements) {
        bool resets = statement->sql != NULL && strncmp(statement->sql, "SET ", 4) == 0;
        if (!*made && !resets) // what the session was set to for it goes back all the same
            continue;
        if (!my_exec_on(scratch, statement->sql, *made ? err : NULL))
            *made = false;
    }
    return true;
}

static bool refused(const Object *object, Error *err)
{
    if (!err)
        return false;
    err->code = ERR_SCHEMA;
    err->at = object->at;
    return error_prefix(err, "the server refuses %s '%s': ", object_kinds[object->kind].word, object->name);
}

// Views stand on each other in any order: what fails is tried again as long as others succeed.
static bool make_list(Wanted *w, MYSQL *scratch, ObjectList *list, bool must, Error *err)
{
    bool *done = arena_alloc(w->arena, list->count + 1);
    size_t left = list->count;
    for (bool progress = true; left && progress;) {
        progress = false;
        for (size_t i = 0; i < list->count; i++) {
            bool made = done[i];
            if (made)
                continue;
            if (!make(w, scratch, list->items[i], &made, NULL) || !made)
                continue;
            done[i] = progress = true;
            left--;
        }
    }
    for (size_t i = 0; must && i < list->count; i++) {
        bool made = done[i];
        if (!made && (!make(w, scratch, list->items[i], &made, err) || !made))
            return refused(list->items[i], err);
    }
    return true;
}

static void adopt(Wanted *w, const Schema *seen)
{
    VEC_EACH (Object *, it, &w->tables) {
        const Table *other = schema_table(seen, NULL, (*it)->name);
        if (other)
            my_adopt_table(w->arena, (Table *)(void *)*it, other);
    }
    VEC_EACH (Object *, it, &w->objects) {
        const Object *other = schema_counterpart(seen, *it);
        if (!other)
            continue;
        bool starts = (*it)->kind == OBJECT_EVENT && has_start(w->arena, (*it)->definition);
        my_adopt_object(*it, other);
        const Object *live = schema_counterpart(w->have, *it);
        if ((*it)->kind == OBJECT_EVENT && !starts && live &&
            same_sql(w->arena, without_start(w->arena, live->definition),
                     without_start(w->arena, (*it)->definition)))
            (*it)->definition = live->definition;
    }
}

enum { NAMED_IN_WARNING = 5 };

static void warn_of_texts(Wanted *w, const Error *why)
{
    StrBuf text;
    size_t count = 0, all = w->tables.count + w->objects.count;
    const ObjectList *lists[] = { &w->tables, &w->objects };
    strbuf_init(&text, w->arena);
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        VEC_EACH (Object *, it, lists[i])
            if (count++ < NAMED_IN_WARNING)
                strbuf_printf(&text, "%s%s '%s'", text.length ? ", " : "", object_kinds[(*it)->kind].word,
                              (*it)->name);
    if (all > NAMED_IN_WARNING)
        strbuf_printf(&text, " and %zu more", all - NAMED_IN_WARNING);
    strbuf_printf(
        &text,
        ": declared and live SQL were compared as text (%s); what the server spells otherwise shows as a "
        "difference. %s",
        why->message, why->hint);
    *VEC_PUSH(w->arena, &w->want->warnings) = (Warning){ .text = text.text };
}

static bool ask(Wanted *w, Error *err)
{
    const char *name;
    Error why = { 0 };
    MYSQL *scratch = my_scratch_enter(w->my, &name, false, &why);
    if (!scratch) {
        warn_of_texts(w, &why);
        return true;
    }
    support_all(w);
    Schema seen;
    bool ok = make_list(w, scratch, &w->support, false, err) &&
              make_list(w, scratch, &w->tables, true, err) && make_list(w, scratch, &w->objects, true, err) &&
              my_look(w->my, scratch, name, w->arena, NULL, &seen, err);
    if (ok) {
        schema_spell_as(w->arena, &seen, w->want, NULL);
        adopt(w, &seen);
    }
    my_scratch_leave(w->my, scratch, name);
    return ok;
}

// ---- what is new

// A text that names this database would see what is live instead of what is declared.
static bool leads_back(const Wanted *w, const char *text)
{
    TokenList tokens = lex_all(w->arena, (Text){ text, strlen(text) }, mysql_dialect.lex);
    for (size_t i = 0; i + 1 < tokens.count; i++)
        if ((tokens.items[i].kind == TOKEN_WORD || tokens.items[i].kind == TOKEN_NAME) &&
            token_is(&tokens.items[i + 1], ".") && w->my->database &&
            strcasecmp(token_name(w->arena, &tokens.items[i]), w->my->database) == 0)
            return true;
    return false;
}

static void collect_new(Wanted *w, const ChangeList *changes)
{
    VEC_EACH (Change, change, changes) {
        const Object *want = change->kind == CHANGE_CREATE ? change->want : NULL;
        if (!want)
            continue;
        if (want->kind == OBJECT_TABLE && table_has_expression((const Table *)(const void *)want))
            list_once(w, &w->tables, schema_counterpart(w->want, want));
        if (want->kind == OBJECT_COLUMN && change->want_table &&
            column_has_expression((const Column *)(const void *)want))
            list_once(w, &w->tables, schema_counterpart(w->want, &change->want_table->head));
        if (want->kind == OBJECT_VIEW && !leads_back(w, ((const View *)(const void *)want)->query))
            list_once(w, &w->objects, schema_counterpart(w->want, want));
    }
}

// What the server says of the text itself, whatever lies around it: an unknown column or function, or bad syntax.
static bool is_about_text(const Error *err)
{
    static const char *const codes[] = { "1054", "1064", "1305", "1630", "3820" };
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        if (strcmp(codes[i], err->native) == 0)
            return true;
    return false;
}

static bool mentions(const char *text, const char *word) { return text && strstr(text, word); }

// The server names what it does not know in quotes: the part of the table whose text has that word.
static SourcePos place_of(Arena *arena, const Object *object, const char *message)
{
    const char *open = object->kind == OBJECT_TABLE ? strchr(message, '\'') : NULL;
    const char *close = open ? strchr(open + 1, '\'') : NULL;
    if (!close)
        return object->at;
    const Table *table = (const Table *)(const void *)object;
    const char *word = arena_strndup(arena, open + 1, (size_t)(close - open - 1));
    VEC_EACH (Column *, column, &table->columns)
        if (mentions((*column)->generated, word) || mentions((*column)->default_sql, word))
            return (*column)->head.at;
    VEC_EACH (Constraint *, it, &table->constraints)
        if (mentions((*it)->head.name, word) || mentions((*it)->expression, word))
            return (*it)->head.at;
    return object->at;
}

// What was made in the first round is there already, which is no fault of its text.
static void try_list(Wanted *w, MYSQL *scratch, ObjectList *list)
{
    (void)make_list(w, scratch, list, false, NULL);
    VEC_EACH (Object *, it, list) {
        Error why = { 0 };
        bool made = false;
        if (make(w, scratch, *it, &made, &why) && !made && is_about_text(&why))
            *VEC_PUSH(w->arena, &w->want->warnings) =
                (Warning){ .at = place_of(w->arena, *it, why.message),
                           .text = arena_printf(w->arena, "the server refuses %s '%s': %s",
                                                object_kinds[(*it)->kind].word, (*it)->name, why.message) };
    }
}

// What is new has no other spelling to be compared with. But a name in it that does not exist is better told now, beside
// its line of the model, than by the revision when it runs and stops half way.
static void try_new(Wanted *w, const ChangeList *changes)
{
    const char *name;
    Error ignored = { 0 };
    collect_new(w, changes);
    if (!w->tables.count && !w->objects.count)
        return;
    MYSQL *scratch = my_scratch_enter(w->my, &name, false, &ignored);
    if (!scratch)
        return;
    support_all(w);
    if (make_list(w, scratch, &w->support, false, NULL)) {
        try_list(w, scratch, &w->tables);
        try_list(w, scratch, &w->objects);
    }
    my_scratch_leave(w->my, scratch, name);
}

bool my_canonicalise(Db *db, Arena *arena, const Schema *have, Schema *want, const ChangeList *changes,
                     Error *err)
{
    MyDb *my = my_db(db);
    DdlServer server = { .mariadb = my_is_mariadb(my),
                         .default_engine = my->default_engine,
                         .default_collation = my->head.server.default_collation,
                         .charsets = my->charsets.items,
                         .charset_count = my->charsets.count / 2 };
    my_localise(arena, my, &server, have, want);
    Wanted wanted = { .arena = arena, .my = my, .have = have, .want = want }, tried = wanted;
    collect(&wanted, changes);
    if ((wanted.tables.count || wanted.objects.count) && !ask(&wanted, err))
        return false;
    try_new(&tried, changes);
    return true;
}
