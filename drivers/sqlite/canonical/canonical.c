// SQLite keeps a text as it was written, so there is no spelling to be read back. But whether it takes the text at all
// is known before a script is written: what the changes touch is made in a memory database.
#include "drivers/sqlite/canonical/settle.h"

#include <string.h>

typedef struct Trial {
    Arena *arena;
    Stage stage;
    Db *live;
    Schema *want;
    const ChangeList *changes;
    bool *tried, *made; // tables, and of `tried` views, by slot
    Error why;          // the last refusal
} Trial;

static bool takes(Trial *trial, const char *text) { return stage_takes(&trial->stage, text, &trial->why); }

static bool refuse(const Trial *trial, const Object *object, const Object *whole, Error *err)
{
    if (trial->why.code == ERR_INTERRUPTED) {
        *err = trial->why;
        return false;
    }
    const char *name = object->name ? object->name : whole->name;
    error_at(err, ERR_SCHEMA, object->at.file ? object->at : whole->at, "SQLite refuses %s '%s'%s%s%s: %s",
             object_kinds[object->kind].word, name, object->table ? " of table '" : "",
             object->table ? object->table : "", object->table ? "'" : "", trial->why.message);
    error_native(err, trial->why.native);
    return error_hint(err, "Change it in the model; nothing was written.");
}

// The table without anything that could be refused: room for one part of it to be tried in.
static Table *bare_copy(Arena *arena, const Table *table)
{
    Table *copy = ARENA_NEW(arena, Table);
    *copy = (Table){ .head = table->head };
    bool strict = option_is(&table->head.options, "strict");
    copy->head.options = (OptionList){ 0 };
    if (strict)
        *VEC_PUSH(arena, &copy->head.options) = (Option){ .key = "strict", .value = "true" };
    VEC_EACH (Column *, it, &table->columns) {
        Column *column = ARENA_NEW(arena, Column);
        *column = (Column){ .head = (*it)->head, .type = strict ? "ANY" : "", .nullable = true };
        column->head.options = (OptionList){ 0 };
        *VEC_PUSH(arena, &copy->columns) = column;
    }
    return copy;
}

static bool takes_table(Trial *trial, const Table *table)
{
    StrBuf text;
    strbuf_init(&text, trial->arena);
    sqlite_put_table(&text, table, NULL, NULL);
    return takes(trial, text.text);
}

static void drop_table(Trial *trial, const Table *table)
{
    StrBuf text;
    strbuf_init(&text, trial->arena);
    sql(&text, &sqlite_dialect, KW("DROP TABLE"), ID(table->head.name));
    (void)takes(trial, text.text);
}

// The column or constraint that is refused by itself; NULL: none is.
static const Object *refused_part(Trial *trial, const Table *table)
{
    Table *bare = bare_copy(trial->arena, table);
    for (size_t i = 0; i < bare->columns.count; i++) {
        Column *empty = bare->columns.items[i];
        bare->columns.items[i] = table->columns.items[i];
        if (!takes_table(trial, bare))
            return &table->columns.items[i]->head;
        drop_table(trial, bare);
        bare->columns.items[i] = empty;
    }
    VEC_EACH (Constraint *, it, &table->constraints) {
        bare->constraints = (ConstraintList){ 0 };
        *VEC_PUSH(trial->arena, &bare->constraints) = *it;
        if (!takes_table(trial, bare))
            return &(*it)->head;
        drop_table(trial, bare);
    }
    return NULL;
}

static bool is_changed(const Trial *trial, const Object *want)
{
    VEC_EACH (Change, change, trial->changes)
        if (change->want == want)
            return true;
    return false;
}

