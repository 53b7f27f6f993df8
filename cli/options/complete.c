// Completion for shells, from the tables.
#include <string.h>

#include "cli/commands/command.h"

static void words_of(StrBuf *out, const Opt *opts)
{
    for (const Opt *opt = opts; opt && opt->name; opt++) {
        strbuf_printf(out, " --%s", opt->name);
        if (opt->letter)
            strbuf_printf(out, " -%c", opt->letter);
    }
}

static void put_words(StrBuf *out, const char *const *words)
{
    for (size_t i = 0; words[i]; i++)
        strbuf_printf(out, "%s%s", i ? " " : "", words[i]);
}

static void command_words(StrBuf *out)
{
    for (size_t i = 0; commands[i]; i++)
        if (!commands[i]->hidden)
            strbuf_printf(out, " %s", commands[i]->name);
}

// The cases that complete an option's value in bash: fixed words, files, or words that cmigrate is asked for.
static void bash_values(StrBuf *out, const Opt *opts, const char *indent)
{
    for (const Opt *opt = opts; opt && opt->name; opt++) {
        if (!opt->value_name)
            continue;
        strbuf_printf(out, "%s--%s", indent, opt->name);
        if (opt->letter)
            strbuf_printf(out, "|-%c", opt->letter);
        strbuf_puts(out, ") ");
        if (opt->choices) {
            strbuf_puts(out, "COMPREPLY=($(compgen -W \"");
            put_words(out, opt->choices);
            strbuf_puts(out, "\" -- \"$cur\"))");
        } else if (opt->completes == COMPLETES_FILE) {
            strbuf_puts(out, "COMPREPLY=($(compgen -f -- \"$cur\"))");
        } else if (opt->completes == COMPLETES_FOLDER) {
            strbuf_puts(out, "COMPREPLY=($(compgen -d -- \"$cur\"))");
        } else if (opt->completes == COMPLETES_REVISION) {
            strbuf_puts(
                out,
                "COMPREPLY=($(compgen -W \"$(cmigrate completion revisions 2>/dev/null)\" -- \"$cur\"))");
        } else if (opt->completes == COMPLETES_ENVIRONMENT) {
            strbuf_puts(
                out,
                "COMPREPLY=($(compgen -W \"$(cmigrate completion environments 2>/dev/null)\" -- \"$cur\"))");
        } else {
            strbuf_puts(out, ":");
        }
        strbuf_puts(out, "; return;;\n");
    }
}

// Writes the completion for bash. The first word that is a command decides which options and words follow.
static void bash_script(StrBuf *out)
{
    strbuf_puts(
        out,
        "# bash completion of cmigrate: eval \"$(cmigrate completion bash)\"\n_cmigrate()\n{\n"
        "    local cur=\"${COMP_WORDS[COMP_CWORD]}\" prev=\"${COMP_WORDS[COMP_CWORD-1]}\" word command=\"\"\n"
        "    local commands=\"");
    StrBuf words;
    strbuf_init(&words, out->arena);
    command_words(&words);
    strbuf_printf(out,
                  "%s\"\n    COMPREPLY=()\n    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
                  "        case \" $commands \" in *\" $word \"*) command=\"$word\"; break;; esac\n    "
                  "done\n    case \"$prev\" in\n",
                  words.text + 1);
    bash_values(out, common_options, "        ");
    strbuf_puts(out, "    esac\n    case \"$command\" in\n");
    for (size_t i = 0; commands[i]; i++) {
        if (commands[i]->hidden)
            continue;
        strbuf_printf(out, "    %s)\n", commands[i]->name);
        if (commands[i]->options) {
            strbuf_puts(out, "        case \"$prev\" in\n");
            bash_values(out, commands[i]->options, "            ");
            strbuf_puts(out, "        esac\n");
        }
        strbuf_puts(out, "        case \"$cur\" in -*) COMPREPLY=($(compgen -W \"");
        StrBuf opts;
        strbuf_init(&opts, out->arena);
        words_of(&opts, commands[i]->options);
        words_of(&opts, common_options);
        strbuf_printf(out, "%s\" -- \"$cur\")); return;; esac\n", opts.text + 1);
        if (commands[i]->first_words) {
            strbuf_printf(out, "        [ \"$prev\" != %s ] || { COMPREPLY=($(compgen -W \"",
                          commands[i]->name);
            put_words(out, commands[i]->first_words);
            strbuf_puts(out, "\" -- \"$cur\")); return; }\n");
        }
        switch (commands[i]->completes) {
        case COMPLETES_REVISION:
            strbuf_puts(out, "        COMPREPLY=($(compgen -W \"head heads base $(cmigrate completion "
                             "revisions 2>/dev/null)\" -- \"$cur\"))\n");
            break;
        case COMPLETES_FILE: strbuf_puts(out, "        COMPREPLY=($(compgen -f -- \"$cur\"))\n"); break;
        case COMPLETES_FOLDER: strbuf_puts(out, "        COMPREPLY=($(compgen -d -- \"$cur\"))\n"); break;
        case COMPLETES_COMMAND:
            strbuf_puts(out, "        COMPREPLY=($(compgen -W \"$commands\" -- \"$cur\"))\n");
            break;
        case COMPLETES_ENVIRONMENT:
        case COMPLETES_NOTHING: break;
        }
        strbuf_puts(out, "        ;;\n");
    }
    StrBuf opts;
    strbuf_init(&opts, out->arena);
    words_of(&opts, common_options);
    strbuf_printf(
        out,
        "    *)\n        COMPREPLY=($(compgen -W \"$commands%s\" -- \"$cur\"))\n        ;;\n    esac\n}\n"
        "complete -o filenames -F _cmigrate cmigrate\n",
        opts.text);
}

