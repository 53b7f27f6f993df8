#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "drivers/mysql/ddl/reader.h"
#include "drivers/mysql/dialect/types.h"

const char *ddl_charset_collation(const DdlServer *server, const char *charset)
{
    if (charset && strcasecmp(charset, "utf8") == 0)
        charset = "utf8mb3";
    for (size_t i = 0; charset && i < server->charset_count; i++)
        if (strcasecmp(server->charsets[2 * i], charset) == 0)
            return server->charsets[2 * i + 1];
    return NULL;
}

const char *ddl_table_collation(const DdlServer *server, const Table *table)
{
    const char *collation = option_get(&table->head.options, "collation");
    if (collation)
        return collation;
    return server->default_collation ? server->default_collation : "";
}

// ---- columns

static const char *read_type(Reader *r)
{
    size_t first = r->at++;
    if (reader_is(r, "("))
        reader_skip_group(r);
    while (reader_is(r, "unsigned") || reader_is(r, "zerofill") || reader_is(r, "precision"))
        r->at++;
    return my_type_split(r->arena, reader_slice(r, first, r->at)).type;
}

// Whether the next word begins an attribute of a column, and so ends the expression before it, which has no
// end of its own.
static bool begins_attribute(const Reader *r)
{
    static const char *const words[] = { ",",
                                         ")",
                                         "on",
                                         "auto_increment",
                                         "comment",
                                         "invisible",
                                         "column_format",
                                         "storage",
                                         "check",
                                         "engine_attribute",
                                         "secondary_engine_attribute",
                                         "without",
                                         "srid",
                                         "generated" };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (reader_is(r, words[i]))
            return true;
    return reader_done(r) ||
           (reader_is(r, "not") &&
            (token_is(reader_peek(r, 1), "null") || token_is(reader_peek(r, 1), "secondary"))) ||
           (reader_is(r, "with") && token_is(reader_peek(r, 1), "system"));
}

static const char *read_expression(Reader *r)
{
    size_t first = r->at;
    while (!begins_attribute(r)) {
        if (reader_is(r, "("))
            reader_skip_group(r);
        else
            r->at++;
    }
    return reader_slice(r, first, r->at);
}

static void add_column_check(Reader *r, const Column *column)
{
    Constraint *check = constraint_new(r->arena, r->table, OBJECT_CHECK, NULL);
    check->expression = reader_parenthesised(r);
    check->column = column->head.name;
    *VEC_PUSH(r->arena, &r->table->constraints) = check;
}

static void read_generated(Reader *r, Column *column)
{
    (void)reader_take(r, "always");
    (void)reader_take(r, "as");
    if (reader_take(r, "row")) {
        option_set(r->arena, &column->head.options, "row_period", reader_is(r, "end") ? "end" : "start");
        r->at++;
        return;
    }
    column->generated = reader_parenthesised(r);
    column->stored = reader_is(r, "stored") || reader_is(r, "persistent");
    r->at++;
}

// Attributes of a column that are options of the model. False where the next word is none of them.
static bool read_column_option(Reader *r, Column *column)
{
    static const char *const plain[][2] = {
        {"column_format",               "column_format"             },
        { "storage",                    "storage"                   },
        { "srid",                       "srid"                      },
        { "ref_system_id",              "srid"                      },
        { "engine_attribute",           "engine_attribute"          },
        { "secondary_engine_attribute", "secondary_engine_attribute"}
    };
    OptionList *options = &column->head.options;
    for (size_t i = 0; i < COUNT_OF(plain); i++)
        if (reader_text_option(r, &column->head, plain[i][0], plain[i][1]))
            return true;
    if (reader_take(r, "invisible"))
        option_set(r->arena, options, "invisible", "true");
    else if (reader_take(r, "compressed"))
        option_set(r->arena, options, "compressed", "true");
    else if (reader_is(r, "without") || reader_is(r, "with")) {
        option_set(r->arena, options,
                   reader_is(r, "with") ? "system_versioning" : "without_system_versioning", "true");
        r->at += 3;
    } else
        return false;
    return true;
}

typedef struct Charset {
    const char *charset, *collation;
} Charset;

static bool read_charset(Reader *r, Charset *out)
{
    if (reader_take_two(r, "character", "set")) {
        out->charset = reader_name(r);
        return true;
    }
    if (!reader_take(r, "collate"))
        return false;
    out->collation = reader_name(r);
    return true;
}

