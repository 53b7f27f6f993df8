#include "cli/workflow/fleet_said.h"

#include <stdlib.h>
#include <string.h>

#include "cli/output/json.h"
#include "core/yaml/node.h"

// Targets that say the same.
typedef struct Group {
    const char *gist;
    bool failed;
    NameList titles;
} Group;

struct FleetSaid {
    Session *session;
    VEC(Group) groups;
    NameList titles; // of all that are in groups
    size_t changed, unchanged, failed;
};

FleetSaid *fleet_said_new(Session *session)
{
    FleetSaid *said = ARENA_NEW(session->arena, FleetSaid);
    *said = (FleetSaid){ .session = session };
    return said;
}

// ---- one target

// Any JSON is YAML; NULL: the target did not come to an answer.
static const Node *read_answer(Arena *arena, const char *answer)
{
    Issues issues = { .arena = arena };
    Node *out = NULL;
    if (answer[0] != '{' ||
        !node_parse((NodeMemory){ arena, arena }, "answer", (Text){ answer, strlen(answer) }, &issues, &out))
        return NULL;
    return out;
}

static const char *member_text(const Node *map, const char *key) { return node_string(node_get(map, key)); }

// The database's own name is left out, so that the same trouble with two of them is the same text.
static const char *without_title(Arena *arena, const char *message, const char *title)
{
    StrBuf out;
    strbuf_init(&out, arena);
    for (const char *found; *title && (found = strstr(message, title)) != NULL;
         message = found + strlen(title)) {
        strbuf_put(&out, message, (size_t)(found - message));
        strbuf_puts(&out, "it");
    }
    strbuf_puts(&out, message);
    return out.text;
}

static const char *failure(Arena *arena, const Node *answer, int status)
{
    const char *message = member_text(node_item(node_get(answer, "errors"), 0), "message");
    return arena_printf(arena, "status %d: %s", status,
                        *message ? safe(arena, message) : "it ended without an answer");
}

// Did the target find nothing to do?
static bool is_unchanged(const Node *answer)
{
    const Node *before = node_get(answer, "before"), *after = node_get(answer, "after");
    return strcmp(member_text(answer, "revisions"), "0") == 0 ||
           (before && after && node_equal(before, after));
}

static void say_json(Session *session, Arena *arena, const char *title, int status, double ms,
                     const char *answer)
{
    Json json;
    json_start(&json, arena);
    json_open(&json, '{');
    json_put_text(&json, "target", title);
    json_put_int(&json, "status", status);
    json_key(&json, "ms");
    json_ms(&json, ms);
    json_key(&json, "answer");
    if (answer[0] == '{')
        json_raw(&json, answer);
    else
        json_null(&json);
    session_answer_end(session, &json, '{');
}

static void add_to_group(FleetSaid *said, const char *gist, bool failed, const char *title)
{
    Arena *arena = said->session->arena;
    Group *group = NULL;
    VEC_EACH (Group, it, &said->groups)
        if (strcmp(it->gist, gist) == 0)
            group = it;
    if (!group) {
        group = VEC_PUSH(arena, &said->groups);
        *group = (Group){ .gist = arena_strdup(arena, gist), .failed = failed };
    }
    const char *kept = arena_strdup(arena, title);
    *VEC_PUSH(arena, &group->titles) = kept;
    *VEC_PUSH(arena, &said->titles) = kept;
}

void fleet_said_add(FleetSaid *said, Arena *arena, const char *title, int status, double ms,
                    const char *answer)
{
    Session *session = said->session;
    const Command *command = session->command;
    const Node *node = read_answer(arena, answer);
    bool failed = status && (!node || node_get(node, "errors")), same = !failed && is_unchanged(node);
    bool grouped = command->gist && command->gist(session, arena, NULL);
    if (!grouped)
        *(failed ? &said->failed : same ? &said->unchanged : &said->changed) += 1;
    if (session->json)
        say_json(session, arena, title, status, ms, answer);
    else if (grouped && failed)
        add_to_group(said, without_title(arena, failure(arena, node, status), title), true, title);
    else if (grouped)
        add_to_group(said, command->gist(session, arena, node), false, title);
    else if (failed)
        report_line(&session->report, "failed  %s: %s", title, failure(arena, node, status));
    else
        report_line(&session->report, "%s  %s   (%.0f ms)", same ? "same   " : "done   ", title, ms);
}

