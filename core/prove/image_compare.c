// Two images of the same tables: which rows are missing, which came, and which columns have other values.
#include <stdlib.h>
#include <string.h>

#include "core/prove/image.h"

// The columns by which a row is known, in both images.
typedef struct Pairing {
    Arena *kept;  // the findings
    Arena *arena; // of this table
    const TableImage *before, *after;
    size_t *of_before, *of_after; // numbers of the columns that both have
    size_t count;
    size_t *key; // of these, by number
    size_t key_count;
    bool loose;
    const ImageSteady *steady;
    bool keyless;            // rows are known by all that is steady
    bool ambiguous;          // and some are alike in that
    bool same_columns;       // in the same places: a row of both images at the same address has not changed
    const char **had, **has; // room for the values of a row of each image
} Pairing;

// --- values -------------------------------------------------------------------

// As the engine says it: no value, or the word that quote() gives.
static bool is_null(const char *text) { return !text || strcmp(text, "NULL") == 0; }

static bool is_number(const char *text, double *out)
{
    char *end;
    *out = strtod(text, &end);
    return *text && !*end;
}

static const char *as_truth(const char *text)
{
    static const char *const yes[] = { "t", "true", "1" }, *const no[] = { "f", "false", "0" };
    for (size_t i = 0; i < COUNT_OF(yes); i++) {
        if (strcmp(text, yes[i]) == 0)
            return "1";
        if (strcmp(text, no[i]) == 0)
            return "0";
    }
    return text;
}

// The same in words of another type: "1" and "1.00", a date and its midnight, trailing blanks of a padded text.
static bool means_same(const char *a, const char *b)
{
    double x, y;
    size_t n = strlen(a), m = strlen(b);
    if (is_number(a, &x) && is_number(b, &y))
        return x == y;
    if (strcmp(as_truth(a), as_truth(b)) == 0)
        return true;
    const char *shorter = n < m ? a : b, *longer = n < m ? b : a;
    size_t least = n < m ? n : m;
    return strncmp(shorter, longer, least) == 0 &&
           strspn(longer + least, " :0.T+Z") == strlen(longer) - least;
}

static bool same_value(const Pairing *p, size_t column, const char *a, const char *b)
{
    if (same_text(a, b))
        return true;
    const char *had = p->before->columns[p->of_before[column]]->type,
               *has = p->after->columns[p->of_after[column]]->type;
    return p->loose && a && b && strcmp(had, has) != 0 && means_same(a, b);
}

// --- rows by their keys --------------------------------------------------------

typedef struct Keyed {
    const char *key;
    const char *row;
} Keyed;

static int by_key(const void *a, const void *b)
{
    return strcmp(((const Keyed *)a)->key, ((const Keyed *)b)->key);
}

// Where one column is the key, its value itself.
static const char *key_text(const Pairing *p, const size_t *columns, const char **values, StrBuf *out)
{
    const char *only = p->key_count == 1 ? values[columns[p->key[0]]] : NULL;
    if (only)
        return only;
    strbuf_clear(out);
    for (size_t i = 0; i < p->key_count; i++) {
        const char *value = values[columns[p->key[i]]];
        strbuf_puts(out, i ? "\x1f" : "");
        strbuf_puts(out, value ? value : "\x1e");
    }
    return arena_strndup(p->arena, out->text, out->length);
}

// Of all rows, in the order of their keys. `values` has room for those of one.
static Keyed *keyed_rows(const Pairing *p, const TableImage *image, const size_t *columns,
                         const char **values)
{
    size_t count = image_table_rows(image);
    Keyed *rows = arena_alloc(p->arena, (count + 1) * sizeof(*rows));
    StrBuf text;
    strbuf_init(&text, p->arena);
    for (size_t i = 0; i < count; i++) {
        const char *row = image_row(image, i);
        image_values(image, row, values);
        rows[i] = (Keyed){ key_text(p, columns, values, &text), row };
    }
    qsort(rows, count, sizeof(*rows), by_key);
    return rows;
}

// "id = 3", for people. Values of other columns are nobody's business.
static const char *key_phrase(const Pairing *p, const char *row, const TableImage *image,
                              const size_t *columns)
{
    StrBuf out;
    if (!p->key_count || p->keyless)
        return NULL;
    strbuf_init(&out, p->kept);
    const char **values = arena_alloc(p->arena, (image->column_count + 1) * sizeof(*values));
    image_values(image, row, values);
    for (size_t i = 0; i < p->key_count && i < 3; i++) {
        const char *value = values[columns[p->key[i]]];
        strbuf_printf(&out, "%s%s = %.60s", i ? ", " : "", image->columns[columns[p->key[i]]]->head.name,
                      value ? value : "NULL");
    }
    return out.text;
}

