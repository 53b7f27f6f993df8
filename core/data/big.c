// Sets whose rows stay in their file: read again and again, one row at a time. Rows that are missing go into a file of their own
// (the spool), which becomes the revision's.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/data/internal.h"

static size_t place_in_set(const DataSet *set, const Column *column)
{
    size_t i = 0;
    while (i < set->columns.count && set->columns.items[i].column != column)
        i++;
    return i;
}

bool data_file_open(DataJob *job, const DataTable *t, DataFileRows *out, Error *err)
{
    const DataFile *file = t->set->file;
    *out = (DataFileRows){ .set = t->set, .memory = arena_new() };
    out->file = rowfile_open(job->arena, file->path, file->shown, file->null, err);
    if (!out->file) {
        data_file_close(out);
        return false;
    }
    out->row.values = arena_alloc(job->arena, (t->set->columns.count + 1) * sizeof(DataValue));
    return true;
}

void data_file_close(DataFileRows *rows)
{
    rowfile_close(rows->file);
    arena_free(rows->memory);
    *rows = (DataFileRows){ 0 };
}

static const char *truth_of(const char *text)
{
    bool yes = strchr("tTyY1", text[0]) || strcmp(text, "on") == 0 || strcmp(text, "ON") == 0;
    return yes ? "1" : "0";
}

bool data_file_next(DataFileRows *rows, bool *more, Error *err)
{
    const RowField *fields;
    const DataFile *file = rows->set->file;
    if (!rowfile_next(rows->file, &fields, more, err))
        return false;
    if (!*more)
        return true;
    rows->row.at = (SourcePos){ file->shown, rowfile_line(rows->file), 0, 0 };
    for (size_t i = 0; i < file->columns.count; i++) {
        size_t place = place_in_set(rows->set, file->columns.items[i]);
        const char *text =
            fields[i].text && file->truths.items[i] ? truth_of(fields[i].text) : fields[i].text;
        rows->row.values[place] = (DataValue){
            .kind = text ? DATA_TEXT : DATA_NULL, .text = text, .quoted = fields[i].quoted, .at = rows->row.at
        };
        if (!text && rows->set->columns.items[place].is_key)
            return error_at(err, ERR_SCHEMA, rows->row.at, "the row has no '%s', which is of its key",
                            file->columns.items[i]->head.name);
    }
    rows->number++;
    return true;
}

bool data_file_row(DataFileRows *rows, size_t n, Error *err)
{
    bool more = true;
    while (rows->number <= n && more)
        if (!data_file_next(rows, &more, err))
            return false;
    return more || error_set(err, ERR_IO, "%s became shorter while it was read", rows->set->file->shown);
}

DataRow data_file_copy(Arena *arena, const DataFileRows *rows)
{
    DataRow copy = rows->row;
    copy.values = arena_alloc(arena, (rows->set->columns.count + 1) * sizeof(DataValue));
    for (size_t i = 0; i < rows->set->columns.count; i++) {
        copy.values[i] = rows->row.values[i];
        copy.values[i].text = arena_strdup(arena, copy.values[i].text);
    }
    return copy;
}

// ---- The spool: CSV as core/db/row_files.h reads it, in a file without a name

static bool spool_text(DataTable *t, const char *bytes, size_t n, Error *err)
{
    sha256_add(t->spool_hash, (Text){ bytes, n });
    return fwrite(bytes, 1, n, t->spool) == n ||
           error_set(err, ERR_IO, "cannot write a temporary file: is the disk full?");
}

static bool spool_begin(DataJob *job, DataTable *t, Error *err)
{
    StrBuf line;
    t->spool = tmpfile();
    if (!t->spool)
        return error_set(err, ERR_IO, "cannot make a temporary file for the rows of table '%s'",
                         t->set->table->head.name);
    t->spool_hash = sha256_begin();
    strbuf_init(&line, job->arena);
    for (size_t i = 0; i < t->set->columns.count; i++) {
        strbuf_puts(&line, i ? "," : "");
        rowfile_put_csv(&line, t->set->columns.items[i].column->head.name);
    }
    strbuf_putc(&line, '\n');
    return spool_text(t, line.text, line.length, err);
}

bool data_spool(DataJob *job, DataTable *t, const DataRow *row, Error *err)
{
    t->spooled++;
    t->adds++;
    if (!job->sides->spools)
        return true;
    if (!t->spool && !spool_begin(job, t, err))
        return false;
    StrBuf *line = &job->line;
    if (!line->arena)
        strbuf_init(line, job->arena);
    strbuf_clear(line);
    for (size_t i = 0; i < t->set->columns.count; i++) {
        strbuf_puts(line, i ? "," : "");
        rowfile_put_csv(line, row->values[i].text);
    }
    strbuf_putc(line, '\n');
    return spool_text(t, line->text, line->length, err);
}

void data_spool_end(DataJob *job, DataTable *t)
{
    char sum[SHA256_HEX];
    if (!t->spool)
        return;
    sha256_end(t->spool_hash, sum);
    t->spool_hash = NULL;
    fflush(t->spool);
    t->spool_name = arena_printf(job->arena, DATA_FOLDER "/%s.csv", sum);
}

bool data_spool_all(DataJob *job, DataTable *t, Error *err)
{
    DataFileRows rows;
    bool more = true;
    if (!data_file_open(job, t, &rows, err))
        return false;
    bool ok = true;
    while (ok && more) {
        ok = data_file_next(&rows, &more, err);
        if (ok && more)
            ok = data_spool(job, t, &rows.row, err);
    }
    data_file_close(&rows);
    data_spool_end(job, t);
    return ok;
}

// Written beside and renamed, as scripts are; a file of that name that is there has the same content.
bool data_keep_files(Arena *arena, const DataDiff *diff, const char *folder, Error *err)
{
    VEC_EACH (const DataTable, t, &diff->tables) {
        if (!t->spool_name)
            continue;
        const char *path = path_join(arena, folder, t->spool_name);
        if (file_exists(path))
            continue;
        if (!folder_make(path_folder(arena, path), err) || !file_copy(t->spool, path, err))
            return false;
    }
    return true;
}

void data_close(DataDiff *diff)
{
    VEC_EACH (DataTable, t, &diff->tables) {
        if (t->spool)
            fclose(t->spool);
        t->spool = NULL;
    }
}
