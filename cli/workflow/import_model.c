#define _GNU_SOURCE
#include "cli/workflow/import_model.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "cli/output/progress.h"
#include "cli/workflow/compare.h"
#include "cli/workflow/replay.h"
#include "core/base/process.h"
#include "core/compare/sql_model.h"
#include "core/revision/directive.h"
#include "core/schema/schema_write.h"

// Each prints the statements that make the tables of the models, and asks no database.
static const char sqlalchemy_code[] =
    "import importlib, sys\n"
    "import sqlalchemy\n"
    "sys.path.insert(0, '')\n"
    "module, _, path = sys.argv[1].partition(':')\n"
    "metadata = importlib.import_module(module)\n"
    "for name in (path or 'metadata').split('.'):\n"
    "    metadata = getattr(metadata, name)\n"
    "metadata = getattr(metadata, 'metadata', metadata)\n"
    "engine = sqlalchemy.create_mock_engine(sys.argv[2] + '://',\n"
    "    lambda sql, *rest, **more: print(str(sql.compile(dialect=engine.dialect)).strip() + ';'))\n"
    "metadata.create_all(engine, checkfirst=False)\n";
static const char django_code[] =
    "from django.apps import apps\n"
    "from django.db import connection\n"
    "if connection.vendor == 'sqlite': connection.settings_dict['NAME'] = ':memory:'\n"
    "editor = connection.schema_editor(collect_sql=True)\n"
    "with editor:\n"
    "    for model in apps.get_models():\n"
    "        if model._meta.managed and not model._meta.proxy: editor.create_model(model)\n"
    "\n"
    "print('\\n'.join(editor.collected_sql))\n";

typedef struct ModelTool {
    const char *word, *program, *argument; // `argument`: the usual one; NULL: it has to be given
    bool argument_is_folder;               // that the tool runs in
    const char *words[8];                  // after the program; "{code}" and the like are filled in
    const char *code, *hint;
    const char *option,
        *renamed; // an option of `words`, and how newer versions of the tool call it; NULL: none
} ModelTool;

static const ModelTool tools[] = {
    {
     .word = "sqlalchemy",
     .program = "python3",
     .words = { "-c", "{code}", "{argument}", "{dialect}" },
     .code = sqlalchemy_code,
     .hint =
            "Write MODULE:metadata, as in models:Base.metadata, and name the Python that has SQLAlchemy by "
            "--program, as in --program venv/bin/python.",                           },
    {
     .word = "django",
     .program = "python3",
     .argument = ".",
     .argument_is_folder = true,
     .words = { "manage.py", "shell", "-c", "{code}" },
     .code = django_code,
     .hint = "Name the folder of manage.py, and the Python that has Django by --program.",
     },
    {
     .word = "prisma",
     .program = "npx --no-install prisma",
     .argument = "prisma/schema.prisma",
     .words = { "migrate", "diff", "--from-empty", "--to-schema-datamodel", "{argument}", "--script" },
     .hint = "Name the file schema.prisma, and how Prisma is called by --program.",
     .option = "--to-schema-datamodel",
     .renamed = "--to-schema",
     },
    {
     .word = "drizzle",
     .program = "npx --no-install drizzle-kit",
     .argument = ".",
     .argument_is_folder = true,
     .words = { "export" },
     .hint = "Name the folder of drizzle.config.ts, and how drizzle-kit is called by --program.",
     },
};
const char import_model_words[] = "sqlalchemy, django, prisma or drizzle";

static const ModelTool *tool_named(const char *word)
{
    for (size_t i = 0; i < COUNT_OF(tools); i++)
        if (strcmp(tools[i].word, word) == 0)
            return &tools[i];
    return NULL;
}

bool import_model_knows(const char *tool) { return tool_named(tool) != NULL; }

// What follows "error:", or the whole line where the word is longer, as in `TypeError: …`. n 0: the line has no such word.
static Text error_in(Text line)
{
    size_t word = 0;
    while (word < line.n && isalpha((unsigned char)line.p[word]))
        word++;
    bool found =
        word >= 5 && word < line.n && line.p[word] == ':' && strncasecmp(line.p + word - 5, "error", 5) == 0;
    return !found      ? (Text){ line.p, 0 }
           : word == 5 ? text_trim((Text){ line.p + word + 1, line.n - word - 1 })
                       : line;
}

static bool is_bare_error(Text line) { return line.n == 6 && strncasecmp(line.p, "error:", 6) == 0; }

// The line that says why: the last one that is marked as an error, or follows a mark alone. *marked false: none is, it is the last.
static Text telling_line(Text said, bool *marked)
{
    Text found = { said.p, 0 }, last = found;
    bool next = false;
    *marked = false;
    for (const char *p = said.p, *end = said.p + said.n; p < end;) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        Text line = text_trim((Text){ p, (size_t)((stop ? stop : end) - p) });
        p = stop ? stop + 1 : end;
        if (!line.n)
            continue;
        Text error = error_in(line);
        if (error.n || next)
            found = error.n ? error : line;
        *marked |= error.n || next;
        next = is_bare_error(line);
        last = line;
    }
    return *marked ? found : last;
}

