#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "core/schema/read.h"
#include "core/schema/write.h"

// Whether the reader takes this spelling for a type that the schema declares.
static bool is_declared(Writer *w, const char *spelling)
{
    if (!w->types.count)
        return false;
    size_t n = strlen(spelling);
    while (n >= 2 && spelling[n - 1] == ']' && spelling[n - 2] == '[')
        n -= 2;
    NameList parts = { 0 };
    if (!name_split(w->arena, arena_strndup(w->arena, spelling, n), &parts) || parts.count > 2)
        return false;
    const char *schema = parts.count == 2 ? parts.items[0] : NULL, *name = parts.items[parts.count - 1];
    VEC_EACH (const Object *, type, &w->types)
        if (strcmp((*type)->name, name) == 0 && !(*type)->schema == !schema &&
            (!schema || strcmp((*type)->schema, schema) == 0))
            return true;
    return false;
}

static Node *spell_type(Writer *w, const char *native)
{
    const char *portable = w->dialect->type_portable(w->arena, native), *wrong = NULL;
    if (is_declared(w, native))
        return node_text(w->arena, native);
    const char *again = is_declared(w, portable) ? NULL : w->dialect->type_native(w->arena, portable, &wrong);
    // where case is no difference, `text` need not be written otherwise than `TEXT`
    bool folds = w->dialect->caps & FOLDS_NAME_CASE;
    if (again && (folds ? w->dialect->same_type(w->arena, again, native) : strcmp(again, native) == 0))
        return node_text(w->arena, portable);
    Node *verbatim = node_map(w->arena);
    node_put(w->arena, verbatim, "sql", node_text(w->arena, native));
    return verbatim;
}

Node *write_type(Writer *w, const char *native)
{
    enum { SLOTS = 512, TRIES = 8 };
    if (!w->spelt.items)
        w->spelt.items = arena_alloc(w->arena, SLOTS * sizeof(SpeltNode));
    size_t h = 5381;
    for (const char *c = native; *c; c++)
        h = h * 33 + (unsigned char)*c;
    for (size_t i = 0; i < TRIES; i++) {
        SpeltNode *slot = &w->spelt.items[(h + i) % SLOTS];
        if (!slot->native)
            *slot = (SpeltNode){ native, spell_type(w, native) };
        if (slot->native == native || strcmp(slot->native, native) == 0)
            return slot->node;
    }
    return spell_type(w, native);
}

// Defaults --------------------------------------------------------------------------------------------------------

static bool gives(Writer *w, const char *type, const char *scalar, bool quoted, const char *sql)
{
    if (default_mismatch(w->arena, w->dialect, type, scalar))
        return false; // the reader would refuse it: it is written as SQL
    const char *made = w->dialect->default_literal(w->arena, type, scalar, quoted);
    return made && strcmp(made, sql) == 0;
}

// A plain YAML scalar that stays as it is: a number or true and false.
static bool is_plain_value(const char *text)
{
    if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
        return true;
    const char *p = text + (*text == '-');
    if (!isdigit((unsigned char)*p))
        return false;
    for (; *p; p++)
        if (!isdigit((unsigned char)*p) && *p != '.' && *p != 'e' && *p != 'E' &&
            !((*p == '-' || *p == '+') && (p[-1] == 'e' || p[-1] == 'E')))
            return false;
    return true;
}

// The inside of the string that the text begins with; NULL where it begins with none.
static const char *string_inside(Writer *w, const char *sql)
{
    const char *p = strchr(sql, '\'');
    if (!p || p - sql > 12)
        return NULL;
    bool escapes = (w->dialect->lex & LEX_BACKSLASH_ESCAPES) || (p > sql && (p[-1] == 'E' || p[-1] == 'e'));
    StrBuf out;
    strbuf_init(&out, w->arena);
    for (p++; *p; p++) {
        if (*p == '\'' && *++p != '\'')
            return out.text;
        if (*p == '\\' && escapes && p[1])
            p++;
        strbuf_putc(&out, *p);
    }
    return NULL;
}

Node *write_default(Writer *w, const char *type, const char *sql)
{
    if (!sql)
        return NULL;
    if (is_plain_value(sql) && gives(w, type, sql, false, sql))
        return node_plain(w->arena, sql);
    static const char *const truths[] = { "true", "false" };
    for (size_t i = 0; i < COUNT_OF(truths); i++)
        if (strlen(sql) < 8 && gives(w, type, truths[i], false, sql))
            return node_plain(w->arena, truths[i]);
    const char *text = string_inside(w, sql);
    if (text && is_plain_value(text) && gives(w, type, text, false, sql))
        return node_plain(w->arena, text);
    if (text && gives(w, type, text, true, sql)) {
        Node *node = node_text(w->arena, text);
        node->forced = !gives(w, type, text, false, sql); // its quotes say something
        return node;
    }
    Node *expression = node_map(w->arena);
    node_put(w->arena, expression, "sql", node_text(w->arena, sql));
    return expression;
}

