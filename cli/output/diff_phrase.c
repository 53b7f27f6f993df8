// An object, or how it differs, in one line.
#include <string.h>

#include "cli/output/diff_print.h"

enum { LONGEST_TEXT = 60 };

// Puts an SQL text on one line and cuts it, at a character and not within one.
static void put_short(StrBuf *out, const char *text)
{
    StrBuf flat;
    strbuf_init(&flat, out->arena);
    bool space = false;
    for (const char *c = text; *c; c++) {
        if (*c == ' ' || *c == '\n' || *c == '\t' || *c == '\r') {
            space = flat.length > 0;
            continue;
        }
        if (space)
            strbuf_putc(&flat, ' ');
        space = false;
        strbuf_putc(&flat, *c);
    }
    size_t n = flat.length;
    if (n > LONGEST_TEXT) {
        n = LONGEST_TEXT;
        while (n && ((unsigned char)flat.text[n] & 0xc0) == 0x80)
            n--;
    }
    strbuf_put(out, flat.text, n);
    if (n < flat.length)
        strbuf_puts(out, "…");
}

static const char *shown_type(Arena *arena, const Dialect *dialect, const char *type)
{
    const char *portable = dialect->type_portable ? dialect->type_portable(arena, type) : NULL;
    return portable ? portable : type;
}

// What the type becomes. An enum that the engine keeps as a text with a check is shown by its values.
static void put_new_type(StrBuf *out, const Dialect *dialect, const Column *want)
{
    if (!want->enum_type || dialect->caps & (HAS_TYPES | HAS_ENUM_COLUMNS)) {
        strbuf_puts(out, shown_type(out->arena, dialect, want->type));
        return;
    }
    StrBuf values;
    strbuf_init(&values, out->arena);
    VEC_EACH (const char *, it, &want->enum_type->values)
        strbuf_printf(&values, "%s%s", it == want->enum_type->values.items ? "" : ", ", *it);
    strbuf_puts(out, "enum (");
    put_short(out, values.text);
    strbuf_putc(out, ')');
}

static void put_parts(StrBuf *out, const PartList *parts)
{
    strbuf_puts(out, " (");
    for (size_t i = 0; i < parts->count; i++) {
        const Part *part = &parts->items[i];
        strbuf_puts(out, i ? ", " : "");
        put_short(out, part->column ? part->column : part->expression ? part->expression : "");
        if (part->descending)
            strbuf_puts(out, " desc");
    }
    strbuf_putc(out, ')');
}

static void put_column(StrBuf *out, const Dialect *dialect, const Column *column)
{
    strbuf_printf(out, "column %s", column->head.name);
    if (column->type && column->type[0])
        strbuf_printf(out, " %s", shown_type(out->arena, dialect, column->type));
    if (!column->nullable)
        strbuf_puts(out, " not null");
    if (column->default_sql) {
        strbuf_puts(out, " default ");
        put_short(out, column->default_sql);
    }
    if (column->generated) {
        strbuf_puts(out, " generated as ");
        put_short(out, column->generated);
    }
}

static void put_name(StrBuf *out, const char *name)
{
    if (name)
        strbuf_printf(out, " %s", name);
}

// A constraint in the words of its definition, as far as they tell it from others of its table.
static void put_constraint(StrBuf *out, const Constraint *constraint)
{
    strbuf_puts(out, object_kinds[constraint->head.kind].word);
    put_name(out, constraint->head.name);
    if (constraint->head.kind == OBJECT_CHECK) {
        strbuf_puts(out, " (");
        put_short(out, constraint->expression ? constraint->expression : "");
        strbuf_putc(out, ')');
        return;
    }
    put_parts(out, &constraint->parts);
    if (constraint->head.kind != OBJECT_FOREIGN_KEY)
        return;
    strbuf_printf(out, " -> %s", constraint->referred_table);
    for (size_t i = 0; i < constraint->referred_columns.count; i++)
        strbuf_printf(out, "%s%s", i ? ", " : " (", constraint->referred_columns.items[i]);
    if (constraint->referred_columns.count)
        strbuf_putc(out, ')');
    if (constraint->on_delete)
        strbuf_printf(out, " on delete %s", constraint->on_delete);
    if (constraint->on_update)
        strbuf_printf(out, " on update %s", constraint->on_update);
    if (constraint->match)
        strbuf_printf(out, " match %s", constraint->match);
}

static void put_table(StrBuf *out, const Table *table)
{
    strbuf_printf(out, "table %s", name_join(out->arena, table->head.schema, table->head.name));
    size_t shown = 0;
    VEC_EACH (Column *, it, &table->columns) {
        if (shown == 8) {
            strbuf_puts(out, ", …");
            break;
        }
        strbuf_printf(out, "%s%s", shown++ ? ", " : " (", (*it)->head.name);
    }
    if (shown)
        strbuf_putc(out, ')');
}

const char *object_phrase(Arena *arena, const Dialect *dialect, const Object *object)
{
    StrBuf out;
    strbuf_init(&out, arena);
    const void *whole = object;
    switch ((int)object->kind) {
    case OBJECT_COLUMN: put_column(&out, dialect, whole); break;
    case OBJECT_PRIMARY_KEY:
    case OBJECT_UNIQUE:
    case OBJECT_CHECK:
    case OBJECT_EXCLUDE:
    case OBJECT_FOREIGN_KEY: put_constraint(&out, whole); break;
    case OBJECT_TABLE: put_table(&out, whole); break;
    case OBJECT_INDEX: {
        const Index *index = whole;
        strbuf_printf(&out, "%sindex %s on %s", index->unique ? "unique " : "",
                      object->name ? object->name : "",
                      object->table ? name_join(arena, object->schema, object->table) : "");
        put_parts(&out, &index->parts);
        break;
    }
    default:
        strbuf_printf(&out, "%s %s", object_kinds[object->kind].word,
                      object->name ? name_join(arena, object->schema, object->name) : "");
        if (object->table)
            strbuf_printf(&out, " on %s", object->table);
    }
    return safe(arena, out.text);
}