// One attribute of a column. False where it is unknown: the caller then keeps it as text.
static bool read_attribute(Reader *r, Column *column, Charset *charset)
{
    if (read_charset(r, charset) || read_column_option(r, column))
        return true;
    if (reader_take_two(r, "not", "null"))
        column->nullable = false;
    else if (reader_take(r, "null") || reader_take(r, "visible"))
        return true;
    else if (reader_take(r, "default"))
        column->default_sql = my_default_canonical(r->arena, column->type, read_expression(r));
    else if (reader_take_two(r, "on", "update"))
        option_set(r->arena, &column->head.options, "on_update",
                   my_default_canonical(r->arena, column->type, read_expression(r)));
    else if (reader_take(r, "auto_increment"))
        column->autoincrement = true;
    else if (reader_take(r, "comment"))
        column->head.comment = reader_string(r);
    else if (reader_take(r, "generated"))
        read_generated(r, column);
    else if (reader_take(r, "check"))
        add_column_check(r, column);
    else
        return false;
    return true;
}

static void settle_collation(Reader *r, Column *column, const Charset *said)
{
    column->collation = said->collation ? said->collation : ddl_charset_collation(r->server, said->charset);
    if (said->collation && !said->charset)
        *VEC_PUSH(r->arena, &r->collated) = column;
}

static void read_column(Reader *r)
{
    Column *column = column_new(r->arena, r->table, reader_name(r));
    column->type = read_type(r);
    Charset charset = { 0 };
    while (!reader_done(r) && !reader_is(r, ",") && !reader_is(r, ")")) {
        if (read_attribute(r, column, &charset))
            continue;
        size_t first = r->at++;
        if (reader_take(r, "="))
            r->at++;
        reader_add_other(r, &column->head, reader_slice(r, first, r->at));
    }
    settle_collation(r, column, &charset);
    *VEC_PUSH(r->arena, &r->table->columns) = column;
}

static void read_period(Reader *r)
{
    size_t first = r->at++;
    reader_skip_group(r);
    const char *text = reader_slice(r, first, r->at), *old = option_get(&r->table->head.options, "periods");
    option_set(r->arena, &r->table->head.options, "periods",
               old ? arena_printf(r->arena, "%s\n%s", old, text) : text);
}

// One element between the parentheses of CREATE TABLE. Unknown syntax is skipped a token at a time, until a
// comma.
static void read_element(Reader *r)
{
    if (reader_peek(r, 0)->kind == TOKEN_NAME)
        read_column(r);
    else if (reader_take_two(r, "primary", "key"))
        reader_primary_key(r);
    else if (reader_take_two(r, "unique", "key"))
        reader_index(r, NULL, true);
    else if (reader_take_two(r, "fulltext", "key"))
        reader_index(r, "fulltext", false);
    else if (reader_take_two(r, "spatial", "key"))
        reader_index(r, "spatial", false);
    else if (reader_take_two(r, "vector", "key"))
        reader_index(r, "vector", false);
    else if (reader_take(r, "key"))
        reader_index(r, NULL, false);
    else if (reader_take(r, "constraint"))
        reader_constraint(r);
    else if (reader_take_two(r, "period", "for"))
        read_period(r);
    else
        r->at++;
}

// ---- table options

// The table option that is next, and how many tokens its word has. NULL where none is; names in backquotes are
// compared without them.
static const OptionWord *option_word(const Reader *r, size_t *tokens)
{
    for (size_t i = 0; i < MY_TABLE_WORD_COUNT; i++) {
        const char *keyword = my_table_words[i].keyword;
        const Token *token = reader_peek(r, 0), *next = reader_peek(r, 1);
        const char *space = strchr(keyword, ' ');
        if (space) {
            char first[32];
            size_t n = (size_t)(space - keyword);
            memcpy(first, keyword, n);
            first[n] = '\0';
            *tokens = 2;
            if (token_is(token, first) && token_is(next, space + 1))
                return &my_table_words[i];
            continue;
        }
        *tokens = 1;
        size_t n = strlen(keyword), skip = *keyword == '`';
        Text name = token->text;
        if (token->kind == TOKEN_NAME && name.n > 2) {
            name.p++;
            name.n -= 2;
        }
        if ((token->kind == TOKEN_WORD || token->kind == TOKEN_NAME) && name.n == n - 2 * skip &&
            strncasecmp(name.p, keyword + skip, name.n) == 0)
            return &my_table_words[i];
    }
    return NULL;
}

// MariaDB prints the name of an option that its engine defines, and only that in quotes, as somebody once wrote it.
static void keep_name(Reader *r, const OptionWord *word)
{
    const Token *token = reader_peek(r, 0);
    OptionList *options = &r->table->head.options;
    const char *name = token->kind == TOKEN_NAME ? token_name(r->arena, token) : word->keyword;
    if (strcmp(name, word->keyword) == 0)
        return;
    const char *old = option_get(options, "option_names");
    option_set(r->arena, options, "option_names", old ? arena_printf(r->arena, "%s %s", old, name) : name);
}

