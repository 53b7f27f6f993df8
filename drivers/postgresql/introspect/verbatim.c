#include <string.h>

#include "drivers/postgresql/introspect/introspect.h"

enum { ROUTINE_OID, ROUTINE_SCHEMA, ROUTINE_NAME, ROUTINE_KIND, ROUTINE_TYPES, ROUTINE_DEFINITION };

static ObjectKind routine_kind(char letter)
{
    return letter == 'p' ? OBJECT_PROCEDURE : letter == 'a' ? OBJECT_AGGREGATE : OBJECT_FUNCTION;
}

static const char *without_end(Arena *arena, const char *text)
{
    size_t n = strlen(text);
    while (n && (text[n - 1] == '\n' || text[n - 1] == ' ' || text[n - 1] == ';'))
        n--;
    return text[n] ? arena_strndup(arena, text, n) : text;
}

void see_routines(Rows rows)
{
    Introspection *in = rows.in;
    while (see_rows_next(&rows)) {
        const char *schema = see_row_schema(&rows, ROUTINE_SCHEMA),
                   *plain = see_row_must(&rows, ROUTINE_NAME);
        if (!see_takes(in, schema, plain) || (filter_is_own(in->filter, plain) && !in->only))
            continue;
        const char *types = see_row_must(&rows, ROUTINE_TYPES);
        const char *name = arena_printf(in->arena, "%s(%s)", plain, types ? types : "");
        Object *routine =
            object_new(in->arena, routine_kind(see_row_char(&rows, ROUTINE_KIND)), schema, NULL, name);
        const char *definition = see_row_text(&rows, ROUTINE_DEFINITION);
        if (definition)
            routine->definition = without_end(in->arena, see_unqualified(in, definition, schema));
        see_add(in, CLASS_PROC, see_row_oid(&rows, ROUTINE_OID), routine);
    }
}

static const char *enabled_word(const char *letter)
{
    switch (letter ? *letter : 'O') {
    case 'D': return "disabled";
    case 'R': return "replica";
    case 'A': return "always";
    default: return NULL;
    }
}

enum { ON_OID, ON_RELATION, ON_NAME, ON_DEFINITION, ON_ENABLED };

// A trigger or a rule; NULL where its table or view is left out.
static Object *read_on(const Rows *rows, ObjectKind kind)
{
    Introspection *in = rows->in;
    const Object *owner = see_object(in, CLASS_RELATION, see_row_oid(rows, ON_RELATION));
    if (!owner)
        return NULL;
    Object *object = object_new(in->arena, kind, owner->schema, owner->name, see_row_must(rows, ON_NAME));
    const char *definition = see_row_text(rows, ON_DEFINITION);
    object->definition = definition ? without_end(in->arena, definition) : NULL;
    see_option(in, object, PG_ENABLED, enabled_word(see_row_must(rows, ON_ENABLED)));
    return object;
}

void see_triggers(Rows rows)
{
    while (see_rows_next(&rows)) {
        Object *trigger = read_on(&rows, OBJECT_TRIGGER);
        if (trigger && !trigger->definition)
            see_warn(rows.in,
                     "trigger '%s' of partition '%s' is enabled or disabled apart from that of its parent: "
                     "this is "
                     "left out",
                     trigger->name, trigger->table);
        else if (trigger)
            see_add(rows.in, CLASS_TRIGGER, see_row_oid(&rows, ON_OID), trigger);
    }
}

void see_rules(Rows rows)
{
    Introspection *in = rows.in;
    while (see_rows_next(&rows)) {
        unsigned oid = see_row_oid(&rows, ON_OID);
        if (!see_row_raw(&rows, ON_DEFINITION)) {
            Object *view = see_object(in, CLASS_RELATION, see_row_oid(&rows, ON_RELATION));
            if (view)
                see_remember(in, CLASS_REWRITE, oid, view);
            continue;
        }
        Object *rule = read_on(&rows, OBJECT_RULE);
        if (rule)
            see_add(in, CLASS_REWRITE, oid, rule);
    }
}

