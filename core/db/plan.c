#include <ctype.h>
#include <string.h>

#include "core/db/driver.h"

static bool is_part(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

bool text_names(const char *text, const char *name)
{
    size_t n = strlen(name);
    for (const char *found = text; (found = strstr(found, name)) != NULL; found++)
        if ((found == text || !is_part(found[-1])) && !is_part(found[n]))
            return true;
    return false;
}

bool plan_row(void *payload, const Row *row, Error *err)
{
    (void)err;
    PlanRows *plan = payload;
    StrBuf line;
    strbuf_init(&line, plan->arena);
    for (size_t i = 0; i < row->count; i++)
        if (row->values[i])
            strbuf_printf(&line, "%s%s", line.length ? " " : "", row->values[i]);
    for (const char *p = line.text, *end; *p;
         p = *end ? end + 1 : end) { // a tree is one value of several lines
        end = p + strcspn(p, "\n");
        *VEC_PUSH(plan->arena, plan->plan) = arena_strndup(plan->arena, p, (size_t)(end - p));
    }
    plan->found |= plan->names(row, plan->index);
    return true;
}