// One option after the parentheses of CREATE TABLE. Unknown options are kept as text.
static void read_table_option(Reader *r)
{
    Object *head = &r->table->head;
    size_t tokens, first = r->at;
    (void)reader_take(r, "default");
    if (reader_take(r, "charset")) {
        (void)reader_take(r, "=");
        r->charset = reader_name(r);
        return;
    }
    const OptionWord *word = option_word(r, &tokens);
    if (!word) {
        r->at++;
        if (reader_take(r, "="))
            r->at++;
        reader_add_other(r, head, reader_slice(r, first, r->at));
        return;
    }
    keep_name(r, word);
    r->at += tokens;
    (void)reader_take(r, "=");
    if (reader_is(r, "(")) {
        size_t open = r->at;
        reader_skip_group(r);
        option_set(r->arena, &head->options, word->key, reader_slice(r, open, r->at));
        return;
    }
    bool is_string = reader_peek(r, 0)->kind == TOKEN_STRING;
    const char *text = reader_slice(r, r->at, r->at + 1);
    const char *value = reader_value(r);
    option_set(r->arena, &head->options, word->key, is_string && word->form != AS_LITERAL ? text : value);
}

static void read_table_options(Reader *r)
{
    while (!reader_done(r)) {
        if (reader_take(r, "auto_increment")) {
            (void)reader_take(r, "=");
            r->at++; // where the counter stands is data, not schema
        } else if (reader_take(r, "comment")) {
            (void)reader_take(r, "=");
            r->table->head.comment = reader_string(r);
        } else if (reader_is(r, "with") && token_is(reader_peek(r, 1), "system")) {
            option_set(r->arena, &r->table->head.options, "system_versioning", "true");
            r->at += 3;
        } else if (reader_take_two(r, "partition", "by")) {
            const char *text = reader_slice(r, r->at, r->tokens.count - 1);
            option_set(r->arena, &r->table->head.options, "partition_by", text);
            r->at = r->tokens.count - 1;
        } else {
            read_table_option(r);
        }
    }
}

// Says nothing that the database and the server give anyway.
static void settle_table_options(Reader *r)
{
    OptionList *options = &r->table->head.options;
    const char *collation = option_get(options, "collation"), *engine = option_get(options, "engine");
    if (!collation)
        collation = ddl_charset_collation(r->server, r->charset);
    const char *usual = r->server->default_collation;
    bool is_default = collation && usual && strcasecmp(collation, usual) == 0;
    option_set(r->arena, options, "collation", is_default ? NULL : collation);
    if (engine && strcasecmp(engine, r->server->default_engine) == 0)
        option_set(r->arena, options, "engine", NULL);
}

// COLLATE alone, and the table's own: the server only repeats what is not the character set's first collation.
static void settle_repeated_collations(Reader *r)
{
    const char *own = ddl_table_collation(r->server, r->table);
    VEC_EACH (Column *, it, &r->collated)
        if (strcasecmp((*it)->collation, own) == 0)
            (*it)->collation = NULL;
}

// ---- JSON on MariaDB: a longtext of its own collation that checks itself.

static bool is_json_check(const Reader *r, const Constraint *check)
{
    if (check->head.kind != OBJECT_CHECK || check->head.name || !check->column)
        return false;
    TokenList tokens =
        lex_all(r->arena, (Text){ check->expression, strlen(check->expression) }, mysql_dialect.lex);
    return tokens.count == 5 && token_is(&tokens.items[0], "json_valid") && token_is(&tokens.items[1], "(") &&
           token_named(&tokens.items[2], check->column);
}

static void settle_json(Reader *r)
{
    ConstraintList kept = { 0 };
    VEC_EACH (Constraint *, it, &r->table->constraints) {
        Column *column = (*it)->column ? table_column(r->table, (*it)->column) : NULL;
        const char *collation =
            column && column->collation ? column->collation : ddl_table_collation(r->server, r->table);
        if (!column || !is_json_check(r, *it) || strcmp(column->type, "longtext") != 0 ||
            strcasecmp(collation, "utf8mb4_bin") != 0) {
            *VEC_PUSH(r->arena, &kept) = *it;
            continue;
        }
        column->type = "json";
        column->collation = NULL;
    }
    r->table->constraints = kept;
}

bool ddl_read_table(Arena *arena, const DdlServer *server, const char *text, Table *table, Error *err)
{
    Reader r;
    reader_open(&r, arena, server, ddl_plain(arena, text));
    r.table = table;
    while (!reader_done(&r) && !reader_is(&r, "("))
        r.at++;
    if (!reader_take(&r, "("))
        return error_set(err, ERR_UNSUPPORTED, "cannot read what the server says of table '%s'",
                         table->head.name);
    while (!reader_done(&r) && !reader_is(&r, ")")) {
        read_element(&r);
        (void)reader_take(&r, ",");
    }
    (void)reader_take(&r, ")");
    read_table_options(&r);
    settle_table_options(&r);
    settle_repeated_collations(&r);
    if (server->mariadb)
        settle_json(&r);
    return true;
}
