// Which values CHECK constraints and domains take. They are not understood: their own literals, and what lies beside these, are
// put beside the usual values of the columns, and the engine is asked in one query which of them it takes together.
#include <stdlib.h>
#include <string.h>

#include "core/dialect/sql.h"
#include "core/rows/internal.h"

enum {
    MOST_TRIED = 400,
    MOST_TAKEN = 60,
    OF_ONE_COLUMN = 300,
    NUMBERED = 60, // values of a column that makes rows distinct
    OTHERS = 6,
};

// --- which checks belong together ---------------------------------------------

typedef struct Condition {
    const char *sql;
    const char *title;
    size_t *columns;
    size_t count;
} Condition;
typedef VEC(Condition) ConditionList;

static void add_condition(Maker *maker, const RowsTable *t, const char *text, const char *title,
                          ConditionList *out)
{
    Condition c = { .sql = text, .title = title };
    c.columns = arena_alloc(maker->arena, (t->count + 1) * sizeof(*c.columns));
    for (size_t i = 0; i < t->count; i++)
        if (text_mentions(maker->dialect, text, t->columns[i].column->head.name))
            c.columns[c.count++] = i;
    if (c.count)
        *VEC_PUSH(maker->arena, out) = c;
}

// A domain's check speaks of VALUE: here that is the column.
static const char *of_column(Maker *maker, const char *check, const char *column)
{
    StrBuf out;
    Lexer lexer;
    strbuf_init(&out, maker->arena);
    lex_init(&lexer, (Text){ check, strlen(check) }, maker->dialect->lex, true);
    for (Token token = lex_next(&lexer); token.kind != TOKEN_END; token = lex_next(&lexer)) {
        if (token_is(&token, "VALUE"))
            maker->dialect->put_identifier(&out, column);
        else
            strbuf_put(&out, token.text.p, token.text.n);
    }
    return out.text;
}

static const DomainType *find_domain(const Maker *maker, const char *type)
{
    VEC_EACH (Object *, it, &maker->schema->objects)
        if ((*it)->kind == OBJECT_DOMAIN && object_is_type(maker->arena, *it, type))
            return (const DomainType *)(const void *)*it;
    return NULL;
}

static void add_domains(Maker *maker, const RowsTable *t, ConditionList *out)
{
    for (size_t i = 0; i < t->count; i++) {
        const Column *column = t->columns[i].column;
        for (const DomainType *d = find_domain(maker, column->type); d; d = find_domain(maker, d->base))
            VEC_EACH (Constraint *, check, &d->checks)
                add_condition(maker, t, of_column(maker, (*check)->expression, column->head.name),
                              (*check)->head.name ? (*check)->head.name : d->head.name, out);
    }
}

static void find_conditions(Maker *maker, const RowsTable *t, ConditionList *out)
{
    VEC_EACH (Constraint *, it, &t->table->constraints)
        if ((*it)->head.kind == OBJECT_CHECK && (*it)->expression && !(*it)->not_enforced)
            add_condition(maker, t, (*it)->expression,
                          (*it)->head.name ? (*it)->head.name : (*it)->expression, out);
    add_domains(maker, t, out);
}

void check_mark(Maker *maker, RowsTable *t)
{
    ConditionList conditions = { 0 };
    find_conditions(maker, t, &conditions);
    VEC_EACH (Condition, c, &conditions)
        for (size_t i = 0; i < c->count; i++)
            t->columns[c->columns[i]].checked = true;
}

// Conditions that share a column are asked together.
static void join_groups(Maker *maker, RowsTable *t, const ConditionList *conditions)
{
    size_t *group = arena_alloc(maker->arena, (t->count + 1) * sizeof(*group)), groups = 0;
    VEC_EACH (Condition, c, conditions) {
        size_t own = ++groups;
        for (size_t i = 0; i < c->count; i++) {
            size_t other = group[c->columns[i]];
            for (size_t k = 0; k < t->count; k++)
                if ((other && group[k] == other) || k == c->columns[i])
                    group[k] = own;
        }
    }
    for (size_t g = 1; g <= groups; g++) {
        CheckGroup made = { .columns = arena_alloc(maker->arena, (t->count + 1) * sizeof(size_t)) };
        for (size_t i = 0; i < t->count; i++)
            if (group[i] == g)
                made.columns[made.count++] = i;
        if (!made.count)
            continue;
        VEC_EACH (Condition, c, conditions)
            if (group[c->columns[0]] == g) {
                *VEC_PUSH(maker->arena, &made.conditions) = c->sql;
                *VEC_PUSH(maker->arena, &made.titles) = c->title;
            }
        *VEC_PUSH(maker->arena, &t->groups) = made;
        for (size_t i = 0; i < made.count; i++)
            t->columns[made.columns[i]].group = t->groups.count;
    }
}

