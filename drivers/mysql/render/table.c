#include "drivers/mysql/render/render.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "drivers/mysql/dialect/types.h"

Statement *my_statement(Arena *arena, StatementList *out, const char *text)
{
    Statement *statement = VEC_PUSH(arena, out);
    statement->sql = arena_strdup(arena, text);
    return statement;
}

static void put_comment(StrBuf *out, const char *comment)
{
    if (comment)
        sql(out, &mysql_dialect, KW("COMMENT"), LIT(comment));
}

static void put_option(StrBuf *out, const OptionList *options, const char *key, const char *keyword)
{
    const char *value = option_get(options, key);
    if (value)
        sql(out, &mysql_dialect, EXPR(keyword), WORD(value));
}

static void put_sql_option(StrBuf *out, const OptionList *options, const char *key, const char *keyword)
{
    const char *value = option_get(options, key);
    if (value)
        sql(out, &mysql_dialect, EXPR(keyword), EXPR(value));
}

bool my_check_is_in_column(const Spelling *how, const Constraint *constraint)
{
    return how->mariadb && constraint->head.kind == OBJECT_CHECK && constraint->column &&
           !constraint->head.name;
}

static void put_column_checks(StrBuf *out, const Spelling *how, const Column *column)
{
    VEC_EACH (Constraint *, it, &how->table->constraints)
        if (my_check_is_in_column(how, *it) && strcmp((*it)->column, column->head.name) == 0) {
            sql(out, &mysql_dialect, KW("CHECK ("), EXPR((*it)->expression), KW(")"));
        }
}

// The one type that the two servers call by different names.
static const char *type_word(const Spelling *how, const char *type)
{
    return how->mariadb && strcmp(type, "geomcollection") == 0 ? "geometrycollection" : type;
}

static void put_charset(StrBuf *out, const Spelling *how, const Column *column)
{
    const char *charset = option_get(&column->head.options, "charset");
    const char *collation = column->collation;
    if (!collation && !charset && my_type_is_string(column->type))
        collation = how->default_collation;
    if (how->mariadb && strcmp(column->type, "json") == 0)
        return;
    if (charset)
        sql(out, &mysql_dialect, KW("CHARACTER SET"), WORD(charset));
    if (collation)
        sql(out, &mysql_dialect, KW("COLLATE"), WORD(collation));
}

static bool put_generated(StrBuf *out, const Column *column)
{
    const char *row = option_get(&column->head.options, "row_period");
    if (row)
        sql(out, &mysql_dialect, KW("GENERATED ALWAYS AS ROW"),
            EXPR(strcasecmp(row, "end") == 0 ? "END" : "START"));
    if (column->generated)
        sql(out, &mysql_dialect, KW("GENERATED ALWAYS AS ("), EXPR(column->generated), KW(")"),
            EXPR(column->stored ? "STORED" : "VIRTUAL"));
    return row || column->generated;
}

// MariaDB knows no NULL or NOT NULL at a generated column. A nullable timestamp says so: under the older rules for
// timestamps it would not be.
static void put_nullable(StrBuf *out, const Spelling *how, const Column *column, bool generated)
{
    if (generated && how->mariadb)
        return;
    if (!column->nullable)
        sql(out, &mysql_dialect, KW("NOT NULL"));
    else if (strncasecmp(column->type, "timestamp", 9) == 0)
        sql(out, &mysql_dialect, KW("NULL"));
}

static void put_versioning(StrBuf *out, const OptionList *options)
{
    if (option_is(options, "system_versioning"))
        sql(out, &mysql_dialect, KW("WITH SYSTEM VERSIONING"));
    if (option_is(options, "without_system_versioning"))
        sql(out, &mysql_dialect, KW("WITHOUT SYSTEM VERSIONING"));
}

// A word of its own that MySQL takes without parentheses.
static bool is_plain_word(const Token *token)
{
    static const char *const words[] = {
        "null", "true", "false", "now", "localtime", "localtimestamp", "current_timestamp"
    };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (token_is(token, words[i]))
            return true;
    return false;
}

// MySQL takes an expression only in parentheses; MariaDB with and without.
const char *my_default_text(const Spelling *how, const Column *column)
{
    const char *text = column->default_sql;
    TokenList tokens = lex_all(how->arena, (Text){ text, strlen(text) }, mysql_dialect.lex);
    const Token *first = &tokens.items[0];
    bool literal = tokens.count <= 3 && first->kind != TOKEN_WORD;          // with a sign, and the end
    bool spelt = tokens.count == 3 && tokens.items[1].kind == TOKEN_STRING; // _utf8mb4'x', b'1'
    bool plain = literal || spelt || is_plain_word(first) || token_is(first, "(");
    return how->mariadb || plain ? text : arena_printf(how->arena, "(%s)", text);
}