// Makes a table and its indexes. What the database has as it is declared may depend on functions that an application
// brings along: only what is new or changed is an error. `made` says whether the table is there.
static bool make_table(Trial *trial, const Table *table, bool created, Error *err)
{
    size_t slot = table->head.slot;
    if (trial->tried[slot])
        return true;
    trial->tried[slot] = true;
    trial->made[slot] = table->is_virtual ? takes(trial, table->head.definition) : takes_table(trial, table);
    if (!trial->made[slot]) {
        Error of_whole = trial->why;
        const Object *part = table->is_virtual ? NULL : refused_part(trial, table);
        if (part && (created || is_changed(trial, part)))
            return refuse(trial, part, &table->head, err);
        trial->why = of_whole;
        return !created || refuse(trial, &table->head, &table->head, err);
    }
    VEC_EACH (Index *, index, &table->indexes) {
        StrBuf text;
        strbuf_init(&text, trial->arena);
        sqlite_put_index(&text, *index);
        if (!takes(trial, text.text) && (created || is_changed(trial, &(*index)->head)))
            return refuse(trial, &(*index)->head, &table->head, err);
    }
    return true;
}

// Each is taken back at once, where nothing else will depend on it: SQLite looks through all that it has for each new
// table, and a thousand would take as long as making them in earnest.
static bool make_tables(Trial *trial, bool stay, Error *err)
{
    VEC_EACH (Change, change, trial->changes) {
        const Table *table = change->want_table;
        if (!change->want || !table || trial->tried[table->head.slot])
            continue;
        bool created = change->want == &table->head && (change->kind == CHANGE_CREATE || table->is_virtual);
        if (!stay && !takes(trial, "BEGIN"))
            return refuse(trial, &table->head, &table->head, err);
        if (!make_table(trial, table, created, err))
            return false;
        if (!stay)
            (void)takes(trial, "ROLLBACK");
    }
    return true;
}

static bool make_view(Trial *trial, const View *view)
{
    StrBuf text;
    strbuf_init(&text, trial->arena);
    sqlite_put_view(&text, view);
    return takes(trial, text.text);
}

static const View *as_view(const Object *object) { return (const View *)(const void *)object; }

// What views and triggers depend on: all tables and views, as far as they can be had here.
static void make_surroundings(Trial *trial)
{
    Error ignored = { 0 };
    VEC_EACH (Table *, table, &trial->want->tables)
        (void)make_table(trial, *table, false, &ignored);
    VEC_EACH (Object *, it, &trial->want->objects)
        if ((*it)->kind == OBJECT_VIEW && !is_changed(trial, *it))
            (void)make_view(trial, as_view(*it));
}

static bool is_in(Db *db, Arena *arena, const char *name)
{
    StrBuf text;
    strbuf_init(&text, arena);
    sql(&text, &sqlite_dialect, KW("SELECT 1 FROM sqlite_master WHERE type IN ('table', 'view') AND name ="),
        LIT(name), KW("COLLATE NOCASE"));
    const char *first = NULL;
    Error ignored = { 0 };
    return db_value(db, arena, text.text, &first, &ignored) && first;
}

// "no such table: main.x" of a table that the model leaves out and the database has.
static bool names_left_out(const Trial *trial)
{
    const char *at = strstr(trial->why.message, "no such table: ");
    if (!at)
        return false;
    at += strlen("no such table: ");
    at += strncmp(at, "main.", 5) == 0 ? 5 : 0;
    return is_in(trial->live, trial->arena, at);
}

// What only an application can supply: SQLite takes the trigger, and so does this.
static bool lacks_module(const Trial *trial) { return strstr(trial->why.message, "no such module") != NULL; }

// The database has it already as it cannot be compiled: that is no fault of this change, but worth a word.
static void warn_of_broken(Trial *trial, const Object *trigger)
{
    *VEC_PUSH(trial->arena, &trial->want->warnings) =
        (Warning){ .text = arena_printf(trial->arena, "trigger '%s' fails whenever it is fired: %s",
                                        trigger->name, trial->why.message),
                   .at = trigger->at };
}

