#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "drivers/mysql/dialect/types.h"
#include "drivers/mysql/facts/narrowing.h"

// ---- types by how they hold values

typedef enum Family {
    FAMILY_INTEGER,
    FAMILY_BIT,
    FAMILY_YEAR,
    FAMILY_DECIMAL,
    FAMILY_FLOAT,
    FAMILY_DOUBLE,
    FAMILY_DATE,
    FAMILY_TIME,
    FAMILY_DATETIME,
    FAMILY_TIMESTAMP,
    FAMILY_CHAR,
    FAMILY_VARCHAR,
    FAMILY_TEXT,
    FAMILY_BINARY,
    FAMILY_BYTES,
    FAMILY_ENUM,
    FAMILY_SET,
    FAMILY_JSON,
    FAMILY_OTHER
} Family;

// `size`: digits of a number, characters or bytes of a text; `scale`: of its fraction.
typedef struct Holds {
    Family family;
    unsigned long size, scale;
    bool is_unsigned, is_rounded; // double(8,2)
} Holds;

static const struct {
    const char *word;
    Family family;
    unsigned long size;
} families[] = {
    {"tinyint",     FAMILY_INTEGER,   3         },
    { "smallint",   FAMILY_INTEGER,   5         },
    { "mediumint",  FAMILY_INTEGER,   7         },
    { "int",        FAMILY_INTEGER,   10        },
    { "bigint",     FAMILY_INTEGER,   19        },
    { "bit",        FAMILY_BIT,       1         },
    { "year",       FAMILY_YEAR,      4         },
    { "decimal",    FAMILY_DECIMAL,   10        },
    { "float",      FAMILY_FLOAT,     0         },
    { "double",     FAMILY_DOUBLE,    0         },
    { "date",       FAMILY_DATE,      0         },
    { "time",       FAMILY_TIME,      0         },
    { "datetime",   FAMILY_DATETIME,  0         },
    { "timestamp",  FAMILY_TIMESTAMP, 0         },
    { "char",       FAMILY_CHAR,      1         },
    { "varchar",    FAMILY_VARCHAR,   0         },
    { "tinytext",   FAMILY_TEXT,      255       },
    { "text",       FAMILY_TEXT,      65535     },
    { "mediumtext", FAMILY_TEXT,      16777215  },
    { "longtext",   FAMILY_TEXT,      4294967295},
    { "binary",     FAMILY_BINARY,    1         },
    { "varbinary",  FAMILY_BYTES,     0         },
    { "tinyblob",   FAMILY_BYTES,     255       },
    { "blob",       FAMILY_BYTES,     65535     },
    { "mediumblob", FAMILY_BYTES,     16777215  },
    { "longblob",   FAMILY_BYTES,     4294967295},
    { "enum",       FAMILY_ENUM,      0         },
    { "set",        FAMILY_SET,       0         },
    { "json",       FAMILY_JSON,      0         },
};

static bool is_of_moment(Family family) { return family >= FAMILY_TIME && family <= FAMILY_TIMESTAMP; }

// `int(5) unsigned`, `decimal(10,2)`: as the canonical spelling has it. json is a text on MariaDB.
static Holds holds(bool mariadb, const char *type)
{
    Holds out = { .family = FAMILY_OTHER, .is_unsigned = strstr(type, " unsigned") != NULL };
    size_t n = strcspn(type, "( ");
    for (size_t i = 0; i < COUNT_OF(families); i++)
        if (strlen(families[i].word) == n && strncasecmp(type, families[i].word, n) == 0) {
            out.family = families[i].family;
            out.size = families[i].size;
        }
    const char *open = type[n] == '(' ? type + n + 1 : NULL, *comma = open ? strchr(open, ',') : NULL;
    if (open && is_of_moment(out.family))
        out.scale = strtoul(open, NULL, 10);
    else if (open && out.family != FAMILY_INTEGER && out.family != FAMILY_ENUM && out.family != FAMILY_SET)
        out.size = strtoul(open, NULL, 10);
    out.is_rounded = comma && (out.family == FAMILY_DOUBLE || out.family == FAMILY_FLOAT);
    if (comma && (out.family == FAMILY_DECIMAL || out.is_rounded))
        out.scale = strtoul(comma + 1, NULL, 10);
    if (mariadb && out.family == FAMILY_JSON)
        out = (Holds){ .family = FAMILY_TEXT, .size = 4294967295 };
    return out;
}

// ---- from one to another

