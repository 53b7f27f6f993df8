// B: the application that runs now does not work with the new schema.
#include <string.h>
#include <strings.h>

#include "core/lint/internal.h"
#include "core/lint/model.h"

static const LintRule rules[] = {
    {.code = "B101",
     .name = "rename-table",
     .engines = ON_ALL,
     .level = LINT_WARNING,
     .summary = "The table gets another name.",
     .why = "Every query of the running application names the old one, and fails until the new release runs "
             "everywhere.", .instead = "leave a view of the old name, and drop it a release later",
     .aliases = "renaming-table BC101 rename_table RENAME_TABLE" },
    { .code = "B102",
     .name = "rename-column",
     .engines = ON_ALL,
     .level = LINT_WARNING,
     .summary = "The column gets another name.",
     .why = "Every query of the running application names the old one.",
     .instead = "add the new column, write both, move the readers, then drop the old one",
     .aliases = "renaming-column BC102 rename_column RENAME_COLUMN" },
    { .code = "B103",
     .name = "rename-schema",
     .engines = ON_POSTGRESQL,
     .level = LINT_WARNING,
     .summary = "The schema gets another name.",
     .why = "Qualified names and search_path settings still say the old one.",
     .aliases = "rename_schema" },
    { .code = "B104",
     .name = "rename-enum-value",
     .engines = ON_POSTGRESQL,
     .level = LINT_WARNING,
     .summary = "A value of the enum gets another name.",
     .why = "The running application writes and compares the old one." },
    { .code = "B105",
     .name = "required-column",
     .engines = ON_ALL,
     .level = LINT_WARNING,
     .summary = "A new column must be given a value.",
     .why = "The INSERT statements of the running application do not name it, and fail.",
     .instead = "keep a default until the new release runs everywhere",
     .aliases = "adding-required-field" },
    { .code = "B106",
     .name = "column-becomes-required",
     .engines = ON_ALL,
     .level = LINT_WARNING,
     .summary = "The column takes no NULL any more.",
     .why = "An application that still writes NULL, or leaves the column out, fails.",
     .instead = "make every writer give a value first" },
    { .code = "B107",
     .name = "drop-default",
     .engines = ON_ALL,
     .level = LINT_WARNING,
     .summary = "A column that takes no NULL loses its default.",
     .why = "INSERT statements that leave it out fail.",
     .instead = "make every writer give a value first" },
    { .code = "B108",
     .name = "drop-view-or-routine",
     .engines = ON_ALL,
     .level = LINT_WARNING,
     .summary = "A view or routine is dropped.",
     .why = "Whoever uses it fails at once.",
     .instead = "drop it a release after its last user" },
    { .code = "B109",
     .name = "column-may-be-null-now",
     .engines = ON_ALL,
     .level = LINT_NOTICE,
     .summary = "Readers may meet NULL in a column that had none.",
     .why = "Code that was written for NOT NULL often fails at NULL.",
     .aliases = "ban-drop-not-null" },
    { .code = "B110",
     .name = "change-default",
     .engines = ON_ALL,
     .level = LINT_OFF,
     .summary = "The column gets another default.",
     .why = "Writers that leave it out now store another value." },
    { .code = "B111",
     .name = "drop-unique-or-key",
     .engines = ON_ALL,
     .level = LINT_WARNING,
     .summary = "A primary key, unique constraint or unique index is dropped.",
     .why = "ON CONFLICT and ON DUPLICATE KEY lean on it, foreign keys need it, and duplicates can come in "
             "at once." },
    { .code = "B112",
     .name = "view-column-renamed",
     .engines = ON_SQLITE,
     .level = LINT_WARNING,
     .summary = "A view's own column changes its name too.",
     .why = "RENAME COLUMN rewrites the views, and an output column without an alias takes the new name.",
     .instead = "give the view's column an alias" },
    { .code = "B114",
     .name = "stricter-rule",
     .engines = ON_ALL,
     .level = LINT_NOTICE,
     .summary = "New rows may be refused that were accepted before.",
     .why = "A new constraint holds for every later write, NOT VALID or not." },
    { .code = "B115",
     .name = "revoke-or-owner",
     .engines = ON_POSTGRESQL | ON_BOTH_MYSQL,
     .level = LINT_NOTICE,
     .summary = "Rights are taken away, or the owner changes.",
     .why = "Whoever used them fails at once." },
    { .code = "B116",
     .name = "type-seen-by-clients",
     .engines = ON_ALL,
     .level = LINT_NOTICE,
     .summary = "The column has another type for its readers.",
     .why = "Typed clients and prepared statements fail or convert: \"cached plan must not change result "
             "type\".", .aliases = "changing-column-type BC103" },
    { 0                    },
};

