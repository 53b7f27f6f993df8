// Reading a model: what each form means, and where each mistake is said to be.
#include <stdio.h>
#include <string.h>

#include "core/schema/schema_read.h"
#include "tests/support/cmocka_arena.h"

static Schema read_for(Arena *arena, const Dialect *dialect, const char *text)
{
    Schema schema;
    RenameList renames = { 0 };
    Error err = { 0 };
    if (!schema_read_text(arena, "schema.yaml", (Text){ text, strlen(text) }, dialect, &schema, &renames,
                          &err)) {
        print_error("%u:%u: %s\n", err.at.line, err.at.column, err.message);
        fail();
    }
    return schema;
}

// The problems of a text, one a line: "line:column+length message [label] also line:column".
static const char *problems(Arena *arena, const Dialect *dialect, const char *text, size_t n)
{
    Schema schema;
    RenameList renames = { 0 };
    Error err = { 0 };
    StrBuf out;
    strbuf_init(&out, arena);
    if (schema_read_text(arena, "schema.yaml", (Text){ text, n }, dialect, &schema, &renames, &err))
        return "";
    for (const Error *each = &err; each; each = each->next) {
        strbuf_printf(&out, "%s%u:%u+%u %s", out.length ? "\n" : "", each->at.line, each->at.column,
                      each->at.length, each->message);
        if (each->label[0])
            strbuf_printf(&out, " [%s]", each->label);
        if (each->also.line)
            strbuf_printf(&out, " also %u:%u", each->also.line, each->also.column);
    }
    return out.text;
}

#define PROBLEMS(dialect, text, expected)                                                                    \
    assert_string_equal(problems(*state, &(dialect), (text), strlen(text)), (expected))

static Table *table_of(const Schema *schema, const char *name)
{
    Table *table = schema_table(schema, NULL, name);
    assert_non_null(table);
    return table;
}

// What things mean ----------------------------------------------------------------------------------------------------

static void a_scalar_default_is_a_value_of_the_columns_type(void **state)
{
    Schema schema =
        read_for(*state, &sqlite_dialect,
                 "tables: {t: {columns: {a: {type: text, default: ok}, b: {type: text, default: '5'}, "
                 "c: {type: integer, default: 5}, d: {type: text, default: null}, e: {type: date, default: "
                 "{sql: CURRENT_DATE}}}}}\n");
    const ColumnList *columns = &table_of(&schema, "t")->columns;
    assert_string_equal(columns->items[0]->default_sql, "'ok'");
    assert_string_equal(columns->items[1]->default_sql, "'5'");
    assert_string_equal(columns->items[2]->default_sql, "5");
    assert_null(columns->items[3]->default_sql);
    assert_string_equal(columns->items[4]->default_sql, "CURRENT_DATE");
}

static void a_value_may_differ_by_database(void **state)
{
    static const char text[] =
        "tables:\n  t:\n    columns:\n      a: {type: {default: string(50), postgresql: citext}}\n"
        "      b: {mysql: integer}\n    checks:\n      c: {default: x > 0, sqlite: y > 0}\n";
    Schema sqlite = read_for(*state, &sqlite_dialect, text),
           postgresql = read_for(*state, &postgresql_dialect, text),
           mysql = read_for(*state, &mysql_dialect, text);
    assert_string_equal(table_of(&sqlite, "t")->columns.items[0]->type, "VARCHAR(50)");
    assert_string_equal(table_of(&postgresql, "t")->columns.items[0]->type, "citext");
    assert_int_equal(table_of(&sqlite, "t")->columns.count, 1);
    assert_int_equal(table_of(&mysql, "t")->columns.count, 2);
    assert_string_equal(table_of(&sqlite, "t")->constraints.items[0]->expression, "y > 0");
    assert_string_equal(table_of(&postgresql, "t")->constraints.items[0]->expression, "x > 0");
}

