#include "drivers/mysql/canonical/wanted.h"

#include <string.h>

#include "drivers/mysql/render/render.h"
#include "core/db/grants.h"

static bool listed(const ObjectList *list, const Object *object)
{
    VEC_EACH (Object *, it, list)
        if (*it == object)
            return true;
    return false;
}

void wanted_list(Wanted *w, ObjectList *list, Object *object)
{
    if (object && !listed(list, object))
        *VEC_PUSH(w->arena, list) = object;
}

// ---- what the texts mention

static void support_text(Wanted *w, const char *text);

void wanted_support_one(Wanted *w, Object *object)
{
    if (!object || listed(&w->support, object) || listed(&w->tables, object) || listed(&w->objects, object))
        return;
    *VEC_PUSH(w->arena, &w->support) = object;
    if (object->kind == OBJECT_VIEW)
        support_text(w, ((View *)(void *)object)->query);
}

static void support_name(Wanted *w, const char *name)
{
    static const ObjectKind kinds[] = { OBJECT_VIEW, OBJECT_FUNCTION, OBJECT_SEQUENCE };
    Table *table = schema_table(w->want, NULL, name);
    wanted_support_one(w, table ? &table->head : NULL);
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        wanted_support_one(w, schema_object(w->want, kinds[i], NULL, NULL, name));
}

static void support_text(Wanted *w, const char *text)
{
    if (!text)
        return;
    TokenList tokens = lex_all(w->arena, (Text){ text, strlen(text) }, mysql_dialect.lex);
    VEC_EACH (Token, token, &tokens) {
        if (token->kind != TOKEN_WORD && token->kind != TOKEN_NAME)
            continue;
        support_name(w, token_name(w->arena, token));
    }
}

void wanted_support(Wanted *w)
{
    VEC_EACH (Object *, it,
              &w->tables) // a default may take from a sequence, a generated column call nothing stored
        VEC_EACH (Column *, column, &((Table *)(void *)*it)->columns)
            support_text(w, (*column)->default_sql);
    VEC_EACH (Object *, it, &w->objects) {
        if ((*it)->kind == OBJECT_VIEW)
            support_text(w, ((View *)(void *)*it)->query);
        if ((*it)->table)
            support_name(w, (*it)->table); // a name, and no text: it may have any character
        if ((*it)->kind == OBJECT_PACKAGE_BODY)
            wanted_support_one(w, schema_object(w->want, OBJECT_PACKAGE, NULL, NULL, (*it)->name));
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

bool wanted_make_one(Wanted *w, MYSQL *scratch, Object *object, bool *made, Error *err)
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
        if (db_grants_for_ever(&mysql_dialect, statement->sql))
            continue;
        if (!my_exec_on(scratch, statement->sql, *made ? err : NULL))
            *made = false;
    }
    return true;
}

const char *wanted_who_refuses(const Wanted *w, const Object *object)
{
    return arena_printf(w->arena, "%s refuses %s '%s'%s%s%s: ", my_is_mariadb(w->my) ? "MariaDB" : "MySQL",
                        object_kinds[object->kind].word, object->name ? object->name : "",
                        object->table ? " of table '" : "", object->table ? object->table : "",
                        object->table ? "'" : "");
}

bool wanted_refused(const Wanted *w, const Object *object, Error *err)
{
    if (!err)
        return false;
    err->code = ERR_SCHEMA;
    err->at = object->at;
    error_prefix(err, "%s", wanted_who_refuses(w, object));
    return err->hint[0] ? false : error_hint(err, "Change it in the model; nothing was written.");
}

// Views depend on each other in any order: what fails is tried again as long as others succeed.
bool wanted_make(Wanted *w, MYSQL *scratch, ObjectList *list, bool must, Error *err)
{
    bool *done = arena_alloc(w->arena, list->count + 1);
    size_t left = list->count;
    for (bool progress = true; left && progress;) {
        progress = false;
        for (size_t i = 0; i < list->count; i++) {
            bool made = done[i];
            if (made)
                continue;
            if (!wanted_make_one(w, scratch, list->items[i], &made, NULL) || !made)
                continue;
            done[i] = progress = true;
            left--;
        }
    }
    for (size_t i = 0; must && i < list->count; i++) {
        bool made = done[i];
        if (!made && (!wanted_make_one(w, scratch, list->items[i], &made, err) || !made))
            return wanted_refused(w, list->items[i], err);
    }
    return true;
}