static bool kind_is(const Sentence *s, const char *kind) { return strcmp(s->kind, kind) == 0; }

static bool is_named(SqlName name, const char *wanted) { return name.name && strcmp(name.name, wanted) == 0; }

// Does a later statement of the section make something of this name: a view or a table for the old readers?
static bool is_made_later(const Judge *judge, const char *name)
{
    for (size_t i = judge->number; i < judge->section->statements.count; i++) {
        const Sentence *later = &judge->sentences[i];
        if ((later->verb == VERB_CREATE && is_named(later->object, name)) || is_named(later->to, name))
            return true;
        VEC_EACH (const SqlName, it, &later->others_to)
            if (is_named(*it, name))
                return true;
    }
    return false;
}

// Did the table have this name before the revision's first statement, or at some moment since?
static bool was_named(const Judge *judge, const char *table, const char *name)
{
    const LintSet *set = judge->lint->set;
    for (size_t i = set ? set->renamed.count : 0; i-- > 0 && strcmp(table, name) != 0;) {
        const RenamedObject *it = &set->renamed.items[i];
        if (it->revision == judge->revision && it->kind == OBJECT_TABLE && strcmp(it->to, table) == 0)
            table = it->from;
    }
    return strcmp(table, name) == 0;
}

// Does a later view take the table's name and show the column under its old name?
static bool is_shown_later(const Judge *judge, const char *table, const char *column)
{
    for (size_t i = judge->number; i < judge->section->statements.count; i++) {
        const Sentence *later = &judge->sentences[i];
        if (later->verb != VERB_CREATE || !kind_is(later, "view") || !later->object.name ||
            !was_named(judge, table, later->object.name))
            continue;
        for (size_t k = 0; k < later->all.count; k++)
            if (token_named(&later->all.tokens[k], column))
                return true;
    }
    return false;
}

// ALTER TABLE table ADD [COLUMN] column …, later in the section.
static bool is_added_later(const Judge *judge, const char *table, const char *column)
{
    for (size_t i = judge->number; i < judge->section->statements.count; i++) {
        const Sentence *later = &judge->sentences[i];
        if (!is_named(later->object, table))
            continue;
        VEC_EACH (const Clause, it, &later->clauses) {
            size_t at = clause_begins(it, "ADD COLUMN") ? 2 : clause_begins(it, "ADD") ? 1 : 0;
            const char *name = at ? clause_name(judge->arena, judge->lint->dialect, it, at) : NULL;
            if (name && strcmp(name, column) == 0)
                return true;
        }
    }
    return false;
}

static bool made_here(const Judge *judge, const Object *object)
{
    SqlName table = { object->schema, object->kind == OBJECT_TABLE ? object->name : object->table };
    return lint_table_is_new(judge, table) ||
           lint_made_here(judge->lint, object->kind, object->schema, object->table, object->name);
}

static void judge_renamed_table(const Judge *judge, SqlName from, SqlName to)
{
    if (from.name && to.name && !lint_table_is_new(judge, from) && !is_made_later(judge, from.name) &&
        (!judge->before || lint_table(judge->before, from)))
        lint_found(judge, "B101", from.name, NULL, NULL, "renames table %s to %s", from.name, to.name);
}

