// The options of identity columns: what a model states and what the server keeps are brought to one form.
#include "drivers/postgresql/dialect/dialect.h"

#include <string.h>

#include "drivers/postgresql/render/sequence_counter.h"

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
