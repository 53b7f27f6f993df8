// Partitions of RANGE and LIST that come, or are divided or united: by ADD PARTITION and REORGANIZE PARTITION, which leave the
// rows of all others where they are. The whole list after PARTITION BY copies the table.
#include <string.h>
#include <strings.h>

#include "drivers/mysql/render/alter.h"

static const Dialect *const D = &mysql_dialect;

// `RANGE (y) (PARTITION a …, PARTITION b …)`, taken apart.
typedef struct Partitioning {
    const char *by;       // up to the list
    NameList definitions; // PARTITION a …
} Partitioning;

static const char *between(Arena *arena, const Token *first, const Token *end)
{
    const Text *last = &end[-1].text;
    return arena_strndup(arena, first->text.p, (size_t)(last->p + last->n - first->text.p));
}

// False: not by RANGE or LIST, or there is no list. Subpartitions stay within the definition that they belong to.
static bool take_apart(Arena *arena, const char *text, Partitioning *out)
{
    *out = (Partitioning){ 0 };
    if (!text)
        return false;
    TokenList all = lex_all(arena, (Text){ text, strlen(text) }, D->lex);
    if (!token_is(&all.items[0], "RANGE") && !token_is(&all.items[0], "LIST"))
        return false;
    size_t from = 0, depth = 0;
    for (size_t i = 0; i + 1 < all.count; i++) {
        const Token *it = &all.items[i];
        bool opens = token_is(it, "("), closes = token_is(it, ")");
        if (opens && depth == 0 && token_is(it + 1, "PARTITION")) {
            out->by = between(arena, all.items, it);
            from = i + 1;
        }
        if (from && depth == 1 && (closes || token_is(it, ","))) {
            *VEC_PUSH(arena, &out->definitions) = between(arena, &all.items[from], it);
            from = i + 1;
        }
        depth += opens;
        depth -= closes;
    }
    return out->by && out->definitions.count;
}

static const char *name_of(Arena *arena, const char *definition)
{
    TokenList all = lex_all(arena, (Text){ definition, strlen(definition) }, D->lex);
    return token_name(arena, &all.items[1]);
}

// VALUES LESS THAN …, VALUES IN …, without what follows the parentheses
static const char *bound_of(Arena *arena, const char *definition)
{
    TokenList all = lex_all(arena, (Text){ definition, strlen(definition) }, D->lex);
    size_t depth = 0;
    for (size_t i = 2; i + 1 < all.count; i++) {
        depth += token_is(&all.items[i], "(");
        depth -= token_is(&all.items[i], ")");
        if (depth == 0 && (token_is(&all.items[i], ")") || token_is(&all.items[i], "MAXVALUE")))
            return between(arena, &all.items[2], &all.items[i + 1]);
    }
    return definition;
}

// After `first` definitions that are equal, `old` of the one side become `new` of the other.
typedef struct Middle {
    Partitioning have, want;
    size_t first, old, new;
} Middle;

static bool same(Arena *arena, const NameList *a, size_t i, const NameList *b, size_t k)
{
    return my_same_sql(arena, a->items[i], b->items[k]);
}

// The values of VALUES IN (…), each as a text
static NameList values_of(Arena *arena, const char *definition)
{
    NameList values = { 0 };
    TokenList all = lex_all(arena, (Text){ definition, strlen(definition) }, D->lex);
    size_t from = 0, depth = 0;
    for (size_t i = 2; i + 1 < all.count; i++) {
        const Token *it = &all.items[i];
        bool opens = token_is(it, "("), closes = token_is(it, ")");
        if (from && depth == 1 && (closes || token_is(it, ",")))
            *VEC_PUSH(arena, &values) = between(arena, &all.items[from], it);
        depth += opens;
        depth -= closes;
        if (depth == 0 && closes)
            break;
        from = (opens && depth == 1) || (depth == 1 && token_is(it, ",")) ? i + 1 : from;
    }
    return values;
}

static bool has_value(Arena *arena, const NameList *values, const char *value)
{
    VEC_EACH (const char *, it, values)
        if (my_same_sql(arena, *it, value))
            return true;
    return false;
}

// Does a list have a partition for all other values (MariaDB)?
static bool has_default(Arena *arena, const NameList *definitions)
{
    VEC_EACH (const char *, it, definitions) {
        TokenList all = lex_all(arena, (Text){ *it, strlen(*it) }, D->lex);
        NameList values = values_of(arena, *it);
        if ((all.count > 2 && token_is(&all.items[2], "DEFAULT")) || has_value(arena, &values, "DEFAULT"))
            return true;
    }
    return false;
}