static void judge_renames(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    if (kind_is(s, "table"))
        judge_renamed_table(judge, s->object, s->to);
    for (size_t i = 0; i < s->others_to.count; i++)
        judge_renamed_table(judge, s->others.items[i], s->others_to.items[i]);
    if (s->verb == VERB_ALTER && kind_is(s, "schema") && clause_after(&s->all, "RENAME TO") &&
        !lint_made_here(judge->lint, OBJECT_SCHEMA, NULL, NULL, s->object.name))
        lint_found(judge, "B103", NULL, NULL, NULL, "renames schema %s", s->object.name);
    if (s->verb == VERB_ALTER && kind_is(s, "type") && clause_after(&s->all, "RENAME VALUE") &&
        !lint_made_here(judge->lint, OBJECT_ENUM, s->object.schema, NULL, s->object.name))
        lint_found(judge, "B104", NULL, NULL, NULL, "renames a value of enum %s", s->object.name);
}

// Has the view a column of the new name, and none of the old one? SQLite is asked: * and aliases do not tell by their text.
static bool shows_new_name(const Judge *judge, const char *view, const char *from, const char *to)
{
    Db *db = judge->lint->scratch;
    const char *found = NULL;
    Error ignored = { 0 };
    StrBuf query;
    strbuf_init(&query, judge->arena);
    strbuf_puts(&query, "SELECT 1 WHERE EXISTS (SELECT 1 FROM pragma_table_info(");
    strbuf_quoted(&query, '\'', "'", view);
    strbuf_puts(&query, ") WHERE name = ");
    strbuf_quoted(&query, '\'', "'", to);
    strbuf_puts(&query, ") AND NOT EXISTS (SELECT 1 FROM pragma_table_info(");
    strbuf_quoted(&query, '\'', "'", view);
    strbuf_puts(&query, ") WHERE name = ");
    strbuf_quoted(&query, '\'', "'", from);
    strbuf_puts(&query, ")");
    return db && db_value(db, judge->arena, query.text, &found, &ignored) && found;
}

static bool view_changed(const Judge *judge, const char *from, const char *to, const char **name)
{
    if (!judge->after)
        return false;
    VEC_EACH (Object *, it, &judge->before->objects) {
        if ((*it)->kind != OBJECT_VIEW || ((const View *)(const void *)*it)->columns.count ||
            !schema_object(judge->after, OBJECT_VIEW, (*it)->schema, NULL, (*it)->name) ||
            !shows_new_name(judge, (*it)->name, from, to))
            continue;
        *name = (*it)->name;
        return true;
    }
    return false;
}

// What a change of a column means for an application that still expects the old one. Columns that this
// revision made are not used by anybody yet.
static void judge_column(const Judge *judge, const Change *change)
{
    const Column *have = (const Column *)(const void *)change->have,
                 *want = (const Column *)(const void *)change->want;
    const char *table = want->head.table, *name = want->head.name, *view;
    if (made_here(judge, change->have))
        return;
    if (change->facets & FACET_NAME && !is_added_later(judge, table, have->head.name) &&
        !is_shown_later(judge, table, have->head.name)) {
        lint_found(judge, "B102", table, NULL, NULL, "renames column %s of table %s to %s", have->head.name,
                   table, name);
        if (lint_is_engine(judge->lint, ON_SQLITE) && view_changed(judge, have->head.name, name, &view))
            lint_found(judge, "B112", table, NULL, NULL, "view %s has column %s now instead of %s", view,
                       name, have->head.name);
    }
    if (change->facets & FACET_NULLABLE && !want->nullable)
        lint_found(judge, "B106", table, NULL, NULL, "column %s of table %s takes no NULL any more", name,
                   table);
    if (change->facets & FACET_NULLABLE && want->nullable)
        lint_found(judge, "B109", table, NULL, NULL, "column %s of table %s may be NULL now", name, table);
    if (change->facets & FACET_DEFAULT && !want->default_sql && !want->autoincrement && !want->nullable)
        lint_found(judge, "B107", table, NULL, NULL,
                   "column %s of table %s takes no NULL and has no default any more", name, table);
    if (change->facets & FACET_DEFAULT && want->default_sql)
        lint_found(judge, "B110", table, NULL, NULL, "column %s of table %s gets another default", name,
                   table);
    if (change->facets & FACET_TYPE)
        lint_found(judge, "B116", table, NULL, NULL, "column %s of table %s is %s now, not %s", name, table,
                   want->type, have->type);
}