// --- pairing -------------------------------------------------------------------

static bool is_lost(const Pairing *p, size_t column)
{
    return p->steady &&
           p->steady->is_lost(p->steady->payload, p->before->table, p->before->columns[p->of_before[column]]);
}

static bool use_key(Pairing *p, const PartList *parts)
{
    p->key_count = 0;
    VEC_EACH (Part, part, parts) {
        bool found = false;
        for (size_t i = 0; part->column && i < p->count && !found; i++)
            if (strcmp(p->before->columns[p->of_before[i]]->head.name, part->column) == 0) {
                p->key[p->key_count++] = i;
                found = !is_lost(p, i);
            }
        if (!found)
            return false;
    }
    return parts->count > 0;
}

static bool is_steady(const Pairing *p, size_t column)
{
    const Column *before = p->before->columns[p->of_before[column]],
                 *after = p->after->columns[p->of_after[column]];
    return strcmp(before->type, after->type) == 0 &&
           (!p->steady || p->steady->is_steady(p->steady->payload, p->before->table, before));
}

// Its primary key, or that of the other image, or a key whose columns are never NULL; else all columns that are steady.
static void choose_key(Pairing *p)
{
    const Constraint *keys[] = { table_primary_key(p->before->table), table_primary_key(p->after->table) };
    p->key = arena_alloc(p->arena, (p->count + 1) * sizeof(*p->key));
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        if (keys[i] && use_key(p, &keys[i]->parts))
            return;
    VEC_EACH (Constraint *, it, &p->before->table->constraints) {
        bool fits = (*it)->head.kind == OBJECT_UNIQUE && use_key(p, &(*it)->parts);
        for (size_t i = 0; fits && i < p->key_count; i++)
            fits = !p->before->columns[p->of_before[p->key[i]]]->nullable;
        if (fits)
            return;
    }
    p->keyless = true;
    p->key_count = 0;
    for (size_t i = 0; i < p->count; i++)
        if (is_steady(p, i))
            p->key[p->key_count++] = i;
}

static size_t column_number(const TableImage *image, const char *name)
{
    for (size_t i = 0; i < image->column_count; i++)
        if (strcmp(image->columns[i]->head.name, name) == 0)
            return i;
    return SIZE_MAX;
}

static void pair_columns(Pairing *p)
{
    size_t size = (p->before->column_count + 1) * sizeof(size_t);
    p->of_before = arena_alloc(p->arena, size);
    p->of_after = arena_alloc(p->arena, size);
    p->had = arena_alloc(p->arena, (p->before->column_count + 1) * sizeof(*p->had));
    p->has = arena_alloc(p->arena, (p->after->column_count + 1) * sizeof(*p->has));
    p->same_columns = p->before->column_count == p->after->column_count;
    for (size_t i = 0; i < p->before->column_count; i++) {
        size_t other = column_number(p->after, p->before->columns[i]->head.name);
        if (other == SIZE_MAX)
            continue;
        p->of_before[p->count] = i;
        p->of_after[p->count++] = other;
        p->same_columns &= i == other;
    }
    p->same_columns &= p->count == p->before->column_count;
}

typedef struct Matched {
    const char *before, *after;
} Matched;
typedef VEC(Matched) MatchedRows;

static void match_rows(Pairing *p, TableChange *change, MatchedRows *out)
{
    Keyed *a = keyed_rows(p, p->before, p->of_before, p->had),
          *b = keyed_rows(p, p->after, p->of_after, p->has);
    size_t i = 0, k = 0, n = image_table_rows(p->before), m = image_table_rows(p->after);
    for (size_t row = 1; row < n && p->keyless; row++)
        p->ambiguous |= strcmp(a[row - 1].key, a[row].key) == 0;
    while (i < n || k < m) {
        int order = i == n ? 1 : k == m ? -1 : strcmp(a[i].key, b[k].key);
        if (order < 0) {
            if (!change->missing++)
                change->missing_key = key_phrase(p, a[i].row, p->before, p->of_before);
            i++;
        } else if (order > 0) {
            if (!change->added++)
                change->added_key = key_phrase(p, b[k].row, p->after, p->of_after);
            k++;
        } else {
            *VEC_PUSH(p->arena, out) = (Matched){ a[i++].row, b[k++].row };
        }
    }
}

