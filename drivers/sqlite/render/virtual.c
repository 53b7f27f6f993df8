// A virtual table cannot be altered, and only its module knows what it holds. Where that is known too (the full-text
// modules and R*Trees), a changed one is made beside the old one, which is renamed out of the way, and takes its rows by name.
#include "drivers/sqlite/sqlite.h"

#include <string.h>
#include <strings.h>

#define DIALECT &sqlite_dialect

typedef struct Contents {
    NameList columns;
    const char *
        content; // another table that holds what a full-text table indexes; "" none does; NULL: it does itself
    bool full_text, tree; // neither: a plain table, or a module that is not known
} Contents;

static bool is_named(const char *module, const char *const *names)
{
    for (; *names; names++)
        if (strcasecmp(module, *names) == 0)
            return true;
    return false;
}

// One argument of the module, its tokens [first, last): a column, or an option as in content='p'.
static void read_argument(Arena *arena, const Token *first, const Token *last, Contents *out)
{
    if (first == last)
        return;
    if (out->tree) {
        first += token_is(first, "+");
        *VEC_PUSH(arena, &out->columns) = token_name(arena, first);
        return;
    }
    bool option = (last - first > 1 && token_is(first + 1, "=")) || token_is(first, "tokenize");
    if (!option)
        *VEC_PUSH(arena, &out->columns) = token_name(arena, first);
    else if (last - first > 2 && token_is(first, "content"))
        out->content = token_name(arena, first + 2);
    else if (last - first == 2 && token_is(first, "content"))
        out->content = "";
}

// Reads module and arguments of CREATE VIRTUAL TABLE. Only the modules whose contents can be copied are read
// further.
static void read_virtual(Arena *arena, const char *definition, Contents *out)
{
    static const char *const full_text[] = { "fts3", "fts4", "fts5", NULL };
    static const char *const trees[] = { "rtree", "rtree_i32", NULL };
    TokenList tokens = lex_all(arena, (Text){ definition, strlen(definition) }, SQLITE_LEX);
    const Token *token = tokens.items, *end = tokens.items + tokens.count - 1;
    while (token < end && !token_is(token, "USING"))
        token++;
    if (end - token < 2)
        return;
    const char *module = token_name(arena, token + 1);
    out->full_text = is_named(module, full_text);
    out->tree = is_named(module, trees);
    if ((!out->full_text && !out->tree) || !token_is(token + 2, "("))
        return;
    const Token *first = token += 3;
    for (int depth = 1; token < end && depth > 0; token++) {
        depth += token_is(token, "(") - token_is(token, ")");
        if (depth == 0 || (depth == 1 && token_is(token, ","))) {
            read_argument(arena, first, token, out);
            first = token + 1;
        }
    }
}

static Contents contents_of(Arena *arena, const Table *table)
{
    Contents out = { 0 };
    if (table->is_virtual) {
        read_virtual(arena, table->head.definition, &out);
        return out;
    }
    VEC_EACH (Column *, column, &table->columns)
        if (!(*column)->generated)
            *VEC_PUSH(arena, &out.columns) = (*column)->head.name;
    return out;
}

static bool holds(const Contents *contents, const Table *table)
{
    return !contents->content && (contents->full_text || contents->tree || !table->is_virtual);
}

static const char *column_in(const NameList *columns, const char *name)
{
    VEC_EACH (const char *, it, columns)
        if (sqlite_same_name(*it, name))
            return *it;
    return NULL;
}

static void put_pair(StrBuf *names, StrBuf *values, const char *name, const char *value)
{
    if (names->length) {
        strbuf_puts(names, ", ");
        strbuf_puts(values, ", ");
    }
    sql(names, DIALECT, ID(name));
    sql(values, DIALECT, ID(value));
}

// INSERT INTO new (…) SELECT … FROM old. NULL: nothing can be carried over.
static const char *carry_rows(Arena *arena, const Table *have, const Table *want, const char *old_name)
{
    Contents from = contents_of(arena, have), to = contents_of(arena, want);
    if (!holds(&from, have) || !holds(&to, want))
        return NULL;
    StrBuf names, values, out;
    strbuf_init(&names, arena);
    strbuf_init(&values, arena);
    strbuf_init(&out, arena);
    // the first column of an R*Tree is its rowid
    bool trees = from.tree && to.tree && from.columns.count && to.columns.count;
    if (trees)
        put_pair(&names, &values, to.columns.items[0], from.columns.items[0]);
    else if (!to.tree && (from.full_text || from.tree || sqlite_has_rowid(have)) &&
             (want->is_virtual || (sqlite_has_rowid(want) && !sqlite_rowid_column(want))))
        put_pair(&names, &values, "rowid", "rowid");
    bool common = false;
    for (size_t i = trees; i < to.columns.count; i++) {
        const char *old = column_in(&from.columns, to.columns.items[i]);
        if (!old)
            continue;
        common = true;
        put_pair(&names, &values, to.columns.items[i], old);
    }
    if (!common)
        return NULL;
    sql(&out, DIALECT, KW("INSERT INTO"), ID(want->head.name), KW("("), EXPR(names.text), KW(")\nSELECT"),
        EXPR(values.text), KW("FROM"), ID(old_name));
    return out.text;
}