static bool table_stays(const Judge *judge, const Object *part)
{
    SqlName table = { part->schema, part->table };
    return lint_table(judge->after, table) != NULL;
}

static void judge_dropped(const Judge *judge, const Object *have)
{
    bool unique = have->kind == OBJECT_PRIMARY_KEY || have->kind == OBJECT_UNIQUE ||
                  (have->kind == OBJECT_INDEX && ((const Index *)(const void *)have)->unique);
    if (unique && table_stays(judge, have) && !made_here(judge, have))
        lint_found(judge, "B111", have->table, NULL, NULL, "drops %s %s of table %s",
                   object_kinds[have->kind].word, have->name ? have->name : "(unnamed)", have->table);
}

static void judge_created(const Judge *judge, const Object *want)
{
    bool unique = want->kind == OBJECT_INDEX && ((const Index *)(const void *)want)->unique;
    bool refuses = want->kind == OBJECT_CHECK || want->kind == OBJECT_UNIQUE ||
                   want->kind == OBJECT_FOREIGN_KEY || want->kind == OBJECT_EXCLUDE || unique;
    SqlName table = { want->schema, want->table };
    if (refuses && want->kind != OBJECT_INDEX && ((const Constraint *)(const void *)want)->not_enforced)
        return;
    if (clause_after(&judge->sentence->all, "USING INDEX")) // which refused them before
        return;
    if (refuses && lint_table(judge->before, table) && !lint_table_is_new(judge, table))
        lint_found(judge, "B114", want->table, NULL, NULL,
                   "%s %s refuses rows of table %s that were accepted before", object_kinds[want->kind].word,
                   want->name ? want->name : "(unnamed)", want->table);
}

static void judge_statement(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    judge_renames(judge);
    if (clause_begins(&s->all, "REVOKE") || (s->verb == VERB_ALTER && clause_after(&s->all, "OWNER TO")))
        lint_found(judge, "B115", NULL, NULL, NULL, "takes rights away from those who had them");
    VEC_EACH (Change, it, judge->changes) {
        bool key = it->want && (it->want->kind == OBJECT_PRIMARY_KEY || it->want->kind == OBJECT_UNIQUE);
        if (it->kind == CHANGE_ALTER && it->want->kind == OBJECT_COLUMN)
            judge_column(judge, it);
        else if (it->kind == CHANGE_ALTER && key && it->facets & FACET_PARTS) // DROP and ADD at once
            judge_dropped(judge, it->have);
        else if (it->kind == CHANGE_DROP)
            judge_dropped(judge, it->have);
        else if (it->kind == CHANGE_CREATE)
            judge_created(judge, it->want);
    }
}

// How many parameters, from the last on, have a default: CREATE FUNCTION f(a int, b int DEFAULT 0).
static size_t count_defaults(Arena *arena, const Dialect *dialect, const char *definition)
{
    TokenList tokens = lex_all(arena, (Text){ definition, strlen(definition) }, dialect->lex);
    size_t count = 0, depth = 0;
    bool has = false, result = false;
    for (size_t i = 0; i < tokens.count; i++) {
        const Token *token = &tokens.items[i];
        depth += token_is(token, "(");
        bool ends = depth == 1 && (token_is(token, ",") || token_is(token, ")"));
        if (ends && !result)
            count = has ? count + 1 : 0;
        if (ends)
            has = result = false;
        result |= depth == 1 && token_is(token, "OUT") && tokens.items[i + 1].kind != TOKEN_END;
        has |= depth == 1 && (token_is(token, "DEFAULT") || token_is(token, "=") || token_is(token, ":="));
        if (token_is(token, ")") && --depth == 0)
            break;
    }
    return count;
}

