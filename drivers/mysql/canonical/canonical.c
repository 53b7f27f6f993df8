#include "drivers/mysql/canonical/canonical.h"

#include <string.h>
#include <strings.h>

#include "core/model/spelling.h"
#include "drivers/mysql/canonical/wanted.h"
#include "drivers/mysql/driver/scratch.h"

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

// Only a change that may be one of spelling: something that depends on both sides, or a check or index that has no
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
            wanted_list(w, &w->tables, schema_counterpart(w->want, &change->want_table->head));
        else if (change->want)
            wanted_list(w, &w->objects, schema_counterpart(w->want, change->want));
    }
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

// What differs in its words alone is then no difference (core/compare/certain.c).
static void leave_texts(Wanted *w, const Error *why)
{
    StrBuf text;
    size_t count = 0, all = w->tables.count + w->objects.count;
    const ObjectList *lists[] = { &w->tables, &w->objects };
    strbuf_init(&text, w->arena);
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        VEC_EACH (Object *, it, lists[i]) {
            (*it)->texts_not_asked = true;
            if (count++ < NAMED_IN_WARNING)
                strbuf_printf(&text, "%s%s '%s'", text.length ? ", " : "", object_kinds[(*it)->kind].word,
                              (*it)->name);
        }
    if (all > NAMED_IN_WARNING)
        strbuf_printf(&text, " and %zu more", all - NAMED_IN_WARNING);
    strbuf_printf(
        &text,
        ": declared and live SQL were compared as text (%s); check does not know whether texts that "
        "differ mean the same, and migrate takes them for changes. %s",
        why->message, why->hint);
    *VEC_PUSH(w->arena, &w->want->warnings) = (Warning){ .text = text.text };
}

static bool ask(Wanted *w, Error *err)
{
    const char *name;
    Error why = { 0 };
    MYSQL *scratch = my_scratch_enter(w->my, &name, false, &why);
    if (!scratch) {
        leave_texts(w, &why);
        return true;
    }
    wanted_support(w);
    Schema seen;
    bool ok = wanted_make(w, scratch, &w->support, false, err) &&
              wanted_make(w, scratch, &w->tables, true, err) &&
              wanted_make(w, scratch, &w->objects, true, err) &&
              my_look(w->my, scratch, name, w->arena, NULL, &seen, err);
    if (ok) {
        schema_spell_as(w->arena, &seen, w->want, NULL);
        adopt(w, &seen);
    }
    my_scratch_leave(w->my, scratch, name);
    return ok;
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
    if (!my_foresee(&tried, changes, err))
        return false;
    collect(&wanted, changes);
    return (!wanted.tables.count && !wanted.objects.count) || ask(&wanted, err);
}
