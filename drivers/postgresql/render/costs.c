// What a change costs the server besides its own lock: files that are written again, rows that are read, other tables that are
// locked. Each of these was measured on the servers; tests/live/test_costs.py executes them and compares.
#include <string.h>
#include <strings.h>

#include "drivers/postgresql/render/render.h"

static const Dialect *const D = &postgresql_dialect;

static TokenList tokens_of(const Render *r, const char *text)
{
    return lex_all(r->arena, (Text){ text, strlen(text) }, D->lex);
}

static bool mentions(const Render *r, const char *text, const char *name)
{
    TokenList tokens = text ? tokens_of(r, text) : (TokenList){ 0 };
    VEC_EACH (Token, it, &tokens)
        if (token_named(it, name))
            return true;
    return false;
}

static const Table *table_before(const Render *r, const Object *part)
{
    return r->step->have_table ? r->step->have_table
                               : schema_table(r->graph->have, part->schema, part->table);
}

// --- defaults ------------------------------------------------------------------

// The server's own functions, and those of well-known extensions, that give another value for each row.
static bool is_known_volatile(const Token *name)
{
    static const char *const names[] = {
        "random",           "random_normal",
        "gen_random_uuid",  "uuidv4",
        "uuidv7",           "nextval",
        "setval",           "clock_timestamp",
        "timeofday",        "currval",
        "lastval",          "gen_random_bytes",
        "uuid_generate_v1", "uuid_generate_v1mc",
        "uuid_generate_v4", "pg_sleep",
        "setseed",
    };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (token_named(name, names[i]))
            return true;
    return false;
}

// Words that stand before a parenthesis and call nothing.
static bool is_syntax(const Token *word)
{
    static const char *const words[] = { "coalesce", "nullif", "greatest", "least", "row",   "cast",
                                         "case",     "when",   "then",     "else",  "and",   "or",
                                         "not",      "in",     "any",      "all",   "array", "extract" };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (token_is(word, words[i]))
            return true;
    return false;
}

// Does the word at i belong to the name of a type after `::`, as in '1'::character varying(3)?
static bool is_cast(const TokenList *tokens, size_t i)
{
    while (i > 0 && (tokens->items[i - 1].kind == TOKEN_WORD || token_is(&tokens->items[i - 1], ".")))
        i--;
    return i > 0 && token_is(&tokens->items[i - 1], "::");
}

// A function of the model by its own words; one that nobody knows may be an extension's.
static Tristate volatility_of(const Render *r, const Token *name)
{
    bool extensions = false;
    VEC_EACH (Object *, it, &r->graph->want->objects) {
        extensions |= (*it)->kind == OBJECT_EXTENSION;
        if ((*it)->kind != OBJECT_FUNCTION || !(*it)->definition)
            continue;
        size_t n = strcspn((*it)->name, "(");
        if (!token_named(name, arena_strndup(r->arena, (*it)->name, n)))
            continue;
        if (mentions(r, (*it)->definition, "immutable") || mentions(r, (*it)->definition, "stable"))
            return NO;
        return mentions(r, (*it)->definition, "sql") ? UNSET : YES; // one in SQL may be put in its place
    }
    return is_known_volatile(name) ? YES : extensions ? UNSET : NO;
}

static Tristate is_volatile(const Render *r, const char *expression)
{
    TokenList tokens = tokens_of(r, expression);
    Tristate answer = NO;
    for (size_t i = 0; i + 1 < tokens.count; i++) {
        const Token *name = &tokens.items[i];
        bool word = name->kind == TOKEN_WORD || name->kind == TOKEN_NAME;
        if (!word || !token_is(&tokens.items[i + 1], "(") || is_syntax(name) || is_cast(&tokens, i))
            continue;
        Tristate one = volatility_of(r, name);
        if (one == YES)
            return YES;
        answer = one == UNSET ? UNSET : answer;
    }
    return answer;
}

