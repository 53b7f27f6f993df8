#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/schema/read.h"

// Does the engine take the numbers between the parentheses of a type? It would say so itself, but in the middle of an upgrade.

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
        return has_scale ? "Between the parentheses stand a precision and a scale, whole numbers."
                         : "Between the parentheses stands a whole number.";
    if (numbers[0] < limit->least || numbers[0] > limit->most)
        return arena_printf(arena, "%s takes a number from %ld to %ld there.", dialect->name, limit->least,
                            limit->most);
    if (count == 2 && (numbers[1] < limit->least_scale || numbers[1] > limit->most_scale))
        return arena_printf(arena, "%s takes a scale from %ld to %ld.", dialect->name, limit->least_scale,
                            limit->most_scale);
    if (count == 2 && limit->scale_within && numbers[0] && numbers[1] > numbers[0])
        return "The scale must not be greater than the precision.";
    return NULL;
}
