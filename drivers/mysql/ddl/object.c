#include <string.h>
#include <strings.h>

#include "drivers/mysql/ddl/reader.h"

// ---- views

static bool value_of(Reader *r, const char *word, const char **out)
{
    if (!reader_take(r, word))
        return false;
    (void)reader_take(r, "=");
    *out = reader_name(r);
    return true;
}

static const char *read_definer(Reader *r)
{
    (void)reader_take(r, "=");
    size_t first = r->at++;
    if (reader_take(r, "@"))
        r->at++;
    return reader_slice(r, first, r->at);
}

// [WITH CASCADED CHECK OPTION] at the end; gives the place before it.
static size_t check_option(Reader *r, size_t end, View *view)
{
    const Token *t = r->tokens.items;
    if (end < 4 || !token_is(&t[end - 1], "option") || !token_is(&t[end - 2], "check"))
        return end;
    bool named = token_is(&t[end - 3], "cascaded") || token_is(&t[end - 3], "local");
    size_t with = end - (named ? 4 : 3);
    if (!token_is(&t[with], "with"))
        return end;
    option_set(r->arena, &view->head.options, "check_option",
               token_is(&t[end - 3], "local") ? "LOCAL" : "CASCADED");
    return with;
}

bool ddl_read_view(Arena *arena, const char *text, View *view, Error *err)
{
    Reader r;
    reader_open(&r, arena, NULL, text);
    OptionList *options = &view->head.options;
    const char *algorithm = NULL, *security = NULL, *definer = NULL;
    while (!reader_done(&r) && !reader_is(&r, "view")) {
        if (value_of(&r, "algorithm", &algorithm) || value_of(&r, "security", &security))
            continue;
        if (reader_take(&r, "definer"))
            definer = read_definer(&r);
        else
            r.at++;
    }
    if (algorithm && strcasecmp(algorithm, "UNDEFINED") != 0)
        option_set(arena, options, "algorithm", algorithm);
    if (security && strcasecmp(security, "DEFINER") != 0)
        option_set(arena, options, "sql_security", security);
    if (definer)
        option_set(arena, options, "definer", definer);
    r.at += 2; // VIEW name
    while (reader_take(&r, "."))
        r.at++;
    if (reader_take(&r, "("))
        while (!reader_done(&r) && !reader_take(&r, ")")) {
            *VEC_PUSH(arena, &view->columns) = reader_name(&r);
            (void)reader_take(&r, ",");
        }
    if (!reader_take(&r, "as"))
        return error_set(err, ERR_UNSUPPORTED, "cannot read what the server says of view '%s'",
                         view->head.name);
    view->query = reader_slice(&r, r.at, check_option(&r, r.tokens.count - 1, view));
    return true;
}

// ---- sequences

static const char *unless(const char *value, const char *plain)
{
    return strcmp(value, plain) == 0 ? NULL : value;
}

static const char *read_number(Reader *r)
{
    size_t first = r->at;
    (void)reader_take(r, "-");
    r->at++;
    return reader_slice(r, first, r->at);
}

// What the server gives by itself hangs on the direction.
static void forget_defaults(Sequence *sequence)
{
    bool down = sequence->increment && *sequence->increment == '-';
    const char *first = down ? sequence->maximum : sequence->minimum;
    if (sequence->start && first && strcmp(sequence->start, first) == 0)
        sequence->start = NULL;
    sequence->minimum = unless(sequence->minimum, down ? "-9223372036854775807" : "1");
    sequence->maximum = unless(sequence->maximum, down ? "-1" : "9223372036854775806");
}

bool ddl_read_sequence(Arena *arena, const char *text, Sequence *sequence, Error *err)
{
    Reader r;
    reader_open(&r, arena, NULL, ddl_plain(arena, text));
    while (!reader_done(&r)) {
        if (reader_take_two(&r, "start", "with"))
            sequence->start = read_number(&r);
        else if (reader_take_two(&r, "increment", "by"))
            sequence->increment = unless(read_number(&r), "1");
        else if (reader_take(&r, "minvalue"))
            sequence->minimum = read_number(&r);
        else if (reader_take(&r, "maxvalue"))
            sequence->maximum = read_number(&r);
        else if (reader_take(&r, "cache"))
            sequence->cache = unless(read_number(&r), "1000");
        else if (reader_take(&r, "cycle"))
            sequence->cycle = true;
        else if (reader_take(&r, "comment")) {
            (void)reader_take(&r, "=");
            sequence->head.comment = reader_string(&r);
        } else if (reader_take(&r, "engine")) {
            (void)reader_take(&r, "=");
            option_set(arena, &sequence->head.options, "engine", unless(reader_name(&r), "InnoDB"));
        } else
            r.at++;
    }
    if (!sequence->minimum || !sequence->maximum) // the server always says both
        return error_set(err, ERR_UNSUPPORTED, "cannot read what the server says of sequence '%s'",
                         sequence->head.name);
    forget_defaults(sequence);
    return true;
}

// ---- routines, triggers, events

const char *ddl_without_definer(Arena *arena, const char *text, const char **definer)
{
    Reader r;
    reader_open(&r, arena, NULL, text);
    *definer = NULL;
    while (!reader_done(&r) && !reader_is(&r, "definer") && r.at < 6)
        r.at++;
    if (!reader_is(&r, "definer"))
        return text;
    const char *from = reader_peek(&r, 0)->text.p;
    r.at++;
    *definer = read_definer(&r);
    const char *rest = reader_peek(&r, 0)->text.p;
    return arena_printf(arena, "%.*s%s", (int)(from - text), text, rest);
}
