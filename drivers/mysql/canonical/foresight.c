#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "drivers/mysql/canonical/wanted.h"
#include "drivers/mysql/driver/scratch.h"
#include "drivers/mysql/render/render.h"

// ---- what is tried

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

// What a comment or a place changes the server never refuses.
static bool matters(const Change *change)
{
    unsigned harmless = FACET_COMMENT | FACET_POSITION | FACET_NAME;
    return change->want && (change->kind == CHANGE_CREATE || (change->facets & ~harmless) != 0);
}

// New objects, and every table that changes: what was changed in objects has been asked already.
static void collect(Wanted *w, const ChangeList *changes)
{
    VEC_EACH (Change, change, changes) {
        const Object *want = change->want;
        if (!matters(change) || change->kind == CHANGE_DROP)
            continue;
        if (want->kind == OBJECT_TABLE || change->want_table)
            wanted_list(w, &w->tables,
                        schema_counterpart(w->want, change->want_table ? &change->want_table->head : want));
        else if (change->kind == CHANGE_CREATE && want->kind != OBJECT_DATABASE &&
                 (want->kind != OBJECT_VIEW || !leads_back(w, ((const View *)(const void *)want)->query)))
            wanted_list(w, &w->objects, schema_counterpart(w->want, want));
    }
}

static bool holds_table(const Wanted *w, const Table *table)
{
    VEC_EACH (Object *, it, &w->tables)
        if (table && *it == &table->head)
            return true;
    return false;
}

typedef VEC(Constraint *) KeyList;

// The foreign keys that have one of the tried tables at an end; the table at the other end is made too.
static void collect_keys(Wanted *w, KeyList *keys)
{
    VEC_EACH (Table *, it, &w->want->tables)
        VEC_EACH (Constraint *, constraint, &(*it)->constraints) {
            Constraint *key = *constraint;
            Table *parent = key->head.kind == OBJECT_FOREIGN_KEY && !key->referred_schema
                                ? schema_table(w->want, NULL, key->referred_table)
                                : NULL;
            if (!parent || (!holds_table(w, *it) && !holds_table(w, parent)))
                continue;
            *VEC_PUSH(w->arena, keys) = key;
            wanted_support_one(w, &(*it)->head);
            wanted_support_one(w, &parent->head);
        }
}

// ---- what the server says

// What lies in the scratch place or in the user's rights, and says nothing of the model.
static bool is_about_surroundings(const Error *why)
{
    static const char *const codes[] = { "1044", "1045", "1049", "1050", "1142", "1143", "1146", "1205",
                                         "1213", "1227", "1290", "1304", "1317", "1356", "1359", "1370",
                                         "1418", "1419", "1449", "1537", "1959", "3878", "4191" };
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        if (strcmp(codes[i], why->native) == 0)
            return true;
    long code = strtol(why->native, NULL, 10);
    return code == 0 || (code >= 2000 && code < 3000); // of the client: the connection
}

static bool mentions(const char *text, const char *word) { return text && strstr(text, word); }

static bool is_named(const Object *object, const char *word)
{
    return object->name && strcasecmp(object->name, word) == 0;
}

static const Object *part_named(const Table *table, const char *word)
{
    VEC_EACH (Column *, it, &table->columns)
        if (is_named(&(*it)->head, word))
            return &(*it)->head;
    VEC_EACH (Index *, it, &table->indexes)
        if (is_named(&(*it)->head, word))
            return &(*it)->head;
    VEC_EACH (Constraint *, it, &table->constraints)
        if (is_named(&(*it)->head, word) || mentions((*it)->expression, word))
            return &(*it)->head;
    VEC_EACH (Column *, it, &table->columns)
        if (mentions((*it)->generated, word) || mentions((*it)->default_sql, word))
            return &(*it)->head;
    return NULL;
}

// The server names what it means in quotes: the part of the table that is called so, or whose text has that word.
static const Object *part_in(Arena *arena, const Table *table, const char *message)
{
    for (const char *open = strchr(message, '\''); open;) {
        const char *close = strchr(open + 1, '\'');
        if (!close)
            break;
        const Object *part = part_named(table, arena_strndup(arena, open + 1, (size_t)(close - open - 1)));
        if (part)
            return part;
        open = strchr(close + 1, '\'');
    }
    return NULL;
}

// Is a part of the table refused for the same reason? Nothing of the try is left.
static bool refused_alike(Wanted *w, MYSQL *scratch, Table *part, const Error *why)
{
    Error again = { 0 };
    bool made = false;
    if (wanted_make_one(w, scratch, &part->head, &made, &again) && !made)
        return strcmp(again.native, why->native) == 0;
    StrBuf text;
    strbuf_init(&text, w->arena);
    sql(&text, &mysql_dialect, KW("DROP TABLE IF EXISTS"), ID(part->head.name));
    (void)my_exec_on(scratch, text.text, NULL);
    return false;
}

