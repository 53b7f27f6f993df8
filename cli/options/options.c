#include "cli/options/options.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Found {
    const Opt *opt;
    void *values;
} Found;

static bool takes_value(const Opt *opt) { return opt->kind != OPT_FLAG && opt->kind != OPT_COUNT; }

static Found find_name(const OptTable *tables, size_t count, const char *name, size_t n)
{
    for (size_t t = 0; t < count; t++)
        for (const Opt *opt = tables[t].opts; opt && opt->name; opt++)
            if (strlen(opt->name) == n && memcmp(opt->name, name, n) == 0)
                return (Found){ opt, tables[t].values };
    return (Found){ 0 };
}

static Found find_letter(const OptTable *tables, size_t count, char letter)
{
    for (size_t t = 0; t < count; t++)
        for (const Opt *opt = tables[t].opts; opt && opt->name; opt++)
            if (opt->letter && opt->letter == letter)
                return (Found){ opt, tables[t].values };
    return (Found){ 0 };
}

// `-1`, `-3:current` are arguments: no option has a digit for its letter.
static bool is_option_word(const char *word)
{
    return word[0] == '-' && word[1] != '\0' && !isdigit((unsigned char)word[1]);
}

int options_find_word(int argc, char *const *argv, const Opt *common)
{
    const OptTable table = { common, NULL };
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        if (strcmp(word, "--") == 0)
            return i + 1 < argc ? i + 1 : 0;
        if (!is_option_word(word))
            return i;
        if (word[1] == '-') {
            Found found = find_name(&table, 1, word + 2, strcspn(word + 2, "="));
            if (found.opt && takes_value(found.opt) && !strchr(word, '='))
                i++;
            continue;
        }
        for (const char *c = word + 1; *c; c++) {
            Found found = find_letter(&table, 1, *c);
            if (found.opt && takes_value(found.opt)) {
                if (c[1] == '\0')
                    i++;
                break;
            }
        }
    }
    return 0;
}

// What a hand writes that knows Alembic and Flask-Migrate.
static const char *known_elsewhere(const char *name)
{
    static const char *const hints[][2] = {
        {"autogenerate", "What differs from the model is written by: cmigrate migrate -m MESSAGE"},
        { "raiseerr",    "There is no traceback to show; -v says more."                          },
        { "package",     "There is no Python package to make: leave it out."                     },
        { "multidb",     "Write: cmigrate init --template multidb"                               },
        { "x-arg",       "Write -x KEY=VALUE, before or after the command."                      },
        { "json",        "Commands that answer as JSON take: --format json"                      },
    };
    for (size_t i = 0; i < COUNT_OF(hints); i++)
        if (strcmp(hints[i][0], name) == 0)
            return hints[i][1];
    return NULL;
}

static bool unknown_option(const OptTable *tables, size_t count, const char *word, size_t n, Error *err)
{
    const char *names[128];
    size_t known = 0;
    for (size_t t = 0; t < count; t++)
        for (const Opt *opt = tables[t].opts; opt && opt->name && known < COUNT_OF(names); opt++)
            names[known++] = opt->name;
    char bare[64];
    snprintf(bare, sizeof(bare), "%.*s", (int)(n < sizeof(bare) ? n : sizeof(bare) - 1), word);
    error_set(err, ERR_USAGE, "unknown option '--%.*s'", (int)n, word);
    const char *elsewhere = known_elsewhere(bare), *near = nearest_word(bare, names, known);
    if (elsewhere)
        error_hint(err, "%s", elsewhere);
    else if (near)
        error_hint(err, "Did you mean '--%s'?", near);
    return false;
}

// Stores a value where the option's offset says. A word that is not among the choices is an error that
// suggests the nearest.
static bool store(Arena *arena, Found found, const char *value, Error *err)
{
    const Opt *opt = found.opt;
    void *slot = (char *)found.values + opt->offset;
    switch (opt->kind) {
    case OPT_FLAG: *(bool *)slot = true; return true;
    case OPT_COUNT: (*(unsigned *)slot)++; return true;
    case OPT_TEXT: *(const char **)slot = value; return true;
    case OPT_LIST: *VEC_PUSH(arena, (NameList *)slot) = value; return true;
    case OPT_CHOICE: break;
    }
    size_t count = 0;
    while (opt->choices[count]) {
        if (value && strcmp(opt->choices[count], value) == 0) {
            *(const char **)slot = value;
            return true;
        }
        count++;
    }
    error_set(err, ERR_USAGE, "'--%s' cannot be '%s'", opt->name, value);
    char known[256] = "";
    for (size_t i = 0; i < count; i++) {
        size_t n = strlen(known);
        snprintf(known + n, sizeof(known) - n, "%s%s", i ? ", " : "", opt->choices[i]);
    }
    const char *near = nearest_word(value, opt->choices, count);
    return near ? error_hint(err, "Did you mean '%s'? It takes one of: %s.", near, known)
                : error_hint(err, "It takes one of: %s.", known);
}

typedef struct Walk {
    Arena *arena;
    int argc, at, skip;
    char *const *argv;
    const OptTable *tables;
    size_t table_count;
} Walk;