// --- what may be taken --------------------------------------------------------

static void add(Maker *maker, NameList *out, const char *value)
{
    if (value && out->count < OF_ONE_COLUMN && !names_have(out, value))
        *VEC_PUSH(maker->arena, out) = value;
}

static bool is_number_kind(const TypeValues *type)
{
    return type->kind == TAKES_INTEGER || type->kind == TAKES_DECIMAL || type->kind == TAKES_REAL;
}

// The nth text of so many characters.
static const char *filled_text(const Maker *maker, size_t length, uint64_t n)
{
    char *filled = arena_alloc(maker->arena, length + 1);
    for (size_t i = length; i-- > 0; n /= 26)
        filled[i] = (char)('a' + n % 26);
    return value_literal(maker->arena, maker->dialect, filled);
}

// A number and those beside it; for a text, one of that many characters, which its length() may be compared with.
static void add_number(Maker *maker, const RowColumn *c, Text digits, bool negative, uint64_t many,
                       NameList *out)
{
    const char *text = arena_strndup(maker->arena, digits.p, digits.n);
    double value = strtod(text, NULL) * (negative ? -1 : 1);
    if (is_number_kind(&c->type)) {
        add(maker, out, arena_printf(maker->arena, "%s%s", negative ? "-" : "", text));
        for (uint64_t n = 1; n <= (many > OTHERS ? many : 1); n++) {
            add(maker, out, arena_printf(maker->arena, "%.15g", value - (double)n));
            add(maker, out, arena_printf(maker->arena, "%.15g", value + (double)n));
        }
    } else if (c->type.kind == TAKES_TEXT && value >= 0 && value <= 1000) {
        size_t length = (size_t)value;
        for (uint64_t n = 0; n < many; n++)
            add(maker, out, filled_text(maker, length, n));
        add(maker, out, filled_text(maker, length ? length - 1 : 0, 0));
        add(maker, out, filled_text(maker, length + 1, 0));
    }
}

// `many`: so many texts of a pattern.
static void add_string(Maker *maker, const RowColumn *c, const char *text, uint64_t many, NameList *out)
{
    if (is_number_kind(&c->type)) {
        char *end;
        (void)strtod(text, &end);
        if (*text && !*end)
            add_number(maker, c, (Text){ text, strlen(text) }, false, 1, out);
        return;
    }
    add(maker, out, value_literal(maker->arena, maker->dialect, text));
    for (uint64_t n = 0; c->type.kind == TAKES_TEXT && n < many; n++) {
        const char *fits = value_of_pattern(maker->arena, text, n);
        if (fits)
            add(maker, out, value_literal(maker->arena, maker->dialect, fits));
    }
}

// What the conditions themselves name.
static void add_literals(Maker *maker, const RowColumn *c, const CheckGroup *group, uint64_t many,
                         NameList *out)
{
    VEC_EACH (const char *, condition, &group->conditions) {
        Lexer lexer;
        Token before = { 0 };
        lex_init(&lexer, (Text){ *condition, strlen(*condition) }, maker->dialect->lex, false);
        for (Token token = lex_next(&lexer); token.kind != TOKEN_END; token = lex_next(&lexer)) {
            if (token.kind == TOKEN_NUMBER)
                add_number(maker, c, token.text, token_is(&before, "-"), many, out);
            else if (token.kind == TOKEN_STRING)
                add_string(maker, c, token_name(maker->arena, &token), many, out);
            before = token;
        }
    }
}

// What texts usually look like: for a pattern that is not read.
static void add_usual_texts(Maker *maker, const RowColumn *c, NameList *out)
{
    static const char *const usual[] = { "a",
                                         "A",
                                         "abc",
                                         "ABC",
                                         "1",
                                         "12345",
                                         "a@b.co",
                                         "https://example.org/a",
                                         "en",
                                         "EUR",
                                         "#a1b2c3",
                                         "a-b",
                                         "a_b",
                                         "2020-01-31",
                                         "+49301234567",
                                         "127.0.0.1",
                                         "{}",
                                         "[]",
                                         "00000000-0000-4000-8000-000000000001" };
    for (size_t i = 0; c->type.kind == TAKES_TEXT && i < COUNT_OF(usual); i++)
        add(maker, out, value_literal(maker->arena, maker->dialect, usual[i]));
}

static void add_key_values(Maker *maker, const RowsTable *t, size_t column, NameList *out)
{
    VEC_EACH (const RowsKey, key, &t->keys)
        for (size_t i = 0; i < key->count; i++)
            for (size_t row = 0; key->columns[i] == column && row < key->pool.count && row < 40; row++)
                add(maker, out, key->pool.items[row][i]);
}

