// What the revisions under judgement made, and what rules ask of a schema.
#include <string.h>
#include <strings.h>

#include "core/base/base.h"
#include "core/lint/internal.h"

static bool same(const char *a, const char *b) { return a && b ? strcmp(a, b) == 0 : a == b; }

// The default schema has no name in a Schema; in a text it may have one. SQLite's server names none: it is called main.
static const char *without_default(const ServerInfo *server, const char *schema)
{
    bool is_default = schema && (server->default_schema ? same(schema, server->default_schema)
                                                        : strcasecmp(schema, "main") == 0);
    return is_default ? NULL : schema;
}

const char *lint_schema_of(const Lint *lint, const char *schema)
{
    return without_default(&lint->server, schema);
}

static void enter_made(const Lint *lint)
{
    LintSet *set = lint->set;
    MadeIndex *index = &set->by_name;
    if (!index->heads || set->made.count > index->mask) {
        size_t size = 64;
        while (size <= set->made.count * 2)
            size *= 2;
        *index = (MadeIndex){ arena_alloc(lint->arena, size * sizeof(*index->heads)), size - 1, 0 };
    }
    for (; index->entered < set->made.count; index->entered++) {
        MadeObject *made = &set->made.items[index->entered];
        size_t *head = &index->heads[hash_text(made->name) & index->mask];
        made->next = *head;
        *head = index->entered + 1;
    }
}

// The first of this name; `table` NULL: of any.
static MadeObject *find(const Lint *lint, ObjectKind kind, const char *schema, const char *table,
                        const char *name)
{
    MadeObject *first = NULL;
    if (!lint->set || !name)
        return NULL;
    enter_made(lint);
    const MadeIndex *index = &lint->set->by_name;
    for (size_t i = index->heads[hash_text(name) & index->mask]; i; i = lint->set->made.items[i - 1].next) {
        MadeObject *it = &lint->set->made.items[i - 1];
        if (it->kind == kind && same(it->name, name) && (!table || same(it->table, table)) &&
            same(it->schema, lint_schema_of(lint, schema)) && (!first || it < first))
            first = it;
    }
    return first;
}

bool lint_made_here(const Lint *lint, ObjectKind kind, const char *schema, const char *table,
                    const char *name)
{
    return find(lint, kind, schema, table, name) != NULL;
}

bool lint_table_is_new(const Judge *judge, SqlName name)
{
    return name.name && lint_made_here(judge->lint, OBJECT_TABLE, name.schema, NULL, name.name);
}

bool lint_table_is_old(const Judge *judge, SqlName name)
{
    return name.name && !lint_table_is_new(judge, name) &&
           (!judge->before || lint_table(judge->before, name));
}

bool lint_runs_code(const Judge *judge)
{
    const Verb verb = judge->sentence->verb;
    return !judge->rebuilt && (verb == VERB_RUN || verb == VERB_SELECT || verb == VERB_OTHER);
}

bool lint_may_cost(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    bool table = strcmp(s->kind, "table") == 0, index = strcmp(s->kind, "index") == 0;
    switch ((int)s->verb) {
    case VERB_CREATE:
        if (index || strcmp(s->kind, "trigger") == 0)
            return !lint_table_is_new(judge, s->on);
        return table && !s->temporary &&
               (clause_after_anywhere(&s->all, "REFERENCES") || clause_after(&s->all, "PARTITION OF") ||
                clause_after(&s->all, "INHERITS"));
    case VERB_ALTER:
        if (table)
            return !lint_table_is_new(judge, s->object) ||
                   clause_after_anywhere(&s->all, "REFERENCES|PARTITION");
        return strcmp(s->kind, "domain") == 0 || strcmp(s->kind, "materialized view") == 0;
    case VERB_DROP: return table || index || strcmp(s->kind, "schema") == 0;
    case VERB_MAINTAIN: return clause_begins(&s->all, "REINDEX|CLUSTER|VACUUM|REFRESH|REPACK");
    case VERB_RUN: return true;
    case VERB_SELECT: return judge->inner && judge->inner->count;
    default: return false;
    }
}

const Table *lint_table(const Schema *schema, SqlName name)
{
    if (!schema || !name.name)
        return NULL;
    return schema_table(schema, without_default(&schema->server, name.schema), name.name);
}

const char *lint_title(Arena *arena, SqlName name)
{
    return name.schema ? arena_printf(arena, "%s.%s", name.schema, name.name) : name.name;
}

const Change *lint_change(const Judge *judge, ChangeKind kind, ObjectKind object, size_t *from)
{
    for (; *from < judge->changes->count; (*from)++) {
        const Change *change = &judge->changes->items[*from];
        const Object *head = change->want ? change->want : change->have;
        if (change->kind == kind && head->kind == object) {
            (*from)++;
            return change;
        }
    }
    return NULL;
}

static MadeObject noted(const Judge *judge, ObjectKind kind, const char *schema, const char *table,
                        const char *name)
{
    Lint *lint = judge->lint;
    return (MadeObject){
        .kind = kind,
        .schema = arena_strdup(lint->arena, lint_schema_of(lint, schema)),
        .table = arena_strdup(lint->arena, table),
        .name = arena_strdup(lint->arena, name),
        .revision = judge->revision,
        .place = {.at = judge->statement->at,
                  .section = lint->allow ? lint->allow->section_index : 0,
                  .statement = judge->number},
    };
}

static void add(const Judge *judge, ObjectKind kind, const char *schema, const char *table, const char *name)
{
    Lint *lint = judge->lint;
    if (name && !find(lint, kind, schema, table, name))
        *VEC_PUSH(lint->arena, &lint->set->made) = noted(judge, kind, schema, table, name);
}