// The next word as the value of an option; NULL when there is none.
static const char *next_value(Walk *walk)
{
    walk->at++;
    if (walk->at == walk->skip)
        walk->at++;
    return walk->at < walk->argc ? walk->argv[walk->at] : NULL;
}

static bool needs_value(const Opt *opt, Error *err)
{
    error_set(err, ERR_USAGE, "'--%s' needs a value", opt->name);
    return error_hint(err, "Write --%s %s.", opt->name, opt->value_name ? opt->value_name : "VALUE");
}

static bool walk_long(Walk *walk, const char *word, Error *err)
{
    size_t n = strcspn(word, "=");
    const char *value = word[n] ? word + n + 1 : NULL;
    Found found = find_name(walk->tables, walk->table_count, word, n);
    if (!found.opt)
        return unknown_option(walk->tables, walk->table_count, word, n, err);
    if (!takes_value(found.opt) && value)
        return error_set(err, ERR_USAGE, "'--%s' takes no value", found.opt->name);
    if (takes_value(found.opt) && !value && !(value = next_value(walk)))
        return needs_value(found.opt, err);
    return store(walk->arena, found, value, err);
}

static bool walk_letters(Walk *walk, const char *letters, Error *err)
{
    for (const char *c = letters; *c; c++) {
        Found found = find_letter(walk->tables, walk->table_count, *c);
        if (!found.opt) {
            size_t n = strlen(letters);
            if (n > 1 && find_name(walk->tables, walk->table_count, letters, strcspn(letters, "=")).opt) {
                error_set(err, ERR_USAGE, "unknown option '-%s'", letters);
                return error_hint(err, "Did you mean '--%s'?", letters);
            }
            return error_set(err, ERR_USAGE, "unknown option '-%c'", *c);
        }
        if (!takes_value(found.opt)) {
            if (!store(walk->arena, found, NULL, err))
                return false;
            continue;
        }
        const char *value = c[1] == '=' ? c + 2 : c[1] ? c + 1 : next_value(walk);
        return value ? store(walk->arena, found, value, err) : needs_value(found.opt, err);
    }
    return true;
}

bool options_parse(Arena *arena, int argc, char *const *argv, int skip, const OptTable *tables,
                   size_t table_count, NameList *args, Error *err)
{
    Walk walk = { arena, argc, 1, skip, argv, tables, table_count };
    bool ended = false;
    for (; walk.at < argc; walk.at++) {
        const char *word = argv[walk.at];
        if (walk.at == skip)
            continue;
        if (!ended && strcmp(word, "--") == 0) {
            ended = true;
        } else if (ended || !is_option_word(word)) {
            *VEC_PUSH(arena, args) = word;
        } else if (word[1] == '-') {
            if (!walk_long(&walk, word + 2, err))
                return false;
        } else if (!walk_letters(&walk, word + 1, err)) {
            return false;
        }
    }
    return true;
}

bool options_from_environment(const OptTable *table, Error *err)
{
    for (const Opt *opt = table->opts; opt && opt->name; opt++) {
        if (!opt->env || (opt->kind != OPT_TEXT && opt->kind != OPT_CHOICE))
            continue;
        const char *const *slot = (const char *const *)(const void *)((char *)table->values + opt->offset);
        const char *value = getenv(opt->env);
        if (*slot || !value || !*value)
            continue;
        if (!store(NULL, (Found){ opt, table->values }, value, err))
            return error_prefix(err, "%s: ", opt->env);
    }
    return true;
}

static bool is_among(const char *name, const char *const *names)
{
    while (*names && strcmp(*names, name) != 0)
        names++;
    return *names != NULL;
}

void options_words(Arena *arena, const Opt *opts, const void *values, const char *const *left_out,
                   NameList *out)
{
    for (const Opt *opt = opts; opt && opt->name; opt++) {
        const void *slot = (const char *)values + opt->offset;
        const char *value = NULL;
        unsigned times = 0;
        if (is_among(opt->name, left_out))
            continue;
        switch (opt->kind) {
        case OPT_FLAG: times = *(const bool *)slot; break;
        case OPT_COUNT: times = *(const unsigned *)slot; break;
        case OPT_TEXT:
        case OPT_CHOICE: value = *(const char *const *)slot; break;
        case OPT_LIST:
            VEC_EACH (const char *, it, (const NameList *)slot)
                *VEC_PUSH(arena, out) = arena_printf(arena, "--%s=%s", opt->name, *it);
            break;
        }
        if (value)
            *VEC_PUSH(arena, out) = arena_printf(arena, "--%s=%s", opt->name, value);
        for (; times; times--)
            *VEC_PUSH(arena, out) = arena_printf(arena, "--%s", opt->name);
    }
}

const Opt *opt_named(const Opt *opts, const char *name)
{
    for (const Opt *opt = opts; opt && opt->name; opt++)
        if (strcmp(opt->name, name) == 0)
            return opt;
    return NULL;
}

void opt_put_title(const Opt *opt, char *out, size_t size)
{
    char letter[8] = "";
    if (opt->letter)
        snprintf(letter, sizeof(letter), "-%c, ", opt->letter);
    snprintf(out, size, "%s--%s%s%s", letter, opt->name, opt->value_name ? " " : "",
             opt->value_name ? opt->value_name : "");
}
