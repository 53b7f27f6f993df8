// DBML (dbml.org): the text that dbdiagram.io and dbdocs.io draw from.
#include <ctype.h>
#include <strings.h>

#include "core/picture/internal.h"

static void put_in_name(StrBuf *out, const char *p, size_t n)
{
    if (*p == '"' || *p == '\\')
        strbuf_putc(out, '\\');
    strbuf_put(out, p, n);
}

static void put_in_note(StrBuf *out, const char *p, size_t n)
{
    if (*p == '\'' || *p == '\\')
        strbuf_putc(out, '\\');
    strbuf_put(out, p, n);
}

// Between backquotes nothing can be escaped.
static void put_in_expression(StrBuf *out, const char *p, size_t n)
{
    if (*p == '`')
        strbuf_putc(out, '"');
    else
        strbuf_put(out, p, n);
}

static void put_name(StrBuf *out, const char *name)
{
    strbuf_putc(out, '"');
    visible_put(out, name, put_in_name);
    strbuf_putc(out, '"');
}

static void put_note(StrBuf *out, const char *text)
{
    strbuf_putc(out, '\'');
    visible_put(out, text, put_in_note);
    strbuf_putc(out, '\'');
}

static void put_expression(StrBuf *out, const char *text)
{
    strbuf_putc(out, '`');
    visible_put(out, text, put_in_expression);
    strbuf_putc(out, '`');
}

static void put_table_name(StrBuf *out, const Object *head)
{
    if (head->schema) {
        put_name(out, head->schema);
        strbuf_putc(out, '.');
    }
    put_name(out, head->name);
}

// varchar(80) as it appears; anything else in quotes.
static void put_type(StrBuf *out, const char *type)
{
    const char *p = type;
    while (isalnum((unsigned char)*p) || *p == '_')
        p++;
    bool plain = p > type && !isdigit((unsigned char)type[0]);
    if (plain && *p == '(') {
        p += 1 + strspn(p + 1, "0123456789,");
        plain = *p++ == ')';
    }
    if (plain && !*p)
        strbuf_puts(out, type);
    else
        put_name(out, type[0] ? type : "any");
}

// "[a, b]", where there is anything.
typedef struct Settings {
    StrBuf *out;
    bool open;
} Settings;

static StrBuf *setting(Settings *s)
{
    strbuf_puts(s->out, s->open ? ", " : " [");
    s->open = true;
    return s->out;
}

static void settings_end(Settings *s)
{
    if (s->open)
        strbuf_putc(s->out, ']');
    s->open = false;
}

static const char *mark_word(PictureMark mark)
{
    static const char *const words[] = { NULL, "added", "dropped", "changed" };
    return words[mark];
}

static void put_default(Settings *s, const Column *column)
{
    strbuf_puts(setting(s), "default: ");
    put_expression(s->out, column->default_sql);
}

// A column with its settings in brackets. A key of one column is `pk` here; longer ones are an index of the
// table.
static void put_column(const Picture *picture, const PictureColumn *it, bool lone_key, StrBuf *out)
{
    const Column *column = it->column;
    Settings s = { out, false };
    strbuf_puts(out, "  ");
    put_name(out, column->head.name);
    strbuf_putc(out, ' ');
    if (column->enum_type)
        put_table_name(out, &column->enum_type->head);
    else
        put_type(out, it->type);
    if (it->primary && lone_key)
        strbuf_puts(setting(&s), "pk");
    if (column->autoincrement || column->identity != IDENTITY_NONE)
        strbuf_puts(setting(&s), "increment");
    if (!column->nullable && !(it->primary && lone_key))
        strbuf_puts(setting(&s), "not null");
    if (it->unique)
        strbuf_puts(setting(&s), "unique");
    if (column->default_sql && column->default_sql[0])
        put_default(&s, column);
    const char *comment = picture->options.comments ? column->head.comment : NULL;
    if (it->mark != MARK_NONE || comment) {
        strbuf_puts(setting(&s), "note: ");
        const char *word = it->mark != MARK_NONE ? mark_word(it->mark) : NULL;
        put_note(out, word && comment ? arena_printf(picture->arena, "%s: %s", word, comment)
                      : word          ? word
                                      : comment);
    }
    settings_end(&s);
    strbuf_putc(out, '\n');
}

static void put_parts(StrBuf *out, const PartList *parts)
{
    strbuf_puts(out, "    (");
    VEC_EACH (Part, part, parts) {
        strbuf_puts(out, part == parts->items ? "" : ", ");
        if (part->column)
            put_name(out, part->column);
        else
            put_expression(out, part->expression ? part->expression : "");
    }
    strbuf_putc(out, ')');
}

static void put_index(StrBuf *out, const PartList *parts, const char *word, const char *name)
{
    Settings s = { out, false };
    put_parts(out, parts);
    if (word)
        strbuf_puts(setting(&s), word);
    if (name) {
        strbuf_puts(setting(&s), "name: ");
        put_note(out, name);
    }
    settings_end(&s);
    strbuf_putc(out, '\n');
}

static void put_indexes(const Table *table, bool lone_key, StrBuf *out)
{
    StrBuf list;
    strbuf_init(&list, out->arena);
    VEC_EACH (Constraint *, it, &table->constraints) {
        const Constraint *key = *it;
        if (key->head.kind == OBJECT_PRIMARY_KEY && !lone_key && key->parts.count)
            put_index(&list, &key->parts, "pk", NULL);
        if (key->head.kind == OBJECT_UNIQUE && key->parts.count > 1)
            put_index(&list, &key->parts, "unique", key->head.name);
    }
    VEC_EACH (Index *, it, &table->indexes)
        if ((*it)->parts.count)
            put_index(&list, &(*it)->parts, (*it)->unique ? "unique" : NULL, (*it)->head.name);
    if (list.length)
        strbuf_printf(out, "\n  indexes {\n%s  }\n", list.text);
}

