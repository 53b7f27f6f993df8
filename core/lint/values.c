#include "core/lint/values.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/lint/model.h"

typedef enum ValueKind {
    VALUE_OTHER,
    VALUE_NUMBER,
    VALUE_TEXT,
    VALUE_BYTES,
    VALUE_ENUM,
    VALUE_SET,
    VALUE_JSON,
    VALUE_DATE,
    VALUE_TIME,
    VALUE_DATETIME,
    VALUE_TIMESTAMP,
    VALUE_YEAR,
} ValueKind;

typedef struct ValueType {
    ValueKind kind;
    double least, greatest;   // numbers
    unsigned digits;          // that a number holds exactly
    bool exact;               // false: float, double
    unsigned fraction;        // digits after the point, of a number or of seconds
    unsigned long long chars; // of texts and bytes, at most
    bool counts_bytes;        // text types are limited in bytes
} ValueType;

static const struct {
    const char *name;
    unsigned bits, digits;
} integers[] = {
    {"tinyint",    8,  3 },
    { "smallint",  16, 5 },
    { "mediumint", 24, 8 },
    { "int",       32, 10},
    { "integer",   32, 10},
    { "bigint",    64, 20}
};

static const struct {
    const char *name;
    ValueKind kind;
    unsigned long long bytes;
} large[] = {
    {"tinytext",    VALUE_TEXT,  255        },
    { "text",       VALUE_TEXT,  65535      },
    { "mediumtext", VALUE_TEXT,  16777215   },
    { "longtext",   VALUE_TEXT,  4294967295U},
    { "tinyblob",   VALUE_BYTES, 255        },
    { "blob",       VALUE_BYTES, 65535      },
    { "mediumblob", VALUE_BYTES, 16777215   },
    { "longblob",   VALUE_BYTES, 4294967295U},
};

static const struct {
    const char *name;
    ValueKind kind;
} moments[] = {
    {"date",       VALUE_DATE     },
    { "time",      VALUE_TIME     },
    { "datetime",  VALUE_DATETIME },
    { "timestamp", VALUE_TIMESTAMP},
    { "year",      VALUE_YEAR     },
    { "json",      VALUE_JSON     },
    { "enum",      VALUE_ENUM     },
    { "set",       VALUE_SET      },
};

// "varchar" of "varchar(20)", also of "int unsigned".
static bool is_called(const char *type, const char *name)
{
    size_t n = strlen(name);
    return strncasecmp(type, name, n) == 0 && (!type[n] || type[n] == '(' || type[n] == ' ');
}

static unsigned long argument(const char *type, unsigned index, unsigned long otherwise)
{
    const char *at = strchr(type, '(');
    if (!at)
        return otherwise;
    for (at++; index; index--) {
        at = strchr(at, ',');
        if (!at)
            return otherwise;
        at++;
    }
    return strtoul(at, NULL, 10);
}

// Range and digits of a numeric type, as far as doubles tell them: enough to compare two types with each
// other.
static bool read_number(const char *type, ValueType *out)
{
    bool plus = strcasestr(type, " unsigned") != NULL;
    out->kind = VALUE_NUMBER;
    for (size_t i = 0; i < COUNT_OF(integers); i++)
        if (is_called(type, integers[i].name)) {
            double half = ldexp(1, (int)integers[i].bits - 1);
            *out = (ValueType){ .kind = VALUE_NUMBER,
                                .exact = true,
                                .digits = integers[i].digits,
                                .least = plus ? 0 : -half,
                                .greatest = plus ? 2 * half - 1 : half - 1 };
            return true;
        }
    if (is_called(type, "decimal") || is_called(type, "numeric")) {
        unsigned digits = (unsigned)argument(type, 0, 10), scale = (unsigned)argument(type, 1, 0);
        out->exact = true;
        out->digits = digits;
        out->fraction = scale;
        out->greatest = pow(10, (double)digits - scale) - 1;
        out->least = plus ? 0 : -out->greatest;
        return true;
    }
    bool single = is_called(type, "float");
    if (single || is_called(type, "double") || is_called(type, "real")) {
        out->digits = single ? 7 : 15;
        out->greatest = single ? 3.4e38 : 1.7e308;
        out->least = plus ? 0 : -out->greatest;
        out->fraction = 100;
        return true;
    }
    return false;
}

static bool read_text(const char *type, ValueType *out)
{
    bool text = is_called(type, "varchar") || is_called(type, "char");
    if (text || is_called(type, "varbinary") || is_called(type, "binary")) {
        out->kind = text ? VALUE_TEXT : VALUE_BYTES;
        out->chars = argument(type, 0, 1);
        return true;
    }
    for (size_t i = 0; i < COUNT_OF(large); i++)
        if (is_called(type, large[i].name)) {
            *out = (ValueType){ .kind = large[i].kind, .chars = large[i].bytes, .counts_bytes = true };
            return true;
        }
    return false;
}

static ValueType read_type(const char *type)
{
    ValueType out = { 0 };
    if (read_number(type, &out))
        return out;
    out = (ValueType){ 0 };
    if (read_text(type, &out))
        return out;
    out = (ValueType){ 0 };
    for (size_t i = 0; i < COUNT_OF(moments); i++)
        if (is_called(type, moments[i].name)) {
            out.kind = moments[i].kind;
            bool seconds =
                out.kind == VALUE_TIME || out.kind == VALUE_DATETIME || out.kind == VALUE_TIMESTAMP;
            out.fraction = seconds ? (unsigned)argument(type, 0, 0) : 0;
        }
    return out;
}

