#include "cli/workflow/plan_file.h"

#include <string.h>

#include "core/base/file.h"
#include "core/data/data.h"
#include "core/revision/directive.h"
#include "core/schema/schema_write.h"

#define MARK       "-- cmigrate-plan: "
#define MARK_STATE MARK "state "
enum { STATE_DIGITS = SHA256_HEX - 1 };

static void put_name(StrBuf *out, const char *name)
{
    strbuf_putc(out, '"');
    for (; *name; name++) {
        strbuf_putc(out, *name);
        if (*name == '"')
            strbuf_putc(out, '"');
    }
    strbuf_putc(out, '"');
}

void plan_file_rows(Session *session, const Schema *model, PlanFile *plan)
{
    VEC_EACH (DataSet *, set, &model->data) {
        const Object *table = &(*set)->table->head;
        StrBuf name;
        if ((*set)->file)
            continue;
        strbuf_init(&name, session->arena);
        if (table->schema) {
            put_name(&name, table->schema);
            strbuf_putc(&name, '.');
        }
        put_name(&name, table->name);
        *VEC_PUSH(session->arena, &plan->rows) = name.text;
    }
}

// A table that is not there, or has no key, is told by its schema.
static bool read_rows(Session *session, const Project *project, const NameList *rows, Schema *schema,
                      Error *err)
{
    VEC_EACH (const char *, name, rows) {
        NameList parts = { 0 };
        if (!name_split(session->arena, *name, &parts) || parts.count > 2)
            return error_set(err, ERR_USAGE, "'%s' is not the name of a table", *name);
        const char *of = parts.count > 1 ? parts.items[0] : NULL;
        const Table *table = schema_table(schema, of, parts.items[parts.count - 1]);
        if (table && data_has_key(table) && !data_read_table(session->arena, project->db, schema, table, err))
            return false;
    }
    return true;
}

bool plan_file_state(Session *session, const Project *project, const NameList *rows, char out[SHA256_HEX],
                     Error *err)
{
    Schema schema = { 0 };
    StrBuf text;
    if (!compare_read_database(session, project, project->db, &schema, err) ||
        !read_rows(session, project, rows, &schema, err))
        return false;
    strbuf_init(&text, session->arena);
    schema_write_json(&text, &schema);
    sha256_hex((Text){ text.text, text.length }, out);
    return true;
}

bool plan_file_make(Session *session, const Project *project, const StatementList *statements, PlanFile *plan,
                    Error *err)
{
    Arena *arena = session->arena;
    StrBuf *out = &plan->text;
    const Script head = { .revision = "plan", .message = "bring the database to the model" };
    strbuf_init(out, arena);
    strbuf_printf(out, MARK_STATE "%s\n", plan->state);
    VEC_EACH (const char *, schema, &plan->schemas) {
        strbuf_puts(out, MARK "schema ");
        put_line_text(out, *schema);
        strbuf_putc(out, '\n');
    }
    VEC_EACH (const char *, name, &plan->rows) {
        strbuf_puts(out, MARK "rows ");
        put_line_text(out, *name);
        strbuf_putc(out, '\n');
    }
    script_write_up(out, &head, project->dialect, statements);
    return script_read_text_as(arena, NULL, (Text){ out->text, out->length }, project->dialect, &plan->script,
                               err);
}

static bool is_plan(Text text)
{
    const size_t n = strlen(MARK_STATE);
    return text.n > n + STATE_DIGITS && memcmp(text.p, MARK_STATE, n) == 0 &&
           strspn(text.p + n, "0123456789abcdef") == STATE_DIGITS && text.p[n + STATE_DIGITS] == '\n';
}

bool plan_file_write(Session *session, const PlanFile *plan, const char *path, Error *err)
{
    Text old;
    FileState state;
    if (file_state(path, &state) && state.size &&
        (!file_read(session->arena, path, 0, &old, NULL) || !is_plan(old))) {
        error_set(err, ERR_USAGE, "%s exists, and is not a plan of cmigrate apply", path);
        return error_hint(err, "Give another name for the plan.");
    }
    return file_write(path, (Text){ plan->text.text, plan->text.length }, false, err);
}

static void read_names(Session *session, const char **p, const char *mark, NameList *out)
{
    while (strncmp(*p, mark, strlen(mark)) == 0) {
        *p += strlen(mark);
        const size_t n = strcspn(*p, "\n");
        *VEC_PUSH(session->arena, out) = line_text(session->arena, (Text){ *p, n });
        *p += n + ((*p)[n] == '\n');
    }
}

bool plan_file_read(Session *session, const char *path, PlanFile *out, Error *err)
{
    Text text;
    *out = (PlanFile){ 0 };
    if (!file_read(session->arena, path, 0, &text, err))
        return false;
    if (!is_plan(text)) {
        error_set(err, ERR_USAGE, "%s is not a plan of cmigrate apply", path);
        return error_hint(err, "Write one with: cmigrate apply --plan %s", path);
    }
    const char *p = text.p + strlen(MARK_STATE);
    memcpy(out->state, p, STATE_DIGITS);
    p += STATE_DIGITS + 1;
    read_names(session, &p, MARK "schema ", &out->schemas);
    read_names(session, &p, MARK "rows ", &out->rows);
    strbuf_init(&out->text, session->arena);
    strbuf_put(&out->text, text.p, text.n);
    return script_read_text(session->arena, path, (Text){ out->text.text, out->text.length }, &out->script,
                            err);
}
