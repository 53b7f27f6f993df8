// The texts of a step, with the values of `each`, `set` and -x in them.
#include <string.h>

#include "cli/testing/run.h"
#include "core/apply/apply.h"

static bool fill(const TestRun *run, SourcePos at, const char **text, Error *err)
{
    if (!*text || !strstr(*text, "${x."))
        return true;
    const ScriptStatement as_statement = {
        .sql = {*text, strlen(*text)},
          .at = at
    };
    return variables_fill(run->arena, &run->variables, &as_statement, text, err);
}

static bool fill_names(const TestRun *run, SourcePos at, NameList *names, Error *err)
{
    NameList filled = { 0 };
    VEC_EACH (const char *, it, names) {
        const char **name = VEC_PUSH(run->arena, &filled);
        *name = *it;
        if (!fill(run, at, name, err))
            return false;
    }
    *names = filled;
    return true;
}

static bool fill_rows(const TestRun *run, SourcePos at, TestRows *rows, Error *err)
{
    TestRows filled = { 0 };
    VEC_EACH (TestRow, row, rows) {
        TestRow *out = VEC_PUSH(run->arena, &filled);
        VEC_EACH (TestValue, value, row) {
            TestValue *copy = VEC_PUSH(run->arena, out);
            *copy = *value;
            if (!fill(run, at, &copy->text, err))
                return false;
        }
    }
    *rows = filled;
    return true;
}

bool step_fill_variables(TestRun *run, const TestStep *step, TestStep *out, Error *err)
{
    *out = *step;
    const char **const texts[] = { &out->target, &out->table, &out->with, &out->file };
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (!fill(run, step->at, texts[i], err))
            return false;
    return fill(run, step->sql_at, &out->sql, err) && fill_names(run, step->at, &out->columns, err) &&
           fill_rows(run, step->at, &out->rows, err);
}