// --- character sets --------------------------------------------------------

static const char *of_table(const Schema *schema, const Column *column, const char *key)
{
    const Table *table = schema_table(schema, column->head.schema, column->head.table);
    return table ? option_get(&table->head.options, key) : NULL;
}

const char *values_collation(const Schema *schema, const Column *column)
{
    const char *table = column->collation ? column->collation : of_table(schema, column, "collation");
    return table ? table : schema->server.default_collation;
}

const char *values_charset(Arena *arena, const Schema *schema, const Column *column)
{
    ValueKind kind = read_type(column->type).kind;
    if (kind != VALUE_TEXT && kind != VALUE_ENUM && kind != VALUE_SET)
        return NULL;
    const char *own = option_get(&column->head.options, "charset");
    const char *table = own || column->collation ? own : of_table(schema, column, "charset");
    const char *collation = values_collation(schema, column);
    return table ? table : collation ? arena_strndup(arena, collation, strcspn(collation, "_")) : NULL;
}

static bool is_among(const char *charset, const char *const *names)
{
    for (size_t i = 0; names[i]; i++)
        if (strcasecmp(names[i], charset) == 0)
            return true;
    return false;
}

bool values_charset_holds(const char *wide, const char *narrow)
{
    static const char *const all[] = { "utf8mb4", "utf16", "utf16le", "utf32", "gb18030", "binary", NULL };
    static const char *const plane[] = { "utf8mb3", "utf8", "ucs2", NULL };
    return strcasecmp(wide, narrow) == 0 || is_among(wide, all) || strcasecmp(narrow, "ascii") == 0 ||
           (is_among(wide, plane) && !is_among(narrow, all));
}

static unsigned bytes_of_char(const char *charset)
{
    static const char *const one[] = { "latin1", "ascii",  "latin2", "latin5", "latin7",
                                       "cp1250", "cp1251", "koi8r",  "binary", NULL };
    static const char *const three[] = { "utf8mb3", "utf8", NULL };
    return !charset ? 4 : is_among(charset, one) ? 1 : is_among(charset, three) ? 3 : 4;
}

// --- from one type to another ----------------------------------------------

static void fit_numbers(const ValueType *have, const ValueType *want, ValueFit *out)
{
    if (want->greatest < have->greatest || want->least > have->least)
        out->misfit = want->least > have->least && have->least < 0 && want->least >= 0 ? "negative numbers"
                                                                                       : "greater numbers";
    if (want->exact && want->fraction < have->fraction)
        out->lost = "digits after the point";
    else if (!want->exact && have->digits > want->digits)
        out->lost = "digits that a floating point number does not hold";
}

static void fit_text(const char *charset, const ValueType *have, const ValueType *want, ValueFit *out)
{
    unsigned long long chars = have->chars;
    if (want->counts_bytes && !have->counts_bytes && have->kind == VALUE_TEXT)
        chars *= bytes_of_char(charset);
    if (want->chars < chars)
        out->misfit = "longer values";
}

static bool is_moment(ValueKind kind) { return kind >= VALUE_DATE && kind <= VALUE_YEAR; }

static void fit_moments(const ValueType *have, const ValueType *want, ValueFit *out)
{
    bool whole = have->kind == VALUE_DATETIME || have->kind == VALUE_TIMESTAMP;
    if (whole && (want->kind == VALUE_DATE || want->kind == VALUE_YEAR))
        out->lost = "the time of day";
    else if (whole && want->kind == VALUE_TIME)
        out->lost = "the date";
    else if (have->kind == VALUE_DATE && want->kind == VALUE_YEAR)
        out->lost = "month and day";
    else if (want->fraction < have->fraction) {
        out->lost = "fractions of a second";
        out->fraction = true;
    }
    if (want->kind == VALUE_TIMESTAMP && (have->kind == VALUE_DATETIME || have->kind == VALUE_DATE))
        out->misfit = "moments before 1970 or after 2038";
}

static bool is_text(ValueKind kind) { return kind == VALUE_TEXT || kind == VALUE_BYTES; }

ValueFit values_fit(Arena *arena, const Schema *schema, const Column *from, const Column *to)
{
    ValueFit out = { 0 };
    ValueType have = read_type(from->type), want = read_type(to->type);
    if (have.kind == VALUE_NUMBER && want.kind == VALUE_NUMBER)
        fit_numbers(&have, &want, &out);
    else if (is_text(have.kind) && is_text(want.kind))
        fit_text(values_charset(arena, schema, from), &have, &want, &out);
    else if (is_moment(have.kind) && is_moment(want.kind))
        fit_moments(&have, &want, &out);
    else if (have.kind == VALUE_NUMBER && is_text(want.kind) && want.chars < have.digits)
        out.misfit = "longer numbers";
    else if ((is_text(have.kind) || have.kind == VALUE_JSON) && want.kind != have.kind &&
             want.kind != VALUE_OTHER && !(have.kind == VALUE_JSON && want.chars >= 4294967295U))
        out.misfit = "texts that are no values of the type";
    return out;
}