// ---- all of them

enum { MOST_GROUPS = 15, WIDTH = 100, INDENT = 8 };

// What goes well first, and of that what most of them say; what failed stands last, next to where a person looks.
static int by_weight(const void *a, const void *b)
{
    const Group *x = a, *y = b;
    if (x->failed != y->failed)
        return x->failed ? 1 : -1;
    if (x->titles.count != y->titles.count)
        return x->titles.count < y->titles.count ? 1 : -1;
    return strcmp(x->gist, y->gist);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

// How much of the titles is the same for all, up to a slash: said once, it need not be said of each.
static size_t common_length(const NameList *titles)
{
    if (titles->count < 2)
        return 0;
    const char *first = titles->items[0];
    size_t n = strlen(first);
    VEC_EACH (const char *, title, titles) {
        size_t k = 0;
        while (k < n && (*title)[k] == first[k])
            k++;
        n = k;
    }
    while (n && first[n - 1] != '/')
        n--;
    return n;
}

// As many names as fit a line, or with -v all of them, a line each.
static void print_names(Session *session, const Group *group, size_t skip)
{
    StrBuf line;
    strbuf_init(&line, session->arena);
    for (size_t i = 0; i < group->titles.count; i++) {
        const char *name = safe(session->arena, group->titles.items[i] + skip);
        size_t left = group->titles.count - i;
        if (session->report.verbose) {
            report_line(&session->report, "%*s%s", INDENT, "", name);
            continue;
        }
        if (line.length && line.length + strlen(name) > WIDTH - 20 && left > 1) {
            strbuf_printf(&line, ", … %zu more", left);
            break;
        }
        strbuf_printf(&line, "%s%s", line.length ? ", " : "", name);
    }
    if (line.length)
        report_line(&session->report, "%*s%s", INDENT, "", line.text);
}

// A line for each group and one of its names, with what all names begin with said once above.
static void print_groups(FleetSaid *said)
{
    Session *session = said->session;
    size_t skip = common_length(&said->titles), shown = said->groups.count, hidden = 0;
    report_line(&session->report, "%zu database%s%s%.*s", said->titles.count,
                said->titles.count == 1 ? "" : "s", skip ? " in " : "", (int)skip,
                skip ? said->titles.items[0] : "");
    qsort(said->groups.items, said->groups.count, sizeof(Group), by_weight);
    if (!session->report.verbose && shown > MOST_GROUPS)
        shown = MOST_GROUPS - 1;
    for (size_t i = 0; i < said->groups.count; i++) {
        Group *group = &said->groups.items[i];
        if (i >= shown) {
            hidden += group->titles.count;
            continue;
        }
        qsort((void *)group->titles.items, group->titles.count, sizeof(char *), by_text);
        report_line(&session->report, "%6zu  %s", group->titles.count, group->gist);
        print_names(session, group, skip);
    }
    if (hidden)
        report_line(&session->report, "%6zu  say something else again (-v shows all)", hidden);
}

void fleet_said_end(FleetSaid *said, bool stopped)
{
    const char *rest = stopped ? "; the others were not begun" : "";
    Report *report = &said->session->report;
    if (said->groups.count)
        print_groups(said);
    if (said->changed || said->unchanged || said->failed)
        report_note(report, "%zu changed, %zu had nothing to do, %zu failed%s", said->changed,
                    said->unchanged, said->failed, rest);
    else if (stopped)
        report_note(report, "The others were not begun.");
}
