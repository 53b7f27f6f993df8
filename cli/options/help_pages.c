// docs/commands.md and the man page, from the same tables.
#include <string.h>

#include "cli/commands/command.h"

const ExitStatus exit_statuses[] = {
    {0,                                                                        "done; for check and diff --exit-code: no difference" },
    { 1,                                                                       "a negative answer: differences found, the database is not at the head" },
    { 2,"the call, the configuration, the model or a script is wrong; nothing was touched" },
    { 3,                                                                       "no connection, or the database refused" },
    { 4,                                                                       "a revision failed; the message says which statement of which file and line, and what to do next" },
    { 5,"another cmigrate, or another process on a SQLite file, held the lock past lock_timeout" },
    { 130,                                                                       "interrupted; the running statement was cancelled and its transaction rolled back" },
    { 0                                                                      },
};

static void sentence(StrBuf *out, const char *text)
{
    char first = text[0] >= 'a' && text[0] <= 'z' ? (char)(text[0] - 32) : text[0];
    strbuf_printf(out, "%c%s%s\n", first, text + 1, strchr(".?!", text[strlen(text) - 1]) ? "" : ".");
}

static void markdown_options(StrBuf *out, const Opt *opts)
{
    strbuf_puts(out, "\n| option | |\n| --- | --- |\n");
    for (const Opt *opt = opts; opt && opt->name; opt++) {
        char title[96];
        opt_put_title(opt, title, sizeof(title));
        strbuf_puts(out, "| `");
        for (const char *c = title; *c; c++)
            strbuf_printf(out, *c == '|' ? "\\%c" : "%c", *c);
        strbuf_printf(out, "` | %s", opt->help);
        if (opt->env)
            strbuf_printf(out, " (environment: `%s`)", opt->env);
        strbuf_puts(out, " |\n");
    }
}

void help_markdown(StrBuf *out)
{
    strbuf_puts(out, "<!-- Made by `cmigrate help --markdown`: do not edit. -->\n# Commands\n\n"
                     "    cmigrate [options] COMMAND [options] [arguments]\n\n"
                     "Results go to standard output, messages and progress to standard error. With `--format "
                     "json` standard "
                     "output is one\nJSON document (one per line for events), nothing else.\n\n"
                     "## Options of every command\n\nThey go before or after the command.\n");
    markdown_options(out, common_options);
    for (size_t i = 0; commands[i]; i++) {
        const Command *command = commands[i];
        if (command->hidden)
            continue;
        strbuf_printf(out, "\n## %s\n\n", command->name);
        sentence(out, command->summary);
        strbuf_puts(out, "\n    ");
        help_usage(out, command);
        strbuf_putc(out, '\n');
        if (command->details)
            strbuf_printf(out, "\n%s\n", command->details);
        if (command->options)
            markdown_options(out, command->options);
        for (size_t k = 0; command->examples && command->examples[k]; k += 2)
            strbuf_printf(out, "\n%s:\n\n    %s\n", command->examples[k], command->examples[k + 1]);
    }
    strbuf_puts(out, "\n## Exit status\n\n| status | |\n| --- | --- |\n");
    for (const ExitStatus *it = exit_statuses; it->text; it++)
        strbuf_printf(out, "| %d | %s |\n", it->status, it->text);
}

// Text of the man page: dashes and backslashes as they are, no line that begins with a control character.
static void roff(StrBuf *out, const char *text)
{
    bool line_start = true;
    for (const char *c = text; *c; c++) {
        if (line_start && (*c == '.' || *c == '\''))
            strbuf_puts(out, "\\&");
        if (c[0] == '\n' && c[1] == '\n') {
            strbuf_puts(out, "\n.PP\n");
            c++;
        } else if (*c == '-') {
            strbuf_puts(out, "\\-");
        } else if (*c == '\\') {
            strbuf_puts(out, "\\e");
        } else {
            strbuf_putc(out, *c);
        }
        line_start = *c == '\n';
    }
}

static void roff_options(StrBuf *out, const Opt *opts)
{
    for (const Opt *opt = opts; opt && opt->name; opt++) {
        char title[96];
        opt_put_title(opt, title, sizeof(title));
        strbuf_puts(out, ".TP\n.B ");
        roff(out, title);
        strbuf_putc(out, '\n');
        roff(out, opt->help);
        if (opt->env)
            strbuf_printf(out, " (environment: %s)", opt->env);
        strbuf_putc(out, '\n');
    }
}

// A command in the man page: usage, summary, details, options and examples.
static void roff_command(StrBuf *out, const Command *command)
{
    StrBuf usage;
    strbuf_init(&usage, out->arena);
    help_usage(&usage, command);
    strbuf_puts(out, ".SS ");
    roff(out, usage.text);
    strbuf_putc(out, '\n');
    StrBuf text;
    strbuf_init(&text, out->arena);
    sentence(&text, command->summary);
    roff(out, text.text);
    if (command->details) {
        strbuf_puts(out, ".PP\n");
        roff(out, command->details);
        strbuf_putc(out, '\n');
    }
    if (command->options)
        roff_options(out, command->options);
    for (size_t k = 0; command->examples && command->examples[k]; k += 2) {
        strbuf_puts(out, ".PP\n");
        roff(out, command->examples[k]);
        strbuf_puts(out, ":\n.PP\n.in +4n\n.nf\n");
        roff(out, command->examples[k + 1]);
        strbuf_puts(out, "\n.fi\n.in\n");
    }
}

void help_man(StrBuf *out)
{
    strbuf_puts(out,
                ".\\\" Made by `cmigrate help --man`: do not edit.\n"
                ".TH CMIGRATE 1 \"\" \"cmigrate " CMIGRATE_VERSION "\" \"User Commands\"\n"
                ".SH NAME\ncmigrate \\- schema migrations for SQLite, PostgreSQL, MySQL and MariaDB\n"
                ".SH SYNOPSIS\n.B cmigrate\n[options] COMMAND [options] [arguments]\n"
                ".SH DESCRIPTION\nCompares a model (schema.yaml) with a live database, writes what leads "
                "from one to the other as a "
                "plain SQL script with an upgrade and a downgrade, and runs such scripts in their order.\n"
                ".PP\nResults go to standard output, messages and progress to standard error.\n"
                ".SH OPTIONS\nThey go before or after the command.\n");
    roff_options(out, common_options);
    strbuf_puts(out, ".SH COMMANDS\n");
    for (size_t i = 0; commands[i]; i++)
        if (!commands[i]->hidden)
            roff_command(out, commands[i]);
    strbuf_puts(out, ".SH EXIT STATUS\n");
    for (const ExitStatus *it = exit_statuses; it->text; it++) {
        strbuf_printf(out, ".TP\n.B %d\n", it->status);
        roff(out, it->text);
        strbuf_putc(out, '\n');
    }
    strbuf_puts(out,
                ".SH FILES\n.TP\n.I cmigrate.yaml\nthe configuration, here or in the nearest parent folder\n"
                ".TP\n.I schema.yaml\nthe model: a file, or a folder of files\n"
                ".TP\n.I migrations/\none SQL script per revision\n"
                ".SH ENVIRONMENT\n.TP\n.B CMIGRATE_URL, CMIGRATE_CONFIG\ntaken where the option is absent\n"
                ".TP\n.B NO_COLOR\nno colours\n.TP\n.B VISUAL, EDITOR\nwhat edit opens\n"
                ".TP\n.B SOURCE_DATE_EPOCH\nthe time to put into new scripts\n");
}
