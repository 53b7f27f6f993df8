// --help and `cmigrate help`, from the tables.
#include <string.h>

#include "cli/commands/command.h"

// Texts begin in the second column; in less than a NARROW terminal, below what they explain.
enum {
    TEXT_WIDTH = 100,
    OPTION_COLUMN = 34,
    COMMAND_COLUMN = 19,
    NARROW = 72,
    NARROW_COLUMN = 10,
    NARROWEST = 30
};

static size_t text_width_of(size_t columns)
{
    return !columns || columns > TEXT_WIDTH ? TEXT_WIDTH : columns < NARROWEST ? NARROWEST : columns;
}

// `text` in lines of at most `width`, the first beginning at `at`, the others indented by `indent`.
static void put_wrapped(StrBuf *out, const char *text, size_t at, size_t indent, size_t width)
{
    size_t column = at;
    while (*text) {
        if (*text == '\n') {
            strbuf_puts(out, "\n");
            strbuf_repeat(out, text[1] == '\n' ? 0 : ' ', text[1] == '\n' ? 0 : indent);
            column = indent;
            text++;
            continue;
        }
        size_t n = strcspn(text, " \n");
        if (column > indent && column + 1 + n > width) {
            strbuf_putc(out, '\n');
            strbuf_repeat(out, ' ', indent);
            column = indent;
        } else if (column > at || (column > indent && column != at)) {
            strbuf_putc(out, ' ');
            column++;
        }
        strbuf_put(out, text, n);
        column += n;
        text += n;
        while (*text == ' ')
            text++;
    }
    strbuf_putc(out, '\n');
}

// `own`: of the command; it may have options named like common ones. NULL: none.
static void put_options(StrBuf *out, const Opt *opts, const Opt *own, size_t most)
{
    const size_t column = most < NARROW ? NARROW_COLUMN : OPTION_COLUMN;
    for (const Opt *opt = opts; opt && opt->name; opt++) {
        if (opt_named(own, opt->name))
            continue;
        char title[96];
        opt_put_title(opt, title, sizeof(title));
        size_t indent = opt->letter ? 2 : 6;
        size_t width = indent + strlen(title);
        strbuf_repeat(out, ' ', indent);
        strbuf_puts(out, title);
        if (width + 2 > column) {
            strbuf_putc(out, '\n');
            width = 0;
        }
        strbuf_repeat(out, ' ', column - width);
        StrBuf help;
        strbuf_init(&help, out->arena);
        strbuf_puts(&help, opt->help);
        if (opt->env)
            strbuf_printf(&help, " [%s]", opt->env);
        put_wrapped(out, help.text, column, column, most);
    }
}

void help_usage(StrBuf *out, const Command *command)
{
    strbuf_printf(out, "cmigrate %s", command->name);
    if (command->options)
        strbuf_puts(out, " [options]");
    if (command->arguments[0])
        strbuf_printf(out, " %s", command->arguments);
}

void help_overview(StrBuf *out, size_t columns)
{
    const size_t most = text_width_of(columns);
    put_wrapped(out,
                "cmigrate " CMIGRATE_VERSION " - schema migrations for SQLite, PostgreSQL, MySQL and MariaDB",
                0, 0, most);
    strbuf_puts(out, "\nusage: cmigrate [options] COMMAND [options] [arguments]\n\ncommands:\n");
    for (size_t i = 0; commands[i]; i++)
        if (!commands[i]->hidden) {
            strbuf_printf(out, "  %-16s ", commands[i]->name);
            put_wrapped(out, commands[i]->summary, COMMAND_COLUMN, COMMAND_COLUMN, most);
        }
    strbuf_puts(out, "\noptions of every command, before or after it:\n");
    put_options(out, common_options, NULL, most);
    strbuf_puts(out, "\nexit status:\n");
    for (const ExitStatus *it = exit_statuses; it->text; it++) {
        strbuf_printf(out, "  %-4d", it->status);
        put_wrapped(out, it->text, 6, 6, most);
    }
    strbuf_puts(out, "\nSee 'cmigrate help COMMAND' for one command.\n");
}

void help_command(StrBuf *out, const Command *command, size_t columns)
{
    const size_t most = text_width_of(columns);
    strbuf_puts(out, "usage: ");
    help_usage(out, command);
    strbuf_puts(out, "\n\n");
    char *summary = arena_strdup(out->arena, command->summary);
    if (summary[0] >= 'a' && summary[0] <= 'z')
        summary[0] = (char)(summary[0] - 'a' + 'A');
    put_wrapped(out, summary, 0, 0, most);
    if (command->details) {
        strbuf_putc(out, '\n');
        put_wrapped(out, command->details, 0, 0, most);
    }
    if (command->options) {
        strbuf_puts(out, "\noptions:\n");
        put_options(out, command->options, NULL, most);
    }
    strbuf_puts(out, "\noptions of every command:\n");
    put_options(out, common_options, command->options, most);
    for (size_t i = 0; command->examples && command->examples[i]; i += 2)
        strbuf_printf(out, "%s  # %s\n  %s\n", i ? "" : "\nexamples:\n", command->examples[i],
                      command->examples[i + 1]);
}