// What is said at a column ------------------------------------------------------------------------------------------

static bool is_plain_part(const Part *part)
{
    return part->column && !part->collation && !part->opclass && !part->with_operator && !part->length &&
           !part->descending && part->nulls_first == UNSET;
}

static bool is_bare(const Object *head)
{
    return !head->comment && !head->options.count && !head->renamed_from;
}

static bool is_simple_key(const Constraint *key)
{
    return is_bare(&key->head) && !key->include.count && !key->nulls_not_distinct && !key->method &&
           !key->where && key->deferral == NOT_DEFERRABLE;
}

// `primary_key: true` at each column gives them in the order of the table.
static bool key_is_in_order(const Table *table, const Constraint *key)
{
    size_t next = 0;
    VEC_EACH (Part, part, &key->parts)
        if (!is_plain_part(part))
            return false;
    VEC_EACH (Column *, column, &table->columns)
        if (next < key->parts.count && strcmp((*column)->head.name, key->parts.items[next].column) == 0)
            next++;
    return next == key->parts.count;
}

// The first of those on one column: a second one cannot be said there. Whoever asks for each of very many keys looks at the
// key's own name before.
static const Constraint *first_on_column(Writer *w, const Table *table, ObjectKind kind, const char *column)
{
    VEC_EACH (Constraint *, it, &table->constraints) {
        const Constraint *c = *it;
        if (c->head.kind == kind && c->parts.count == 1 && is_plain_part(&c->parts.items[0]) &&
            strcmp(c->parts.items[0].column, column) == 0 && name_is_given(w, table, &c->head))
            return c;
    }
    return NULL;
}

static bool unique_is_at_column(Writer *w, const Table *table, const Constraint *key)
{
    return key->parts.count == 1 && is_simple_key(key) && is_plain_part(&key->parts.items[0]) &&
           name_is_given(w, table, &key->head) &&
           first_on_column(w, table, OBJECT_UNIQUE, key->parts.items[0].column) == key;
}

static bool reference_is_at_column(Writer *w, const Table *table, const Constraint *key)
{
    return key->parts.count == 1 && is_bare(&key->head) && is_plain_part(&key->parts.items[0]) &&
           !key->not_valid && !key->not_enforced && name_is_given(w, table, &key->head) &&
           first_on_column(w, table, OBJECT_FOREIGN_KEY, key->parts.items[0].column) == key;
}

static const Index *index_at_column(Writer *w, const Table *table, const char *column)
{
    VEC_EACH (Index *, it, &table->indexes) {
        const Index *index = *it;
        if (index->parts.count == 1 && is_plain_part(&index->parts.items[0]) && is_bare(&index->head) &&
            !index->method && !index->where && !index->unique && !index->include.count &&
            !index->nulls_not_distinct && strcmp(index->parts.items[0].column, column) == 0 &&
            name_is_given(w, table, &index->head))
            return index;
    }
    return NULL;
}

bool is_at_column(Writer *w, const Table *table, const Object *object)
{
    const Constraint *constraint = (const Constraint *)(const void *)object;
    const Index *index = (const Index *)(const void *)object;
    const char *column = NULL;
    bool fits = false;
    switch ((int)object->kind) {
    case OBJECT_PRIMARY_KEY:
        return is_simple_key(constraint) && key_is_in_order(table, constraint) &&
               name_is_given(w, table, object);
    case OBJECT_UNIQUE: fits = unique_is_at_column(w, table, constraint); break;
    case OBJECT_FOREIGN_KEY: fits = reference_is_at_column(w, table, constraint); break;
    case OBJECT_CHECK: return constraint->column && table_column(table, constraint->column);
    case OBJECT_INDEX:
        column = index->parts.count == 1 ? index->parts.items[0].column : NULL;
        return column && name_is_given(w, table, object) && index_at_column(w, table, column) == index &&
               table_column(table, column);
    default: return false;
    }
    return fits && table_column(table, constraint->parts.items[0].column);
}

