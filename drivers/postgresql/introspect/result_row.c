#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/postgresql/introspect/introspect.h"

typedef struct CatalogEntry {
    CatalogKey key;
    void *value;
} CatalogEntry;

static size_t hash(CatalogKey key)
{
    uint64_t h =
        (uint64_t)key.object * 0x9E3779B97F4A7C15u ^ ((uint64_t)key.part << 40) ^ key.class_oid * 0x85EBCA6Bu;
    h ^= h >> 29;
    h *= 0xBF58476D1CE4E5B9u;
    return (size_t)(h ^ (h >> 32));
}

static CatalogEntry *slot(const CatalogMap *map, CatalogKey key)
{
    size_t i = hash(key) & (map->capacity - 1);
    while (map->entries[i].value && memcmp(&map->entries[i].key, &key, sizeof(key)) != 0)
        i = (i + 1) & (map->capacity - 1);
    return &map->entries[i];
}

void see_put(CatalogMap *map, CatalogKey key, void *value)
{
    if (map->count * 4 >= map->capacity * 3) {
        CatalogMap bigger = { .capacity = map->capacity ? map->capacity * 2 : 64 };
        bigger.entries = calloc(bigger.capacity, sizeof(CatalogEntry));
        if (!bigger.entries)
            out_of_memory();
        for (size_t i = 0; i < map->capacity; i++)
            if (map->entries[i].value)
                *slot(&bigger, map->entries[i].key) = map->entries[i];
        bigger.count = map->count;
        free(map->entries);
        *map = bigger;
    }
    CatalogEntry *entry = slot(map, key);
    map->count += entry->value == NULL;
    *entry = (CatalogEntry){ key, value };
}

void *see_get(const CatalogMap *map, CatalogKey key) { return map->capacity ? slot(map, key)->value : NULL; }

CatalogMap see_keep(Arena *arena, const CatalogMap *map)
{
    size_t bytes = map->capacity * sizeof(CatalogEntry);
    CatalogMap copy = { arena_alloc(arena, bytes + 1), map->count, map->capacity };
    if (bytes)
        memcpy(copy.entries, map->entries, bytes);
    return copy;
}

void see_free(CatalogMap *map)
{
    free(map->entries);
    *map = (CatalogMap){ 0 };
}

Column *see_column(const Introspection *in, unsigned relation, unsigned number)
{
    const ColumnList *columns = see_get(&in->columns, (CatalogKey){ 0, relation, 0 });
    return columns && number && number <= columns->count ? columns->items[number - 1] : NULL;
}

void see_put_column(Introspection *in, unsigned relation, unsigned number, Column *column)
{
    enum { MOST_COLUMNS = 32767 }; // attnum is an int2
    const CatalogKey key = { 0, relation, 0 };
    if (number > MOST_COLUMNS)
        return;
    ColumnList *columns = see_get(&in->columns, key);
    if (!columns) {
        columns = ARENA_NEW(in->scratch, ColumnList);
        see_put(&in->columns, key, columns);
    }
    while (columns->count + 1 < number) // of columns that were dropped
        *VEC_PUSH(in->scratch, columns) = NULL;
    *VEC_PUSH(in->scratch, columns) = column;
}

bool see_rows_next(Rows *rows) { return ++rows->row < PQntuples(rows->result); }

const char *see_row_raw(const Rows *rows, int column)
{
    return PQgetisnull(rows->result, rows->row, column) ? NULL : PQgetvalue(rows->result, rows->row, column);
}

const char *see_row_must(const Rows *rows, int column)
{
    const char *text = see_row_text(rows, column);
    return text ? text : "";
}

char see_row_char(const Rows *rows, int column)
{
    const char *text = see_row_raw(rows, column);
    return text ? *text : '\0';
}

bool see_row_true(const Rows *rows, int column)
{
    const char *text = see_row_raw(rows, column);
    return text && *text == 't';
}

bool see_next_number(const char **text, unsigned *number)
{
    if (!*text)
        return false;
    *text += strcspn(*text, "0123456789");
    char *end = NULL;
    *number = (unsigned)strtoul(*text, &end, 10);
    bool found = end != *text;
    *text = end;
    return found;
}

unsigned see_row_oid(const Rows *rows, int column)
{
    const char *text = see_row_raw(rows, column);
    return text ? (unsigned)strtoul(text, NULL, 10) : 0;
}