void my_put_column(StrBuf *out, const Spelling *how, const Column *column)
{
    const Dialect *d = &mysql_dialect;
    const OptionList *options = &column->head.options;
    sql(out, d, ID(column->head.name), TYPE(type_word(how, column->type)));
    const char *compressed = option_get(options, "compressed");
    if (compressed)
        sql(out, d, WORD(strcmp(compressed, "true") == 0 ? "COMPRESSED" : compressed));
    put_charset(out, how, column);
    bool generated = put_generated(out, column);
    put_nullable(out, how, column, generated);
    put_option(out, options, "srid", how->mariadb ? "REF_SYSTEM_ID =" : "SRID");
    if (option_is(options, "invisible"))
        sql(out, d, KW("INVISIBLE"));
    if (!how->versioned_later)
        put_versioning(out, options);
    if (column->default_sql && !generated)
        sql(out, d, KW("DEFAULT"), EXPR(my_default_text(how, column)));
    put_sql_option(out, options, "on_update", "ON UPDATE");
    if (column->autoincrement)
        sql(out, d,
            EXPR(column->nullable ? "AUTO_INCREMENT NULL" : "AUTO_INCREMENT")); // by itself it is NOT NULL
    put_comment(out, column->head.comment);
    put_option(out, options, "column_format", "COLUMN_FORMAT");
    put_option(out, options, "storage", "STORAGE");
    put_option(out, options, "engine_attribute", "ENGINE_ATTRIBUTE");
    put_option(out, options, "secondary_engine_attribute", "SECONDARY_ENGINE_ATTRIBUTE");
    put_sql_option(out, options, "other_options", "");
    put_column_checks(out, how, column);
}

void my_put_parts(StrBuf *out, const PartList *parts)
{
    sql(out, &mysql_dialect, KW("("));
    VEC_EACH (Part, part, parts) {
        if (part != parts->items)
            sql(out, &mysql_dialect, KW(","));
        if (part->column || part->with_operator)
            sql(out, &mysql_dialect, ID(part->column ? part->column : part->expression));
        else
            sql(out, &mysql_dialect, KW("("), EXPR(part->expression), KW(")"));
        if (part->length)
            strbuf_printf(out, "(%u)", part->length);
        if (part->descending)
            sql(out, &mysql_dialect, KW("DESC"));
        if (part->with_operator)
            sql(out, &mysql_dialect, EXPR(part->with_operator));
    }
    sql(out, &mysql_dialect, KW(")"));
}

static void put_key_options(StrBuf *out, const Spelling *how, const Object *key, const char *method)
{
    if (method && strcasecmp(method, "fulltext") != 0 && strcasecmp(method, "spatial") != 0 &&
        strcasecmp(method, "vector") != 0)
        sql(out, &mysql_dialect, KW("USING"), WORD(method));
    put_option(out, &key->options, "key_block_size", "KEY_BLOCK_SIZE =");
    const char *parser = option_get(&key->options, "parser");
    if (parser)
        sql(out, &mysql_dialect, KW("WITH PARSER"), ID(parser));
    put_comment(out, key->comment);
    if (option_is(&key->options, "invisible"))
        sql(out, &mysql_dialect, EXPR(how->mariadb ? "IGNORED" : "INVISIBLE"));
    put_option(out, &key->options, "engine_attribute", "ENGINE_ATTRIBUTE");
    put_option(out, &key->options, "secondary_engine_attribute", "SECONDARY_ENGINE_ATTRIBUTE");
    put_sql_option(out, &key->options, "other_options", "");
}

static const char *index_keyword(const Index *index)
{
    const char *method = index->method ? index->method : "";
    if (strcasecmp(method, "fulltext") == 0)
        return "FULLTEXT KEY";
    if (strcasecmp(method, "spatial") == 0)
        return "SPATIAL KEY";
    if (strcasecmp(method, "vector") == 0)
        return "VECTOR KEY";
    return index->unique ? "UNIQUE KEY" : "KEY";
}

void my_put_index(StrBuf *out, const Spelling *how, const Index *index)
{
    sql(out, &mysql_dialect, EXPR(index_keyword(index)));
    if (index->head.name)
        sql(out, &mysql_dialect, ID(index->head.name));
    my_put_parts(out, &index->parts);
    put_key_options(out, how, &index->head, index->method);
}

static void put_foreign_key(StrBuf *out, const Constraint *key)
{
    const Dialect *d = &mysql_dialect;
    sql(out, d, KW("FOREIGN KEY"));
    my_put_parts(out, &key->parts);
    sql(out, d, KW("REFERENCES"), QID(key->referred_schema, key->referred_table), KW("("));
    sql_names(out, d, &key->referred_columns);
    sql(out, d, KW(")"));
    if (key->match)
        sql(out, d, KW("MATCH"), WORD(key->match));
    if (key->on_delete)
        sql(out, d, KW("ON DELETE"), EXPR(key->on_delete));
    if (key->on_update)
        sql(out, d, KW("ON UPDATE"), EXPR(key->on_update));
}