typedef struct Move {
    Arena *arena;
    Holds from, to;
    const char *value, *type; // the column; the new type
    const char *lost;         // values of an enum or set that the new list does not have; NULL: none
    const char *condition;
} Move;

static Narrowing asked(Move *m, const char *condition)
{
    m->condition = condition;
    return NARROWING_ASKED;
}

static bool is_text(Family family)
{
    return family == FAMILY_CHAR || family == FAMILY_VARCHAR || family == FAMILY_TEXT;
}

// As bytes, so that neither a collation nor blanks at the end make two texts one.
static const char *bytes_of(const Move *m, const char *value)
{
    return arena_printf(m->arena, "CAST(CONVERT(%s USING utf8mb4) AS BINARY)", value);
}

// A number that floating point may not hold: above what its mantissa counts one by one.
static Narrowing whole_to_floating(Move *m)
{
    const char *most = m->to.family == FAMILY_FLOAT ? "16777216" : "9007199254740992";
    if (m->from.size <= (m->to.family == FAMILY_FLOAT ? 7u : 15u))
        return NARROWING_NONE;
    return asked(m, arena_printf(m->arena, "%s NOT BETWEEN -%s AND %s", m->value, most, most));
}

static Narrowing from_integer(Move *m)
{
    switch ((int)m->to.family) {
    case FAMILY_INTEGER:
    case FAMILY_DECIMAL:
    case FAMILY_CHAR:
    case FAMILY_VARCHAR:
    case FAMILY_TEXT:
    case FAMILY_JSON: return NARROWING_NONE;
    case FAMILY_BIT: return m->from.is_unsigned ? NARROWING_NONE : NARROWING_UNKNOWN;
    case FAMILY_FLOAT:
    case FAMILY_DOUBLE: return whole_to_floating(m);
    case FAMILY_YEAR:
        return asked(m,
                     arena_printf(m->arena, "%s <> 0 AND %s NOT BETWEEN 1901 AND 2155", m->value, m->value));
    default: return NARROWING_UNKNOWN;
    }
}

static Narrowing from_decimal(Move *m)
{
    switch ((int)m->to.family) {
    case FAMILY_INTEGER:
    case FAMILY_DECIMAL:
        return m->to.scale >= m->from.scale ? NARROWING_NONE
                                            : asked(m, arena_printf(m->arena, "%s <> TRUNCATE(%s, %lu)",
                                                                    m->value, m->value, m->to.scale));
    case FAMILY_DOUBLE:
        if (m->to.is_rounded && m->to.scale < m->from.scale)
            return asked(m,
                         arena_printf(m->arena, "%s <> TRUNCATE(%s, %lu)", m->value, m->value, m->to.scale));
        return m->from.size <= 15
                   ? NARROWING_NONE
                   : asked(m, arena_printf(m->arena, "%s <> CAST(%s + 0e0 AS DECIMAL(%lu,%lu))", m->value,
                                           m->value, m->from.size, m->from.scale));
    case FAMILY_CHAR:
    case FAMILY_VARCHAR:
    case FAMILY_TEXT: return NARROWING_NONE;
    default: return NARROWING_UNKNOWN;
    }
}

// Neither server refuses a number that is beyond BIGINT: it becomes the last one on that side, or on the other.
static Narrowing floating_to_integer(Move *m)
{
    const char *fraction = arena_printf(m->arena, "%s <> TRUNCATE(%s, 0)", m->value, m->value);
    if (m->to.size < 19)
        return asked(m, fraction);
    return asked(m, arena_printf(m->arena, "%s OR %s < %s OR %s >= %s", fraction, m->value,
                                 m->to.is_unsigned ? "0" : "-9223372036854775808e0", m->value,
                                 m->to.is_unsigned ? "18446744073709551616e0" : "9223372036854775808e0"));
}

// FLOAT and DOUBLE. A query can compare a DOUBLE with what becomes of it; for a FLOAT the answer is unknown.
static Narrowing from_floating(Move *m)
{
    bool wide = m->from.family == FAMILY_DOUBLE;
    bool rounds = m->to.is_rounded && (!m->from.is_rounded || m->to.scale < m->from.scale);
    if (rounds)
        return wide && m->to.family == FAMILY_DOUBLE
                   ? asked(m, arena_printf(m->arena, "%s <> ROUND(%s, %lu)", m->value, m->value, m->to.scale))
                   : NARROWING_UNKNOWN;
    switch ((int)m->to.family) {
    case FAMILY_FLOAT: return wide ? NARROWING_UNKNOWN : NARROWING_NONE;
    case FAMILY_DOUBLE: return NARROWING_NONE;
    case FAMILY_INTEGER: return floating_to_integer(m);
    case FAMILY_DECIMAL:
        return wide ? asked(m, arena_printf(m->arena, "%s <> CAST(%s AS DECIMAL(65,%lu))", m->value, m->value,
                                            m->to.scale < 30 ? m->to.scale : 30))
                    : NARROWING_UNKNOWN;
    case FAMILY_VARCHAR:
    case FAMILY_TEXT:
        return wide ? asked(m,
                            arena_printf(m->arena, "CONCAT(%s) + 0e0 <> %s OR CHAR_LENGTH(CONCAT(%s)) > %lu",
                                         m->value, m->value, m->value, m->to.size))
                    : NARROWING_UNKNOWN;
    default: return NARROWING_UNKNOWN;
    }
}