long see_row_int(const Rows *rows, int column, long otherwise)
{
    const char *text = see_row_raw(rows, column);
    return text ? strtol(text, NULL, 10) : otherwise;
}

static const char *schema_there(const Introspection *in, const char *here)
{
    if (!here)
        return NULL;
    if (!in->only)
        return strcmp(here, in->default_schema) == 0 ? NULL : here;
    VEC_EACH (const SchemaName, name, in->only)
        if (strcmp(name->here, here) == 0)
            return name->there;
    return here;
}

// The temporary schema of a session, pg_temp_3, serves as the scratch place where no other may be made. Some of the server's texts
// have its number, others (pg_get_functiondef since 15) this alias.
#define TEMPORARY "pg_temp"

// `scratch.` before a name becomes the schema that it stands for; inside strings and comments too nothing else has
// such a name.
static const char *put_right(const Introspection *in, const char *text)
{
    VEC_EACH (const SchemaName, name, in->only) {
        const char *at = strstr(text, name->here);
        if (!at)
            continue;
        StrBuf out;
        strbuf_init(&out, in->arena);
        size_t n = strlen(name->here);
        for (; at; at = strstr(text, name->here)) {
            strbuf_put(&out, text, (size_t)(at - text));
            text = at + n;
            if (name->there)
                strbuf_puts(&out, pg_quote_ident(in->arena, name->there));
            else if (*text == '.')
                text++;
        }
        strbuf_puts(&out, text);
        text = out.text;
    }
    return text;
}

const char *see_row_text(const Rows *rows, int column)
{
    const char *text = see_row_raw(rows, column);
    if (!text)
        return NULL;
    if (rows->in->only && (strstr(text, "cmigrate_scratch") || strstr(text, TEMPORARY "_"))) {
        const char *right = put_right(rows->in, text);
        return right == text ? arena_strdup(rows->in->arena, text) : right;
    }
    return arena_strdup(rows->in->arena, text);
}

// Does the parenthesis that opens the text close at its end?
static bool is_enclosed(const char *text, size_t n)
{
    if (n < 2 || text[0] != '(' || text[n - 1] != ')')
        return false;
    size_t depth = 0;
    char quote = '\0';
    for (size_t i = 0; i < n; i++) {
        char c = text[i];
        if (quote) {
            quote = c == quote ? '\0' : quote;
            continue;
        }
        if (c == '\'' || c == '"')
            quote = c;
        depth += c == '(';
        depth -= c == ')';
        if (depth == 0 && i < n - 1)
            return false;
    }
    return true;
}

static bool is_folded(const Token *word)
{
    for (size_t i = 0; i < word->text.n; i++)
        if (word->text.p[i] >= 'A' && word->text.p[i] <= 'Z')
            return false;
    return true;
}

// What was written extract('YEAR' FROM d) is printed without quotes before 18, and would come back in small letters.
const char *see_requoted(Arena *arena, const char *text)
{
    if (!text || !strstr(text, "EXTRACT("))
        return text;
    TokenList tokens = lex_all(arena, (Text){ text, strlen(text) }, LEX_POSTGRESQL);
    StrBuf out;
    strbuf_init(&out, arena);
    const char *from = text;
    for (size_t i = 0; i + 3 < tokens.count; i++) {
        const Token *t = &tokens.items[i], *field = t + 2;
        if (!token_is(t, "extract") || !token_is(t + 1, "(") || !token_is(t + 3, "from") ||
            field->kind != TOKEN_WORD || is_folded(field))
            continue;
        strbuf_put(&out, from, (size_t)(field->text.p - from));
        strbuf_printf(&out, "'%.*s'", (int)field->text.n, field->text.p);
        from = field->text.p + field->text.n;
    }
    strbuf_puts(&out, from);
    return out.text;
}

const char *see_row_sql(const Rows *rows, int column)
{
    const char *text = see_requoted(rows->in->arena, see_row_text(rows, column));
    if (!text || strchr(text, '\\'))
        return text; // an E string may hide a quote: leave it as it is
    size_t n = strlen(text);
    bool inner = false;
    while (is_enclosed(text, n)) {
        text++;
        n -= 2;
        inner = true;
    }
    return inner ? arena_strndup(rows->in->arena, text, n) : text;
}

