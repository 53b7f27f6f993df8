// The server's words of an error, without the values of rows that they quote. Which messages do is known by their number;
// which part of them, by the words after the value, for a value may hold quotation marks of its own.
#include <mysqld_error.h>
#include <string.h>

#include "drivers/mysql/driver/driver.h"

// Numbers that only one of the two servers' headers knows by name.
enum {
    ER_CHILD_ROW_TWICE = 1761,
    ER_CHILD_ROW_TWICE_UNKNOWN = 1762,
    ER_ROW_ELSEWHERE = 1863,
    ER_BYTES_NOT_CONVERTED = 3854
};

static bool quotes_a_value(unsigned code)
{
    static const unsigned codes[] = { ER_DUP_ENTRY,
                                      ER_DUP_ENTRY_WITH_KEY_NAME,
                                      ER_INVALID_CHARACTER_STRING,
                                      ER_TRUNCATED_WRONG_VALUE,
                                      ER_TRUNCATED_WRONG_VALUE_FOR_FIELD,
                                      ER_WRONG_VALUE_FOR_TYPE,
                                      ER_WRONG_VALUE,
                                      ER_CHILD_ROW_TWICE,
                                      ER_CHILD_ROW_TWICE_UNKNOWN,
                                      ER_BYTES_NOT_CONVERTED };
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        if (codes[i] == code)
            return true;
    return false;
}

// Where the value ends: before the last of these; in another language, at the last quotation mark.
static const char *end_of_value(const char *from)
{
    static const char *const behind[] = { "' for key ",    "' for column ", "' for function ",
                                          "' would lead ", "' from ",       NULL };
    const char *end = NULL;
    for (size_t i = 0; behind[i]; i++)
        for (const char *p = from; (p = strstr(p, behind[i])) != NULL; p++)
            end = !end || p > end ? p : end;
    return end ? end : strrchr(from, '\'');
}

static const char *start_of_value(unsigned code, const char *message)
{
    static const char record[] = "record '";
    const char *named =
        code == ER_CHILD_ROW_TWICE || code == ER_CHILD_ROW_TWICE_UNKNOWN ? strstr(message, record) : NULL;
    const char *from = named ? named + strlen(record) - 1 : strchr(message, '\'');
    return from ? from + 1 : NULL;
}

bool my_without_values(Arena *arena, unsigned code, const char *message, const char **out)
{
    *out = message;
    if (code == ER_NO_PARTITION_FOR_GIVEN_VALUE || code == ER_ROW_ELSEWHERE) { // the value is not in quotes
        const char *word = strstr(message, code == ER_ROW_ELSEWHERE ? "partition " : "value ");
        const char *from = word ? strchr(word, ' ') : strchr(message, ' ');
        *out = from ? arena_printf(arena, "%.*s ...", (int)(from - message), message) : message;
        return true;
    }
    const char *from = quotes_a_value(code) ? start_of_value(code, message) : NULL;
    const char *end = from ? end_of_value(from) : NULL;
    if (!end || end < from)
        return false;
    *out = arena_printf(arena, "%.*s...%s", (int)(from - message), message, end);
    return true;
}