// Dates, times of day and both together.
static Narrowing from_moment(Move *m)
{
    Family from = m->from.family, to = m->to.family;
    if (is_text(to))
        return NARROWING_NONE;
    if (from == FAMILY_DATE)
        return to == FAMILY_DATETIME || to == FAMILY_DATE ? NARROWING_NONE : NARROWING_UNKNOWN;
    if (from == to && m->to.scale >= m->from.scale)
        return NARROWING_NONE;
    if (from == to)
        return asked(m, arena_printf(m->arena, "%s <> CAST(%s AS %s(%lu))", m->value, m->value,
                                     from == FAMILY_TIME ? "TIME" : "DATETIME", m->to.scale));
    if (to == FAMILY_DATE && from != FAMILY_TIME)
        return asked(m, arena_printf(m->arena, "%s <> CAST(%s AS DATE)", m->value, m->value));
    return NARROWING_UNKNOWN; // between DATETIME and TIMESTAMP a time zone stands
}

static Narrowing text_to_text(Move *m)
{
    const char *ends_blank = arena_printf(
        m->arena, "CHAR_LENGTH(%s) <> CHAR_LENGTH(TRIM(TRAILING ' ' FROM %s))", m->value, m->value);
    if (m->to.family == FAMILY_CHAR && m->from.family != FAMILY_CHAR)
        return asked(m, ends_blank);
    if (m->from.family == FAMILY_CHAR || m->to.size >= m->from.size)
        return NARROWING_NONE; // blanks at its end a CHAR does not have
    // what is cut off and not refused is blank
    return asked(m,
                 arena_printf(m->arena, "%s(%s) > %lu",
                              m->to.family == FAMILY_TEXT ? "LENGTH" : "CHAR_LENGTH", m->value, m->to.size));
}

// The text must be what the number is written as: no sign or zero in front, nothing behind.
static Narrowing text_to_number(Move *m)
{
    const char *v = m->value;
    if (m->to.family == FAMILY_INTEGER)
        return asked(m, arena_printf(m->arena, "%s <> CAST(CAST(%s AS %s) AS CHAR)", bytes_of(m, v), v,
                                     m->to.is_unsigned ? "UNSIGNED" : "SIGNED"));
    return asked(
        m, arena_printf(m->arena, "%s NOT REGEXP '^-?(0|[1-9][0-9]*)([.][0-9]{0,%lu}0*)?$'", v, m->to.scale));
}

static Narrowing text_to_moment(Move *m)
{
    const char *type = m->to.family == FAMILY_DATE   ? "DATE"
                       : m->to.family == FAMILY_TIME ? arena_printf(m->arena, "TIME(%lu)", m->to.scale)
                                                     : arena_printf(m->arena, "DATETIME(%lu)", m->to.scale);
    return asked(m, arena_printf(m->arena, "NOT (%s <=> CAST(CAST(%s AS %s) AS CHAR))", bytes_of(m, m->value),
                                 m->value, type));
}

static Narrowing from_text(Move *m)
{
    switch ((int)m->to.family) {
    case FAMILY_CHAR:
    case FAMILY_VARCHAR:
    case FAMILY_TEXT: return text_to_text(m);
    case FAMILY_INTEGER:
    case FAMILY_DECIMAL: return text_to_number(m);
    case FAMILY_DATE:
    case FAMILY_TIME:
    case FAMILY_DATETIME: return text_to_moment(m);
    case FAMILY_BINARY: return asked(m, arena_printf(m->arena, "LENGTH(%s) <> %lu", m->value, m->to.size));
    case FAMILY_BYTES: return NARROWING_NONE;
    case FAMILY_ENUM:
        return asked(m, arena_printf(m->arena, "%s NOT IN %s", bytes_of(m, m->value), strchr(m->type, '(')));
    default: return NARROWING_UNKNOWN;
    }
}