static void names_come_from_the_convention_unless_given(void **state)
{
    Schema schema =
        read_for(*state, &sqlite_dialect,
                 "tables:\n  u: {columns: {id: {type: integer, primary_key: true}}}\n  t:\n    columns:\n"
                 "      a: {type: text, unique: true, index: true, check: a > 1}\n      u: {type: integer, "
                 "references: u.id}\n"
                 "    checks: [b > 2]\n    unique: {mine: [a, u]}\n");
    const Table *table = table_of(&schema, "t");
    assert_non_null(table_constraint(table, "uq_t_a"));
    assert_non_null(table_constraint(table, "ck_t_a"));
    assert_non_null(table_constraint(table, "ck_t_1"));
    assert_non_null(table_constraint(table, "fk_t_u_u"));
    assert_true(table_constraint(table, "uq_t_a")->named_by_convention);
    assert_false(table_constraint(table, "mine")->named_by_convention);
    assert_non_null(table_index(table, "ix_t_a"));
}

static void a_long_name_is_cut_and_stays_its_own(void **state)
{
    char text[400];
    snprintf(text, sizeof(text),
             "tables: {t: {columns: {%0*d: {type: text, unique: true}, %0*d: {type: text, unique: true}}}}\n",
             62, 1, 62, 2);
    Schema schema = read_for(*state, &postgresql_dialect, text);
    const ConstraintList *list = &table_of(&schema, "t")->constraints;
    assert_int_equal(strlen(list->items[0]->head.name), 63);
    assert_string_not_equal(list->items[0]->head.name, list->items[1]->head.name);
}

static void references_are_read_in_every_form(void **state)
{
    Schema schema = read_for(*state, &postgresql_dialect,
                             "tables:\n  u: {columns: {id: {type: integer, primary_key: true}}}\n"
                             "  s.w: {columns: {id: {type: integer, primary_key: true}}}\n  '\"a.b\"': "
                             "{columns: {id: {type: integer, primary_key: true}}}\n"
                             "  t:\n    columns: {a: integer}\n    foreign_keys:\n"
                             "      f1: {columns: a, references: u}\n      f2: {columns: a, references: "
                             "u.id}\n      f3: {columns: a, references: u(id)}\n"
                             "      f4: {columns: a, references: s.w.id}\n      f5: {columns: a, references: "
                             "s.w(id)}\n      f6: {columns: a, references: s.w}\n"
                             "      f7: {columns: a, references: '\"a.b\"(\"id\")'}\n      f8: {columns: a, "
                             "references: elsewhere(x), unchecked: true}\n"
                             "      f9: {columns: a, references: public.u.id, on_delete: set null, "
                             "deferrable: deferred, match: full}\n");
    const Table *table = table_of(&schema, "t");
    static const struct {
        const char *name, *schema, *table, *column;
    } expected[] = {
        {"f1",  NULL, "u",         "id"},
        { "f2", NULL, "u",         "id"},
        { "f3", NULL, "u",         "id"},
        { "f4", "s",  "w",         "id"},
        { "f5", "s",  "w",         "id"},
        { "f6", "s",  "w",         "id"},
        { "f7", NULL, "a.b",       "id"},
        { "f8", NULL, "elsewhere", "x" },
        { "f9", NULL, "u",         "id"},
    };
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        const Constraint *key = table_constraint(table, expected[i].name);
        assert_non_null(key);
        assert_string_equal(key->referred_table, expected[i].table);
        assert_string_equal(key->referred_schema ? key->referred_schema : "",
                            expected[i].schema ? expected[i].schema : "");
        assert_int_equal(key->referred_columns.count, 1);
        assert_string_equal(key->referred_columns.items[0], expected[i].column);
    }
    const Constraint *last = table_constraint(table, "f9");
    assert_string_equal(last->on_delete, "SET NULL");
    assert_int_equal(last->deferral, DEFERRABLE_DEFERRED);
    assert_string_equal(last->match, "FULL");
}

