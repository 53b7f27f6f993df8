// Numbers that the revisions themselves give to rows: a made row with the same key would be one that a revision takes over, as it
// says, and takes away again on the way back.
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/prove/internal.h"

static const uint64_t of_a_file =
    1000000000; // its rows are not read: far behind what they are likely to have

typedef struct Insert {
    Prove *prove;
    Lexer lexer;
    Token token; // the next one
    const char *table;
    NameList columns;
} Insert;

static void step(Insert *in) { in->token = lex_next(&in->lexer); }

static void note(const Insert *in, size_t place, uint64_t number)
{
    RowsTakenList *taken = &in->prove->taken;
    if (place >= in->columns.count)
        return;
    VEC_EACH (RowsTaken, it, taken)
        if (strcasecmp(it->table, in->table) == 0 && strcasecmp(it->column, in->columns.items[place]) == 0) {
            it->most = it->most > number ? it->most : number;
            return;
        }
    *VEC_PUSH(in->prove->arena, taken) = (RowsTaken){ in->table, in->columns.items[place], number };
}

// INSERT INTO a.b (c, d) …; false: it is something else, or names no columns.
static bool read_head(Insert *in)
{
    Arena *arena = in->prove->arena;
    if (!token_is(&in->token, "INSERT") && !token_is(&in->token, "REPLACE"))
        return false;
    while (in->token.kind != TOKEN_END && !token_is(&in->token, "INTO"))
        step(in);
    do {
        step(in);
        in->table = token_name(arena, &in->token);
        step(in);
    } while (token_is(&in->token, "."));
    if (!token_is(&in->token, "("))
        return false;
    for (step(in); in->token.kind != TOKEN_END && !token_is(&in->token, ")"); step(in))
        if (!token_is(&in->token, ","))
            *VEC_PUSH(arena, &in->columns) = token_name(arena, &in->token);
    return true;
}

static bool is_digits(Text text)
{
    return text.n > 0 && text.n < 19 && strspn(text.p, "0123456789") >= text.n;
}

// The numbers that stand alone in VALUES (…), (…) or in SELECT …, by their places; and of a file, all columns.
static void read_values(Insert *in)
{
    size_t depth = 0, place = 0;
    while (in->token.kind != TOKEN_END && !token_is(&in->token, "VALUES") && !token_is(&in->token, "SELECT"))
        step(in);
    size_t inside = token_is(&in->token, "VALUES") ? 1 : 0;
    for (step(in); in->token.kind != TOKEN_END; step(in)) {
        if (!depth &&
            (token_is(&in->token, "ON") || token_is(&in->token, "FROM") || token_is(&in->token, "WHERE")))
            return;
        if (token_is(&in->token, "(")) {
            place = inside && !depth ? 0 : place;
            depth++;
        } else if (token_is(&in->token, ")")) {
            depth -= depth > 0;
        } else if (depth == inside && token_is(&in->token, ",")) {
            place++;
        } else if (depth == inside && in->token.kind == TOKEN_NUMBER && is_digits(in->token.text)) {
            note(in, place, strtoull(in->token.text.p, NULL, 10));
        } else if (depth == 1 && place == 0 &&
                   token_is(&in->token, "rows")) { // (:rows 'data/….csv' "a", "b")
            for (size_t i = 0; i < in->columns.count; i++)
                note(in, i, of_a_file);
        }
    }
}

// Of all revisions, since rows that were made for one are there when the next ones run. A script that cannot be read is found out
// when it is its turn.
void taken_read(Prove *prove)
{
    if (prove->taken_is_known)
        return;
    prove->taken_is_known = true;
    VEC_EACH (Revision *, it, &prove->graph->revisions) {
        Arena *arena = arena_new();
        Script script;
        SectionList up = { 0 };
        if (script_read_whole(arena, (*it)->script, &script, NULL) &&
            script_sections(arena, &script, prove->db->dialect, UPGRADE, &up, NULL))
            VEC_EACH (Section *, section, &up)
                VEC_EACH (ScriptStatement, statement, &(*section)->statements) {
                    Insert in = { .prove = prove };
                    lex_init(&in.lexer, statement->sql, prove->db->dialect->lex, false);
                    step(&in);
                    if (!statement->assertion && read_head(&in))
                        read_values(&in);
                }
        arena_free(arena);
    }
}