static Narrowing from_bytes(Move *m)
{
    switch ((int)m->to.family) {
    case FAMILY_BINARY:
        return m->from.family == FAMILY_BINARY && m->to.size == m->from.size
                   ? NARROWING_NONE
                   : asked(m, arena_printf(m->arena, "LENGTH(%s) <> %lu", m->value, m->to.size));
    case FAMILY_BYTES: return NARROWING_NONE;
    case FAMILY_VARCHAR:
    case FAMILY_TEXT: // what is cut off and not refused is blank
        return m->to.size >= m->from.size
                   ? NARROWING_NONE
                   : asked(m, arena_printf(m->arena, "LENGTH(%s) > %lu AND RIGHT(%s, 1) = ' '", m->value,
                                           m->to.size, m->value));
    default: return NARROWING_UNKNOWN;
    }
}

// A value that the new list has in other letters would be written so.
static Narrowing list_to_list(Move *m)
{
    if (!m->lost)
        return NARROWING_NONE;
    return m->to.family == FAMILY_ENUM
               ? asked(m, arena_printf(m->arena, "%s IN (%s)", bytes_of(m, m->value), m->lost))
               : NARROWING_UNKNOWN;
}

static Narrowing from_list(Move *m)
{
    if (m->to.family == m->from.family)
        return list_to_list(m);
    if (m->to.family == FAMILY_VARCHAR || m->to.family == FAMILY_TEXT)
        return NARROWING_NONE;
    return m->to.family == FAMILY_CHAR ? text_to_text(m) : NARROWING_UNKNOWN;
}

static Narrowing from_year(Move *m)
{
    if (is_text(m->to.family)) // 0000 would become 0
        return asked(m, arena_printf(m->arena, "%s = 0", m->value));
    return m->to.family == FAMILY_YEAR || m->to.family == FAMILY_INTEGER ? NARROWING_NONE : NARROWING_UNKNOWN;
}

// Which rule tells whether values of one type fit into another.
static Narrowing by_family(Move *m)
{
    switch (m->from.family) {
    case FAMILY_INTEGER: return from_integer(m);
    case FAMILY_DECIMAL: return from_decimal(m);
    case FAMILY_FLOAT:
    case FAMILY_DOUBLE: return from_floating(m);
    case FAMILY_DATE:
    case FAMILY_TIME:
    case FAMILY_DATETIME:
    case FAMILY_TIMESTAMP: return from_moment(m);
    case FAMILY_CHAR:
    case FAMILY_VARCHAR:
    case FAMILY_TEXT: return from_text(m);
    case FAMILY_BINARY:
    case FAMILY_BYTES: return from_bytes(m);
    case FAMILY_ENUM:
    case FAMILY_SET: return from_list(m);
    case FAMILY_YEAR: return from_year(m);
    case FAMILY_BIT:
        return m->to.family == FAMILY_BIT || (m->to.family == FAMILY_INTEGER && m->to.is_unsigned)
                   ? NARROWING_NONE
                   : NARROWING_UNKNOWN;
    case FAMILY_JSON:
        return m->to.family == FAMILY_JSON || m->to.family == FAMILY_TEXT ? NARROWING_NONE
                                                                          : NARROWING_UNKNOWN;
    case FAMILY_OTHER: break;
    }
    return is_text(m->to.family) && m->to.family != FAMILY_CHAR ? NARROWING_NONE : NARROWING_UNKNOWN;
}

Narrowing my_narrowing(Arena *arena, bool mariadb, const Column *have, const Column *want, const char *value,
                       const char **condition)
{
    *condition = NULL;
    if (!have->generated && want->generated)
        return NARROWING_UNKNOWN; // what the expression gives takes the place of what was there
    if (have->generated || my_same_type(arena, have->type, want->type))
        return NARROWING_NONE;
    Move move = { .arena = arena,
                  .from = holds(mariadb, have->type),
                  .to = holds(mariadb, want->type),
                  .value = value,
                  .lost = enum_values_lost(arena, &have->head, &want->head),
                  .type = want->type };
    size_t word = strcspn(have->type, "( ");
    if (move.from.family == FAMILY_OTHER && word == strcspn(want->type, "( ") &&
        strncasecmp(have->type, want->type, word) == 0)
        return NARROWING_NONE;
    Narrowing found = by_family(&move);
    *condition = found == NARROWING_ASKED ? move.condition : NULL;
    return found;
}

// ---- what the server refuses, so that no statement asks for it; `migrate` counts it all the same