// Counts, column by column, the rows of both images in which the value is another one. Rows at the same address are not looked at:
// the later image holds them only by that.
static void compare_columns(Pairing *p, const MatchedRows *rows, TableChange *change)
{
    ColumnChange *found = arena_alloc(p->arena, (p->count + 1) * sizeof(*found));
    VEC_EACH (Matched, row, rows) {
        if (p->ambiguous || (p->same_columns && row->before == row->after))
            continue;
        image_values(p->before, row->before, p->had);
        image_values(p->after, row->after, p->has);
        for (size_t c = 0; c < p->count; c++) {
            const char *had = p->had[p->of_before[c]];
            if (same_value(p, c, had, p->has[p->of_after[c]]))
                continue;
            if (!found[c].differs++)
                found[c].key = key_phrase(p, row->before, p->before, p->of_before);
            found[c].nulls += is_null(had);
        }
    }
    for (size_t c = 0; c < p->count; c++) {
        found[c].before = p->before->columns[p->of_before[c]];
        found[c].after = p->after->columns[p->of_after[c]];
        if (found[c].differs)
            *VEC_PUSH(p->kept, &change->columns) = found[c];
    }
}

// Of a column that is gone: a new one that has all of its values, row by row, and not only NULLs.
static const char *find_moved(Pairing *p, const MatchedRows *rows, size_t gone)
{
    for (size_t c = 0; c < p->after->column_count; c++) {
        size_t some = 0;
        bool all = column_number(p->before, p->after->columns[c]->head.name) == SIZE_MAX;
        for (size_t i = 0; all && i < rows->count; i++) {
            image_values(p->before, rows->items[i].before, p->had);
            image_values(p->after, rows->items[i].after, p->has);
            const char *had = p->had[gone], *has = p->has[c];
            all = same_text(had, has) || (had && has && means_same(had, has));
            some += !is_null(had);
        }
        if (all && some)
            return p->after->columns[c]->head.name;
    }
    return NULL;
}

static void compare_gone(Pairing *p, const MatchedRows *rows, TableChange *change)
{
    for (size_t i = 0; i < p->before->column_count; i++) {
        const Column *column = p->before->columns[i];
        if (column->generated || column_number(p->after, column->head.name) != SIZE_MAX)
            continue;
        *VEC_PUSH(p->kept, &change->columns) =
            (ColumnChange){ .before = column, .differs = rows->count, .moved_to = find_moved(p, rows, i) };
    }
}

// All rows of both, in the same order, at the same addresses.
static bool is_untouched(const Pairing *p)
{
    size_t count = image_table_rows(p->before);
    if (!p->same_columns || count != image_table_rows(p->after))
        return false;
    for (size_t i = 0; i < count; i++)
        if (image_row(p->before, i) != image_row(p->after, i))
            return false;
    return true;
}

static void compare_table(Arena *arena, const TableImage *before, const TableImage *after, bool loose,
                          const ImageSteady *steady, ImageChanges *out)
{
    Pairing p = { .kept = arena,
                  .arena = arena_new(),
                  .before = before,
                  .after = after,
                  .loose = loose,
                  .steady = steady };
    TableChange change = { .before = before, .after = after };
    MatchedRows rows = { 0 };
    pair_columns(&p);
    if (!is_untouched(&p)) {
        choose_key(&p);
        match_rows(&p, &change, &rows);
        compare_columns(&p, &rows, &change);
        compare_gone(&p, &rows, &change);
    }
    arena_free(p.arena);
    if (change.missing || change.added || change.columns.count)
        *VEC_PUSH(arena, out) = change;
}

void image_compare(Arena *arena, const Image *before, const Image *after, bool loose,
                   const ImageSteady *steady, ImageChanges *out)
{
    VEC_EACH (const TableImage, it, &before->tables) {
        const TableImage *other = image_table(after, it->table->head.schema, it->table->head.name);
        if (other)
            compare_table(arena, it, other, loose, steady, out);
        else
            *VEC_PUSH(arena, out) = (TableChange){ .before = it, .missing = image_table_rows(it) };
    }
    VEC_EACH (const TableImage, it, &after->tables)
        if (!image_table(before, it->table->head.schema, it->table->head.name))
            *VEC_PUSH(arena, out) = (TableChange){ .after = it, .added = image_table_rows(it) };
}