enum {
    POLICY_OID,
    POLICY_RELATION,
    POLICY_NAME,
    POLICY_PERMISSIVE,
    POLICY_COMMAND,
    POLICY_ROLES,
    POLICY_USING,
    POLICY_CHECK,
};

static const char *command_word(char letter)
{
    switch (letter) {
    case 'r': return " FOR SELECT";
    case 'a': return " FOR INSERT";
    case 'w': return " FOR UPDATE";
    case 'd': return " FOR DELETE";
    default: return "";
    }
}

static void put_condition(StrBuf *out, const char *word, const char *condition)
{
    if (condition)
        strbuf_printf(out, "\n    %s (%s)", word, condition);
}

void see_policies(Rows rows)
{
    Introspection *in = rows.in;
    while (see_rows_next(&rows)) {
        const Object *table = see_object(in, CLASS_RELATION, see_row_oid(&rows, POLICY_RELATION));
        if (!table)
            continue;
        Object *policy = object_new(in->arena, OBJECT_POLICY, table->schema, table->name,
                                    see_row_must(&rows, POLICY_NAME));
        StrBuf out;
        strbuf_init(&out, in->arena);
        strbuf_printf(&out, "CREATE POLICY %s ON ", pg_quote_ident(in->arena, policy->name));
        if (table->schema)
            strbuf_printf(&out, "%s.", pg_quote_ident(in->arena, table->schema));
        strbuf_printf(&out, "%s%s%s", pg_quote_ident(in->arena, table->name),
                      see_row_true(&rows, POLICY_PERMISSIVE) ? "" : " AS RESTRICTIVE",
                      command_word(see_row_char(&rows, POLICY_COMMAND)));
        const char *roles = see_row_raw(&rows, POLICY_ROLES);
        if (roles)
            strbuf_printf(&out, " TO %s", roles);
        put_condition(&out, "USING", see_row_sql(&rows, POLICY_USING));
        put_condition(&out, "WITH CHECK", see_row_sql(&rows, POLICY_CHECK));
        policy->definition = out.text;
        see_add(in, CLASS_POLICY, see_row_oid(&rows, POLICY_OID), policy);
    }
}

enum {
    STATISTICS_OID,
    STATISTICS_RELATION,
    STATISTICS_SCHEMA,
    STATISTICS_NAME,
    STATISTICS_DEFINITION,
    STATISTICS_TARGET,
};

void see_statistics(Rows rows)
{
    Introspection *in = rows.in;
    while (see_rows_next(&rows)) {
        const Object *table = see_object(in, CLASS_RELATION, see_row_oid(&rows, STATISTICS_RELATION));
        if (!table)
            continue;
        const char *schema = see_row_schema(&rows, STATISTICS_SCHEMA);
        Object *statistics = object_new(in->arena, OBJECT_STATISTICS, schema, table->name,
                                        see_row_must(&rows, STATISTICS_NAME));
        statistics->definition =
            see_unqualified(in, without_end(in->arena, see_row_must(&rows, STATISTICS_DEFINITION)), schema);
        long target = see_row_int(&rows, STATISTICS_TARGET, -1);
        if (target >= 0)
            see_option(in, statistics, PG_STATISTICS, arena_printf(in->arena, "%ld", target));
        see_add(in, CLASS_STATISTICS, see_row_oid(&rows, STATISTICS_OID), statistics);
    }
}

enum { OTHER_CLASS, OTHER_OID, OTHER_KIND, OTHER_SCHEMA, OTHER_NAME, OTHER_DEFINITION, OTHER_ENABLED };

