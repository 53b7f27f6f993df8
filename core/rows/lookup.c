// Words that triggers look up in other tables: `SELECT id INTO i FROM kind WHERE name = 'create'`, or a routine that does, with
// 'create' for its parameter. A table without them would leave those of the triggers without rows.
#include <string.h>

#include "core/rows/internal.h"

enum { MOST_WORDS = 16, LONGEST_WORD = 64 };

static bool is_body(const Object *object)
{
    return object->definition && (object->kind == OBJECT_TRIGGER || object->kind == OBJECT_FUNCTION ||
                                  object->kind == OBJECT_PROCEDURE);
}

static bool is_quoted_body(const Token *token)
{
    return token->kind == TOKEN_STRING && token->text.n > 0 && token->text.p[0] == '$';
}

// A body in dollar quotes is SQL of its own.
static void read_tokens(const Maker *maker, Text text, unsigned rules, TokenList *out)
{
    Lexer lexer;
    lex_init(&lexer, text, rules, false);
    for (Token token = lex_next(&lexer); token.kind != TOKEN_END; token = lex_next(&lexer)) {
        if (!is_quoted_body(&token)) {
            *VEC_PUSH(maker->arena, out) = token;
            continue;
        }
        const char *inner = token_name(maker->arena, &token);
        read_tokens(maker, (Text){ inner, strlen(inner) }, rules & ~(unsigned)LEX_DOLLAR_QUOTES, out);
    }
}

static void note_word(Maker *maker, const char *text)
{
    size_t n = strlen(text);
    if (n == 0 || n > LONGEST_WORD || strchr(text, '\n'))
        return;
    VEC_EACH (SpokenWord, it, &maker->spoken)
        if (strcmp(it->text, text) == 0) {
            it->times++;
            return;
        }
    *VEC_PUSH(maker->arena, &maker->spoken) = (SpokenWord){ text, 1 };
}

void lookups_read(Maker *maker)
{
    bool any = false;
    VEC_EACH (Object *, it, &maker->schema->objects)
        any |= (*it)->kind == OBJECT_TRIGGER;
    for (size_t i = 0; any && i < maker->schema->objects.count; i++) {
        const Object *object = maker->schema->objects.items[i];
        TokenList body = { 0 };
        if (!is_body(object))
            continue;
        read_tokens(maker, (Text){ object->definition, strlen(object->definition) }, maker->dialect->lex,
                    &body);
        *VEC_PUSH(maker->arena, &maker->bodies) = body;
        if (object->kind != OBJECT_TRIGGER)
            continue;
        VEC_EACH (Token, token, &body)
            if (token->kind == TOKEN_STRING)
                note_word(maker, token_name(maker->arena, token));
    }
}

static bool reads_from(const TokenList *body, const Table *table)
{
    for (size_t i = 0; i + 1 < body->count; i++) {
        const Token *token = &body->items[i];
        if (!token_is(token, "FROM") && !token_is(token, "JOIN"))
            continue;
        size_t name = i + 1;
        if (name + 2 < body->count && token_is(&body->items[name + 1], "."))
            name += 2;
        if (token_named(&body->items[name], table->head.name))
            return true;
    }
    return false;
}

static void add_word(const Maker *maker, const TypeValues *type, const char *text, NameList *out)
{
    const char *literal = value_literal(maker->arena, maker->dialect, text);
    if (out->count < MOST_WORDS && (!type->length || strlen(text) <= type->length) &&
        !names_have(out, literal))
        *VEC_PUSH(maker->arena, out) = literal;
}

// What a body compares the column with: literals, which are added, or something that is not known.
static void compared_with(const Maker *maker, const TokenList *body, const Column *column,
                          const TypeValues *type, NameList *out, bool *unknown)
{
    for (size_t i = 0; i + 2 < body->count; i++) {
        const Token *with = &body->items[i + 2];
        if (!token_named(&body->items[i], column->head.name) || !token_is(&body->items[i + 1], "="))
            continue;
        if (with->kind == TOKEN_STRING)
            add_word(maker, type, token_name(maker->arena, with), out);
        else
            *unknown = true;
    }
}

// The words that triggers say, those first that most of them do.
static void add_spoken(const Maker *maker, const TypeValues *type, NameList *out)
{
    size_t most = 0;
    VEC_EACH (const SpokenWord, it, &maker->spoken)
        most = it->times > most ? it->times : most;
    for (size_t times = most; times > 0; times--)
        VEC_EACH (const SpokenWord, it, &maker->spoken)
            if (it->times == times)
                add_word(maker, type, it->text, out);
}

void lookup_words(const Maker *maker, const Table *table, const Column *column, const TypeValues *type,
                  NameList *out)
{
    bool unknown = false;
    if (type->kind != TAKES_TEXT)
        return;
    VEC_EACH (const TokenList, body, &maker->bodies)
        if (reads_from(body, table))
            compared_with(maker, body, column, type, out, &unknown);
    if (unknown)
        add_spoken(maker, type, out);
}

bool lookup_is_made(const Maker *maker, const Table *table)
{
    VEC_EACH (Column *, it, &table->columns) {
        TypeValues type = { 0 };
        NameList words = { 0 };
        if (!maker->bodies.count)
            return false;
        maker->dialect->value_type(maker->arena, maker->schema, table, *it, &type);
        lookup_words(maker, table, *it, &type, &words);
        if (words.count)
            return true;
    }
    return false;
}