// Of a syntax error: the column, or the check, that is no SQL by itself.
static const Object *text_at_fault(Wanted *w, MYSQL *scratch, const Table *table, const Error *why)
{
    if (strcmp(why->native, "1064") != 0)
        return NULL;
    Table one = *table;
    one.head.options = (OptionList){ 0 };
    one.indexes = (IndexList){ 0 };
    one.constraints = (ConstraintList){ 0 };
    for (size_t i = 0; i < table->columns.count; i++) {
        one.columns = (ColumnList){ .items = table->columns.items + i, .count = 1 };
        if (refused_alike(w, scratch, &one, why))
            return &table->columns.items[i]->head;
    }
    one.columns = table->columns;
    for (size_t i = 0; i < table->constraints.count; i++) {
        one.constraints = (ConstraintList){ .items = table->constraints.items + i, .count = 1 };
        if (table->constraints.items[i]->head.kind == OBJECT_CHECK && refused_alike(w, scratch, &one, why))
            return &table->constraints.items[i]->head;
    }
    return NULL;
}

// Of a message that names nothing: the part that is refused by itself, or the index without which the table is taken.
static const Object *unnamed_at_fault(Wanted *w, MYSQL *scratch, const Table *table, const Error *why)
{
    const Object *part = text_at_fault(w, scratch, table, why);
    for (size_t i = 0; !part && i < table->indexes.count; i++) {
        Table one = *table;
        one.indexes = (IndexList){ .items = table->indexes.items + i, .count = 1 };
        if (refused_alike(w, scratch, &one, why))
            part = &table->indexes.items[i]->head;
    }
    return part;
}

// The object, or the part of a table that is at fault.
static const Object *at_fault(Wanted *w, MYSQL *scratch, const Object *object, const Error *why)
{
    if (object->kind != OBJECT_TABLE)
        return object;
    const Table *table = (const Table *)(const void *)object;
    const Object *part = part_in(w->arena, table, why->message);
    if (!part)
        part = unnamed_at_fault(w, scratch, table, why);
    return part && part->at.file ? part : object;
}

// A table that came from another time may be one that the server would not make today: then it says nothing of the change.
static bool was_refused_before(Wanted *w, MYSQL *scratch, const Object *object, const Error *why)
{
    Object *live = object->kind == OBJECT_TABLE ? schema_counterpart(w->have, object) : NULL;
    Error again = { 0 };
    bool made = false;
    if (!live)
        return false;
    if (wanted_make_one(w, scratch, live, &made, &again) && !made)
        return strcmp(again.native, why->native) == 0;
    StrBuf text;
    strbuf_init(&text, w->arena);
    sql(&text, &mysql_dialect, KW("DROP TABLE IF EXISTS"), ID(object->name));
    (void)my_exec_on(scratch, text.text, NULL);
    return false;
}

// A view may read what is not of the model: that is told, and not an error.
static bool is_only_told(const Object *object, const Error *why)
{
    return object->kind == OBJECT_VIEW && strcmp(why->native, "1064") != 0;
}

// "Table 'scratch.t' doesn't exist" of a view: the table that neither the model nor the database has. NULL: it is only not
// in the scratch place, or in another database.
static const char *missing_table(const Wanted *w, const Object *object, const Error *why)
{
    const char *open = strcmp(why->native, "1146") == 0 ? strchr(why->message, '\'') : NULL;
    const size_t n = strlen(w->place);
    if (!open || object->kind != OBJECT_VIEW || strncmp(open + 1, w->place, n) != 0 || open[n + 1] != '.')
        return NULL;
    const char *from = open + n + 2, *end = strchr(from, '\'');
    const char *name = end ? arena_strndup(w->arena, from, (size_t)(end - from)) : "";
    if (!*name || schema_table(w->want, NULL, name) || schema_object(w->want, OBJECT_VIEW, NULL, NULL, name))
        return NULL;
    StrBuf text;
    Error absent = { 0 };
    strbuf_init(&text, w->arena);
    sql(&text, &mysql_dialect, KW("SELECT 1 FROM"), ID(name), KW("LIMIT 0"));
    bool lives = my_exec_on(w->my->connection, text.text, &absent) || strcmp(absent.native, "1146") != 0;
    return lives ? NULL : name;
}

static void tell_missing(const Wanted *w, const Object *view, const char *table)
{
    *VEC_PUSH(w->arena, &w->want->warnings) =
        (Warning){ .at = view->at,
                   .text = arena_printf(w->arena, "%stable '%s' does not exist", wanted_who_refuses(w, view),
                                        table) };
}