static void a_checked_type_is_inlined_where_there_are_no_domains(void **state)
{
    static const char text[] = "types: {email: {base: string(9), check: \"VALUE LIKE '%value%' -- VALUE\"}}\n"
                               "tables: {t: {columns: {mail: email}}}\n";
    Schema sqlite = read_for(*state, &sqlite_dialect, text),
           postgresql = read_for(*state, &postgresql_dialect, text);
    const Table *table = table_of(&sqlite, "t");
    assert_string_equal(table->columns.items[0]->type, "VARCHAR(9)");
    assert_string_equal(table->constraints.items[0]->expression, "\"mail\" LIKE '%value%' -- VALUE");
    assert_string_equal(table->constraints.items[0]->column, "mail");
    assert_string_equal(table_of(&postgresql, "t")->columns.items[0]->type, "email");
    assert_non_null(schema_object(&postgresql, OBJECT_DOMAIN, NULL, NULL, "email"));
}

static void an_enum_is_what_the_engine_has_for_it(void **state)
{
    static const char text[] = "types: {mood: {enum: [sad, \"it's\"]}}\ntables: {t: {columns: {m: {type: "
                               "mood, default: sad}, n: {enum: [a, b]}}}}\n";
    Schema sqlite = read_for(*state, &sqlite_dialect, text),
           postgresql = read_for(*state, &postgresql_dialect, text),
           mysql = read_for(*state, &mysql_dialect, text);
    assert_string_equal(table_of(&sqlite, "t")->columns.items[0]->type, "TEXT");
    assert_string_equal(table_of(&sqlite, "t")->constraints.items[0]->expression,
                        "\"m\" IN ('sad', 'it''s')");
    assert_true(table_of(&sqlite, "t")->constraints.items[0]->of_column);
    assert_string_equal(table_of(&postgresql, "t")->columns.items[1]->type, "t_n");
    assert_non_null(schema_object(&postgresql, OBJECT_ENUM, NULL, NULL, "t_n"));
    assert_string_equal(table_of(&mysql, "t")->columns.items[0]->type, "enum('sad','it''s')");
}

static void an_association_gets_the_types_of_what_it_joins(void **state)
{
    Schema schema = read_for(
        *state, &sqlite_dialect,
        "tables:\n  user: {columns: {id: {type: bigint, primary_key: true}}}\n  group: {columns: {code: "
        "{type: string(5), primary_key: true}}}\n"
        "many_to_many: {user_group: {between: [user, group], on_delete: cascade, columns: {since: date}}}\n");
    const Table *table = table_of(&schema, "user_group");
    assert_int_equal(table->columns.count, 3);
    assert_string_equal(table->columns.items[0]->head.name, "user_id");
    assert_string_equal(table->columns.items[0]->type, "BIGINT");
    assert_string_equal(table->columns.items[1]->head.name, "group_code");
    assert_string_equal(table->columns.items[1]->type, "VARCHAR(5)");
    assert_int_equal(table_primary_key(table)->parts.count, 2);
    assert_string_equal(table_constraint(table, "fk_user_group_group_code_group")->on_delete, "CASCADE");
}

static void mixins_bring_columns_keys_and_indexes(void **state)
{
    Schema schema = read_for(
        *state, &sqlite_dialect,
        "mixins:\n  stamps: {at: datetime, by: text}\n  owned:\n    mixins: [stamps]\n    columns: {owner: "
        "{type: integer, references: t.id}}\n"
        "    indexes: {'ix_{table}_own': owner}\n"
        "tables:\n  t: {columns: {id: {type: integer, primary_key: true}, by: integer}, mixins: owned}\n"
        "  u: {columns: {id: {type: integer, primary_key: true}}, mixins: [owned]}\n");
    const Table *t = table_of(&schema, "t"), *u = table_of(&schema, "u");
    assert_int_equal(t->columns.count, 4);
    assert_string_equal(table_column(t, "by")->type, "INTEGER"); // the table's own word
    assert_non_null(table_index(t, "ix_t_own"));
    assert_non_null(table_index(u, "ix_u_own"));
    assert_non_null(table_constraint(u, "fk_u_owner_t"));
}

