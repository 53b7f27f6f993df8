// The page of one table.
#include "cli/pages/internal.h"

#include <strings.h>

#include "cli/output/report.h"

static const char *shown_type(const PageMaker *maker, const Column *column)
{
    const Dialect *dialect = maker->schema->dialect;
    const char *portable =
        column->type && dialect->type_portable ? dialect->type_portable(maker->arena, column->type) : NULL;
    return portable ? portable : column->type ? column->type : "";
}

// "PK, FK, UK", for the keys that the column is in.
static const char *key_words(const PageMaker *maker, const Table *table, const char *column)
{
    static const struct {
        ObjectKind kind;
        const char *word;
    } words[] = {
        {OBJECT_PRIMARY_KEY,  "PK"},
        { OBJECT_FOREIGN_KEY, "FK"},
        { OBJECT_UNIQUE,      "UK"}
    };
    StrBuf out;
    strbuf_init(&out, maker->arena);
    for (size_t w = 0; w < COUNT_OF(words); w++) {
        bool found = false;
        VEC_EACH (Constraint *, it, &table->constraints)
            found |= (*it)->head.kind == words[w].kind && parts_have_column(&(*it)->parts, column);
        if (found)
            strbuf_printf(&out, "%s%s", out.length ? ", " : "", words[w].word);
    }
    return out.text;
}

static void put_default(Page *page, const Column *column)
{
    if (column->generated) {
        page_text(page, column->stored ? "stored " : "computed ");
        page_code(page, column->generated);
    } else if (column->identity != IDENTITY_NONE) {
        page_text(page, column->identity == IDENTITY_ALWAYS ? "identity, always" : "identity");
    } else if (column->autoincrement) {
        page_text(page, "auto-increment");
    } else if (column->default_sql) {
        page_code(page, column->default_sql);
    }
}

// The revision that made the column and the last one that changed it.
static void put_since(const PageMaker *maker, Page *page, const Table *table, const Column *column)
{
    const SchemaHistory *history = maker->source->history;
    const HistoryEvent *made = schema_history_made(history, &table->head, column->head.name), *last = NULL;
    if (!made) {
        page_text(page, "no revision yet");
        return;
    }
    VEC_EACH (HistoryEvent, it, &history->events)
        if (it > made && same_text(it->column, column->head.name) && history_event_is_of(it, &table->head))
            last = it;
    page_code(page, made->revision->id);
    if (last) {
        page_text(page, ", changed ");
        page_code(page, last->revision->id);
    }
}

// The columns of a table. The column "Since" is there only where the history is known.
static void put_columns(const PageMaker *maker, Page *page, const Table *table)
{
    static const char *const heads[] = {
        "Column", "Type", "Null", "Default", "Key", "Comment", "Since", NULL
    };
    static const char *const without[] = { "Column", "Type", "Null", "Default", "Key", "Comment", NULL };
    bool history = maker->source->history != NULL;
    page_heading(page, 2, "Columns");
    page_table(page, history ? heads : without);
    VEC_EACH (Column *, it, &table->columns) {
        const Column *column = *it;
        page_row(page, arena_printf(maker->arena, "%s.%s", page_slug(maker->arena, table->head.name),
                                    page_slug(maker->arena, column->head.name)));
        page_cell(page);
        page_code(page, column->head.name);
        page_cell(page);
        page_code(page, shown_type(maker, column));
        page_cell(page);
        page_text(page, column->nullable ? "yes" : "no");
        page_cell(page);
        put_default(page, column);
        page_cell(page);
        page_text(page, key_words(maker, table, column->head.name));
        page_cell(page);
        page_text(page, column->head.comment ? column->head.comment : "");
        if (history) {
            page_cell(page);
            put_since(maker, page, table, column);
        }
        page_row_end(page);
    }
    page_table_end(page);
}

// --- keys --------------------------------------------------------------------

static const Table *referred(const PageMaker *maker, const Constraint *key)
{
    return schema_table(maker->schema, key->referred_schema, key->referred_table);
}

static void put_table_link(const PageMaker *maker, Page *page, const Table *table)
{
    page_link(page, pages_table_file(maker, table), NULL,
              name_join(maker->arena, table->head.schema, table->head.name));
}