static bool judge(Wanted *w, MYSQL *scratch, const Object *object, Error *why, Error *err)
{
    const char *missing = missing_table(w, object, why);
    if (missing)
        tell_missing(w, object, missing);
    if (is_about_surroundings(why) || was_refused_before(w, scratch, object, why))
        return true;
    const Object *part = at_fault(w, scratch, object, why);
    if (is_only_told(object, why)) {
        *VEC_PUSH(w->arena, &w->want->warnings) =
            (Warning){ .at = part->at,
                       .text = arena_printf(w->arena, "%s%s", wanted_who_refuses(w, part), why->message) };
        return true;
    }
    *err = *why;
    return wanted_refused(w, part, err);
}

// Those that a second try does not take either, when the others are there, are judged.
static bool try_list(Wanted *w, MYSQL *scratch, ObjectList *list, Error *err)
{
    VEC(Object *) left = { 0 };
    VEC_EACH (Object *, it, list) {
        bool made = false;
        if (wanted_make_one(w, scratch, *it, &made, NULL) && !made)
            *VEC_PUSH(w->arena, &left) = *it;
    }
    VEC_EACH (Object *, it, &left) {
        Error why = { 0 };
        bool made = false;
        if (wanted_make_one(w, scratch, *it, &made, &why) && !made && !judge(w, scratch, *it, &why, err))
            return false;
    }
    return true;
}

static bool is_made(Wanted *w, MYSQL *scratch, const char *table)
{
    StrBuf text;
    strbuf_init(&text, w->arena);
    sql(&text, &mysql_dialect, KW("SELECT 1 FROM"), ID(table), KW("LIMIT 0"));
    return my_exec_on(scratch, text.text, NULL);
}

static bool keeps_type(const Wanted *w, const char *table, const char *column)
{
    const Table *have = schema_table(w->have, NULL, table), *want = schema_table(w->want, NULL, table);
    const Column *old = have ? table_column(have, column) : NULL,
                 *new = want ? table_column(want, column) : NULL;
    return old && new &&strcmp(old->type, new->type) == 0 && same_text(old->collation, new->collation);
}

// A key that is there and whose columns stay is not made by the revision.
static bool stays(const Wanted *w, const Constraint *key)
{
    const Object *live = schema_counterpart(w->have, &key->head);
    for (size_t i = 0; live && i < key->parts.count; i++)
        if (!key->parts.items[i].column || !keeps_type(w, key->head.table, key->parts.items[i].column))
            return false;
    VEC_EACH (const char *, column, &key->referred_columns)
        if (live && !keeps_type(w, key->referred_table, *column))
            return false;
    return live != NULL;
}

static bool try_key(Wanted *w, MYSQL *scratch, const Constraint *key, Error *err)
{
    Table *table = schema_table(w->want, NULL, key->head.table);
    Spelling how = { .arena = w->arena, .mariadb = my_is_mariadb(w->my), .table = table };
    StrBuf text;
    Error why = { 0 };
    strbuf_init(&text, w->arena);
    sql(&text, &mysql_dialect, KW("ALTER TABLE"), ID(key->head.table), KW("ADD"));
    my_put_constraint(&text, &how, key);
    if (my_exec_on(scratch, text.text, &why) || is_about_surroundings(&why) || stays(w, key) ||
        !is_made(w, scratch, key->head.table) || !is_made(w, scratch, key->referred_table))
        return true;
    *err = why;
    return wanted_refused(w, &key->head, err);
}

static bool try_all(Wanted *w, MYSQL *scratch, Error *err)
{
    KeyList keys = { 0 };
    collect_keys(w, &keys);
    wanted_support(w);
    if (!wanted_make(w, scratch, &w->support, false, NULL) || !try_list(w, scratch, &w->tables, err))
        return false;
    if (keys.count && !my_exec_on(scratch, "SET SESSION foreign_key_checks = 1", NULL))
        return true;
    VEC_EACH (Constraint *, it, &keys)
        if (!try_key(w, scratch, *it, err))
            return false;
    return try_list(w, scratch, &w->objects, err);
}

bool my_foresee(Wanted *w, const ChangeList *changes, Error *err)
{
    const char *name;
    Error ignored = { 0 };
    collect(w, changes);
    if (!w->tables.count && !w->objects.count)
        return true;
    MYSQL *scratch = my_scratch_enter(w->my, &name, false, &ignored);
    if (!scratch)
        return true;
    w->place = name;
    bool ok = try_all(w, scratch, err);
    my_scratch_leave(w->my, scratch, name);
    return ok;
}
