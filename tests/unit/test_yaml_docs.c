// Every example of docs/model.md can be read. A fence says ```yaml for all engines, or names those it is for.
#include <string.h>

#include "core/base/file.h"
#include "core/schema/schema_read.h"
#include "core/schema/schema_write.h"
#include "tests/support/cmocka_arena.h"

static void read_example(Arena *arena, const Dialect *dialect, const char *text, size_t n)
{
    Schema schema;
    RenameList renames = { 0 };
    Error err = { 0 };
    if (schema_read_text(arena, "docs/model.md", (Text){ text, n }, dialect, &schema, &renames, &err))
        return;
    print_error("%s: %s (line %u of the example)\n%.*s\n", dialect->name, err.message, err.at.line, (int)n,
                text);
    fail();
}

static void every_example_of_the_reference_can_be_read(void **state)
{
    static const Dialect *const dialects[] = { &sqlite_dialect, &postgresql_dialect, &mysql_dialect };
    Text doc;
    Error err = { 0 };
    assert_true(file_read(*state, "docs/model.md", 0, &doc, &err));
    unsigned examples = 0;
    for (const char *p = strstr(doc.p, "```yaml"); p; p = strstr(p + 3, "```yaml")) {
        const char *head = arena_strndup(*state, p, strcspn(p, "\n")), *body = strchr(p, '\n') + 1;
        const char *end = strstr(body, "\n```");
        assert_non_null(end);
        for (size_t i = 0; i < COUNT_OF(dialects); i++)
            if (strcmp(head, "```yaml") == 0 || strstr(head, dialects[i]->name))
                read_example(*state, dialects[i], body, (size_t)(end + 1 - body));
        examples++;
        p = end;
    }
    assert_true(examples > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(every_example_of_the_reference_can_be_read) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