static void put_names(Page *page, const NameList *names)
{
    if (names->count)
        page_text(page, " (");
    VEC_EACH (const char *, name, names) {
        page_text(page, name == names->items ? "" : ", ");
        page_code(page, *name);
    }
    if (names->count)
        page_text(page, ")");
}

static void put_actions(Page *page, const Constraint *key)
{
    page_cell(page);
    page_text(page, key->on_delete ? key->on_delete : "");
    page_cell(page);
    page_text(page, key->on_update ? key->on_update : "");
    page_cell(page);
    if (key->head.name)
        page_code(page, key->head.name);
    page_row_end(page);
}

static bool begin_once(Page *page, bool open, const char *title, const char *const *heads)
{
    if (!open) {
        page_heading(page, 2, title);
        page_table(page, heads);
    }
    page_row(page, NULL);
    page_cell(page);
    return true;
}

static void put_references(const PageMaker *maker, Page *page, const Table *table)
{
    static const char *const heads[] = { "Columns", "Table", "On delete", "On update", "Name", NULL };
    bool open = false;
    VEC_EACH (Constraint *, it, &table->constraints) {
        if ((*it)->head.kind != OBJECT_FOREIGN_KEY)
            continue;
        open = begin_once(page, open, "References", heads);
        pages_put_parts(page, &(*it)->parts);
        page_cell(page);
        const Table *parent = referred(maker, *it);
        if (parent)
            put_table_link(maker, page, parent);
        else
            page_code(page, name_join(maker->arena, (*it)->referred_schema,
                                      (*it)->referred_table ? (*it)->referred_table : ""));
        put_names(page, &(*it)->referred_columns);
        put_actions(page, *it);
    }
    if (open)
        page_table_end(page);
}

static void put_referrers(const PageMaker *maker, Page *page, const Table *table)
{
    static const char *const heads[] = { "Table", "Columns", "On delete", "On update", "Name", NULL };
    bool open = false;
    VEC_EACH (Table *, other, &maker->schema->tables)
        VEC_EACH (Constraint *, it, &(*other)->constraints) {
            if ((*it)->head.kind != OBJECT_FOREIGN_KEY || referred(maker, *it) != table)
                continue;
            open = begin_once(page, open, "Referenced by", heads);
            put_table_link(maker, page, *other);
            page_cell(page);
            pages_put_parts(page, &(*it)->parts);
            put_actions(page, *it);
        }
    if (open)
        page_table_end(page);
}

// --- indexes -----------------------------------------------------------------

// What lint found of this very index: S201 and S202 name one that another makes needless.
static const char *found_of(const PageMaker *maker, const Object *object)
{
    VEC_EACH (LintFinding, it, maker->source->findings) {
        bool redundant = strcmp(it->rule->code, "S201") == 0 || strcmp(it->rule->code, "S202") == 0;
        if (redundant && object->at.file && same_text(it->at.file, object->at.file) &&
            it->at.line == object->at.line && it->at.column == object->at.column)
            return it->message;
    }
    return NULL;
}

static void put_key(const PageMaker *maker, Page *page, bool *open, const Object *head, const PartList *parts,
                    const char *what, const char *where)
{
    static const char *const heads[] = { "Name", "Columns", "Kind", "Where", "Note", NULL };
    const char *note = found_of(maker, head);
    *open = begin_once(page, *open, "Keys and indexes", heads);
    if (head->name)
        page_code(page, head->name);
    page_cell(page);
    pages_put_parts(page, parts);
    page_cell(page);
    page_text(page, what);
    page_cell(page);
    if (where)
        page_code(page, where);
    page_cell(page);
    page_text(page, note ? note : head->comment ? head->comment : "");
    page_row_end(page);
}

static void put_indexes(const PageMaker *maker, Page *page, const Table *table)
{
    bool open = false;
    VEC_EACH (Constraint *, it, &table->constraints) {
        const Constraint *key = *it;
        if (key->head.kind == OBJECT_PRIMARY_KEY || key->head.kind == OBJECT_UNIQUE ||
            key->head.kind == OBJECT_EXCLUDE)
            put_key(maker, page, &open, &key->head, &key->parts, object_kinds[key->head.kind].word,
                    key->where);
    }
    VEC_EACH (Index *, it, &table->indexes) {
        const char *method = (*it)->method ? arena_printf(maker->arena, " (%s)", (*it)->method) : "";
        put_key(maker, page, &open, &(*it)->head, &(*it)->parts,
                arena_printf(maker->arena, "%sindex%s", (*it)->unique ? "unique " : "", method),
                (*it)->where);
    }
    if (open)
        page_table_end(page);
}

