// The options of identity columns: what a model states and what the server keeps are brought to one form.
#include "drivers/postgresql/dialect/dialect.h"

#include <string.h>

#include "drivers/postgresql/dialect/dialect.h"

const char *pg_identity_options(Arena *arena, const Sequence *sequence)
{
    StrBuf out;
    strbuf_init(&out, arena);
    const char *const pairs[][2] = {
        {"START WITH",    sequence->start            },
        { "INCREMENT BY", sequence->increment        },
        { "MINVALUE",     sequence->minimum          },
        { "MAXVALUE",     sequence->maximum          },
        { "CACHE",        sequence->cache            },
        { "CYCLE",        sequence->cycle ? "" : NULL},
    };
    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        if (pairs[i][1])
            strbuf_printf(&out, "%s%s%s%s", out.length ? " " : "", pairs[i][0], *pairs[i][1] ? " " : "",
                          pairs[i][1]);
    return out.length ? out.text : NULL;
}

static bool is_of_numbering(const Token *token)
{
    static const char *const words[] = { "start",    "with",  "increment", "by", "minvalue",
                                         "maxvalue", "cache", "cycle",     "no", "-" };
    if (token->kind == TOKEN_NUMBER)
        return true;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (token_is(token, words[i]))
            return true;
    return false;
}

const char *pg_identity_options_as_kept(Arena *arena, const Column *column)
{
    const char *stated = column->identity_options;
    if (!stated)
        return NULL;
    TokenList tokens = lex_all(arena, (Text){ stated, strlen(stated) }, LEX_POSTGRESQL);
    for (size_t i = 0; i + 1 < tokens.count; i++)
        if (!is_of_numbering(&tokens.items[i]))
            return stated;
    Numbering n = pg_numbering_of_text(arena, stated, column->type);
    Sequence sequence = { .type = n.type,
                          .start = n.start,
                          .increment = n.increment,
                          .minimum = n.minimum,
                          .maximum = n.maximum,
                          .cache = n.cache,
                          .cycle = n.cycle };
    pg_sequence_shorten(&sequence);
    return pg_identity_options(arena, &sequence);
}

// Only a table by itself: before 17 a partition has no identity of its parent's, and a child by inheritance never has.
static bool stands_alone(const Table *table)
{
    static const char *const ties[] = { PG_INHERITS, PG_PARTITION_OF, PG_PARTITION_BY, PG_OF_TYPE,
                                        PG_SERVER };
    for (size_t i = 0; i < COUNT_OF(ties); i++)
        if (option_get(&table->head.options, ties[i]))
            return false;
    return true;
}

void pg_number_keys(Arena *arena, const Schema *schema)
{
    TableList parents = { 0 };
    VEC_EACH (Table *, table, &schema->tables) {
        TableList above = pg_parents_of(arena, schema, *table);
        VEC_EACH (Table *, parent, &above)
            *VEC_PUSH(arena, &parents) = *parent;
    }
    VEC_EACH (Table *, table, &schema->tables) {
        bool alone = stands_alone(*table);
        for (size_t i = 0; alone && i < parents.count; i++)
            alone = parents.items[i] != *table;
        VEC_EACH (Column *, it, &(*table)->columns) {
            Column *column = *it;
            if (!alone || !column->numbering_implied || !column->autoincrement)
                continue;
            column->autoincrement = false;
            column->identity = IDENTITY_BY_DEFAULT;
        }
    }
}

static const char *next_number(const TokenList *tokens, size_t *i, Arena *arena)
{
    const char *sign = "";
    if (token_is(&tokens->items[*i], "-")) {
        sign = "-";
        ++*i;
    }
    const Token *number = &tokens->items[*i];
    return arena_printf(arena, "%s%.*s", sign, (int)number->text.n, number->text.p);
}

Numbering pg_numbering_of_text(Arena *arena, const char *options, const char *type)
{
    Numbering n = { .type = type };
    TokenList tokens =
        lex_all(arena, (Text){ options ? options : "", options ? strlen(options) : 0 }, LEX_POSTGRESQL);
    for (size_t i = 0; i + 1 < tokens.count; i++) {
        const Token *token = &tokens.items[i];
        bool no = i > 0 && token_is(&tokens.items[i - 1], "no");
        bool two = i + 2 < tokens.count &&
                   (token_is(&tokens.items[i + 1], "with") || token_is(&tokens.items[i + 1], "by"));
        size_t at = i + (two ? 2 : 1);
        if (token_is(token, "start"))
            n.start = next_number(&tokens, &at, arena);
        else if (token_is(token, "increment"))
            n.increment = next_number(&tokens, &at, arena);
        else if (token_is(token, "minvalue") && !no)
            n.minimum = next_number(&tokens, &at, arena);
        else if (token_is(token, "maxvalue") && !no)
            n.maximum = next_number(&tokens, &at, arena);
        else if (token_is(token, "cache"))
            n.cache = next_number(&tokens, &at, arena);
        else if (token_is(token, "cycle"))
            n.cycle = !no;
    }
    return n;
}