typedef struct FacetWord {
    unsigned facet;
    const char *word;
} FacetWord;

static const FacetWord facet_words[] = {
    {FACET_GENERATED,      "generated expression"},
    { FACET_IDENTITY,      "identity"            },
    { FACET_AUTOINCREMENT, "autoincrement"       },
    { FACET_COLLATION,     "collation"           },
    { FACET_COMMENT,       "comment"             },
    { FACET_OPTIONS,       "options"             },
    { FACET_PARTS,         "columns"             },
    { FACET_EXPRESSION,    "expression"          },
    { FACET_DEFINITION,    "definition"          },
    { FACET_REFERENCES,    "references"          },
    { FACET_ACTIONS,       "actions"             },
    { FACET_DEFERRAL,      "deferrable"          },
    { FACET_VALIDITY,      "validity"            },
    { FACET_METHOD,        "method"              },
    { FACET_VALUES,        "values"              },
    { FACET_SEQUENCE,      "sequence options"    },
    { FACET_POSITION,      "position"            },
};

static void next(StrBuf *out, bool *first)
{
    strbuf_puts(out, *first ? ": " : ", ");
    *first = false;
}

static void put_column_facets(StrBuf *out, const Dialect *dialect, const Change *change, bool *first)
{
    const Column *have = (const Column *)(const void *)change->have;
    const Column *want = (const Column *)(const void *)change->want;
    if (change->facets & FACET_TYPE) {
        next(out, first);
        strbuf_printf(out, "%s -> ", shown_type(out->arena, dialect, have->type));
        put_new_type(out, dialect, want);
    }
    if (change->facets & FACET_NULLABLE) {
        next(out, first);
        strbuf_puts(out, want->nullable ? "nullable" : "not null");
    }
    if (change->facets & FACET_DEFAULT) {
        next(out, first);
        strbuf_puts(out, want->default_sql ? "default " : "no default");
        put_short(out, want->default_sql ? want->default_sql : "");
    }
}

static bool tells_secrets(const Dialect *dialect, const char *key)
{
    for (size_t i = 0; i < dialect->option_count; i++)
        if (strcmp(dialect->options[i].key, key) == 0 && dialect->options[i].kind == OPTION_SETTINGS)
            return true;
    return false;
}

static void put_option(StrBuf *out, const Dialect *dialect, const char *key, const char *have,
                       const char *want, bool *first)
{
    if (same_text(have, want))
        return;
    next(out, first);
    strbuf_printf(out, "option %s", key);
    if (tells_secrets(dialect, key))
        return;
    strbuf_putc(out, ' ');
    put_short(out, have ? have : "unset");
    strbuf_puts(out, " -> ");
    put_short(out, want ? want : "unset");
}

// Each option that differs, by its name, and with its values where these cannot be secrets.
static void put_options(StrBuf *out, const Dialect *dialect, const Change *change, bool *first)
{
    bool before = *first;
    size_t length = out->length;
    VEC_EACH (Option, it, &change->want->options)
        put_option(out, dialect, it->key, option_get(&change->have->options, it->key), it->value, first);
    VEC_EACH (Option, it, &change->have->options)
        if (!option_get(&change->want->options, it->key))
            put_option(out, dialect, it->key, it->value, NULL, first);
    if (out->length != length)
        return;
    *first = before;
    next(out, first);
    strbuf_puts(out, "options");
}

const char *change_phrase(Arena *arena, const Dialect *dialect, const Change *change)
{
    if (change->kind == CHANGE_CREATE)
        return object_phrase(arena, dialect, change->want);
    if (change->kind == CHANGE_DROP) {
        const Object *have = change->have;
        if (have->kind == OBJECT_COLUMN || have->kind == OBJECT_TABLE)
            return safe(arena,
                        arena_printf(arena, "%s %s", object_kinds[have->kind].word,
                                     have->kind == OBJECT_TABLE ? name_join(arena, have->schema, have->name)
                                                                : have->name));
        return object_phrase(arena, dialect, have);
    }
    const Object *want = change->want;
    bool has_table = want->kind == OBJECT_INDEX || (want->table && object_kinds[want->kind].yaml);
    StrBuf out;
    strbuf_init(&out, arena);
    strbuf_puts(&out, object_kinds[want->kind].word);
    if (want->name)
        strbuf_printf(
            &out, " %s",
            want->kind == OBJECT_COLUMN
                ? want->name
                : name_join(arena, object_kinds[want->kind].yaml ? want->schema : NULL, want->name));
    if (has_table && want->table)
        strbuf_printf(&out, " on %s", want->table);
    bool first = true;
    if (change->facets & FACET_NAME) {
        next(&out, &first);
        strbuf_printf(&out, "was %s", change->have->name ? change->have->name : "without a name");
    }
    if (want->kind == OBJECT_COLUMN)
        put_column_facets(&out, dialect, change, &first);
    for (size_t i = 0; i < COUNT_OF(facet_words); i++) {
        if (!(change->facets & facet_words[i].facet))
            continue;
        if (facet_words[i].facet == FACET_OPTIONS) {
            put_options(&out, dialect, change, &first);
            continue;
        }
        next(&out, &first);
        strbuf_puts(&out, facet_words[i].word);
    }
    if (want->kind != OBJECT_COLUMN && (change->facets & (FACET_TYPE | FACET_DEFAULT | FACET_NULLABLE))) {
        next(&out, &first);
        strbuf_puts(&out, "type");
    }
    return safe(arena, out.text);
}