// The kind of an object by the word of the query; OBJECT_KIND_COUNT for a word that is unknown.
static ObjectKind other_kind(const char *word)
{
    static const struct {
        const char *word;
        ObjectKind kind;
    } kinds[] = {
        {"collation",      OBJECT_COLLATION                },
        { "operator",      OBJECT_OPERATOR                 },
        { "cast",          OBJECT_CAST                     },
        { "parser",        OBJECT_TEXT_SEARCH_PARSER       },
        { "template",      OBJECT_TEXT_SEARCH_TEMPLATE     },
        { "dictionary",    OBJECT_TEXT_SEARCH_DICTIONARY   },
        { "configuration", OBJECT_TEXT_SEARCH_CONFIGURATION},
        { "wrapper",       OBJECT_FOREIGN_DATA_WRAPPER     },
        { "server",        OBJECT_SERVER                   },
        { "mapping",       OBJECT_USER_MAPPING             },
        { "event trigger", OBJECT_EVENT_TRIGGER            },
        { "publication",   OBJECT_PUBLICATION              },
        { "subscription",  OBJECT_SUBSCRIPTION             },
    };
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (strcmp(kinds[i].word, word) == 0)
            return kinds[i].kind;
    return OBJECT_KIND_COUNT;
}

static void leave_out_secrets(Introspection *in, Object *object)
{
    if (object->kind != OBJECT_USER_MAPPING && object->kind != OBJECT_SUBSCRIPTION &&
        object->kind != OBJECT_SERVER && object->kind != OBJECT_FOREIGN_DATA_WRAPPER)
        return;
    const char *bare = pg_without_secrets(in->arena, object->definition);
    if (bare != object->definition && strcmp(bare, object->definition) != 0)
        see_warn(in,
                 "a secret of %s %s is left out; what is created from the model needs it added there, or by "
                 "ALTER %s",
                 object_kinds[object->kind].word, object_title(in->arena, object),
                 object_kinds[object->kind].keyword);
    object->definition = bare;
}

// The statements after the first, each of which names the configuration again.
static const char *unqualified_mappings(Introspection *in, const char *definition)
{
    const char *plain = ";\nALTER TEXT SEARCH CONFIGURATION ";
    const char *prefix =
        arena_printf(in->arena, "%s%s.", plain, pg_quote_ident(in->arena, in->default_schema));
    StrBuf out;
    strbuf_init(&out, in->arena);
    for (const char *at; (at = strstr(definition, prefix)) != NULL; definition = at + strlen(prefix))
        strbuf_printf(&out, "%.*s%s", (int)(at - definition), definition, plain);
    strbuf_puts(&out, definition);
    return out.text;
}

void see_others(Rows rows)
{
    Introspection *in = rows.in;
    while (see_rows_next(&rows)) {
        ObjectKind kind = other_kind(see_row_must(&rows, OTHER_KIND));
        const char *definition = see_row_text(&rows, OTHER_DEFINITION);
        const char *schema = see_row_raw(&rows, OTHER_SCHEMA) ? see_row_schema(&rows, OTHER_SCHEMA) : NULL;
        const char *name = see_row_must(&rows, OTHER_NAME);
        if (name && !see_takes(in, schema, name))
            continue;
        if (kind == OBJECT_KIND_COUNT || !definition) {
            see_warn(in, "%s", definition ? definition : name);
            continue;
        }
        Object *object = object_new(in->arena, kind, schema, NULL, name);
        object->definition =
            see_row_raw(&rows, OTHER_SCHEMA) ? see_unqualified(in, definition, schema) : definition;
        if (kind == OBJECT_TEXT_SEARCH_CONFIGURATION && !schema && !in->only)
            object->definition = unqualified_mappings(in, object->definition);
        leave_out_secrets(in, object);
        see_option(in, object, PG_ENABLED, enabled_word(see_row_raw(&rows, OTHER_ENABLED)));
        see_add(in, see_row_oid(&rows, OTHER_CLASS), see_row_oid(&rows, OTHER_OID), object);
    }
}
