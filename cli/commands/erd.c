// A picture of the tables and their foreign keys, or of how two schemas differ.
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "cli/output/json.h"
#include "cli/output/progress.h"
#include "cli/workflow/source.h"
#include "core/base/file.h"
#include "core/picture/picture.h"

typedef struct ErdOptions {
    const char *type, *around, *distance, *columns, *most, *output;
    NameList only;
    bool comments, force;
} ErdOptions;

static const char *const types[] = { "mermaid", "dot", "svg", "dbml", NULL };
static const char *const column_words[] = { "all", "keys", "none", NULL };

#define AT(member) offsetof(ErdOptions, member)
static const Opt options[] = {
    {.name = "type",
     .letter = 't',
     .kind = OPT_CHOICE,
     .offset = AT(type),
     .value_name = "mermaid|dot|svg|dbml",
     .help = "form of the picture (default: mermaid); svg needs Graphviz",
     .choices = types },
    { .name = "only",
     .kind = OPT_LIST,
     .offset = AT(only),
     .value_name = "GLOB",
     .help = "draw these tables; may be repeated" },
    { .name = "around",
     .kind = OPT_TEXT,
     .offset = AT(around),
     .value_name = "TABLE",
     .help = "draw this table and the tables linked with it" },
    { .name = "distance",
     .kind = OPT_TEXT,
     .offset = AT(distance),
     .value_name = "N",
     .help = "number of links to follow from --around (default: 1)" },
    { .name = "columns",
     .kind = OPT_CHOICE,
     .offset = AT(columns),
     .value_name = "all|keys|none",
     .help = "columns to draw (default: all)",
     .choices = column_words },
    { .name = "comments",
     .kind = OPT_FLAG,
     .offset = AT(comments),
     .help = "show comments of columns and tables" },
    { .name = "max",
     .kind = OPT_TEXT,
     .offset = AT(most),
     .value_name = "N",
     .help = "tables of one mermaid diagram (default: 60); more are split into several diagrams" },
    { .name = "output",
     .letter = 'o',
     .kind = OPT_TEXT,
     .offset = AT(output),
     .value_name = "FILE",
     .help = "write the picture to this file",
     .completes = COMPLETES_FILE },
    { .name = "force",
     .kind = OPT_FLAG,
     .offset = AT(force),
     .help = "overwrite a file that is not a picture of cmigrate" },
    { 0},
};

static bool read_count(const char *text, const char *option, unsigned *out, Error *err)
{
    char *end;
    if (!text)
        return true;
    unsigned long n = strtoul(text, &end, 10);
    if (*end || text[0] < '0' || text[0] > '9' || n > INT_MAX)
        return error_set(err, ERR_USAGE, "%s takes a number, not '%s'", option, text);
    *out = (unsigned)n;
    return true;
}

static bool read_options(const ErdOptions *o, PictureOptions *out, Error *err)
{
    *out = (PictureOptions){
        .only = o->only, .around = o->around, .distance = 1, .comments = o->comments, .most_tables = 60
    };
    for (size_t i = 0; o->columns && column_words[i]; i++)
        if (strcmp(o->columns, column_words[i]) == 0)
            out->columns = (PictureColumns)i;
    if (o->distance && !o->around)
        return error_set(err, ERR_USAGE, "--distance needs --around TABLE");
    return read_count(o->distance, "--distance", &out->distance, err) &&
           read_count(o->most, "--max", &out->most_tables, err);
}

static bool is_type(const ErdOptions *o, const char *type)
{
    return same_text(o->type ? o->type : types[0], type);
}

// Mermaid alone where that is one diagram; in a Markdown file or of several diagrams, each in its fence.
static void put_mermaid(const ErdOptions *o, const Picture *picture, size_t *diagrams, StrBuf *out)
{
    PictureBlocks blocks = { 0 };
    picture_split(picture, &blocks);
    *diagrams = blocks.count;
    size_t n = o->output ? strlen(o->output) : 0;
    bool markdown = n > 3 && strcmp(o->output + n - 3, ".md") == 0;
    if (blocks.count == 1 && !markdown)
        picture_mermaid(picture, &blocks.items[0], out);
    else
        picture_markdown(picture, &blocks, out);
}

static bool draw(const ErdOptions *o, const Picture *picture, size_t *diagrams, StrBuf *out, Error *err)
{
    StrBuf dot;
    if (is_type(o, "dbml")) {
        picture_dbml(picture, out);
    } else if (is_type(o, "dot")) {
        picture_dot(picture, out);
    } else if (is_type(o, "svg")) {
        strbuf_init(&dot, picture->arena);
        picture_dot(picture, &dot);
        return picture_svg(picture->arena, dot.text, out, err);
    } else {
        put_mermaid(o, picture, diagrams, out);
    }
    return true;
}

