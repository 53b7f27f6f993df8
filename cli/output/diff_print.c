#include "cli/output/diff_print.h"

#include <string.h>

enum { LOSS_COLUMN = 54 }; // where what is lost stands, in the list

// Does this change stand below its table's line?
static bool is_inside_table(const Change *change)
{
    const Object *object = change->want ? change->want : change->have;
    return !object_kinds[object->kind].yaml && object->kind != OBJECT_INDEX &&
           (change->want_table || change->have_table);
}

static const Table *table_of(const Change *change)
{
    return change->want_table ? change->want_table : change->have_table;
}

// One change with its loss beside it in a column, or below it where the terminal is too narrow.
static void print_line(Session *session, size_t indent, ChangeKind kind, const char *phrase, const char *loss)
{
    Report *report = &session->report;
    static const char marks[] = { [CHANGE_CREATE] = '+', [CHANGE_DROP] = '-', [CHANGE_ALTER] = '~' };
    static const Style styles[] = {
        [CHANGE_CREATE] = STYLE_ADD, [CHANGE_DROP] = STYLE_DROP, [CHANGE_ALTER] = STYLE_CHANGE
    };
    StrBuf line;
    strbuf_init(&line, session->arena);
    strbuf_repeat(&line, ' ', indent);
    strbuf_printf(&line, "%s%c%s %s", style_on(report, report->out, styles[kind]), marks[kind],
                  style_off(report, report->out), phrase);
    if (loss) {
        size_t width = indent + 2 + text_width(phrase), most = report_columns(report);
        size_t at = width + 2 < LOSS_COLUMN ? LOSS_COLUMN : width + 2;
        if (most && at + text_width(loss) > most) { // below, where the line would break anywhere
            strbuf_putc(&line, '\n');
            at = indent + 4;
            width = 0;
        }
        strbuf_repeat(&line, ' ', at - width);
        strbuf_printf(&line, "%s%s%s", style_on(report, report->out, STYLE_WARNING), loss,
                      style_off(report, report->out));
    }
    report_line(report, "%s", line.text);
}

static const char *loss_of(const Losses *losses, size_t i)
{
    return losses && losses->texts ? losses->texts[i] : NULL;
}

static void print_inside(Session *session, const Comparison *c, const Losses *losses, const Table *table,
                         ChangeKind kind, bool *printed)
{
    for (size_t i = 0; i < c->changes.count; i++) {
        const Change *change = &c->changes.items[i];
        if (printed[i] || change->kind != kind || !is_inside_table(change))
            continue;
        const Table *other = table_of(change);
        if (other != table && object_compare(&other->head, &table->head) != 0)
            continue;
        print_line(session, 6, kind, change_phrase(session->arena, c->dialect, change), loss_of(losses, i));
        printed[i] = true;
    }
}

// The changes of one table together under its line, and notes in `printed` that they are done.
static void print_table(Session *session, const Comparison *c, const Losses *losses, size_t first,
                        bool *printed)
{
    const Table *table = table_of(&c->changes.items[first]);
    const char *title = safe(session->arena, name_join(session->arena, table->head.schema, table->head.name));
    const char *phrase = arena_printf(session->arena, "table %s", title);
    const char *loss = NULL;
    // the table's own changes stand in its line
    for (size_t i = 0; i < c->changes.count; i++) {
        const Change *change = &c->changes.items[i];
        if (change->kind == CHANGE_ALTER && change->want->kind == OBJECT_TABLE &&
            change->want == &table->head && !printed[i]) {
            const char *colon =
                strchr(change_phrase(session->arena, c->dialect, change) + strlen("table "), ':');
            phrase = arena_printf(session->arena, "%s%s", phrase, colon ? colon : "");
            loss = loss_of(losses, i);
            printed[i] = true;
        }
    }
    print_line(session, 2, CHANGE_ALTER, phrase, loss);
    static const ChangeKind order[] = { CHANGE_CREATE, CHANGE_ALTER, CHANGE_DROP };
    for (size_t k = 0; k < COUNT_OF(order); k++)
        print_inside(session, c, losses, table, order[k], printed);
}

// What belongs to no table, the tables with what stands below their lines, the indexes.
static int compare_places(const Change *a, const Change *b)
{
    const Table *left = table_of(a), *right = table_of(b);
    if (!left || !right)
        return (left != NULL) - (right != NULL);
    const Object *x = a->want ? a->want : a->have, *y = b->want ? b->want : b->have;
    if ((x->kind == OBJECT_INDEX) != (y->kind == OBJECT_INDEX))
        return (x->kind == OBJECT_INDEX) - (y->kind == OBJECT_INDEX);
    return object_compare(&left->head, &right->head);
}

