// Whatever a server may say to SHOW CREATE: read without harm, or refused with words; what was read can be written as a
// model. The first byte chooses the server and the kind.
#include "core/schema/schema_write.h"
#include "drivers/mysql/ddl/ddl.h"
#include "tests/fuzz/feed.h"

static const char *const charsets[] = { "utf8mb4", "utf8mb4_general_ci", "latin1", "latin1_swedish_ci" };

static bool read_it(Arena *arena, unsigned kind, const DdlServer *server, const char *text, Schema *schema,
                    Error *err)
{
    if (kind == 0) {
        Table *table = table_new(arena, NULL, "t");
        *VEC_PUSH(arena, &schema->tables) = table;
        return ddl_read_table(arena, server, text, table, err);
    }
    Object *object = object_new(arena, kind == 1 ? OBJECT_VIEW : OBJECT_SEQUENCE, NULL, NULL, "o");
    *VEC_PUSH(arena, &schema->objects) = object;
    return kind == 1 ? ddl_read_view(arena, text, (View *)(void *)object, err)
                     : ddl_read_sequence(arena, text, (Sequence *)(void *)object, err);
}

static void check(Arena *arena, unsigned choice, const char *text)
{
    const DdlServer server = { .mariadb = choice & 1,
                               .default_engine = "InnoDB",
                               .default_collation = choice & 2 ? "utf8mb4_general_ci" : NULL,
                               .charsets = charsets,
                               .charset_count = COUNT_OF(charsets) / 2 };
    Schema schema = { .dialect = &mysql_dialect };
    Error err = { 0 };
    if (!read_it(arena, choice / 4 % 3, &server, ddl_without_database(arena, text, "db"), &schema, &err)) {
        feed_refused(&err, text);
        return;
    }
    schema_sort(&schema);
    StrBuf out;
    strbuf_init(&out, arena);
    schema_write_yaml(&out, &schema);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size > 8000)
        return 0;
    Arena *arena = arena_new();
    const char *text = arena_strndup(arena, (const char *)data + 1, size - 1), *definer;
    check(arena, data[0], text);
    (void)ddl_without_definer(arena, text, &definer);
    (void)my_default_canonical(arena, "varchar(10)", text);
    (void)my_default_canonical(arena, "int", text);
    if (strlen(ddl_plain(arena, text)) != strlen(text))
        feed_broken("brackets of executable comments become spaces", text);
    arena_free(arena);
    return 0;
}