// Both servers, asked: REORGANIZE PARTITION deletes the rows whose value no new partition has, without a word, and on MariaDB ADD
// PARTITION leaves the rows of the new one in the partition DEFAULT, where no query finds them. So no value may go, and a list
// with DEFAULT is said whole: then the server looks at each row.
static bool keeps_values(Arena *arena, const Middle *m)
{
    if (has_default(arena, &m->have.definitions) || has_default(arena, &m->want.definitions))
        return false;
    NameList new = { 0 };
    for (size_t i = 0; i < m->new; i++) {
        NameList values = values_of(arena, m->want.definitions.items[m->first + i]);
        VEC_EACH (const char *, it, &values)
            *VEC_PUSH(arena, &new) = *it;
    }
    for (size_t i = 0; i < m->old; i++) {
        NameList values = values_of(arena, m->have.definitions.items[m->first + i]);
        VEC_EACH (const char *, it, &values)
            if (!has_value(arena, &new, *it))
                return false;
    }
    return true;
}

// The server moves rows between the partitions that are named only, so those of the old ones need a place among the new ones: the
// bounds of a range stay what they were, and a list keeps its values.
static bool keeps_bounds(Arena *arena, const Middle *m)
{
    if (strncasecmp(m->have.by, "LIST", 4) == 0)
        return keeps_values(arena, m);
    if (!m->old)
        return true;
    const char *old = m->have.definitions.items[m->first + m->old - 1],
               *new = m->want.definitions.items[m->first + m->new - 1];
    return my_same_sql(arena, bound_of(arena, old), bound_of(arena, new));
}

// The definitions that differ, between those that are the same at the front and at the end. False: the whole list has to be said.
static bool find_middle(Arena *arena, const char *old, const char *new, Middle *m)
{
    *m = (Middle){ 0 };
    if (!take_apart(arena, old, &m->have) || !take_apart(arena, new, &m->want) ||
        !my_same_sql(arena, m->have.by, m->want.by))
        return false;
    const NameList *have = &m->have.definitions, *want = &m->want.definitions;
    size_t least = have->count < want->count ? have->count : want->count, last = 0;
    while (m->first < least && same(arena, have, m->first, want, m->first))
        m->first++;
    while (last < least - m->first && same(arena, have, have->count - 1 - last, want, want->count - 1 - last))
        last++;
    // between others, or gone from there: the one behind gives its rows up, or takes them in
    if (last && (have->count - last == m->first || want->count - last == m->first))
        last--;
    m->old = have->count - last - m->first;
    m->new = want->count - last - m->first;
    return m->new &&keeps_bounds(arena, m);
}

static bool middle_of(const Alter *a, Middle *m)
{
    if (alter_unpartitions_first(a))
        return false;
    return find_middle(a->how.arena, option_get(&a->have->head.options, "partition_by"),
                       option_get(&a->want->head.options, "partition_by"), m);
}

bool alter_moves_partitions(const Alter *a)
{
    Middle m;
    return middle_of(a, &m);
}

// ADD PARTITION takes no other clause beside it, so it is a statement of its own.
void alter_put_partitions(const Alter *a, StatementList *out)
{
    Middle m;
    if (!middle_of(a, &m))
        return;
    StrBuf text;
    strbuf_init(&text, a->how.arena);
    sql(&text, D, KW("ALTER TABLE"), ID(a->want->head.name),
        EXPR(m.old ? "REORGANIZE PARTITION" : "ADD PARTITION"));
    for (size_t i = 0; i < m.old; i++) {
        strbuf_puts(&text, i ? "," : "");
        sql(&text, D, ID(name_of(a->how.arena, m.have.definitions.items[m.first + i])));
    }
    strbuf_puts(&text, m.old ? " INTO (" : " (");
    for (size_t i = 0; i < m.new; i++)
        strbuf_printf(&text, "%s%s", i ? ",\n " : "", m.want.definitions.items[m.first + i]);
    strbuf_putc(&text, ')');
    Statement *statement = my_statement(a->how.arena, out, text.text);
    statement->algorithm = "INPLACE";
    if (m.old) {
        statement->comment = arena_printf(a->how.arena,
                                          "writes the rows of these partitions again: table %s can be read, "
                                          "but not written, meanwhile",
                                          a->want->head.name);
        statement->lock = "SHARED";
    }
}