// `have`: what the database has in its place; NULL: nothing.
static bool make_trigger(Trial *trial, const Object *trigger, const Object *have, Error *err)
{
    if (!is_in(trial->stage.db, trial->arena, trigger->table)) {
        if (is_in(trial->live, trial->arena, trigger->table))
            return true;
        error_set(&trial->why, ERR_SQL, "there is no table or view '%s'", trigger->table);
        return refuse(trial, trigger, trigger, err);
    }
    if (!takes(trial, trigger->definition))
        return refuse(trial, trigger, trigger, err);
    bool sound =
        sqlite_compiles(&trial->stage, trigger, &trial->why) || names_left_out(trial) || lacks_module(trial);
    if (!sound && !(have && have->blocks_renames))
        return refuse(trial, trigger, trigger, err);
    if (!sound)
        warn_of_broken(trial, trigger);
    StrBuf text; // the next one is compiled without it
    strbuf_init(&text, trial->arena);
    sql(&text, &sqlite_dialect, KW("DROP TRIGGER"), ID(trigger->name));
    return takes(trial, text.text) || refuse(trial, trigger, trigger, err);
}

// SQLite itself takes a view that cannot be read; whoever wrote it will want to know.
static void warn_of_unreadable(Trial *trial, const Object *view)
{
    StrBuf text;
    strbuf_init(&text, trial->arena);
    sql(&text, &sqlite_dialect, KW("SELECT * FROM"), ID(view->name), KW("LIMIT 0"));
    if (!takes(trial, text.text))
        *VEC_PUSH(trial->arena, &trial->want->warnings) =
            (Warning){ .text = arena_printf(trial->arena, "view '%s' cannot be read: %s", view->name,
                                            trial->why.message),
                       .at = view->at };
}

static bool touches_objects(const Trial *trial)
{
    VEC_EACH (Change, change, trial->changes)
        if (change->want && (change->want->kind == OBJECT_VIEW || change->want->kind == OBJECT_TRIGGER))
            return true;
    return false;
}

static bool make_objects(Trial *trial, Error *err)
{
    make_surroundings(trial);
    VEC_EACH (Change, change, trial->changes) { // one that is renamed may change besides
        const Object *want = change->want;
        if (!want || want->kind != OBJECT_VIEW || as_view(want)->materialized || trial->tried[want->slot])
            continue;
        trial->tried[want->slot] = true;
        if (!make_view(trial, as_view(want)))
            return refuse(trial, want, want, err);
    }
    VEC_EACH (Change, change, trial->changes) {
        const Object *want = change->want;
        if (want && want->kind == OBJECT_TRIGGER && !make_trigger(trial, want, change->have, err))
            return false;
        if (want && want->kind == OBJECT_VIEW)
            warn_of_unreadable(trial, want);
    }
    return true;
}

// Texts that use what only the application has are compared as they are written.
static void warn_of_borrowed(Trial *trial)
{
    VEC_EACH (const char *, it, &trial->stage.borrowed)
        *VEC_PUSH(trial->arena, &trial->want->warnings) = (Warning){
            .text = arena_printf(trial->arena,
                                 "SQLite has no %s here: texts that use it are compared as they are written "
                                 "(`extensions:` in cmigrate.yaml loads what an application adds)",
                                 *it)
        };
}

bool sqlite_canonicalise(Db *db, Arena *arena, const Schema *have, Schema *want, const ChangeList *changes,
                         Error *err)
{
    (void)have;
    Trial trial = { .arena = arena, .want = want, .changes = changes, .live = db };
    trial.tried = arena_alloc(arena, want->object_count + 1);
    trial.made = arena_alloc(arena, want->object_count + 1);
    if (!stage_open(db, arena, &trial.stage, err))
        return false;
    bool objects = touches_objects(&trial), ok = make_tables(&trial, objects, err);
    if (ok && objects)
        ok = make_objects(&trial, err);
    if (ok) {
        sqlite_settle(&trial.stage, changes);
        warn_of_borrowed(&trial);
    }
    db_close(trial.stage.db);
    return ok;
}