bool lint_made_by(const JudgeRevision *judge, const Object *object)
{
    const MadeObject *made = find(judge->lint, object->kind, object->schema, object->table, object->name);
    return made && made->revision == judge->revision;
}

LintPlace lint_place_at(SourcePos at) { return (LintPlace){ .at = at }; }

LintPlace lint_place_of(const JudgeRevision *judge, const Object *object)
{
    if (!judge->revision)
        return (LintPlace){ .at = object->at, .object = object };
    const MadeObject *made = find(judge->lint, object->kind, object->schema, object->table, object->name);
    if (!made && object->table)
        made = find(judge->lint, OBJECT_TABLE, object->schema, NULL, object->table);
    LintPlace place =
        made && made->revision == judge->revision ? made->place : lint_place_at(judge->script->revision_at);
    place.object = object;
    return place;
}

LintPlace lint_place_of_drop(const JudgeRevision *judge, const Object *object)
{
    VEC_EACH (MadeObject, it, &judge->lint->set->dropped)
        if (it->revision == judge->revision && it->kind == object->kind && same(it->schema, object->schema) &&
            same(it->table, object->table) && same(it->name, object->name))
            return it->place;
    return lint_place_at(judge->script->revision_at);
}

const char *lint_name_before(const JudgeRevision *judge, const Object *object)
{
    const char *name = object->name;
    const LintSet *set = judge->lint->set;
    for (size_t i = set ? set->renamed.count : 0; i-- > 0;) {
        const RenamedObject *it = &set->renamed.items[i];
        if (it->revision == judge->revision && it->kind == object->kind && same(it->to, name) &&
            same(it->schema, lint_schema_of(judge->lint, object->schema)) && same(it->table, object->table))
            name = it->from;
    }
    return name;
}

// What was made here keeps its standing under a new name; what was there before is not made by one.
static void note_name(const Judge *judge, ObjectKind kind, SqlName of, const char *from, const char *to)
{
    Lint *lint = judge->lint;
    const char *table = kind == OBJECT_TABLE ? NULL : of.name;
    MadeObject *made = find(lint, kind, of.schema, table, from);
    if (made) {
        made->name = arena_strdup(lint->arena, to);
        lint->set->by_name = (MadeIndex){ 0 };
    }
    *VEC_PUSH(lint->arena, &lint->set->renamed) =
        (RenamedObject){ .revision = judge->revision,
                         .kind = kind,
                         .schema = arena_strdup(lint->arena, lint_schema_of(lint, of.schema)),
                         .table = arena_strdup(lint->arena, table),
                         .from = arena_strdup(lint->arena, from),
                         .to = arena_strdup(lint->arena, to) };
}

static void note_rename(const Judge *judge, const Change *change)
{
    const Object *have = change->have;
    const SqlName of = { .schema = have->schema, .name = have->table };
    note_name(judge, change->want->kind, of, have->name, change->want->name);
}

static void note_costs(const Judge *judge)
{
    Lint *lint = judge->lint;
    if (!judge->measured)
        return;
    VEC_EACH (TableCost, it, &judge->measured->tables)
        if (!lint_made_here(lint, OBJECT_TABLE, it->schema, NULL, it->table))
            *VEC_PUSH(lint->arena, &lint->set->costs) = (SetCost){
                .section = judge->section,
                .statement = judge->number,
                .verb = judge->sentence->verb,
                .schema = arena_strdup(lint->arena, it->schema),
                .table = arena_strdup(lint->arena, it->table),
                .lock = it->lock,
                .rewritten = it->rewritten,
                .scanned = it->scanned,
            };
}

void lint_set_note(const Judge *judge)
{
    note_costs(judge);
    Lint *lint = judge->lint;
    const Sentence *s = judge->sentence;
    bool table = strcmp(s->kind, "table") == 0;
    if (s->verb == VERB_CREATE && table && (s->temporary || !judge->after) && s->object.name)
        add(judge, OBJECT_TABLE, s->object.schema, NULL, s->object.name);
    // where a plan sets tables aside for a while: it is in no catalogue that is read
    if (s->verb == VERB_CREATE && strcmp(s->kind, "schema") == 0 && s->object.name &&
        filter_is_own(lint->filter, s->object.name))
        add(judge, OBJECT_SCHEMA, NULL, NULL, s->object.name);
    if (s->verb == VERB_ALTER && table && s->to.name && s->object.name)
        note_name(judge, OBJECT_TABLE, s->object, s->object.name, s->to.name);
    bool rows = s->verb == VERB_INSERT || s->verb == VERB_UPDATE || s->verb == VERB_DELETE ||
                s->verb == VERB_TRUNCATE || s->verb == VERB_RUN;
    if (rows) // "" stands for any table
        *VEC_PUSH(lint->arena, &lint->set->changed) =
            arena_strdup(lint->arena, s->object.name && s->verb != VERB_RUN ? s->object.name : "");
    VEC_EACH (Change, it, judge->changes) {
        if (it->kind == CHANGE_CREATE)
            add(judge, it->want->kind, it->want->schema, it->want->table, it->want->name);
        else if (it->kind == CHANGE_DROP)
            *VEC_PUSH(lint->arena, &lint->set->dropped) =
                noted(judge, it->have->kind, it->have->schema, it->have->table, it->have->name);
        else if (it->kind == CHANGE_ALTER && it->facets & FACET_NAME)
            note_rename(judge, it);
    }
}