static bool failed(const ModelTool *tool, const NameList *argv, const ProcessResult *result, Error *err)
{
    bool marked;
    const Text line = telling_line(result->err.n ? result->err : result->out, &marked);
    if (result->status)
        error_set(err, ERR_USAGE, "%s ended with status %d%s%.*s", argv->items[0], result->status,
                  line.n ? ": " : "", (int)line.n, line.p);
    else
        error_set(err, ERR_USAGE, "%s printed no SQL: %.*s", argv->items[0], (int)line.n, line.p);
    return error_hint(err, "%s", tool->hint);
}

// drizzle-kit ends with status 0 where the models cannot be loaded, and prints nothing but why.
static bool printed_only_errors(const ProcessResult *result)
{
    bool marked = false;
    if (!text_trim(result->out).n)
        telling_line(result->err, &marked);
    return marked;
}

static bool call_tool(Session *session, const Project *project, const ModelTool *tool, const char *argument,
                      const NameList *program, bool newer, ProcessResult *out, Error *err)
{
    Arena *arena = session->arena;
    NameList argv = { 0 };
    VEC_EACH (const char *, word, program)
        *VEC_PUSH(arena, &argv) = *word;
    for (const char *const *word = tool->words; *word; word++)
        *VEC_PUSH(arena, &argv) = strcmp(*word, "{code}") == 0       ? tool->code
                                  : strcmp(*word, "{argument}") == 0 ? argument
                                  : strcmp(*word, "{dialect}") == 0  ? project->url.scheme
                                  : newer && tool->option && !strcmp(*word, tool->option) ? tool->renamed
                                                                                          : *word;
    *VEC_PUSH(arena, &argv) = NULL;
    return process_run(arena, argv.items, tool->argument_is_folder ? argument : NULL, 0, out, err) ||
           error_hint(err, "%s", tool->hint);
}

// "`--to-schema-datamodel` was removed."
static bool option_was_removed(const ModelTool *tool, const ProcessResult *result)
{
    static const char removed[] = "was removed";
    return result->status != 0 && tool->option &&
           memmem(result->err.p, result->err.n, tool->option, strlen(tool->option)) &&
           memmem(result->err.p, result->err.n, removed, strlen(removed));
}

static bool ask_tool(Session *session, const Project *project, const ModelTool *tool, const char *argument,
                     const char *program, Text *out, Error *err)
{
    NameList words = { 0 };
    ProcessResult result;
    const char *called = program ? program : tool->program;
    split_names(session->arena, (Text){ called, strlen(called) }, &words);
    if (!call_tool(session, project, tool, argument, &words, false, &result, err) ||
        (option_was_removed(tool, &result) &&
         !call_tool(session, project, tool, argument, &words, true, &result, err)))
        return false;
    if (result.status != 0 || printed_only_errors(&result))
        return failed(tool, &words, &result, err);
    *out = result.out;
    return true;
}

static bool read_sql(Session *session, Project *project, const char *tool, Text sql, Schema *out, Error *err)
{
    Db *scratch = NULL;
    const char *name = arena_printf(session->arena, "SQL of %s", tool);
    bool ok = replay_open(session, project, &project->url, project->url_folder, &scratch, err) &&
              sql_model_read_text(session->arena, scratch, name, sql, &project->filter, out, err);
    db_close(scratch);
    progress_watch(session->progress, NULL);
    return ok;
}

bool import_model_print(Session *session, const char *word, const char *argument, const char *program,
                        Error *err)
{
    const ModelTool *tool = tool_named(word);
    Project project;
    Schema schema = { 0 };
    Text sql;
    StrBuf text;
    if (!argument && !tool->argument) {
        error_set(err, ERR_USAGE, "import %s needs to know which models", word);
        return error_hint(err, "%s", tool->hint);
    }
    if (!project_open(session, NEEDS_DIALECT, &project, err) ||
        !ask_tool(session, &project, tool, argument ? argument : tool->argument, program, &sql, err) ||
        !read_sql(session, &project, word, sql, &schema, err))
        return false;
    report_warnings(&session->report, &schema.warnings);
    strbuf_init(&text, session->arena);
    (session->json ? schema_write_json : schema_write_yaml)(&text, &schema);
    if (!text.length || text.text[text.length - 1] != '\n')
        strbuf_putc(&text, '\n');
    report_raw(&session->report, text.text, text.length);
    report_note(&session->report, "%zu table%s of %s, as %s", schema.tables.count,
                schema.tables.count == 1 ? "" : "s", word, project.dialect->name);
    return true;
}