// Text inside single quotes of a shell; zsh's own marks escaped where asked.
static void quoted(StrBuf *out, const char *text, const char *escaped)
{
    for (const char *c = text; *c; c++) {
        if (*c == '\'')
            strbuf_puts(out, "'\\''");
        else if (escaped && strchr(escaped, *c))
            strbuf_printf(out, "\\%c", *c);
        else
            strbuf_putc(out, *c);
    }
}

static const char *zsh_action(const Opt *opt)
{
    switch (opt->completes) {
    case COMPLETES_FILE: return "_files";
    case COMPLETES_FOLDER: return "_files -/";
    case COMPLETES_REVISION: return "_cmigrate_revisions";
    case COMPLETES_ENVIRONMENT: return "_cmigrate_environments";
    case COMPLETES_COMMAND:
    case COMPLETES_NOTHING: break;
    }
    return "";
}

static void zsh_option(StrBuf *out, const Opt *opt, const char *dashes, const char *name)
{
    strbuf_printf(out, " \\\n        '%s%s%s[", opt->kind == OPT_LIST || opt->kind == OPT_COUNT ? "*" : "",
                  dashes, name);
    quoted(out, opt->help, "[]:");
    strbuf_puts(out, "]");
    if (opt->value_name) {
        strbuf_puts(out, ":");
        quoted(out, opt->value_name, "[]:");
        strbuf_puts(out, ":");
        if (opt->choices) {
            strbuf_puts(out, "(");
            put_words(out, opt->choices);
            strbuf_puts(out, ")");
        } else {
            strbuf_puts(out, zsh_action(opt));
        }
    }
    strbuf_puts(out, "'");
}

static void zsh_options(StrBuf *out, const Opt *opts)
{
    for (const Opt *opt = opts; opt && opt->name; opt++) {
        const char letter[2] = { opt->letter, '\0' };
        zsh_option(out, opt, "--", opt->name);
        if (opt->letter)
            zsh_option(out, opt, "-", letter);
    }
}

// Writes the completion for zsh: a function for each source of words, then _arguments for each command.
static void zsh_script(StrBuf *out)
{
    strbuf_puts(
        out, "#compdef cmigrate\n# zsh completion of cmigrate: put it as _cmigrate into a folder of $fpath\n"
             "_cmigrate_revisions() {\n    local -a words\n    words=(head heads base ${(f)\"$(cmigrate "
             "completion revisions 2>/dev/null)\"})\n"
             "    compadd -a words\n}\n_cmigrate_environments() {\n    local -a words\n    "
             "words=(${(f)\"$(cmigrate completion environments 2>/dev/null)\"})\n    compadd -a words\n}\n"
             "_cmigrate_commands() {\n    local -a list\n    list=(\n");
    for (size_t i = 0; commands[i]; i++) {
        if (commands[i]->hidden)
            continue;
        strbuf_printf(out, "        '%s:", commands[i]->name);
        quoted(out, commands[i]->summary, ":");
        strbuf_puts(out, "'\n");
    }
    strbuf_puts(out, "    )\n    _describe command list\n}\n_cmigrate() {\n    local context state line "
                     "curcontext=\"$curcontext\"\n    local -a common\n    common=(");
    zsh_options(out, common_options);
    strbuf_puts(out,
                "\n    )\n    _arguments -C $common '1:command:_cmigrate_commands' "
                "'*::argument:->argument'\n    [[ $state == argument ]] || return\n    case $words[1] in\n");
    for (size_t i = 0; commands[i]; i++) {
        const Command *command = commands[i];
        if (command->hidden)
            continue;
        strbuf_printf(out, "    %s) _arguments $common", command->name);
        zsh_options(out, command->options);
        if (command->first_words) {
            strbuf_puts(out, " \\\n        '1:what:(");
            put_words(out, command->first_words);
            strbuf_puts(out, ")'");
        }
        if (command->completes == COMPLETES_REVISION)
            strbuf_puts(out, " \\\n        '*:revision:_cmigrate_revisions'");
        else if (command->completes == COMPLETES_FILE || command->completes == COMPLETES_FOLDER)
            strbuf_puts(out, " \\\n        '*:file:_files'");
        else if (command->completes == COMPLETES_COMMAND)
            strbuf_puts(out, " \\\n        '1:command:_cmigrate_commands'");
        strbuf_puts(out, " ;;\n");
    }
    strbuf_puts(out, "    esac\n}\n"
                     "if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _cmigrate \"$@\"; else compdef "
                     "_cmigrate cmigrate; fi\n");
}