// A full-text table beside the table that holds the text reads it again.
static bool can_reindex(Arena *arena, const StepGraph *graph, const Table *want)
{
    Contents contents = contents_of(arena, want);
    const Table *holder =
        contents.full_text && contents.content ? schema_table(graph->want, NULL, contents.content) : NULL;
    if (!holder)
        return false;
    VEC_EACH (const char *, column, &contents.columns)
        if (!sqlite_column(holder, *column))
            return false;
    return true;
}

const char *sqlite_content_of(Arena *arena, const Table *table)
{
    Contents contents = contents_of(arena, table);
    return contents.full_text && contents.content && contents.content[0] ? contents.content : NULL;
}

static const char *lost_columns(Arena *arena, const Contents *from, const Contents *to, const char *table)
{
    StrBuf lost;
    size_t count = 0;
    strbuf_init(&lost, arena);
    VEC_EACH (const char *, column, &from->columns)
        if (!column_in(&to->columns, *column) && !(from->tree && column == from->columns.items))
            strbuf_printf(&lost, "%s%s", count++ ? ", " : "", *column);
    return count ? arena_printf(arena, "column%s %s of table %s", count > 1 ? "s" : "", lost.text, table)
                 : NULL;
}

const char *sqlite_virtual_loss(const StepGraph *graph, const Table *have, const Table *want)
{
    Arena *arena = graph->arena;
    Contents from = contents_of(arena, have), to = contents_of(arena, want);
    bool index_only = have->is_virtual && from.full_text && from.content && from.content[0];
    if (can_reindex(arena, graph, want) && index_only)
        return NULL;
    if (carry_rows(arena, have, want, ""))
        return lost_columns(arena, &from, &to, have->head.name);
    return arena_printf(arena, "the rows of table %s", have->head.name);
}

static void add_rename(Arena *arena, const char *from, const char *to, StatementList *out)
{
    StrBuf text;
    strbuf_init(&text, arena);
    sql(&text, DIALECT, KW("ALTER TABLE"), ID(from), KW("RENAME TO"), ID(to));
    sqlite_add_statement(arena, out, "PRAGMA legacy_alter_table = ON");
    sqlite_add_statement(arena, out, text.text);
    sqlite_add_statement(arena, out, "PRAGMA legacy_alter_table = OFF");
}

static void add_drop(Arena *arena, const char *name, StatementList *out)
{
    StrBuf text;
    strbuf_init(&text, arena);
    sql(&text, DIALECT, KW("DROP TABLE"), ID(name));
    sqlite_add_statement(arena, out, text.text);
}

static void add_table(Arena *arena, const Table *want, StatementList *out)
{
    StrBuf text;
    strbuf_init(&text, arena);
    if (want->is_virtual)
        strbuf_puts(&text, want->head.definition);
    else
        sqlite_put_table(&text, want, NULL, NULL);
    sqlite_add_statement(arena, out, text.text);
}

void sqlite_render_virtual(Arena *arena, const StepGraph *graph, const Step *step, const char *aside,
                           StatementList *out)
{
    const Table *have = step->have_table, *want = step->want_table;
    const char *rows = carry_rows(arena, have, want, aside);
    if (rows)
        add_rename(arena, have->head.name, aside, out);
    else
        add_drop(arena, have->head.name, out);
    add_table(arena, want, out);
    if (rows) {
        sqlite_add_statement(arena, out, rows);
        add_drop(arena, aside, out);
    } else if (can_reindex(arena, graph, want)) {
        StrBuf text;
        strbuf_init(&text, arena);
        sql(&text, DIALECT, KW("INSERT INTO"), ID(want->head.name), KW("("), ID(want->head.name),
            KW(") VALUES ("), LIT("rebuild"), KW(")"));
        sqlite_add_statement(arena, out, text.text);
    }
}
