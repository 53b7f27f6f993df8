// `file:` of `data:` -- rows that stand beside the model. Few of them are taken over as if they stood in it; where there are
// more than INLINE_ROWS, the set keeps the file, which is streamed.
#include <string.h>
#include <strings.h>

#include "core/base/base64.h"
#include "core/base/file.h"
#include "core/base/rowfile.h"
#include "core/dialect/rows.h"
#include "core/schema/read_data.h"

enum { INLINE_ROWS = 1000 };

static void take_error(Reader *r, SourcePos at, const Error *found)
{
    Error *err = read_issue(r, found->at.file ? found->at : at, "%s", found->message);
    if (found->hint[0])
        error_hint(err, "%s", found->hint);
    else if (!found->at.file)
        error_hint(err, "Its path is seen from the folder of the model.");
}

// The column of the table for each of the file; false: one is not there.
static bool find_columns(DataReader *d, const RowFile *file, const char *shown, const Column **out)
{
    const NameList *names = rowfile_columns(file);
    const Table *table = d->set->table;
    bool good = true;
    for (size_t i = 0; i < names->count; i++) {
        const SourcePos at = { shown, 1, 0, 0 };
        NameList known = { 0 };
        out[i] = find_column(d->r, table, names->items[i]);
        if (out[i] && !out[i]->generated) {
            d->used[data_place(table, out[i])] = true;
            continue;
        }
        good = false;
        if (out[i]) {
            read_issue(d->r, at, "column '%s' is generated: it takes no value", names->items[i]);
            continue;
        }
        VEC_EACH (Column *, it, &table->columns)
            *VEC_PUSH(d->r->scratch, &known) = (*it)->head.name;
        Error *err = read_issue(d->r, at, "table '%s' has no column '%s'", table->head.name, names->items[i]);
        error_also(err, table->head.at, "the table is here");
        if (names->count == 1 && strpbrk(names->items[i], ";\t|"))
            error_hint(err,
                       "The columns of a .csv file are separated by commas, those of a .tsv file by tabs.");
        else
            read_suggest_column(err, names->items[i], &known);
    }
    return good;
}

static const char *as_truth(const char *text)
{
    static const char *const yes[] = { "true", "yes", "on", "t" }, *const no[] = { "false", "no", "off",
                                                                                   "f" };
    for (size_t i = 0; i < COUNT_OF(yes); i++) {
        if (strcasecmp(text, yes[i]) == 0)
            return "true";
        if (strcasecmp(text, no[i]) == 0)
            return "false";
    }
    return text;
}

static bool is_truth(Reader *r, const Column *column)
{
    const char *portable = r->dialect->type_portable(r->scratch, column->type);
    return portable && strcmp(portable, "boolean") == 0;
}

static bool take_field(DataReader *d, const Column *column, const RowField *field, SourcePos at,
                       DataValue *out)
{
    Reader *r = d->r;
    size_t n;
    *out = (DataValue){ .kind = field->absent ? DATA_ABSENT : DATA_NULL, .at = at };
    if (!field->text)
        return true;
    const char *expected = default_mismatch(r->scratch, r->dialect, column->type, field->text);
    bool bytes = r->dialect->rows->is_binary(column->type);
    if (expected)
        read_issue(r, at, "column '%s' is %s, which '%s' is not", column->head.name, expected, field->text);
    else if (bytes && !base64_decode(r->scratch, field->text, &n))
        read_issue(r, at, "the value of column '%s' is not base64", column->head.name);
    const char *text = is_truth(r, column) ? as_truth(field->text) : field->text;
    *out = (DataValue){
        .kind = DATA_TEXT, .text = arena_strdup(r->arena, text), .quoted = field->quoted, .at = at
    };
    return !expected;
}

static bool has_key(DataReader *d, const DataRow *row)
{
    VEC_EACH (const char *, key, &d->key)
        if (row->values[data_place(d->set->table, find_column(d->r, d->set->table, *key))].kind < DATA_TEXT) {
            read_issue(d->r, row->at, "the row has no '%s', which is of its key", *key);
            return false;
        }
    return true;
}

// False: there are more rows than are taken over, or something is wrong.
static bool take_rows(DataReader *d, RowFile *file, const char *shown, const Column *const *columns,
                      Error *err)
{
    const Table *table = d->set->table;
    const RowField *fields;
    bool more;
    while (rowfile_next(file, &fields, &more, err)) {
        if (!more)
            return true;
        if (d->set->rows.count == INLINE_ROWS)
            return false;
        DataRow row = {
            .values = arena_alloc(d->r->scratch, (table->columns.count + 1) * sizeof(DataValue)),
            .at = {shown, rowfile_line(file), 0, 0}
        };
        bool good = true;
        for (size_t i = 0; i < rowfile_columns(file)->count; i++)
            good =
                take_field(d, columns[i], &fields[i], row.at, &row.values[data_place(table, columns[i])]) &&
                good;
        if (good && has_key(d, &row))
            *VEC_PUSH(d->r->arena, &d->set->rows) = row;
    }
    return false;
}

static void keep_file(DataReader *d, const char *path, const char *shown, const char *null,
                      const Column *const *columns, size_t count)
{
    Reader *r = d->r;
    DataFile *kept = ARENA_NEW(r->arena, DataFile);
    *kept = (DataFile){ .path = path, .shown = shown, .null = null };
    for (size_t i = 0; i < count; i++) {
        *VEC_PUSH(r->arena, &kept->columns) = (Column *)(uintptr_t)columns[i];
        *VEC_PUSH(r->arena, &kept->truths) = is_truth(r, columns[i]);
        if (r->dialect->rows->is_binary(columns[i]->type))
            read_issue(r, (SourcePos){ shown, 1, 0, 0 },
                       "column '%s' holds bytes, and a file of more than %d rows cannot hold them",
                       columns[i]->head.name, INLINE_ROWS);
    }
    d->set->file = kept;
    d->set->rows.count = 0;
}

void read_data_file(DataReader *d, const Node *node, const char *null)
{
    Reader *r = d->r;
    const char *name = read_text(r, node, "file");
    if (!name)
        return;
    const char *shown = path_join(r->arena, path_folder(r->arena, node->file ? node->file : "."), name);
    if (strncmp(shown, "./", 2) == 0 && node->file && strncmp(node->file, "./", 2) != 0)
        shown += 2;
    Error err = { 0 };
    RowFile *file = rowfile_open(r->scratch, shown, shown, null, &err);
    if (!file) {
        take_error(r, node_at(node), &err);
        return;
    }
    const Column **columns = arena_alloc(r->scratch, (rowfile_columns(file)->count + 1) * sizeof(*columns));
    size_t before = r->issues.count;
    if (find_columns(d, file, shown, columns) && !take_rows(d, file, shown, columns, &err)) {
        if (err.code != ERR_NONE)
            take_error(r, node_at(node), &err);
        else if (r->issues.count == before)
            keep_file(d, shown, shown, null, columns, rowfile_columns(file)->count);
    }
    rowfile_close(file);
}
