#include "core/model/object.h"

#include <ctype.h>
#include <string.h>

#include "core/base/strbuf.h"

// The first slot whose key is not below `key`.
static size_t option_slot(const OptionList *options, const char *key)
{
    size_t i = 0;
    while (i < options->count && strcmp(options->items[i].key, key) < 0)
        i++;
    return i;
}

const char *option_get(const OptionList *options, const char *key)
{
    size_t i = option_slot(options, key);
    return i < options->count && strcmp(options->items[i].key, key) == 0 ? options->items[i].value : NULL;
}

bool option_is(const OptionList *options, const char *key)
{
    const char *value = option_get(options, key);
    return value && strcmp(value, "true") == 0;
}

void option_set(Arena *arena, OptionList *options, const char *key, const char *value)
{
    size_t i = option_slot(options, key);
    bool found = i < options->count && strcmp(options->items[i].key, key) == 0;
    if (found && value) {
        options->items[i].value = value;
    } else if (found) {
        memmove(options->items + i, options->items + i + 1, (options->count - i - 1) * sizeof(Option));
        options->count--;
    } else if (value) {
        (void)VEC_PUSH(arena, options);
        memmove(options->items + i + 1, options->items + i, (options->count - 1 - i) * sizeof(Option));
        options->items[i] = (Option){ .key = key, .value = value };
    }
}

bool options_equal(const OptionList *a, const OptionList *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (strcmp(a->items[i].key, b->items[i].key) != 0 ||
            strcmp(a->items[i].value, b->items[i].value) != 0)
            return false;
    return true;
}

static int compare_text(const char *a, const char *b)
{
    if (!a || !b)
        return (a != NULL) - (b != NULL);
    return strcmp(a, b);
}

int object_compare(const Object *a, const Object *b)
{
    int order = compare_text(a->schema, b->schema);
    if (!order)
        order = compare_text(a->table, b->table);
    if (!order)
        order = compare_text(a->name, b->name);
    return order;
}

static void put_name(StrBuf *out, const char *name, bool in_list)
{
    size_t length = strlen(name);
    bool plain = length > 0 && !(in_list && (strchr(name, ',') || *name == ' ' || name[length - 1] == ' '));
    for (const char *c = name; *c; c++)
        if (*c == '.' || *c == '"' || (unsigned char)*c < ' ')
            plain = false;
    if (plain) {
        strbuf_puts(out, name);
        return;
    }
    strbuf_quoted(out, '"', "\"", name);
}

const char *name_join(Arena *arena, const char *schema, const char *name)
{
    StrBuf out;
    strbuf_init(&out, arena);
    if (schema) {
        put_name(&out, schema, false);
        strbuf_putc(&out, '.');
    }
    put_name(&out, name, false);
    return out.text;
}

void name_add(StrBuf *list, const char *schema, const char *name)
{
    strbuf_puts(list, list->length ? ", " : "");
    if (schema) {
        put_name(list, schema, true);
        strbuf_putc(list, '.');
    }
    put_name(list, name, true);
}

const char *object_title(Arena *arena, const Object *object)
{
    StrBuf out;
    strbuf_init(&out, arena);
    const char *const parts[] = { object->schema, object->table, object->name };
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        if (!parts[i])
            continue;
        if (out.length)
            strbuf_putc(&out, '.');
        put_name(&out, parts[i], false);
    }
    return out.text;
}

bool name_split(Arena *arena, const char *text, NameList *parts)
{
    for (const char *p = text;; p++) {
        StrBuf part;
        strbuf_init(&part, arena);
        if (*p == '"') {
            for (p++; *p && (*p != '"' || p[1] == '"'); p++) {
                if (*p == '"')
                    p++;
                strbuf_putc(&part, *p);
            }
            if (*p++ != '"')
                return false;
        } else {
            while (*p && *p != '.')
                strbuf_putc(&part, *p++);
        }
        *VEC_PUSH(arena, parts) = part.text;
        if (*p == '\0')
            return true;
        if (*p != '.')
            return false;
    }
}

bool object_is_type(Arena *arena, const Object *object, const char *type)
{
    NameList parts = { 0 };
    if (!strpbrk(type, "\"."))
        return strcmp(object->name, type) == 0;
    if (!name_split(arena, type, &parts) || !parts.count || parts.count > 2)
        return false;
    return strcmp(parts.items[parts.count - 1], object->name) == 0 &&
           (parts.count == 1 || same_text(parts.items[0], object->schema));
}

const char *name_next(Arena *arena, const char **list)
{
    const char *p = *list;
    while (p && (*p == ' ' || *p == ','))
        p++;
    if (!p || !*p)
        return NULL;
    const char *start = p;
    for (bool quoted = false; *p && (quoted || *p != ','); p++)
        quoted ^= *p == '"';
    *list = p;
    while (p[-1] == ' ')
        p--;
    return arena_strndup(arena, start, (size_t)(p - start));
}

bool name_listed(Arena *arena, const char *list, const char *name)
{
    for (const char *each; (each = name_next(arena, &list));)
        if (strcmp(each, name) == 0)
            return true;
    return false;
}
