#include "cli/workflow/schema_history.h"

#include <string.h>
#include <strings.h>

#include "cli/output/diff_print.h"
#include "cli/workflow/replay.h"
#include "core/diff/diff.h"

typedef struct HistoryReader {
    Session *session;
    const Project *project;
    const Dialect *dialect;
    const Revision *revision;
    SchemaHistory *out;
} HistoryReader;

// --- renames -----------------------------------------------------------------

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (c & 0x80);
}

static bool has_word(Text text, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= text.n; i++)
        if (strncasecmp(text.p + i, word, n) == 0 && (i == 0 || !is_name(text.p[i - 1])) &&
            (i + n == text.n || !is_name(text.p[i + n])))
            return true;
    return false;
}

static bool says_rename(const SectionList *sections, const char *from, const char *to)
{
    VEC_EACH (Section *, section, sections)
        VEC_EACH (ScriptStatement, it, &(*section)->statements)
            if ((has_word(it->sql, "RENAME") || has_word(it->sql, "CHANGE")) && has_word(it->sql, from) &&
                has_word(it->sql, to))
                return true;
    return false;
}

static bool may_be_rename(const Change *gone, const Change *made)
{
    if (gone->kind != CHANGE_DROP || made->kind != CHANGE_CREATE || gone->have->kind != made->want->kind ||
        !same_text(gone->have->schema, made->want->schema))
        return false;
    return gone->have->kind == OBJECT_TABLE ||
           (gone->have->kind == OBJECT_COLUMN && gone->want_table == made->want_table);
}

// What was dropped and what was made in the same place are one thing, where a statement of the revision renames the one to the
// other.
static void find_renames(const HistoryReader *r, const SectionList *sections, const ChangeList *changes,
                         RenameList *out)
{
    VEC_EACH (Change, gone, changes)
        VEC_EACH (Change, made, changes)
            if (may_be_rename(gone, made) && says_rename(sections, gone->have->name, made->want->name))
                *VEC_PUSH(r->session->arena, out) = (Rename){ .kind = made->want->kind,
                                                              .schema = made->want->schema,
                                                              .table = made->want->table,
                                                              .from = gone->have->name,
                                                              .to = made->want->name };
}

// --- events ------------------------------------------------------------------

static bool same_place(const HistoryEvent *event, const Object *table)
{
    return !event->gone && same_text(event->schema, table->schema) && same_text(event->table, table->name);
}

bool history_event_is_of(const HistoryEvent *event, const Object *table) { return same_place(event, table); }

static void follow_table(const HistoryReader *r, const Object *have, const Object *want)
{
    VEC_EACH (HistoryEvent, it, &r->out->events)
        if (same_text(it->schema, have->schema) && same_text(it->table, have->name)) {
            it->schema = want->schema;
            it->table = want->name;
        }
}

static void follow_column(const HistoryReader *r, const Object *table, const char *have, const char *want)
{
    VEC_EACH (HistoryEvent, it, &r->out->events)
        if (it->column && same_place(it, table) && strcmp(it->column, have) == 0)
            it->column = want;
}

static void forget_table(const HistoryReader *r, const Object *table)
{
    VEC_EACH (HistoryEvent, it, &r->out->events)
        if (same_text(it->schema, table->schema) && same_text(it->table, table->name)) {
            it->gone = true;
            it->table = NULL;
        }
}

static void forget_column(const HistoryReader *r, const Object *table, const char *column)
{
    VEC_EACH (HistoryEvent, it, &r->out->events)
        if (same_place(it, table) && same_text(it->column, column))
            it->gone = true;
}

static void add_columns(const HistoryReader *r, const Table *table)
{
    VEC_EACH (Column *, it, &table->columns)
        *VEC_PUSH(r->session->arena, &r->out->events) = (HistoryEvent){
            .revision = r->revision,
            .kind = CHANGE_CREATE,
            .object = OBJECT_COLUMN,
            .schema = table->head.schema,
            .table = table->head.name,
            .column = (*it)->head.name,
            .phrase = "",
            .within = true,
        };
}