// Does a call of `gone` find `made`: the same arguments first, and a default for each further one?
static bool takes_its_calls(const JudgeRevision *judge, const Object *made, const Object *gone)
{
    size_t n = strlen(gone->name);
    bool none = n > 1 && gone->name[n - 2] == '(';
    if (n < 2 || gone->name[n - 1] != ')' || !made->definition ||
        strncmp(made->name, gone->name, n - 1) != 0 || !same_text(made->schema, gone->schema) ||
        (!none && made->name[n - 1] != ','))
        return false;
    size_t further = none, depth = 0;
    for (const char *p = made->name + n - 1; *p; p++) {
        depth += *p == '(';
        further += *p == ',' && !depth;
        depth -= *p == ')' && depth;
    }
    return count_defaults(judge->arena, judge->lint->dialect, made->definition) >= further;
}

// Is there something under the name of a view, or a routine with the arguments of this one? The name has their types.
static bool is_replaced(const JudgeRevision *judge, const Object *gone)
{
    const Schema *after = judge->after;
    if (gone->kind == OBJECT_VIEW && schema_table(after, gone->schema, gone->name))
        return true;
    VEC_EACH (Object *, it, &after->objects) {
        bool same_use =
            gone->kind == OBJECT_VIEW ? (*it)->kind == OBJECT_VIEW : object_kind_is_routine((*it)->kind);
        bool same_name = same_text((*it)->schema, gone->schema) && strcmp((*it)->name, gone->name) == 0;
        if (same_use && (same_name || takes_its_calls(judge, *it, gone)))
            return true;
    }
    return false;
}

static void judge_gone(const JudgeRevision *judge)
{
    VEC_EACH (Object *, it, &judge->before->objects) {
        const Object *gone = *it;
        if ((gone->kind != OBJECT_VIEW && !object_kind_is_routine(gone->kind)) ||
            lint_made_here(judge->lint, gone->kind, gone->schema, gone->table, gone->name) ||
            is_replaced(judge, gone))
            continue;
        lint_found_in(judge, "B108", lint_place_of_drop(judge, gone), gone->name, "drops %s %s",
                      object_kinds[gone->kind].word, gone->name);
    }
}

// What stays after the last statement: a default may be taken away later in the revision, and a view made again.
static void judge_revision(const JudgeRevision *judge)
{
    if (!judge->before || !judge->after)
        return;
    judge_gone(judge);
    VEC_EACH (Table *, it, &judge->after->tables) {
        const Table *before = schema_table(judge->before, (*it)->head.schema, (*it)->head.name);
        if (!before)
            continue;
        VEC_EACH (Column *, column, &(*it)->columns)
            if (!model_has_column(judge->arena, judge->before, before, (*column)->head.name) &&
                column_leaves_rows_empty(*column) &&
                (lint_made_by(judge, &(*it)->head) ||
                 lint_made_here(judge->lint, OBJECT_COLUMN, (*it)->head.schema, (*it)->head.name,
                                (*column)->head.name)))
                lint_found_in(judge, "B105", lint_place_of(judge, &(*column)->head), (*it)->head.name,
                              "new column %s of table %s takes no NULL and has no default",
                              (*column)->head.name, (*it)->head.name);
    }
}

const LintFamily lint_breaks = { .group = "breaks",
                                 .rules = rules,
                                 .statement = judge_statement,
                                 .inner = judge_renames,
                                 .revision = judge_revision };