// A table with columns, indexes and note. Marks of a comparison are header colours, since DBML has no other
// place for them.
static void put_table(const Picture *picture, const PictureTable *it, StrBuf *out)
{
    static const char *const colours[] = { NULL, "#1a7f37", "#cf222e", "#9a6700" };
    const Constraint *key = table_primary_key(it->table);
    bool lone_key = key && key->parts.count == 1 && key->parts.items[0].column;
    strbuf_puts(out, "Table ");
    put_table_name(out, &it->table->head);
    if (it->mark != MARK_NONE)
        strbuf_printf(out, " [headercolor: %s]", colours[it->mark]);
    strbuf_puts(out, " {\n");
    VEC_EACH (PictureColumn, column, &it->columns)
        put_column(picture, column, lone_key, out);
    if (!it->columns.count)
        strbuf_puts(out, "  \"…\" any\n"); // a table needs a column
    if (picture->options.columns == PICTURE_ALL)
        put_indexes(it->table, lone_key, out);
    const char *comment = picture->options.comments ? it->table->head.comment : NULL;
    if (it->mark != MARK_NONE || comment) {
        strbuf_puts(out, "\n  Note: ");
        put_note(out, comment ? comment : mark_word(it->mark));
        strbuf_putc(out, '\n');
    }
    strbuf_puts(out, "}\n\n");
}

static void put_end(const Picture *picture, size_t table, const NameList *columns, StrBuf *out)
{
    put_table_name(out, &picture->tables.items[table].table->head);
    strbuf_puts(out, ".(");
    VEC_EACH (const char *, column, columns) {
        strbuf_puts(out, column == columns->items ? "" : ", ");
        put_name(out, *column);
    }
    strbuf_putc(out, ')');
}

static const char *action_word(const char *action)
{
    static const char *const words[] = { "cascade", "restrict", "set null", "set default", "no action" };
    for (size_t i = 0; action && i < COUNT_OF(words); i++)
        if (strcasecmp(words[i], action) == 0)
            return words[i];
    return NULL;
}

static bool has_columns(const PictureTable *table, const NameList *columns)
{
    VEC_EACH (const char *, name, columns) {
        bool found = false;
        VEC_EACH (PictureColumn, it, &table->columns)
            found |= same_text(it->column->head.name, *name);
        if (!found)
            return false;
    }
    return columns->count > 0;
}

// DBML knows one reference between the same columns, none of a column to itself, and columns of its tables only.
static bool can_say(const Picture *picture, const PictureLink *link, const NameList *columns)
{
    bool itself = link->child == link->parent && names_equal(columns, &link->parent_columns);
    if (itself || !has_columns(&picture->tables.items[link->child], columns) ||
        !has_columns(&picture->tables.items[link->parent], &link->parent_columns))
        return false;
    for (const PictureLink *other = picture->links.items; other != link; other++)
        if (other->child == link->child && other->parent == link->parent &&
            parts_equal(&other->key->parts, &link->key->parts) &&
            names_equal(&other->parent_columns, &link->parent_columns))
            return false;
    return true;
}

// A reference, `-` for one to one and `>` for many to one. Keys that DBML cannot write are left out.
static void put_link(const Picture *picture, const PictureLink *link, StrBuf *out)
{
    NameList columns = { 0 };
    Settings s = { out, false };
    VEC_EACH (Part, part, &link->key->parts)
        *VEC_PUSH(picture->arena, &columns) = part->column ? part->column : "";
    if (!can_say(picture, link, &columns))
        return;
    strbuf_puts(out, "Ref ");
    if (link->key->head.name) {
        put_name(out, link->key->head.name);
        strbuf_putc(out, ' ');
    }
    strbuf_puts(out, ": ");
    put_end(picture, link->child, &columns, out);
    strbuf_puts(out, link->one ? " - " : " > ");
    put_end(picture, link->parent, &link->parent_columns, out);
    const char *on_delete = action_word(link->key->on_delete), *on_update = action_word(link->key->on_update);
    if (on_delete)
        strbuf_printf(setting(&s), "delete: %s", on_delete);
    if (on_update)
        strbuf_printf(setting(&s), "update: %s", on_update);
    settings_end(&s);
    strbuf_putc(out, '\n');
}

// The enum types of the columns that are drawn, each once.
static void put_enums(const Picture *picture, StrBuf *out)
{
    VEC(const EnumType *) done = { 0 };
    VEC_EACH (PictureTable, table, &picture->tables)
        VEC_EACH (PictureColumn, it, &table->columns) {
            const EnumType *type = it->column->enum_type;
            bool seen = !type;
            VEC_EACH (const EnumType *, other, &done)
                seen |= *other == type;
            if (seen)
                continue;
            *VEC_PUSH(picture->arena, &done) = type;
            strbuf_puts(out, "Enum ");
            put_table_name(out, &type->head);
            strbuf_puts(out, " {\n");
            VEC_EACH (const char *, value, &type->values) {
                strbuf_puts(out, "  ");
                put_name(out, *value);
                strbuf_putc(out, '\n');
            }
            strbuf_puts(out, "}\n\n");
        }
}

void picture_dbml(const Picture *picture, StrBuf *out)
{
    put_enums(picture, out);
    VEC_EACH (PictureTable, it, &picture->tables)
        put_table(picture, it, out);
    VEC_EACH (PictureLink, link, &picture->links)
        put_link(picture, link, out);
}
