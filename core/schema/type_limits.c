#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/schema/read.h"

// Does the engine take the numbers of a type or of a sequence? It would say so itself, but in the middle of an upgrade.

// The numbers of "head(a)" or "head(a,b) tail": how many, 0 where there are none, -1 where it reads otherwise.
static int read_numbers(const char *native, long numbers[2])
{
    const char *p = strchr(native, '(');
    if (!p)
        return 0;
    for (int count = 0; count < 2; count++) {
        char *end;
        errno = 0;
        numbers[count] = strtol(p + 1, &end, 10);
        if (end == p + 1 || isspace((unsigned char)p[1]) || p[1] == '+')
            return -1;
        if (*end == ')')
            return count + 1;
        if (*end != ',')
            return -1;
        p = end;
    }
    return -1;
}

static const TypeLimit *find_limit(const Dialect *dialect, const char *native)
{
    size_t n = strcspn(native, "(");
    for (const TypeLimit *limit = dialect->type_limits; limit && limit->head; limit++)
        if (strlen(limit->head) == n && strncmp(limit->head, native, n) == 0)
            return limit;
    return NULL;
}

const char *type_beyond_limits(Arena *arena, const Dialect *dialect, const char *native)
{
    const TypeLimit *limit = find_limit(dialect, native);
    long numbers[2] = { 0 };
    int count = limit ? read_numbers(native, numbers) : 0;
    if (count == 0)
        return NULL;
    bool has_scale = limit->least_scale != limit->most_scale;
    if (count < 0 || (count == 2 && !has_scale))
        return has_scale ? "Write a precision and a scale in parentheses, as in numeric(10,2)."
                         : "Write one whole number in parentheses, as in string(80).";
    if (numbers[0] < limit->least || numbers[0] > limit->most)
        return arena_printf(arena, "Write a number from %ld to %ld.", limit->least, limit->most);
    if (count == 2 && (numbers[1] < limit->least_scale || numbers[1] > limit->most_scale))
        return arena_printf(arena, "Write a scale from %ld to %ld.", limit->least_scale, limit->most_scale);
    if (count == 2 && limit->scale_within && numbers[0] && numbers[1] > numbers[0])
        return "The scale must not be greater than the precision.";
    return NULL;
}

// A number that fits; false: none is stated, or it is not for us to compare.
static bool is_number(const char *text, long long *out)
{
    if (!text)
        return false;
    errno = 0;
    *out = strtoll(text, NULL, 10);
    return errno == 0;
}

void check_counter(Reader *r, const Node *at, const char *what, const CounterBounds *counter)
{
    long long start = 0, increment = 0, minimum = 0, maximum = 0;
    const bool starts = is_number(counter->start, &start),
               has_minimum = is_number(counter->minimum, &minimum),
               has_maximum = is_number(counter->maximum, &maximum);
    Error *err = NULL;
    if (is_number(counter->increment, &increment) && increment == 0)
        err = read_issue(r, node_at(at), "the increment of %s is 0", what);
    else if (has_minimum && has_maximum && minimum > maximum)
        err = read_issue(r, node_at(at), "the minimum of %s is above its maximum", what);
    else if (starts && has_minimum && start < minimum)
        err = read_issue(r, node_at(at), "the start of %s is below its minimum", what);
    else if (starts && has_maximum && start > maximum)
        err = read_issue(r, node_at(at), "the start of %s is above its maximum", what);
    if (err)
        error_hint(err, "As in {start: 100, increment: 5, minimum: 1, maximum: 1000}.");
}