// Adds one change of a table to its history. A table that is dropped takes its history along: its page is
// gone.
static void add_event(const HistoryReader *r, const Change *change)
{
    const Object *object = change->want ? change->want : change->have;
    const Table *table = change->want_table ? change->want_table : change->have_table;
    if (!table)
        return;
    bool is_table = object->kind == OBJECT_TABLE, is_column = object->kind == OBJECT_COLUMN;
    if (change->kind == CHANGE_DROP && is_table) {
        forget_table(r, change->have);
        return;
    }
    if (change->kind == CHANGE_DROP && is_column)
        forget_column(r, &table->head, object->name);
    *VEC_PUSH(r->session->arena, &r->out->events) = (HistoryEvent){
        .revision = r->revision,
        .kind = change->kind,
        .object = object->kind,
        .schema = table->head.schema,
        .table = table->head.name,
        .column = is_column ? object->name : NULL,
        .phrase = change_phrase(r->session->arena, r->dialect, change),
        .gone = change->kind == CHANGE_DROP && is_column,
    };
    if (change->kind == CHANGE_CREATE && is_table)
        add_columns(r, table);
}

static void follow_renames(const HistoryReader *r, const RenameList *renames)
{
    VEC_EACH (Rename, it, renames) {
        if (it->kind == OBJECT_TABLE) {
            const Object have = { .schema = it->schema, .name = it->from },
                         want = { .schema = it->schema, .name = it->to };
            follow_table(r, &have, &want);
        }
    }
    VEC_EACH (Rename, it, renames) {
        const Object table = { .schema = it->schema, .name = it->table };
        if (it->kind == OBJECT_COLUMN)
            follow_column(r, &table, it->from, it->to);
    }
}

// A renamed table shows which of its columns were renamed only once it is known to be the same, so it is looked twice.
static bool add_revision(const HistoryReader *r, const Schema *before, const Schema *after, Error *err)
{
    Arena *arena = r->session->arena;
    RenameList renames = { 0 };
    ChangeList changes = { 0 };
    const Schema *renamed;
    Script script;
    SectionList sections = { 0 };
    if (!script_read_whole(arena, r->revision->script, &script, err) ||
        !script_sections(arena, &script, r->dialect, UPGRADE, &sections, err))
        return false;
    for (size_t known = SIZE_MAX, look = 0; look < 3 && known != renames.count; look++) {
        known = renames.count;
        changes = (ChangeList){ 0 };
        if (!diff_schemas(arena, r->dialect, before, after, &renames, &changes, &renamed, err))
            return false;
        find_renames(r, &sections, &changes, &renames);
    }
    follow_renames(r, &renames);
    VEC_EACH (Change, it, &changes)
        add_event(r, it);
    return true;
}

bool schema_history_read(Session *session, const Project *project, const Graph *graph, SchemaHistory *out,
                         Error *err)
{
    Db *scratch = NULL;
    Schema *before = ARENA_NEW(session->arena, Schema);
    *out = (SchemaHistory){ 0 };
    bool ok = replay_open(session, project, &project->url, project->url_folder, &scratch, err) &&
              compare_read_database(session, project, scratch, before, err);
    HistoryReader reader = {
        .session = session, .project = project, .dialect = project->dialect, .out = out
    };
    for (size_t i = 0; ok && i < graph->revisions.count; i++) {
        Schema *after = ARENA_NEW(session->arena, Schema);
        reader.revision = graph->revisions.items[i];
        ok = replay_to(session, project, graph, reader.revision->id, scratch, err) &&
             compare_read_database(session, project, scratch, after, err) &&
             add_revision(&reader, before, after, err);
        before = after;
    }
    db_close(scratch);
    return ok;
}

const HistoryEvent *schema_history_made(const SchemaHistory *history, const Object *table, const char *column)
{
    const HistoryEvent *made = NULL;
    VEC_EACH (HistoryEvent, it, &history->events)
        if (it->kind == CHANGE_CREATE && it->object == (column ? OBJECT_COLUMN : OBJECT_TABLE) &&
            (!column || same_text(it->column, column)) && same_place(it, table))
            made = it;
    return made;
}