void my_put_constraint(StrBuf *out, const Spelling *how, const Constraint *constraint)
{
    const Dialect *d = &mysql_dialect;
    if (constraint->head.name && constraint->head.kind != OBJECT_PRIMARY_KEY)
        sql(out, d, KW("CONSTRAINT"), ID(constraint->head.name));
    if (constraint->head.kind == OBJECT_FOREIGN_KEY) {
        put_foreign_key(out, constraint);
    } else if (constraint->head.kind == OBJECT_CHECK) {
        sql(out, d, KW("CHECK ("), EXPR(constraint->expression), KW(")"));
        if (constraint->not_enforced && !how->mariadb)
            sql(out, d, KW("NOT ENFORCED"));
    } else {
        sql(out, d, EXPR(constraint->head.kind == OBJECT_PRIMARY_KEY ? "PRIMARY KEY" : "UNIQUE KEY"));
        my_put_parts(out, &constraint->parts);
        put_key_options(out, how, &constraint->head, constraint->method);
    }
}

const char *my_word_as_written(Arena *arena, const OptionList *options, const OptionWord *word)
{
    const char *names = option_get(options, "option_names");
    for (const char *p = names; p && *p; p += strcspn(p, " "), p += *p == ' ') {
        size_t n = strcspn(p, " ");
        if (n == strlen(word->keyword) && strncasecmp(p, word->keyword, n) == 0)
            return arena_strndup(arena, p, n);
    }
    return word->keyword;
}

void my_put_table_options(StrBuf *out, const Spelling *how, const Table *table)
{
    const OptionList *options = &table->head.options;
    put_option(out, options, "auto_increment", "AUTO_INCREMENT =");
    if (how->table_collation && !option_get(options, "collation") && !option_get(options, "charset"))
        sql(out, &mysql_dialect, KW("COLLATE ="), WORD(how->table_collation));
    for (size_t i = 0; i < MY_TABLE_WORD_COUNT; i++) {
        const OptionWord *word = &my_table_words[i];
        const char *value = option_get(options, word->key);
        if (!value)
            continue;
        sql(out, &mysql_dialect, EXPR(my_word_as_written(how->arena, options, word)), KW("="),
            my_word_part(word, value));
    }
    put_comment(out, table->head.comment);
    put_sql_option(out, options, "other_options", "");
    if (option_is(options, "system_versioning"))
        sql(out, &mysql_dialect, KW("WITH SYSTEM VERSIONING"));
    put_sql_option(out, options, "partition_by", "\nPARTITION BY");
}

const char *my_former_collation(const StepGraph *graph)
{
    const Object *have = schema_object(graph->have, OBJECT_DATABASE, NULL, NULL, DATABASE_NAME),
                 *want = schema_object(graph->want, OBJECT_DATABASE, NULL, NULL, DATABASE_NAME);
    if (!want || same_text(have ? option_get(&have->options, "collation") : NULL,
                           option_get(&want->options, "collation")))
        return NULL;
    return graph->want->server.default_collation;
}

static void begin_line(StrBuf *out, size_t *lines) { strbuf_puts(out, (*lines)++ ? ",\n  " : "\n  "); }

static bool comes_later(const Step *step, const Constraint *constraint)
{
    VEC_EACH (Constraint *, it, &step->later)
        if (*it == constraint)
            return true;
    return false;
}

static void put_periods(StrBuf *out, const Table *table, size_t *lines)
{
    const char *text = option_get(&table->head.options, "periods");
    while (text && *text) {
        size_t n = strcspn(text, "\n");
        begin_line(out, lines);
        strbuf_puts(out, "PERIOD FOR ");
        strbuf_put(out, text, n);
        text += n + (text[n] == '\n');
    }
}

void my_render_create_table(const StepGraph *graph, const Step *step, Arena *arena, StatementList *out)
{
    const Table *table = (const Table *)(const void *)step->want;
    Spelling how = { .arena = arena,
                     .mariadb = my_for_mariadb(graph),
                     .table = table,
                     .table_collation = my_former_collation(graph) };
    StrBuf text;
    size_t lines = 0;
    strbuf_init(&text, arena);
    sql(&text, &mysql_dialect, KW("CREATE TABLE"), ID(table->head.name), KW("("));
    VEC_EACH (Column *, column, &table->columns) {
        begin_line(&text, &lines);
        my_put_column(&text, &how, *column);
    }
    put_periods(&text, table, &lines);
    static const ObjectKind order[] = { OBJECT_PRIMARY_KEY, OBJECT_UNIQUE, OBJECT_INDEX, OBJECT_FOREIGN_KEY,
                                        OBJECT_CHECK };
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        if (order[i] == OBJECT_INDEX)
            VEC_EACH (Index *, index, &table->indexes) {
                begin_line(&text, &lines);
                my_put_index(&text, &how, *index);
            }
        VEC_EACH (Constraint *, it, &table->constraints)
            if ((*it)->head.kind == order[i] && !comes_later(step, *it) &&
                !my_check_is_in_column(&how, *it)) {
                begin_line(&text, &lines);
                my_put_constraint(&text, &how, *it);
            }
    }
    strbuf_puts(&text, "\n)");
    my_put_table_options(&text, &how, table);
    my_statement(arena, out, text.text);
}