static void an_integer_key_counts_where_it_needs_to_be_said(void **state)
{
    static const char text[] = "tables:\n  a: {columns: {id: {type: integer, primary_key: true}}}\n  b: "
                               "{columns: {id: {type: integer, primary_key: true, autoincrement: false}}}\n"
                               "  c: {columns: {id: {type: integer, primary_key: true, references: a.id}}}\n "
                               " d: {columns: {id: {type: text, primary_key: true}}}\n";
    Schema mysql = read_for(*state, &mysql_dialect, text), sqlite = read_for(*state, &sqlite_dialect, text);
    static const char *const names[] = { "a", "b", "c", "d" };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        assert_int_equal(table_of(&mysql, names[i])->columns.items[0]->autoincrement, i == 0);
        assert_false(table_of(&sqlite, names[i])->columns.items[0]->autoincrement);
    }
}

static void anchors_and_merges_share_what_they_name(void **state)
{
    Schema schema = read_for(*state, &sqlite_dialect,
                             "tables:\n  t:\n    columns:\n      a: &a {type: text, nullable: false}\n      "
                             "b: *a\n      c: {<<: *a, type: integer}\n");
    const Table *table = table_of(&schema, "t");
    assert_false(table->columns.items[1]->nullable);
    assert_false(table->columns.items[2]->nullable);
    assert_string_equal(table->columns.items[2]->type, "INTEGER");
}

static void renames_are_collected(void **state)
{
    static const char text[] =
        "tables: {t: {renamed_from: [a, b], columns: {x: {type: text, renamed_from: y.z}}}}\n";
    Schema schema;
    RenameList renames = { 0 };
    Error err = { 0 };
    assert_true(schema_read_text(*state, "s", (Text){ text, sizeof(text) - 1 }, &sqlite_dialect, &schema,
                                 &renames, &err));
    assert_int_equal(renames.count, 3);
    assert_string_equal(renames.items[1].from, "b");
    assert_string_equal(renames.items[2].from, "y.z");
    assert_string_equal(renames.items[2].table, "t");
}

// Where mistakes are --------------------------------------------------------------------------------------------------

static void every_problem_is_placed_with_the_nearest_word(void **state)
{
    PROBLEMS(sqlite_dialect,
             "tables:\n  user:\n    columns:\n      id: {type: strng(80), primary_key: true}\n      x: "
             "{type: integer, nulable: false}\n"
             "      gid: {type: integer, references: grop.id}\n      g: {type: integer, references: "
             "group.idd}\n    mixins: [tmestamps]\n"
             "  group: {columns: {id: {type: integer, primary_key: true}}}\ntabels: {}\n",
             "10:1+6 unknown section 'tabels' [did you mean 'tables'?]\n"
             "4:18+5 unknown column type 'strng' [did you mean 'string'?]\n"
             "5:26+7 unknown key 'nulable' of column 'x' [did you mean 'nullable'?]\n"
             "8:14+9 unknown mixin 'tmestamps'\n"
             "6:40+4 table 'grop' does not exist [did you mean 'group'?]\n"
             "7:44+3 table 'group' has no column 'idd' [did you mean 'id'?] also 9:3");
}