// The lines of fish for a list of options; `condition` restricts them to one command.
static void fish_options(StrBuf *out, const Opt *opts, const char *condition)
{
    for (const Opt *opt = opts; opt && opt->name; opt++) {
        strbuf_printf(out, "complete -c cmigrate%s -l %s", condition, opt->name);
        if (opt->letter)
            strbuf_printf(out, " -s %c", opt->letter);
        if (opt->value_name)
            strbuf_puts(out, opt->completes == COMPLETES_FILE || opt->completes == COMPLETES_FOLDER ? " -r -F"
                                                                                                    : " -x");
        if (opt->choices) {
            strbuf_puts(out, " -a '");
            put_words(out, opt->choices);
            strbuf_puts(out, "'");
        } else if (opt->completes == COMPLETES_REVISION) {
            strbuf_puts(out, " -a '(cmigrate completion revisions 2>/dev/null)'");
        } else if (opt->completes == COMPLETES_ENVIRONMENT) {
            strbuf_puts(out, " -a '(cmigrate completion environments 2>/dev/null)'");
        }
        strbuf_puts(out, " -d '");
        quoted(out, opt->help, NULL);
        strbuf_puts(out, "'\n");
    }
}

// Writes the completion for fish, one line for each command, option and word.
static void fish_script(StrBuf *out)
{
    strbuf_puts(out, "# fish completion of cmigrate: cmigrate completion fish > "
                     "~/.config/fish/completions/cmigrate.fish\ncomplete -c cmigrate -f\n");
    fish_options(out, common_options, "");
    for (size_t i = 0; commands[i]; i++) {
        const Command *command = commands[i];
        if (command->hidden)
            continue;
        strbuf_printf(out, "complete -c cmigrate -n __fish_use_subcommand -a %s -d '", command->name);
        quoted(out, command->summary, NULL);
        strbuf_puts(out, "'\n");
        const char *condition =
            arena_printf(out->arena, " -n '__fish_seen_subcommand_from %s'", command->name);
        fish_options(out, command->options, condition);
        if (command->first_words) {
            strbuf_printf(out, "complete -c cmigrate%s -a '", condition);
            put_words(out, command->first_words);
            strbuf_puts(out, "'\n");
        }
        if (command->completes == COMPLETES_REVISION)
            strbuf_printf(
                out,
                "complete -c cmigrate%s -a 'head heads base (cmigrate completion revisions 2>/dev/null)'\n",
                condition);
        else if (command->completes == COMPLETES_FILE || command->completes == COMPLETES_FOLDER)
            strbuf_printf(out, "complete -c cmigrate%s -F\n", condition);
        else if (command->completes == COMPLETES_COMMAND) {
            StrBuf words;
            strbuf_init(&words, out->arena);
            command_words(&words);
            strbuf_printf(out, "complete -c cmigrate%s -a '%s'\n", condition, words.text + 1);
        }
    }
}

bool complete_script(StrBuf *out, const char *shell, Error *err)
{
    if (strcmp(shell, "bash") == 0)
        bash_script(out);
    else if (strcmp(shell, "zsh") == 0)
        zsh_script(out);
    else if (strcmp(shell, "fish") == 0)
        fish_script(out);
    else {
        error_set(err, ERR_USAGE, "no completion for the shell '%s'", shell);
        return error_hint(err, "There is one for bash, zsh and fish.");
    }
    return true;
}
