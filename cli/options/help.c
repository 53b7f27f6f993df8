// --help and `cmigrate help`, from the tables.
#include <string.h>

#include "cli/commands/command.h"

enum { TEXT_WIDTH = 100, OPTION_COLUMN = 34 };

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
static void put_options(StrBuf *out, const Opt *opts, const Opt *own)
{
    for (const Opt *opt = opts; opt && opt->name; opt++) {
        if (opt_named(own, opt->name))
            continue;
        char title[96];
        opt_put_title(opt, title, sizeof(title));
        size_t indent = opt->letter ? 2 : 6;
        size_t width = indent + strlen(title);
        strbuf_repeat(out, ' ', indent);
        strbuf_puts(out, title);
        if (width + 2 > OPTION_COLUMN) {
            strbuf_putc(out, '\n');
            width = 0;
        }
        strbuf_repeat(out, ' ', OPTION_COLUMN - width);
        StrBuf help;
        strbuf_init(&help, out->arena);
        strbuf_puts(&help, opt->help);
        if (opt->env)
            strbuf_printf(&help, " [%s]", opt->env);
        put_wrapped(out, help.text, OPTION_COLUMN, OPTION_COLUMN, TEXT_WIDTH);
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

void help_overview(StrBuf *out)
{
    strbuf_puts(out, "cmigrate " CMIGRATE_VERSION
                     " - schema migrations for SQLite, PostgreSQL, MySQL and MariaDB\n\n"
                     "usage: cmigrate [options] COMMAND [options] [arguments]\n\ncommands:\n");
    for (size_t i = 0; commands[i]; i++)
        if (!commands[i]->hidden)
            strbuf_printf(out, "  %-16s %s\n", commands[i]->name, commands[i]->summary);
    strbuf_puts(out, "\noptions of every command, before or after it:\n");
    put_options(out, common_options, NULL);
    strbuf_puts(out, "\nexit status:\n");
    for (const ExitStatus *it = exit_statuses; it->text; it++) {
        strbuf_printf(out, "  %-4d", it->status);
        put_wrapped(out, it->text, 6, 6, TEXT_WIDTH);
    }
    strbuf_puts(out, "\nSee 'cmigrate help COMMAND' for one command.\n");
}

void help_command(StrBuf *out, const Command *command)
{
    strbuf_puts(out, "usage: ");
    help_usage(out, command);
    strbuf_puts(out, "\n\n");
    strbuf_printf(out, "%c%s\n",
                  command->summary[0] >= 'a' && command->summary[0] <= 'z' ? command->summary[0] - 32
                                                                           : command->summary[0],
                  command->summary + 1);
    if (command->details) {
        strbuf_putc(out, '\n');
        put_wrapped(out, command->details, 0, 0, TEXT_WIDTH);
    }
    if (command->options) {
        strbuf_puts(out, "\noptions:\n");
        put_options(out, command->options, NULL);
    }
    strbuf_puts(out, "\noptions of every command:\n");
    put_options(out, common_options, command->options);
    for (size_t i = 0; command->examples && command->examples[i]; i += 2)
        strbuf_printf(out, "%s  # %s\n  %s\n", i ? "" : "\nexamples:\n", command->examples[i],
                      command->examples[i + 1]);
}