static void put_checks(Page *page, const Table *table)
{
    static const char *const heads[] = { "Name", "Check", NULL };
    bool open = false;
    VEC_EACH (Constraint *, it, &table->constraints) {
        if ((*it)->head.kind != OBJECT_CHECK)
            continue;
        open = begin_once(page, open, "Checks", heads);
        if ((*it)->head.name)
            page_code(page, (*it)->head.name);
        page_cell(page);
        page_code(page, (*it)->expression ? (*it)->expression : "");
        page_row_end(page);
    }
    if (open)
        page_table_end(page);
}

// Triggers, policies, rules, statistics: what has its own definition and is of this table.
static void put_others(const PageMaker *maker, Page *page, const Table *table)
{
    VEC_EACH (Object *, it, &maker->schema->objects) {
        const Object *object = *it;
        if (!object->table || strcmp(object->table, table->head.name) != 0 ||
            !same_text(object->schema, table->head.schema))
            continue;
        const char *word = object_kinds[object->kind].word;
        page_heading(page, 2,
                     arena_printf(maker->arena, "%c%s %s", word[0] - ('a' - 'A'), word + 1,
                                  object->name ? object->name : ""));
        if (object->definition)
            page_block(page, "sql", object->definition);
    }
}

// --- history and findings ------------------------------------------------------

// The revisions that changed the table, without those changes that came with its creation.
static void put_history(const PageMaker *maker, Page *page, const Table *table)
{
    static const char *const signs[] = {
        [CHANGE_CREATE] = "+ ", [CHANGE_DROP] = "- ", [CHANGE_ALTER] = "~ "
    };
    static const char *const heads[] = { "Revision", "Message", "Change", NULL };
    bool open = false;
    if (!maker->source->history)
        return;
    VEC_EACH (HistoryEvent, it, &maker->source->history->events) {
        bool column_gone = it->gone && it->column && same_text(it->table, table->head.name) &&
                           same_text(it->schema, table->head.schema);
        if (it->within || (!history_event_is_of(it, &table->head) && !column_gone))
            continue;
        open = begin_once(page, open, "History", heads);
        page_code(page, it->revision->id);
        page_cell(page);
        page_text(page, it->revision->script->message ? it->revision->script->message : "");
        page_cell(page);
        page_text(page, signs[it->kind]);
        page_text(page, it->phrase);
        page_row_end(page);
    }
    if (open)
        page_table_end(page);
}

static void put_findings(const PageMaker *maker, Page *page, const Table *table)
{
    bool open = false;
    VEC_EACH (LintFinding, it, maker->source->findings) {
        if (it->suppressed || !same_text(it->table, table->head.name))
            continue;
        if (!open) {
            page_heading(page, 2, "Findings");
            page_list(page);
        }
        open = true;
        page_item(page);
        page_textf(page, "%s %s ", lint_level_word(it->level), it->rule->code);
        page_code(page, it->rule->name);
        page_text(page, ": ");
        page_text(page, it->message);
    }
    if (open)
        page_list_end(page);
}

bool pages_table(const PageMaker *maker, const Table *table, Error *err)
{
    Page page;
    const char *title = name_join(maker->arena, table->head.schema, table->head.name);
    page_start(&page, maker->arena, maker->source->html, title, "../");
    page_heading(&page, 1, title);
    if (table->head.comment) {
        page_paragraph(&page);
        page_text(&page, table->head.comment);
        page_paragraph_end(&page);
    }
    page_home(&page);
    put_columns(maker, &page, table);
    put_references(maker, &page, table);
    put_referrers(maker, &page, table);
    put_indexes(maker, &page, table);
    put_checks(&page, table);
    put_others(maker, &page, table);
    put_findings(maker, &page, table);
    put_history(maker, &page, table);
    if (!pages_put_diagram(maker, &page, table, err))
        return false;
    pages_add(maker, pages_table_file(maker, table), &page);
    return true;
}