static void a_name_used_twice_is_an_error_with_both_places(void **state)
{
    PROBLEMS(sqlite_dialect, "tables:\n  t: {columns: {id: integer, id: text}}\n",
             "2:30+2 'id' appears twice [here again] also 2:17");
    PROBLEMS(sqlite_dialect, "tables:\n  t: {columns: {id: integer}}\n  T: {columns: {id: integer}}\n",
             "3:3+1 table 'T' is declared twice also 2:3");
    PROBLEMS(postgresql_dialect,
             "tables:\n  t: {columns: {id: integer}, indexes: {i: id}}\n  u: {columns: {id: integer}, "
             "indexes: {i: id}}\n",
             "3:41+1 index 'i' is declared twice also 2:41");
    PROBLEMS(mysql_dialect,
             "tables:\n  t: {columns: {id: integer}, indexes: {i: id}}\n  u: {columns: {id: integer}, "
             "indexes: {i: id}}\n",
             "");
    PROBLEMS(sqlite_dialect, "tables: {t: {columns: {id: integer}}}\nviews:\n  t: SELECT 1\n",
             "3:3+1 view 't' has the name of a table also 1:10");
}

static void a_name_in_another_schema_is_no_rename(void **state)
{
    PROBLEMS(
        postgresql_dialect,
        "tables:\n  s.t: {renamed_from: t, columns: {id: integer}}\n  u: {renamed_from: s.u, columns: {id: "
        "integer}}\n  s.v: {renamed_from: [w, s.x], columns: {id: integer}}\n"
        "  y: {renamed_from: public.z, columns: {id: integer}}\n",
        "2:23+1 table 't' cannot be renamed out of another schema\n"
        "3:21+3 table 'u' cannot be renamed out of another schema");
}

#define LONG_NAME "iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii" // 63 bytes
static void two_names_that_are_one_when_cut_are_an_error(void **state)
{
    PROBLEMS(postgresql_dialect,
             "tables:\n  t:\n    columns: {id: integer}\n    indexes:\n      " LONG_NAME
             "_one: id\n      " LONG_NAME "_two: id\n",
             "6:7+67 index '" LONG_NAME "_two' has the name of another, cut to 63 bytes also 5:7");
    PROBLEMS(postgresql_dialect,
             "tables:\n  t:\n    columns: {id: integer}\n    checks:\n      " LONG_NAME
             "_one: id > 0\n      " LONG_NAME "_two: id < 9\n",
             "6:7+67 check '" LONG_NAME "_two' has the name of another, cut to 63 bytes also 5:7");
    PROBLEMS(postgresql_dialect, "enums:\n  " LONG_NAME "_one: [a]\ndomains:\n  " LONG_NAME "_two: text\n",
             "4:3+67 domain '" LONG_NAME "_two' has the name of another, cut to 63 bytes also 2:3");
    PROBLEMS(postgresql_dialect,
             "tables:\n  t: {columns: {id: integer}, checks: {" LONG_NAME "_one: id > 0}}\n"
             "  u: {columns: {id: integer}, checks: {" LONG_NAME "_two: id > 0}}\n",
             "");
}

static void a_key_of_a_column_that_is_not_there_is_an_error(void **state)
{
    PROBLEMS(sqlite_dialect,
             "tables:\n  t:\n    columns: {first: text}\n    unique: {u: [frist]}\n    indexes: {i: "
             "{columns: [{column: nope}]}}\n    primary_key: [id]\n",
             "6:19+2 table 't' has no column 'id'\n4:18+5 table 't' has no column 'frist' [did you mean "
             "'first'?]\n5:38+4 table 't' has no column 'nope'");
}