static bool is_of_key(const RowsTable *t, size_t column)
{
    VEC_EACH (const RowsKey, key, &t->keys)
        for (size_t i = 0; i < key->count; i++)
            if (key->columns[i] == column)
                return true;
    return false;
}

// Does the column hold the value? A cast in the question may cut what the table refuses.
static bool fits_type(const TypeValues *type, const char *value)
{
    char *end;
    size_t length = 0;
    if (type->kind == TAKES_INTEGER) {
        double number = strtod(value, &end);
        return end == value || *end || (number >= (double)type->least && number <= (double)type->greatest);
    }
    if (type->kind != TAKES_TEXT || !type->length || value[0] != '\'')
        return true;
    for (const char *p = value + 1; *p && p[1]; p++) { // between the quotes, of which two are one
        p += p[0] == '\'' && p[1] == '\'';
        length += ((unsigned char)*p & 0xc0) != 0x80;
    }
    return length <= type->length;
}

static void keep_fitting(const TypeValues *type, NameList *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++)
        if (fits_type(type, list->items[i]))
            list->items[kept++] = list->items[i];
    list->count = kept;
}

// Values to try in a column of a check, the most useful first, because the number of trials is limited: plain
// ones, the edges, the check's own literals and their neighbours.
static void find_candidates(Maker *maker, const RowsTable *t, const CheckGroup *group, size_t column,
                            NameList *out)
{
    const RowColumn *c = &t->columns[column];
    Arena *arena = maker->arena;
    const Dialect *dialect = maker->dialect;
    uint64_t many = c->numbered || c->left_out ? t->there + NUMBERED : OTHERS;
    for (size_t i = 0; c->own && i < c->own->count; i++)
        add(maker, out, c->own->items[i]);
    if (is_of_key(t, column)) {
        add_key_values(maker, t, column, out);
    } else {
        add(maker, out, value_plain(arena, dialect, &c->type, 0));
        add(maker, out, value_edge(arena, dialect, &c->type, EDGE_UPPER));
        add(maker, out, value_edge(arena, dialect, &c->type, EDGE_LOWER));
        for (uint64_t n = 0; n < many; n++)
            add(maker, out, value_key(arena, dialect, &c->type, n));
        add_literals(maker, c, group, many, out);
        for (uint64_t n = 1; n < 6; n++)
            add(maker, out, value_plain(arena, dialect, &c->type, n));
        for (size_t i = 0; i < c->type.list.count; i++)
            add(maker, out, c->type.list.items[i]);
        add_usual_texts(maker, c, out);
        add(maker, out, value_edge(arena, dialect, &c->type, EDGE_AWKWARD));
    }
    keep_fitting(&c->type, out);
    if (c->column->nullable)
        add(maker, out, "NULL");
    if (!out->count)
        *VEC_PUSH(arena, out) = "NULL";
}

// --- asking -------------------------------------------------------------------

typedef struct Trial {
    Maker *maker;
    const RowsTable *table;
    CheckGroup *group;
    VEC(const char **) tried;
} Trial;

static bool note_taken(void *payload, const Row *row, Error *err)
{
    Trial *trial = payload;
    const char *number = row_value(row, 0);
    (void)err;
    size_t n = number ? strtoul(number, NULL, 10) : SIZE_MAX;
    if (n < trial->tried.count && trial->group->taken.count < MOST_TAKEN * 8)
        *VEC_PUSH(trial->maker->arena, &trial->group->taken) = trial->tried.items[n];
    return true;
}

// Every combination where they are few, else as many as are asked about, taken evenly: the first with the first, and so on, and
// then others by chance.
static void combine(Trial *trial, const NameList *candidates)
{
    const CheckGroup *group = trial->group;
    Arena *arena = trial->maker->arena;
    size_t all = 1;
    for (size_t i = 0; i < group->count && all <= MOST_TRIED; i++)
        all *= candidates[i].count;
    size_t total = all < MOST_TRIED ? all : MOST_TRIED;
    uint64_t state = trial->table->hash;
    for (size_t n = 0; n < total; n++) {
        const char **tuple = arena_alloc(arena, (group->count + 1) * sizeof(*tuple));
        size_t rest = n;
        for (size_t i = 0; i < group->count; i++) {
            size_t count = candidates[i].count;
            state = state * 6364136223846793005u + 1442695040888963407u;
            size_t pick = all < MOST_TRIED      ? rest % count
                          : n < 40 && n < count ? n
                                                : (size_t)(state >> 33) % count;
            tuple[i] = candidates[i].items[pick];
            rest /= count;
        }
        *VEC_PUSH(arena, &trial->tried) = tuple;
    }
}