// What begins like this is a picture that may be drawn again; any other file is somebody's work.
static bool may_write(Session *session, const ErdOptions *o, Error *err)
{
    static const char *const beginnings[] = { "erDiagram", "```mermaid", "digraph ", "Enum ",
                                              "<?xml",     "<svg",       "Table " };
    Text text;
    FileState state;
    if (o->force || !file_exists(o->output) || !file_state(o->output, &state))
        return true;
    if (!file_read(session->arena, o->output, 0, &text, err))
        return false;
    const char *word = text.p + strspn(text.p, "0123456789");
    bool ours = text.n == 0 || (word != text.p && strncmp(word, " tables in ", strlen(" tables in ")) == 0);
    for (size_t i = 0; i < COUNT_OF(beginnings); i++)
        ours |= strncmp(text.p, beginnings[i], strlen(beginnings[i])) == 0;
    if (ours)
        return true;
    error_set(err, ERR_USAGE, "%s exists, and cmigrate erd did not write it", o->output);
    return error_hint(err, "Give another name, or overwrite it with --force.");
}

static void answer_json(Session *session, const Picture *picture, size_t diagrams, const StrBuf *text)
{
    const ErdOptions *o = session->options;
    Json json;
    if (!session_answer_begin(session, &json, '{'))
        return;
    json_put_text(&json, "type", o->type ? o->type : types[0]);
    json_put_int(&json, "tables", (long long)picture->tables.count);
    json_put_int(&json, "links", (long long)picture->links.count);
    json_put_int(&json, "diagrams", (long long)diagrams);
    json_put_text(&json, "path", o->output);
    json_put_text(&json, "text", o->output ? NULL : text->text);
    session_answer_end(session, &json, '{');
}

static bool answer(Session *session, const Picture *picture, Error *err)
{
    const ErdOptions *o = session->options;
    StrBuf text;
    size_t diagrams = 1;
    strbuf_init(&text, session->arena);
    if (!draw(o, picture, &diagrams, &text, err))
        return false;
    if (o->output && !file_write(o->output, (Text){ text.text, text.length }, false, err))
        return false;
    if (o->output)
        report_note(&session->report, "Wrote %s (%zu table%s)", o->output, picture->tables.count,
                    picture->tables.count == 1 ? "" : "s");
    if (session->json)
        answer_json(session, picture, diagrams, &text);
    else if (!o->output)
        report_raw(&session->report, text.text, text.length);
    return true;
}

static bool draw_one(Session *session, Project *project, Source *source, Error *err)
{
    Schema schema = { 0 };
    RenameList renames = { 0 };
    PictureOptions how;
    Picture picture;
    return read_options(session->options, &how, err) && source_connect(session, project, source, err) &&
           source_read(session, project, source_dialect(project, source), source, &schema, &renames, err) &&
           picture_build(session->arena, &schema, NULL, NULL, &how, &picture, err) &&
           answer(session, &picture, err);
}

static bool draw_difference(Session *session, Project *project, Source *from, Source *to, Error *err)
{
    Comparison c = { .dialect = source_dialect(project, from) };
    PictureOptions how;
    Picture picture;
    return read_options(session->options, &how, err) && sources_read(session, project, from, to, &c, err) &&
           compare_diff(session, from->db ? from->db : to->db, &c, err) &&
           picture_build(session->arena, &c.want, c.renamed, &c.changes, &how, &picture, err) &&
           answer(session, &picture, err);
}

// One source gives a picture of its tables, two a picture of how they differ.
static bool run(Session *session, Error *err)
{
    const ErdOptions *o = session->options;
    const NameList *args = &session->args;
    Project project;
    Source first = { 0 }, second = { 0 };
    if (o->output && session->several) {
        error_set(err, ERR_USAGE, "-o writes one picture, and there are several databases");
        return error_hint(err, "Say which: --database NAME");
    }
    bool ok = (!o->output || may_write(session, o, err)) &&
              project_open(session, NEEDS_FOLDERS, &project, err) &&
              source_find(session, &project, args->count ? args->items[0] : NULL, true, &first, err);
    if (ok && args->count > 1)
        ok = source_find(session, &project, args->items[1], true, &second, err) &&
             draw_difference(session, &project, &first, &second, err);
    else if (ok)
        ok = draw_one(session, &project, &first, err);
    progress_watch(session->progress, NULL);
    source_close(&first);
    source_close(&second);
    return ok;
}

static const char *const examples[] = {
    "The model, for a page that understands mermaid",
    "cmigrate erd -o docs/schema.md",
    "The tables around one, as an SVG",
    "cmigrate erd -t svg --around user --distance 2 -o user.svg",
    "What a branch changes, for its pull request",
    "cmigrate erd migrations model",
    NULL,
};

const Command cmd_erd = {
    .name = "erd",
    .summary = "draw the tables and their foreign keys",
    .arguments = "[SOURCE] [SOURCE2]",
    .details =
        "SOURCE is a URL, a model file or folder, or one of the words model (the default), database and "
        "migrations. Of two sources the difference is drawn: what only SOURCE2 has is green, what only "
        "SOURCE has is red, what differs is yellow. Changes nothing.",
    .examples = examples,
    .options = options,
    .options_size = sizeof(ErdOptions),
    .max_args = 2,
    .sources = 1,
    .completes = COMPLETES_FILE,
    .per_database = true,
    .run = run,
};