const char *pg_note_of_new_column(const Render *r, const Column *column)
{
    static const char rewrites[] = "rewrites the table";
    if (column->generated && !column->stored)
        return NULL;
    if (column->generated || column->autoincrement || column->identity != IDENTITY_NONE ||
        pg_type_has_conditions(r->graph->want, column->type))
        return rewrites;
    Tristate changes = column->default_sql ? is_volatile(r, column->default_sql) : NO;
    return changes == YES     ? rewrites
           : changes == UNSET ? "rewrites the table where the default is volatile"
                              : NULL;
}

// --- types ---------------------------------------------------------------------

static bool has_part(const Render *r, const PartList *parts, const char *name)
{
    VEC_EACH (Part, it, parts)
        if ((it->column && strcmp(it->column, name) == 0) || mentions(r, it->expression, name))
            return true;
    return false;
}

static bool is_indexed(const Render *r, const Table *table, const char *name)
{
    VEC_EACH (Index *, it, &table->indexes)
        if (has_part(r, &(*it)->parts, name) || mentions(r, (*it)->where, name))
            return true;
    VEC_EACH (Constraint *, it, &table->constraints)
        if ((*it)->head.kind != OBJECT_CHECK && (*it)->head.kind != OBJECT_FOREIGN_KEY &&
            has_part(r, &(*it)->parts, name))
            return true;
    return false;
}

static bool is_checked(const Render *r, const Table *table, const char *name)
{
    VEC_EACH (Constraint *, it, &table->constraints)
        if ((*it)->head.kind == OBJECT_CHECK && !(*it)->not_valid && !(*it)->not_enforced &&
            mentions(r, (*it)->expression, name))
            return true;
    return false;
}

// The rows stay, and yet other operators sort them.
static bool sorts_otherwise(const char *from, const char *to)
{
    static const char *const pairs[][2] = {
        {"integer", "oid"        },
        { "oid",    "integer"    },
        { "bit",    "bit varying"}
    };
    if ((strcmp(from, "citext") == 0) != (strcmp(to, "citext") == 0))
        return true;
    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        if (strncmp(from, pairs[i][0], strcspn(from, "(")) == 0 && strcmp(to, pairs[i][1]) == 0)
            return true;
    return false;
}

static bool is_time_zone_only(const char *from, const char *to)
{
    return (strcmp(from, "timestamp without time zone") == 0 &&
            strcmp(to, "timestamp with time zone") == 0) ||
           (strcmp(from, "timestamp with time zone") == 0 && strcmp(to, "timestamp without time zone") == 0);
}

const char *pg_note_of_type(const Render *r, const Column *have, const Column *want, bool converts)
{
    if (!converts && is_time_zone_only(have->type, want->type))
        return "rewrites the table and its indexes, unless the time zone of the session is UTC";
    if (converts || !pg_type_keeps_rows(r->arena, r->graph, have->type, want->type))
        return "rewrites the table and its indexes";
    const Table *table = table_before(r, &have->head);
    bool other = !same_text(have->collation, want->collation) || sorts_otherwise(have->type, want->type);
    bool builds = table && other && is_indexed(r, table, have->head.name);
    bool reads = table && is_checked(r, table, have->head.name);
    return builds && reads ? "reads the table, builds indexes of the column again"
           : builds        ? "builds indexes of the column again"
           : reads         ? "reads the table, for a check of the column"
                           : NULL;
}

// --- NOT NULL ------------------------------------------------------------------

// Is [from, to) the condition that the column is not NULL, or several that are joined by AND, of which it is one?
static bool proves(const TokenList *tokens, size_t from, size_t to, const char *name)
{
    int depth = 0;
    size_t start = from;
    bool split = false;
    for (size_t i = from; i < to; i++) {
        const Token *token = &tokens->items[i];
        depth += token_is(token, "(") ? 1 : token_is(token, ")") ? -1 : 0;
        if (depth == 0 && token_is(token, "OR"))
            return false;
        if (depth == 0 && token_is(token, "AND")) {
            if (proves(tokens, start, i, name))
                return true;
            start = i + 1;
            split = true;
        }
    }
    if (split)
        return proves(tokens, start, to, name);
    if (to - from > 2 && token_is(&tokens->items[from], "(") && token_is(&tokens->items[to - 1], ")"))
        return proves(tokens, from + 1, to - 1, name);
    return to - from == 4 && token_named(&tokens->items[from], name) &&
           token_is(&tokens->items[from + 1], "IS") && token_is(&tokens->items[from + 2], "NOT") &&
           token_is(&tokens->items[from + 3], "NULL");
}