static void wrong_values_are_said_where_they_stand(void **state)
{
    PROBLEMS(sqlite_dialect, "tables: {t: {columns: {a: {type: text, nullable: maybe}}}}\n",
             "1:50+5 'nullable' must be true or false");
    PROBLEMS(sqlite_dialect,
             "tables: {t: {columns: {a: {type: text, references: t.a, on_delete: casacde}}}}\n",
             "1:68+7 'on_delete' cannot be 'casacde' [did you mean 'cascade'?]");
    PROBLEMS(sqlite_dialect, "tables: {t: {columns: {a: {type: text, on_delete: cascade}}}}\n",
             "1:51+7 'on_delete' needs 'references', which column 'a' does not have");
    PROBLEMS(
        mysql_dialect,
        "tables: {t: {columns: {a: {type: text, charst: latin1}}, options: {mysql: {enigne: InnoDB}}}}\n",
        "1:76+6 unknown option 'enigne' of a table in mysql [did you mean 'engine'?]\n"
        "1:40+6 unknown key 'charst' of column 'a' [did you mean 'charset'?]");
    PROBLEMS(sqlite_dialect, "naming_convention: {unique: 'uq_{tabel}'}\n",
             "1:33+7 unknown placeholder '{tabel}' [did you mean '{table}'?]");
    PROBLEMS(sqlite_dialect, "tables: {t: {columns: {größe: {type: texd}}}}\n",
             "1:38+4 unknown column type 'texd' [did you mean 'text'?]");
    PROBLEMS(sqlite_dialect, "[a]\n", "1:1+0 a model is a mapping of sections");
    PROBLEMS(postgresql_dialect, "schemas: [a.b]\npublications: {public.p: CREATE PUBLICATION p}\n",
             "1:11+3 'a.b': a schema lies in no schema\n2:16+8 'public.p': a publication lies in no schema");
}

static void circles_are_errors(void **state)
{
    PROBLEMS(
        sqlite_dialect,
        "mixins:\n  a: {mixins: [b]}\n  b: {mixins: [a]}\ntables: {t: {columns: {x: text}, mixins: [a]}}\n",
        "3:16+1 mixin 'a' mixes itself in");
    PROBLEMS(sqlite_dialect, "types: {a: {base: b}, b: {base: a}}\n", "1:33+1 type 'a' is made of itself");
    PROBLEMS(sqlite_dialect, "tables: &t {t: *t}\n", "1:16+2 alias '*t' is inside of what it names");
}

// Files that mean harm ------------------------------------------------------------------------------------------------

static void broken_yaml_is_placed(void **state)
{
    PROBLEMS(sqlite_dialect, "tables: {t: [\n", "2:1+0 this is not YAML: did not find expected node content");
    PROBLEMS(sqlite_dialect, "tables:\n\tt: x\n",
             "2:1+0 this is not YAML: a tab is used for indentation: YAML is indented by spaces");
    PROBLEMS(sqlite_dialect, "a: \"\\0\"\n", "1:4+4 a text cannot contain a NUL character");
    PROBLEMS(sqlite_dialect, "a: *b\n", "1:4+2 unknown alias '*b'");
    PROBLEMS(sqlite_dialect, "tables: {}\n---\ntables: {}\n",
             "2:1+0 a second document begins here: a file holds one");
    static const char bad[] = "tables:\n  x\xff: 1\n";
    assert_string_equal(problems(*state, &sqlite_dialect, bad, sizeof(bad) - 1),
                        "2:4+0 this is not YAML: invalid leading UTF-8 octet (0xFF)");
    static const char nul[] = "a: b\0c\n";
    assert_string_equal(problems(*state, &sqlite_dialect, nul, sizeof(nul) - 1),
                        "1:5+0 this is not YAML: control characters are not allowed");
}

static void nothing_is_a_model_without_tables(void **state)
{
    static const char *const texts[] = { "",    "\n\n",      "# only a comment\n", "---\n",
                                         "~\n", "tables:\n", "tables: {}\n" };
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        assert_int_equal(read_for(*state, &sqlite_dialect, texts[i]).tables.count, 0);
}

static void a_bomb_of_aliases_is_bounded(void **state)
{
    StrBuf text;
    strbuf_init(&text, *state);
    strbuf_puts(&text, "mixins:\n  m: &m\n");
    for (unsigned i = 0; i < 2000; i++)
        strbuf_printf(&text, "    c%u: text\n", i);
    strbuf_puts(&text, "tables:\n");
    for (unsigned i = 0; i < 2000; i++)
        strbuf_printf(&text, "  t%u: {columns: *m}\n", i);
    size_t before = arena_used(*state);
    const char *said = problems(*state, &sqlite_dialect, text.text, text.length);
    assert_non_null(strstr(said, "the model unfolds to more than 1000000 parts"));
    assert_true(arena_used(*state) - before < (size_t)2 << 30);
}

