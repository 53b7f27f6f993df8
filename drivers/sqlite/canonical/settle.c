// Where the database and the model differ in a literal default or a collation, SQLite says whether they are one value: the
// model then takes the spelling of the database, and the second comparison finds no difference.
#include "drivers/sqlite/canonical/settle.h"

#include <string.h>
#include <strings.h>

static Column *as_column(const Object *object) { return (Column *)(void *)(uintptr_t)object; }

// A number, string, blob, word as in TRUE, or a signed number, maybe in parentheses; CURRENT_TIME and its like are computed.
static bool is_literal(Arena *arena, const char *text)
{
    if (!text)
        return false;
    TokenList tokens = lex_all(arena, (Text){ text, strlen(text) }, SQLITE_LEX);
    size_t count = 0;
    VEC_EACH (Token, token, &tokens) {
        if (token->kind == TOKEN_END || token_is(token, "(") || token_is(token, ")"))
            continue;
        bool sign = token_is(token, "-") || token_is(token, "+");
        if ((token->kind == TOKEN_SYMBOL && !sign) || token_is(token, "CURRENT_TIME") ||
            token_is(token, "CURRENT_DATE") || token_is(token, "CURRENT_TIMESTAMP"))
            return false;
        count += !sign;
    }
    return count == 1;
}

// Both defaults in columns without a type, which alter no value, and what a row holds.
static bool same_value(Stage *stage, const Column *have, const Column *want)
{
    Column columns[2] = {
        {.head = { .name = "a" },  .type = "", .nullable = true},
        { .head = { .name = "b" }, .type = "", .nullable = true}
    };
    Table table = {
        .head = {.kind = OBJECT_TABLE, .name = "cmigrate_literals"}
    };
    columns[0].default_sql = have->default_sql;
    columns[1].default_sql = want->default_sql;
    for (size_t i = 0; i < COUNT_OF(columns); i++)
        *VEC_PUSH(stage->arena, &table.columns) = &columns[i];
    StrBuf text;
    strbuf_init(&text, stage->arena);
    sqlite_put_table(&text, &table, NULL, NULL);
    Error ignored = { 0 };
    const char *same = NULL;
    if (!stage_takes(stage, text.text, &ignored))
        return false;
    bool known = stage_takes(stage, "INSERT INTO cmigrate_literals DEFAULT VALUES", &ignored) &&
                 db_value(stage->db, stage->arena,
                          "SELECT typeof(a) = typeof(b) AND quote(a) = quote(b) FROM cmigrate_literals",
                          &same, &ignored);
    (void)!stage_takes(stage, "DROP TABLE cmigrate_literals", &ignored);
    return known && same && strcmp(same, "1") == 0;
}

static void settle_column(Stage *stage, const Change *change)
{
    const Column *have = as_column(change->have);
    Column *want = as_column(change->want);
    if (change->facets & FACET_DEFAULT && is_literal(stage->arena, have->default_sql) &&
        is_literal(stage->arena, want->default_sql) && same_value(stage, have, want))
        want->default_sql = have->default_sql;
    if (change->facets & FACET_COLLATION && sqlite_same_name(have->collation ? have->collation : "BINARY",
                                                             want->collation ? want->collation : "BINARY"))
        want->collation = have->collation;
}

// The collation that a part of a key is ordered by: its own, that of its column, BINARY.
static const char *collation_of(const Table *table, const Part *part)
{
    const Column *column = part->column && table ? sqlite_column(table, part->column) : NULL;
    if (part->collation)
        return part->collation;
    return column && column->collation ? column->collation : "BINARY";
}

static void settle_parts(const Change *change, const PartList *have, PartList *want)
{
    if (have->count != want->count)
        return;
    for (size_t i = 0; i < have->count; i++)
        if (have->items[i].column && want->items[i].column &&
            strcasecmp(collation_of(change->have_table, &have->items[i]),
                       collation_of(change->want_table, &want->items[i])) == 0)
            want->items[i].collation = have->items[i].collation;
}

void sqlite_settle(Stage *stage, const ChangeList *changes)
{
    VEC_EACH (Change, change, changes) {
        if (change->kind != CHANGE_ALTER)
            continue;
        switch ((int)change->want->kind) {
        case OBJECT_COLUMN: settle_column(stage, change); break;
        case OBJECT_INDEX:
            settle_parts(change, &((const Index *)(const void *)change->have)->parts,
                         &((Index *)(void *)(uintptr_t)change->want)->parts);
            break;
        case OBJECT_PRIMARY_KEY:
        case OBJECT_UNIQUE:
            settle_parts(change, &((const Constraint *)(const void *)change->have)->parts,
                         &((Constraint *)(void *)(uintptr_t)change->want)->parts);
            break;
        default: break;
        }
    }
}

// ---- Triggers

static const char *first_column(Stage *stage, const char *table)
{
    StrBuf text;
    strbuf_init(&text, stage->arena);
    sql(&text, &sqlite_dialect, KW("SELECT name FROM pragma_table_info("), LIT(table), KW(") LIMIT 1"));
    const char *name = NULL;
    Error ignored = { 0 };
    return db_value(stage->db, stage->arena, text.text, &name, &ignored) && name ? name : "rowid";
}

// A statement that fires the trigger: its event is the first of the three words after its name.
static const char *firing_statement(Stage *stage, const Object *trigger)
{
    const char *text = trigger->definition;
    TokenList tokens = lex_all(stage->arena, (Text){ text, strlen(text) }, SQLITE_LEX);
    StrBuf out;
    strbuf_init(&out, stage->arena);
    for (size_t i = 3; i + 2 < tokens.count; i++) {
        const Token *token = &tokens.items[i];
        if (token_is(token, "INSERT")) {
            sql(&out, &sqlite_dialect, KW("EXPLAIN INSERT INTO"), ID(trigger->table), KW("DEFAULT VALUES"));
        } else if (token_is(token, "DELETE")) {
            sql(&out, &sqlite_dialect, KW("EXPLAIN DELETE FROM"), ID(trigger->table));
        } else if (token_is(token, "UPDATE")) {
            const char *column = token_is(token + 1, "OF") ? token_name(stage->arena, token + 2)
                                                           : first_column(stage, trigger->table);
            sql(&out, &sqlite_dialect, KW("EXPLAIN UPDATE"), ID(trigger->table), KW("SET"), ID(column),
                KW("="), ID(column));
        } else {
            continue;
        }
        return out.text;
    }
    return NULL;
}

bool sqlite_compiles(Stage *stage, const Object *trigger, Error *why)
{
    const char *text = firing_statement(stage, trigger);
    return !text || stage_takes(stage, text, why);
}