static const struct {
    unsigned long digits;
    const char *least, *most, *most_unsigned;
} integers[] = {
    {3,   "-128",                 "127",                 "255"                 },
    { 5,  "-32768",               "32767",               "65535"               },
    { 7,  "-8388608",             "8388607",             "16777215"            },
    { 10, "-2147483648",          "2147483647",          "4294967295"          },
    { 19, "-9223372036854775808", "9223372036854775807", "18446744073709551615"},
};

// A number that is beyond an integer type. NULL: none can be.
static const char *beyond_integer(const Move *m)
{
    bool whole = m->from.family == FAMILY_INTEGER;
    bool wider =
        whole && (m->from.is_unsigned == m->to.is_unsigned ? m->to.size >= m->from.size
                                                           : !m->to.is_unsigned && m->to.size > m->from.size);
    for (size_t i = 0; i < COUNT_OF(integers) && !wider; i++)
        if (integers[i].digits == m->to.size)
            return arena_printf(m->arena, "%s NOT BETWEEN %s AND %s", m->value,
                                m->to.is_unsigned ? "0" : integers[i].least,
                                m->to.is_unsigned ? integers[i].most_unsigned : integers[i].most);
    return NULL;
}

// A number with more digits before the point than a DECIMAL has.
static const char *beyond_decimal(const Move *m)
{
    unsigned long digits = m->to.size - m->to.scale;
    if (m->from.family != FAMILY_FLOAT && m->from.family != FAMILY_DOUBLE &&
        m->from.size - m->from.scale <= digits)
        return NULL;
    StrBuf limit;
    strbuf_init(&limit, m->arena);
    strbuf_putc(&limit, '1');
    strbuf_repeat(&limit, '0', digits);
    return arena_printf(m->arena, "ABS(ROUND(%s, %lu)) >= %s", m->value, m->to.scale, limit.text);
}

static const char *refused(const Move *m)
{
    bool number = m->from.family == FAMILY_INTEGER || m->from.family == FAMILY_DECIMAL ||
                  m->from.family == FAMILY_FLOAT || m->from.family == FAMILY_DOUBLE;
    if (number && m->to.family == FAMILY_INTEGER)
        return beyond_integer(m);
    if (number && m->to.family == FAMILY_DECIMAL)
        return beyond_decimal(m);
    return is_text(m->from.family) && m->to.family == FAMILY_JSON
               ? arena_printf(m->arena, "NOT JSON_VALID(%s)", m->value)
               : NULL;
}

const char *my_misfit(Arena *arena, const MisfitQuestion *q)
{
    const StepGraph graph = { .arena = arena, .have = q->have_schema, .want = q->want_schema };
    const bool mariadb = my_for_mariadb(&graph);
    const char *changed = NULL;
    const Move move = { .arena = arena,
                        .from = holds(false, q->have->type),
                        .to = holds(false, q->want->type),
                        .value = q->value };
    const char *beyond = refused(&move);
    if (!q->allow_loss)
        (void)my_narrowing(arena, mariadb, q->have, q->want, q->value, &changed);
    return beyond && changed ? arena_printf(arena, "(%s OR %s)", beyond, changed) : beyond ? beyond : changed;
}

const char *my_filler(bool mariadb, const char *type)
{
    if (my_type_is_geometry(type))
        return NULL;
    switch (holds(false, type).family) {
    case FAMILY_DATE:
    case FAMILY_DATETIME: return NULL;
    case FAMILY_TIMESTAMP: return "the time of the revision";
    case FAMILY_TIME: return "00:00:00";
    case FAMILY_YEAR: return "0000";
    case FAMILY_INTEGER:
    case FAMILY_BIT:
    case FAMILY_DECIMAL:
    case FAMILY_FLOAT:
    case FAMILY_DOUBLE: return "0";
    case FAMILY_ENUM: return "the first value of the enum";
    case FAMILY_JSON: return mariadb ? NULL : "JSON null"; // MariaDB: '', which its own check refuses
    case FAMILY_BINARY: return "zero bytes";
    case FAMILY_CHAR:
    case FAMILY_VARCHAR:
    case FAMILY_TEXT:
    case FAMILY_BYTES:
    case FAMILY_SET: return "''";
    case FAMILY_OTHER: break;
    }
    return "the empty value of the type";
}

const char *my_fills(const Schema *schema, const Column *column)
{
    const StepGraph graph = { .have = schema };
    if (option_get(&column->head.options, "row_period"))
        return "the period of the row";
    return my_filler(my_for_mariadb(&graph), column->type);
}