// A value of a domain is asked about as one of the type below it: the domain itself would refuse the whole question.
static void put_value(const Maker *maker, StrBuf *out, const RowColumn *c, const char *value)
{
    const char *base = NULL;
    for (const DomainType *d = find_domain(maker, c->column->type); d; d = find_domain(maker, d->base))
        base = d->base;
    if (base || c->type.cast)
        strbuf_printf(out, "CAST(%s AS %s)", value, base ? base : c->type.cast);
    else
        strbuf_puts(out, value);
}

// One query that gives the numbers of all combinations of values that satisfy the conditions. NULL counts as
// satisfied, as in a CHECK.
static const char *question(const Trial *trial)
{
    const Maker *maker = trial->maker;
    const CheckGroup *group = trial->group;
    StrBuf out;
    strbuf_init(&out, maker->arena);
    strbuf_puts(&out, "SELECT cmigrate_n FROM (");
    for (size_t n = 0; n < trial->tried.count; n++) {
        strbuf_printf(&out, "%sSELECT %zu AS cmigrate_n", n ? " UNION ALL " : "", n);
        for (size_t i = 0; i < group->count; i++) {
            const RowColumn *c = &trial->table->columns[group->columns[i]];
            strbuf_puts(&out, ", ");
            put_value(maker, &out, c, trial->tried.items[n][i]);
            strbuf_puts(&out, " AS ");
            maker->dialect->put_identifier(&out, c->column->head.name);
        }
    }
    strbuf_puts(&out, ") AS ");
    maker->dialect->put_identifier(&out, trial->table->table->head.name);
    for (size_t i = 0; i < group->conditions.count; i++)
        strbuf_printf(&out, " %s ((%s) OR (%s) IS NULL)", i ? "AND" : "WHERE", group->conditions.items[i],
                      group->conditions.items[i]);
    strbuf_puts(&out, " ORDER BY 1");
    return out.text;
}

static bool ask(Maker *maker, RowsTable *t, CheckGroup *group, Error *err)
{
    Trial trial = { .maker = maker, .table = t, .group = group };
    NameList *candidates = arena_alloc(maker->arena, (group->count + 1) * sizeof(*candidates));
    const char *refusal;
    for (size_t i = 0; i < group->count; i++)
        find_candidates(maker, t, group, group->columns[i], &candidates[i]);
    combine(&trial, candidates);
    if (!ask_query(maker, question(&trial), note_taken, &trial, &refusal, err))
        return false;
    group->asked = !refusal;
    if (refusal) { // of the row itself, of a function that is not there: the table is asked then
        group->taken.count = 0;
        for (size_t i = 0; i < trial.tried.count && i < MOST_TAKEN; i++)
            *VEC_PUSH(maker->arena, &group->taken) = trial.tried.items[i];
    }
    return true;
}

// Of a group with a numbered column, the tuples that are distinct in it.
static void keep_distinct(RowsTable *t, CheckGroup *group)
{
    size_t kept = 0, numbered = SIZE_MAX;
    for (size_t i = 0; i < group->count; i++)
        if (t->columns[group->columns[i]].numbered)
            numbered = i;
    if (numbered == SIZE_MAX)
        return;
    for (size_t n = 0; n < group->taken.count; n++) {
        bool seen = strcmp(group->taken.items[n][numbered], "NULL") == 0;
        for (size_t k = 0; k < kept; k++)
            seen |= strcmp(group->taken.items[k][numbered], group->taken.items[n][numbered]) == 0;
        if (!seen)
            group->taken.items[kept++] = group->taken.items[n];
    }
    group->taken.count = kept;
}

// Of a number that makes rows distinct, or that the engine counts, the check takes but a few values: of those that its own text
// names and of those beside them, and none of the others that were asked about. Then so many rows are all that the table takes,
// and their numbers are said.
static void limit_by_check(const Maker *maker, RowsTable *t, CheckGroup *group)
{
    RowColumn *c = &t->columns[group->columns[0]];
    bool counts = c->numbered || (c->left_out && !c->column->generated);
    size_t taken = 0;
    if (group->count != 1 || !group->asked || !counts || c->type.kind != TAKES_INTEGER)
        return;
    for (size_t i = 0; i < group->taken.count; i++)
        if (strcmp(group->taken.items[i][0], "NULL") != 0)
            group->taken.items[taken++] = group->taken.items[i];
    group->taken.count = taken;
    if (!taken || taken >= t->there + maker->wanted || taken >= t->capacity)
        return;
    c->explicit_key = c->numbered = true;
    t->capacity = taken;
    t->limit = group->titles.items[0];
}

bool check_find(Maker *maker, RowsTable *t, Error *err)
{
    ConditionList conditions = { 0 };
    find_conditions(maker, t, &conditions);
    join_groups(maker, t, &conditions);
    VEC_EACH (CheckGroup, group, &t->groups) {
        if (!ask(maker, t, group, err))
            return false;
        keep_distinct(t, group);
        limit_by_check(maker, t, group);
    }
    return true;
}