static void deep_nesting_is_refused(void **state)
{
    StrBuf text;
    strbuf_init(&text, *state);
    strbuf_repeat(&text, '[', 10000);
    assert_string_equal(problems(*state, &sqlite_dialect, text.text, text.length),
                        "1:65+0 nested deeper than 64 levels");
}

static void a_long_name_is_a_name(void **state)
{
    StrBuf text;
    strbuf_init(&text, *state);
    strbuf_puts(&text, "tables:\n  ? ");
    strbuf_repeat(&text, 'x', 10000);
    strbuf_puts(&text, "\n  : {columns: {a: text}}\n");
    assert_int_equal(strlen(read_for(*state, &sqlite_dialect, text.text).tables.items[0]->head.name), 10000);
}

static void problems_end_somewhere(void **state)
{
    StrBuf text;
    strbuf_init(&text, *state);
    strbuf_puts(&text, "tables:\n");
    for (unsigned i = 0; i < 500; i++)
        strbuf_printf(&text, "  t%u: {nope: 1}\n", i);
    size_t lines = 1;
    for (const char *c = problems(*state, &sqlite_dialect, text.text, text.length); *c; c++)
        lines += *c == '\n';
    assert_int_equal(lines, 100);
}

// Of a large model only what it says is kept, not the tree that it was read from.
static void the_tree_of_a_model_is_let_go(void **state)
{
    enum { TABLES = 100, COLUMNS = 10, MOST_FOR_A_COLUMN = 500 };
    StrBuf text;
    strbuf_init(&text, *state);
    strbuf_puts(&text, "tables:\n");
    for (unsigned i = 0; i < TABLES; i++) {
        strbuf_printf(&text, "  t%u:\n    columns:\n", i);
        for (unsigned j = 0; j < COLUMNS; j++)
            strbuf_printf(
                &text, "      c%u: {type: varchar(40), nullable: false, comment: \"of table %u\"}\n", j, i);
    }
    size_t before = arena_used(*state);
    read_for(*state, &postgresql_dialect, text.text);
    assert_in_range(arena_used(*state) - before, 1, (size_t)TABLES * COLUMNS * MOST_FOR_A_COLUMN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_scalar_default_is_a_value_of_the_columns_type),
        TEST(a_value_may_differ_by_database),
        TEST(names_come_from_the_convention_unless_given),
        TEST(a_long_name_is_cut_and_stays_its_own),
        TEST(references_are_read_in_every_form),
        TEST(a_checked_type_is_inlined_where_there_are_no_domains),
        TEST(an_enum_is_what_the_engine_has_for_it),
        TEST(an_association_gets_the_types_of_what_it_joins),
        TEST(mixins_bring_columns_keys_and_indexes),
        TEST(an_integer_key_counts_where_it_needs_to_be_said),
        TEST(anchors_and_merges_share_what_they_name),
        TEST(renames_are_collected),
        TEST(every_problem_is_placed_with_the_nearest_word),
        TEST(a_name_used_twice_is_an_error_with_both_places),
        TEST(a_name_in_another_schema_is_no_rename),
        TEST(two_names_that_are_one_when_cut_are_an_error),
        TEST(a_key_of_a_column_that_is_not_there_is_an_error),
        TEST(wrong_values_are_said_where_they_stand),
        TEST(circles_are_errors),
        TEST(broken_yaml_is_placed),
        TEST(nothing_is_a_model_without_tables),
        TEST(a_bomb_of_aliases_is_bounded),
        TEST(deep_nesting_is_refused),
        TEST(a_long_name_is_a_name),
        TEST(problems_end_somewhere),
        TEST(the_tree_of_a_model_is_let_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