static size_t *sorted_places(Arena *arena, const ChangeList *changes)
{
    size_t *order = arena_alloc(arena, (changes->count + 1) * sizeof(*order));
    for (size_t i = 0; i < changes->count; i++) {
        size_t at = i;
        for (; at > 0 && compare_places(&changes->items[order[at - 1]], &changes->items[i]) > 0; at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    return order;
}

// ---- Declared rows

static const ChangeKind row_kinds[] = {
    [DATA_ADDS] = CHANGE_CREATE, [DATA_CHANGES] = CHANGE_ALTER, [DATA_REMOVES] = CHANGE_DROP
};

// The columns that change: "EUR: name, digits".
static const char *row_phrase(Session *session, const DataTable *t, const DataChange *change)
{
    StrBuf out;
    strbuf_init(&out, session->arena);
    strbuf_puts(&out, safe(session->arena, change->title));
    for (size_t i = 0; change->kind == DATA_CHANGES && i < t->set->columns.count; i++)
        if (change->old[i])
            strbuf_printf(&out, "%s%s", strchr(out.text + strlen(change->title), ':') ? ", " : ": ",
                          safe(session->arena, t->set->columns.items[i].column->head.name));
    return arena_printf(session->arena, "row %s", out.text);
}

static void print_rows(Session *session, const DataTable *t)
{
    enum { SHOWN = 20 };
    size_t shown = 0;
    const char *title =
        safe(session->arena, name_join(session->arena, t->set->table->head.schema, t->set->table->head.name));
    print_line(session, 2, CHANGE_ALTER, arena_printf(session->arena, "rows of table %s", title), NULL);
    VEC_EACH (const DataChange, change, &t->changes)
        if (shown++ < SHOWN)
            print_line(session, 6, row_kinds[change->kind], row_phrase(session, t, change), NULL);
    if (t->spooled)
        print_line(session, 6, CHANGE_CREATE,
                   arena_printf(session->arena, "%zu rows of %s", t->spooled,
                                safe(session->arena, t->set->file->shown)),
                   NULL);
    if (shown > SHOWN)
        report_line(&session->report, "      … and %zu more: %zu added, %zu changed, %zu deleted in all",
                    shown - SHOWN, t->adds, t->edits, t->removes);
}

static void file_json(Json *json, Arena *arena, const DataTable *t)
{
    json_open(json, '{');
    json_put_text(json, "change", "create");
    json_put_text(json, "kind", "row");
    json_put_text(json, "schema", t->set->table->head.schema);
    json_put_text(json, "table", t->set->table->head.name);
    json_put_int(json, "rows", (long long)t->spooled);
    json_put_text(json, "text", arena_printf(arena, "%zu rows of %s", t->spooled, t->set->file->shown));
    json_put_text(json, "loss", NULL);
    json_close(json, '}');
}

static void rows_json(Json *json, Arena *arena, const DataTable *t)
{
    static const char *const kinds[] = {
        [DATA_ADDS] = "create", [DATA_CHANGES] = "alter", [DATA_REMOVES] = "drop"
    };
    const Object *table = &t->set->table->head;
    VEC_EACH (const DataChange, change, &t->changes) {
        json_open(json, '{');
        json_put_text(json, "change", kinds[change->kind]);
        json_put_text(json, "kind", "row");
        json_put_text(json, "schema", table->schema);
        json_put_text(json, "table", table->name);
        json_put_text(json, "name", change->title);
        json_put_text(json, "text", arena_printf(arena, "row %s of table %s", change->title, table->name));
        json_put_text(json, "loss", NULL);
        json_close(json, '}');
    }
    if (t->spooled)
        file_json(json, arena, t);
}

void diff_print(Session *session, const Comparison *c, const Losses *losses)
{
    bool *printed = arena_alloc(session->arena, c->changes.count + 1);
    const size_t *order = sorted_places(session->arena, &c->changes);
    for (size_t place = 0; place < c->changes.count; place++) {
        size_t i = order[place];
        const Change *change = &c->changes.items[i];
        if (printed[i])
            continue;
        bool own = change->kind == CHANGE_ALTER && change->want->kind == OBJECT_TABLE;
        if (is_inside_table(change) || own) {
            print_table(session, c, losses, i, printed);
            continue;
        }
        print_line(session, 2, change->kind, change_phrase(session->arena, c->dialect, change),
                   loss_of(losses, i));
        printed[i] = true;
    }
    VEC_EACH (const DataTable, table, &c->data.tables)
        if (table->changes.count || table->spooled)
            print_rows(session, table);
    for (const Error *it = c->data.problems.first; it; it = it->next)
        report_line(&session->report, "  ! %s", safe(session->arena, it->message));
}

void diff_json(Json *json, Arena *arena, const Comparison *c, const Losses *losses)
{
    static const char *const kinds[] = {
        [CHANGE_CREATE] = "create", [CHANGE_DROP] = "drop", [CHANGE_ALTER] = "alter"
    };
    json_open(json, '[');
    for (size_t i = 0; i < c->changes.count; i++) {
        const Change *change = &c->changes.items[i];
        const Object *object = change->want ? change->want : change->have;
        const Table *table = table_of(change);
        json_open(json, '{');
        json_put_text(json, "change", kinds[change->kind]);
        json_put_text(json, "kind", object_kinds[object->kind].word);
        json_put_text(json, "schema", object->schema);
        json_put_text(json, "table",
                      object->table                           ? object->table
                      : table && object->kind != OBJECT_TABLE ? table->head.name
                                                              : NULL);
        json_put_text(json, "name", object->name);
        if (change->kind == CHANGE_ALTER && (change->facets & FACET_NAME))
            json_put_text(json, "renamed_from", change->have->name);
        json_put_text(json, "text", change_phrase(arena, c->dialect, change));
        json_put_text(json, "loss", loss_of(losses, i));
        json_put_text(json, "rows", losses && losses->queries ? losses->queries[i] : NULL);
        json_close(json, '}');
    }
    VEC_EACH (const DataTable, table, &c->data.tables)
        rows_json(json, arena, table);
    for (const Error *it = c->data.problems.first; it; it = it->next) {
        json_open(json, '{');
        json_put_text(json, "change", "conflict");
        json_put_text(json, "kind", "row");
        json_put_text(json, "text", it->message);
        json_close(json, '}');
    }
    json_close(json, ']');
}

void plan_json(Json *json, const Plan *plan)
{
    json_open(json, '[');
    VEC_EACH (Statement, statement, &plan->statements)
        json_text(json, statement->sql);
    json_close(json, ']');
}