// Writes an identity's options as keys if the reader would make the same text of them, and otherwise as SQL,
// so that nothing is lost.
static Node *write_identity(Writer *w, const Column *column)
{
    static const struct {
        const char *words[2], *key;
    } options[] = {
        {{ "START", "WITH" },    "start"    },
        { { "INCREMENT", "BY" }, "increment"},
        { { "MINVALUE", NULL },  "minimum"  },
        { { "MAXVALUE", NULL },  "maximum"  },
        { { "CACHE", NULL },     "cache"    },
    };
    const char *mode = column->identity == IDENTITY_ALWAYS ? "always" : "by default",
               *text = column->identity_options;
    if (!text)
        return node_text(w->arena, mode);
    Node *node = node_map(w->arena);
    StrBuf again; // what the reader would make of it
    strbuf_init(&again, w->arena);
    put_text(w, node, "mode", mode);
    TokenList tokens = lex_all(w->arena, (Text){ text, strlen(text) }, w->dialect->lex);
    size_t at = 0;
    for (size_t i = 0; i < COUNT_OF(options); i++) {
        const Token *t = &tokens.items[at];
        size_t words = options[i].words[1] ? 2 : 1;
        if (at + words >= tokens.count || !token_is(t, options[i].words[0]) ||
            (words == 2 && !token_is(&t[1], options[i].words[1])))
            continue;
        const Token *number = &t[words], *sign = token_is(number, "-") ? number++ : NULL;
        if (number->kind != TOKEN_NUMBER)
            continue;
        const char *value =
            arena_printf(w->arena, "%s%.*s", sign ? "-" : "", (int)number->text.n, number->text.p);
        put_number(w, node, options[i].key, value);
        strbuf_printf(&again, "%s%s%s%s %s", again.length ? " " : "", options[i].words[0],
                      words == 2 ? " " : "", words == 2 ? options[i].words[1] : "", value);
        at = (size_t)(number - tokens.items) + 1;
    }
    if (token_is(&tokens.items[at], "CYCLE")) {
        put_true(w, node, "cycle", true);
        strbuf_puts(&again, again.length ? " CYCLE" : "CYCLE");
    }
    if (strcmp(again.text, text) == 0)
        return node;
    node = node_map(w->arena);
    put_text(w, node, "mode", mode);
    put_text(w, node, "sql", text);
    return node;
}

static void put_nullable(Writer *w, Node *node, const Table *table, const Column *column)
{
    const Constraint *key = table_primary_key(table);
    bool in_key = key && parts_have_column(&key->parts, column->head.name);
    bool may_be_null = (w->dialect->caps & KEYS_MAY_BE_NULL) != 0;
    bool counts = column->identity != IDENTITY_NONE || (column->autoincrement && !may_be_null);
    bool implied = in_key ? !may_be_null || column->nullable_implied : column->nullable != counts;
    if (!implied)
        node_put(w->arena, node, "nullable", node_plain(w->arena, column->nullable ? "true" : "false"));
}

static void put_checks(Writer *w, Node *node, const Table *table, const Column *column)
{
    Node *list = node_list(w->arena), *check = NULL;
    VEC_EACH (Constraint *, it, &table->constraints)
        if ((*it)->head.kind == OBJECT_CHECK && (*it)->column &&
            strcmp((*it)->column, column->head.name) == 0) {
            check = write_check(w, *it, true);
            node_push(w->arena, list, check);
        }
    if (list->count == 1)
        node_put(w->arena, node, "check", check);
    else if (list->count) // two without names would be numbered
        node_put(w->arena, node, "check", list);
}

static void put_keys_of_column(Writer *w, Node *node, const Table *table, const Column *column)
{
    VEC_EACH (Constraint *, it, &table->constraints) {
        const Constraint *c = *it;
        bool here = c->parts.count == 1 && c->parts.items[0].column &&
                    strcmp(c->parts.items[0].column, column->head.name) == 0;
        if (!here || (c->head.kind != OBJECT_UNIQUE && c->head.kind != OBJECT_FOREIGN_KEY) ||
            !is_at_column(w, table, &c->head))
            continue;
        if (c->head.kind == OBJECT_UNIQUE) {
            put_true(w, node, "unique", true);
        } else {
            put_text(w, node, "references", write_target(w, c));
            put_reference_details(w, node, c);
        }
    }
    if (index_at_column(w, table, column->head.name))
        put_true(w, node, "index", true);
    put_checks(w, node, table, column);
}

Node *write_column(Writer *w, const Table *table, const Column *column)
{
    Node *node = node_map(w->arena), *type = write_type(w, column->type);
    const Constraint *key = table_primary_key(table);
    node_put(w->arena, node, "type", type);
    if (key && parts_have_column(&key->parts, column->head.name) && is_at_column(w, table, &key->head))
        put_true(w, node, "primary_key", true);
    bool implied = counts_by_itself(w->arena, w->dialect, table, column);
    if (column->autoincrement != implied || (implied && w->dialect->caps & KEYS_COUNT_BY_IDENTITY))
        node_put(w->arena, node, "autoincrement",
                 node_plain(w->arena, column->autoincrement ? "true" : "false"));
    if (column->identity != IDENTITY_NONE)
        node_put(w->arena, node, "identity", write_identity(w, column));
    put_nullable(w, node, table, column);
    put_node(w, node, "default", write_default(w, column->type, column->default_sql));
    put_text(w, node, "generated", column->generated);
    put_true(w, node, "stored", column->generated && column->stored);
    put_keys_of_column(w, node, table, column);
    put_text(w, node, "collation", column->collation);
    put_text(w, node, "comment", column->head.comment);
    put_text(w, node, "renamed_from", column->head.renamed_from);
    put_options(w, node, &column->head);
    return node->count == 1 && type->kind == NODE_SCALAR ? type : node;
}