const char *see_row_schema(const Rows *rows, int column)
{
    const char *there = schema_there(rows->in, see_row_raw(rows, column));
    return there ? arena_strdup(rows->in->arena, there) : NULL;
}

NameList see_row_texts(const Rows *rows, int column)
{
    NameList items = pg_array(rows->in->arena, see_row_raw(rows, column));
    VEC_EACH (const char *, it, &items)
        if (rows->in->only)
            *it = put_right(rows->in, *it);
    return items;
}

static bool is_plain_value(const char *value)
{
    return *value && strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+-") ==
                         strlen(value);
}

// `secret`: items whose key stands for a secret are left out.
static const char *settings_of(Arena *arena, const char *array, bool secret)
{
    NameList items = pg_array(arena, array);
    if (!items.count)
        return NULL;
    StrBuf out;
    strbuf_init(&out, arena);
    VEC_EACH (const char *, item, &items) {
        const char *equals = strchr(*item, '=');
        size_t n = equals ? (size_t)(equals - *item) : strlen(*item);
        const char *value = equals ? equals + 1 : "";
        if (strncmp(*item, "pg_attver=", strlen("pg_attver=")) == 0)
            continue; // the server's own mark (15.20 and its like), which pg_dump leaves out too
        if (secret && pg_key_is_secret(arena_strndup(arena, *item, n)))
            continue;
        strbuf_puts(&out, out.length ? ", " : "");
        strbuf_put(&out, *item, n);
        strbuf_putc(&out, '=');
        if (is_plain_value(value))
            strbuf_puts(&out, value);
        else
            strbuf_quoted(&out, '\'', "'", value);
    }
    return out.length ? out.text : NULL;
}

const char *see_settings(Arena *arena, const char *array) { return settings_of(arena, array, false); }

const char *see_server_options(Arena *arena, const char *array) { return settings_of(arena, array, true); }

bool see_takes(const Introspection *in, const char *schema, const char *name)
{
    if (in->only || !in->filter)
        return true;
    Filter filter = *in->filter;
    filter.default_schema = in->default_schema;
    return filter_takes(&filter, schema, name);
}

void see_warn(Introspection *in, const char *fmt, ...)
{
    char text[1024];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    VEC_PUSH(in->arena, &in->out->warnings)->text = arena_strdup(in->arena, text);
}

void see_option(Introspection *in, Object *object, const char *key, const char *value)
{
    if (value)
        option_set(in->arena, &object->options, key, value);
}

Object *see_object(const Introspection *in, unsigned class_oid, unsigned object)
{
    return see_get(&in->objects, (CatalogKey){ class_oid, object, 0 });
}

void see_remember(Introspection *in, unsigned class_oid, unsigned object, Object *value)
{
    if (object)
        see_put(&in->objects, (CatalogKey){ class_oid, object, 0 }, value);
}

void see_add(Introspection *in, unsigned class_oid, unsigned oid, Object *object)
{
    object->id = oid;
    *VEC_PUSH(in->arena, &in->out->objects) = object;
    see_remember(in, class_oid, oid, object);
}

const char *see_unqualified(Introspection *in, const char *definition, const char *schema)
{
    if (schema)
        return definition;
    // scratch names are put right already, but for the alias
    const char *quoted = in->only ? TEMPORARY : pg_quote_ident(in->arena, in->default_schema);
    const char *prefix = arena_printf(in->arena, " %s.", quoted);
    const char *at = strstr(definition, prefix), *limit = strpbrk(definition, "(\n");
    if (!at || (limit && at > limit))
        return definition;
    return arena_printf(in->arena, "%.*s %s", (int)(at - definition), definition, at + strlen(prefix));
}

const char *see_inner_expression(Arena *arena, const char *text)
{
    size_t n = strlen(text);
    if (n < 2 || text[0] != '(' || text[n - 1] != ')')
        return text;
    TokenList tokens = lex_all(arena, (Text){ text, n }, LEX_POSTGRESQL);
    size_t depth = 0;
    for (size_t i = 0; i + 2 < tokens.count; i++) {
        depth += token_is(&tokens.items[i], "(");
        depth -= token_is(&tokens.items[i], ")");
        if (depth == 0)
            return text;
    }
    return arena_strndup(arena, text + 1, n - 2);
}
