#include <stdlib.h>
#include <string.h>

#include "drivers/mysql/ddl/reader.h"

void reader_add_other(Reader *r, Object *object, const char *text)
{
    const char *old = option_get(&object->options, "other_options");
    option_set(r->arena, &object->options, "other_options",
               old ? arena_printf(r->arena, "%s %s", old, text) : text);
}

bool reader_text_option(Reader *r, Object *object, const char *word, const char *key)
{
    if (!reader_take(r, word))
        return false;
    (void)reader_take(r, "=");
    bool quoted = reader_peek(r, 0)->kind == TOKEN_STRING;
    const char *value = quoted ? reader_slice(r, r->at, r->at + 1) : reader_name(r);
    r->at += quoted;
    option_set(r->arena, &object->options, key, value);
    return true;
}

// ---- keys

static void read_part(Reader *r, PartList *parts)
{
    Part *part = VEC_PUSH(r->arena, parts);
    if (reader_is(r, "(")) {
        part->expression = reader_parenthesised(r);
    } else {
        part->column = reader_name(r);
        if (reader_is(r, "("))
            part->length = (unsigned)strtoul(reader_parenthesised(r), NULL, 10);
    }
    if (reader_take(r, "desc"))
        part->descending = true;
    (void)reader_take(r, "asc");
    if (reader_take_two(r, "without", "overlaps")) { // what is named is a period, no column
        part->with_operator = "WITHOUT OVERLAPS";
        part->expression = part->column;
        part->column = NULL;
    }
}

static void read_parts(Reader *r, PartList *parts)
{
    if (!reader_take(r, "("))
        return;
    while (!reader_done(r) && !reader_take(r, ")")) {
        read_part(r, parts);
        (void)reader_take(r, ",");
    }
}

// Options after the parts of a key, in any order. Those that are unknown here are kept as text, so that a
// newer server's option survives.
static void read_key_options(Reader *r, Object *key, const char **method)
{
    while (!reader_done(r) && !reader_is(r, ",") && !reader_is(r, ")")) {
        if (reader_take(r, "using")) {
            char *name = arena_strdup(r->arena, reader_name(r));
            for (char *p = name; *p; p++)
                *p = (char)(*p | 0x20);
            *method = name;
        } else if (reader_take(r, "comment"))
            key->comment = reader_string(r);
        else if (reader_take_two(r, "with", "parser"))
            option_set(r->arena, &key->options, "parser", reader_name(r));
        else if (reader_take(r, "invisible") || reader_take(r, "ignored"))
            option_set(r->arena, &key->options, "invisible", "true");
        else if (reader_text_option(r, key, "key_block_size", "key_block_size") ||
                 reader_text_option(r, key, "engine_attribute", "engine_attribute") ||
                 reader_text_option(r, key, "secondary_engine_attribute", "secondary_engine_attribute"))
            continue;
        else {
            size_t first = r->at++;
            if (reader_take(r, "="))
                r->at++;
            reader_add_other(r, key, reader_slice(r, first, r->at));
        }
    }
}

void reader_index(Reader *r, const char *method, bool unique)
{
    Index *index = index_new(r->arena, r->table, reader_name(r));
    index->method = method;
    index->unique = unique;
    read_parts(r, &index->parts);
    read_key_options(r, &index->head, &index->method);
    *VEC_PUSH(r->arena, &r->table->indexes) = index;
}

void reader_primary_key(Reader *r)
{
    Constraint *key = constraint_new(r->arena, r->table, OBJECT_PRIMARY_KEY, "PRIMARY");
    key->named_by_convention = true;
    read_parts(r, &key->parts);
    read_key_options(r, &key->head, &key->method);
    *VEC_PUSH(r->arena, &r->table->constraints) = key;
}

static void read_names(Reader *r, NameList *out)
{
    if (!reader_take(r, "("))
        return;
    while (!reader_done(r) && !reader_take(r, ")")) {
        *VEC_PUSH(r->arena, out) = reader_name(r);
        (void)reader_take(r, ",");
    }
}

static const char *read_action(Reader *r)
{
    static const char *const two[][3] = {
        {"set",  "null",    "SET NULL"   },
        { "set", "default", "SET DEFAULT"},
        { "no",  "action",  "NO ACTION"  }
    };
    for (size_t i = 0; i < COUNT_OF(two); i++)
        if (reader_take_two(r, two[i][0], two[i][1]))
            return two[i][2];
    return reader_name(r);
}

// A foreign key of SHOW CREATE TABLE. NO ACTION that the server prints was written by somebody; otherwise it
// prints nothing.
static void read_foreign_key(Reader *r, Constraint *key)
{
    key->head.kind = OBJECT_FOREIGN_KEY;
    read_parts(r, &key->parts);
    (void)reader_take(r, "references");
    key->referred_table = reader_name(r);
    if (reader_take(r, ".")) {
        key->referred_schema = key->referred_table;
        key->referred_table = reader_name(r);
    }
    read_names(r, &key->referred_columns);
    while (!reader_done(r) && !reader_is(r, ",") && !reader_is(r, ")")) {
        if (reader_take_two(r, "on", "delete"))
            key->on_delete = read_action(r);
        else if (reader_take_two(r, "on", "update"))
            key->on_update = read_action(r);
        else
            r->at++;
    }
    if ((key->on_delete && strcmp(key->on_delete, "NO ACTION") == 0) ||
        (key->on_update && strcmp(key->on_update, "NO ACTION") == 0))
        option_set(r->arena, &key->head.options, "no_action_stated", "true");
}

void reader_constraint(Reader *r)
{
    Constraint *constraint = constraint_new(r->arena, r->table, OBJECT_CHECK, reader_name(r));
    if (reader_take_two(r, "foreign", "key")) {
        read_foreign_key(r, constraint);
    } else if (reader_take(r, "check")) {
        constraint->expression = reader_parenthesised(r);
        constraint->not_enforced = reader_take_two(r, "not", "enforced");
    }
    *VEC_PUSH(r->arena, &r->table->constraints) = constraint;
}