bool pg_not_null_is_proved(const Render *r, const Column *column)
{
    const Table *have = table_before(r, &column->head), *want = r->step->want_table;
    if (!have || !want)
        return false;
    VEC_EACH (Constraint *, it, &have->constraints) {
        const Constraint *check = *it, *stays = table_constraint(want, check->head.name);
        if (check->head.kind != OBJECT_CHECK || check->not_valid || check->not_enforced || !stays ||
            !same_text(stays->expression, check->expression))
            continue;
        TokenList tokens = tokens_of(r, check->expression);
        if (proves(&tokens, 0, tokens.count - 1, column->head.name)) // its last is the end
            return true;
    }
    return false;
}

// --- other tables that are locked -----------------------------------------------

const Table *pg_default_partition_of(const Render *r, const char *parent)
{
    VEC_EACH (Table *, it, &r->graph->have->tables) {
        const char *of = option_get(&(*it)->head.options, PG_PARTITION_OF),
                   *bound = option_get(&(*it)->head.options, PG_PARTITION_BOUND);
        if (of && parent && strcmp(of, parent) == 0 && (!bound || strcasecmp(bound, "DEFAULT") == 0))
            return *it;
    }
    return NULL;
}

static void put_name(StrBuf *names, const Render *r, const char *schema, const char *table)
{
    const char *name = name_join(r->arena, schema, table);
    if (!name_listed(r->arena, names->text, name))
        strbuf_printf(names, "%s%s", names->length ? ", " : "", name);
}

static void put_relatives(StrBuf *names, const Render *r, const Table *table)
{
    const char *parent = option_get(&table->head.options, PG_PARTITION_OF);
    if (!parent)
        return;
    strbuf_printf(names, "%s%s", names->length ? ", " : "", parent);
    const Table *other = pg_default_partition_of(r, parent);
    if (other)
        put_name(names, r, other->head.schema, other->head.name);
}

const char *pg_lock_of_drop(const Render *r, const Table *table)
{
    StrBuf names = pg_begin(r);
    put_name(&names, r, table->head.schema, table->head.name);
    VEC_EACH (Constraint *, it, &table->constraints)
        if ((*it)->head.kind == OBJECT_FOREIGN_KEY)
            put_name(&names, r, (*it)->referred_schema, (*it)->referred_table);
    put_relatives(&names, r, table);
    bool one = !strchr(names.text, ',');
    return one ? "ACCESS EXCLUSIVE" : arena_printf(r->arena, "ACCESS EXCLUSIVE on %s", names.text);
}

const char *pg_lock_of_new_partition(const Render *r, const Table *table)
{
    StrBuf names = pg_begin(r);
    put_relatives(&names, r, table);
    return names.length ? arena_printf(r->arena, "ACCESS EXCLUSIVE on %s", names.text) : NULL;
}

const char *pg_lock_of_index_drop(const Render *r, const Object *index)
{
    return arena_printf(r->arena, "ACCESS EXCLUSIVE on the index and %s",
                        name_join(r->arena, index->schema, index->table));
}

void pg_cost_of_domain_rule(const Render *r, Statement *statement, const DomainType *domain)
{
    VEC_EACH (Table *, table, &r->graph->have->tables)
        VEC_EACH (Column *, it, &(*table)->columns)
            if (pg_type_has_domain(r->graph->have, (*it)->type, domain)) {
                pg_cost(r, statement, "SHARE on the tables that use it", "reads them");
                return;
            }
}
