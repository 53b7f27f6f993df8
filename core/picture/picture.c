#include "core/picture/internal.h"

#include <stdlib.h>
#include <strings.h>

const char *picture_link_label(Arena *arena, const PictureLink *link)
{
    StrBuf out;
    strbuf_init(&out, arena);
    VEC_EACH (Part, part, &link->key->parts)
        strbuf_printf(&out, "%s%s", out.length ? ", " : "", part->column ? part->column : "");
    return out.text;
}

// --- tables ------------------------------------------------------------------

static PictureTable *find_table(const Picture *picture, const char *schema, const char *name)
{
    const Object wanted = { .kind = OBJECT_TABLE, .schema = schema, .name = name };
    size_t low = 0, high = picture->tables.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = object_compare(&picture->tables.items[middle].table->head, &wanted);
        if (order == 0)
            return &picture->tables.items[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

// SQLite finds a table whatever the case of its name.
static PictureTable *find_any_case(const Picture *picture, const char *name)
{
    VEC_EACH (PictureTable, it, &picture->tables)
        if (strcasecmp(it->table->head.name, name) == 0)
            return it;
    return NULL;
}

static PictureTable *find_referred(const Picture *picture, const Constraint *key)
{
    PictureTable *found =
        key->referred_table ? find_table(picture, key->referred_schema, key->referred_table) : NULL;
    if (!found && key->referred_table && (picture->dialect->caps & FOLDS_NAME_CASE))
        found = find_any_case(picture, key->referred_table);
    return found;
}

static bool same_column(const Picture *picture, const char *a, const char *b)
{
    bool folds = (picture->dialect->caps & (FOLDS_NAME_CASE | FOLDS_COLUMN_CASE)) != 0;
    return a && b && (folds ? strcasecmp(a, b) : strcmp(a, b)) == 0;
}

static bool parts_name(const Picture *picture, const PartList *parts, const char *column)
{
    VEC_EACH (Part, part, parts)
        if (same_column(picture, part->column, column))
            return true;
    return false;
}

// Are all columns of this key among those of `within`? Then rows that agree in `within` agree in the key.
static bool covers(const Picture *picture, const PartList *key, const PartList *within)
{
    VEC_EACH (Part, part, key)
        if (!part->column || part->length || !parts_name(picture, within, part->column))
            return false;
    return key->count > 0;
}

static bool is_unique(const Picture *picture, const Table *table, const PartList *columns)
{
    size_t at = 0;
    for (const PartList *parts; (parts = table_next_key(table, &at));)
        if (covers(picture, parts, columns))
            return true;
    return false;
}

static PictureColumn describe_column(const Picture *picture, const Table *table, const Column *column)
{
    const Dialect *dialect = picture->dialect;
    const char *portable =
        column->type && dialect->type_portable ? dialect->type_portable(picture->arena, column->type) : NULL;
    PictureColumn out = { .column = column, .type = portable ? portable : column->type ? column->type : "" };
    VEC_EACH (Constraint *, it, &table->constraints) {
        bool inside = parts_name(picture, &(*it)->parts, column->head.name);
        out.primary |= inside && (*it)->head.kind == OBJECT_PRIMARY_KEY;
        out.foreign |= inside && (*it)->head.kind == OBJECT_FOREIGN_KEY;
    }
    Part alone = { .column = column->head.name };
    const PartList itself = { &alone, 1, 1 };
    out.unique = !out.primary && is_unique(picture, table, &itself);
    return out;
}

static void add_column(Picture *picture, PictureTable *to, const Table *table, const Column *column,
                       PictureMark mark)
{
    PictureColumn described = describe_column(picture, table, column);
    bool key = described.primary || described.foreign || described.unique;
    described.mark = mark;
    bool shown = picture->options.columns == PICTURE_ALL ||
                 (picture->options.columns == PICTURE_KEYS && (key || mark != MARK_NONE));
    if (shown)
        *VEC_PUSH(picture->arena, &to->columns) = described;
    else
        to->hidden++;
}

static void add_table(Picture *picture, const Table *table, PictureMark mark)
{
    PictureTable *out = VEC_PUSH(picture->arena, &picture->tables);
    out->table = table;
    out->title = name_join(picture->arena, table->head.schema, table->head.name);
    out->mark = mark;
}

// All tables of `want`, and those of `have` that were dropped, in one order.
static void collect_tables(Picture *picture, const Schema *want, const Schema *have,
                           const ChangeList *changes)
{
    VEC_EACH (Table *, it, &want->tables)
        add_table(picture, *it, MARK_NONE);
    if (!have)
        return;
    VEC_EACH (Change, change, changes)
        if (change->kind == CHANGE_DROP && change->have->kind == OBJECT_TABLE)
            add_table(picture, change->have_table, MARK_DROPPED);
}

static int by_name(const void *a, const void *b)
{
    const PictureTable *x = a, *y = b;
    return object_compare(&x->table->head, &y->table->head);
}

static PictureMark mark_of(ChangeKind kind)
{
    return kind == CHANGE_CREATE ? MARK_ADDED : kind == CHANGE_DROP ? MARK_DROPPED : MARK_CHANGED;
}

static void mark_tables(Picture *picture, const ChangeList *changes)
{
    VEC_EACH (Change, change, changes) {
        const Table *table = change->want_table ? change->want_table : change->have_table;
        PictureTable *found = table ? find_table(picture, table->head.schema, table->head.name) : NULL;
        if (!found || found->mark == MARK_DROPPED)
            continue;
        bool created = change->kind == CHANGE_CREATE && change->want->kind == OBJECT_TABLE;
        if (found->mark != MARK_ADDED)
            found->mark = created ? MARK_ADDED : MARK_CHANGED;
    }
}

static PictureMark column_mark(const ChangeList *changes, const Column *column)
{
    VEC_EACH (Change, change, changes)
        if (change->want == &column->head)
            return mark_of(change->kind);
    return MARK_NONE;
}

static void fill_columns(Picture *picture, const ChangeList *changes)
{
    VEC_EACH (PictureTable, it, &picture->tables) {
        bool look = changes && it->mark == MARK_CHANGED;
        VEC_EACH (Column *, column, &it->table->columns)
            add_column(picture, it, it->table, *column, look ? column_mark(changes, *column) : MARK_NONE);
        if (!look)
            continue;
        VEC_EACH (Change, change, changes)
            if (change->kind == CHANGE_DROP && change->have->kind == OBJECT_COLUMN &&
                change->want_table == it->table)
                add_column(picture, it, change->have_table, (const Column *)(const void *)change->have,
                           MARK_DROPPED);
    }
}

// --- links -------------------------------------------------------------------

static bool may_be_null(const Picture *picture, const Table *table, const PartList *parts)
{
    VEC_EACH (Column *, it, &table->columns)
        if ((*it)->nullable && parts_name(picture, parts, (*it)->head.name))
            return true;
    return false;
}

static void add_link(Picture *picture, const PictureTable *child, const Table *table, const Constraint *key,
                     PictureMark mark)
{
    const PictureTable *parent = find_referred(picture, key);
    if (!parent)
        return;
    PictureLink *link = VEC_PUSH(picture->arena, &picture->links);
    *link = (PictureLink){
        .key = key,
        .child = (size_t)(child - picture->tables.items),
        .parent = (size_t)(parent - picture->tables.items),
        .parent_columns = key->referred_columns,
        .one = is_unique(picture, table, &key->parts),
        .optional = may_be_null(picture, table, &key->parts),
        .mark = mark,
    };
    const Constraint *primary = table_primary_key(parent->table);
    if (!link->parent_columns.count && primary)
        VEC_EACH (Part, part, &primary->parts)
            *VEC_PUSH(picture->arena, &link->parent_columns) = part->column ? part->column : "";
}

static PictureMark key_mark(const ChangeList *changes, const PictureTable *table, const Constraint *key)
{
    if (table->mark != MARK_CHANGED)
        return table->mark;
    VEC_EACH (Change, change, changes)
        if (change->want == &key->head)
            return mark_of(change->kind);
    return MARK_NONE;
}

static void collect_links(Picture *picture, const ChangeList *changes)
{
    VEC_EACH (PictureTable, it, &picture->tables) {
        VEC_EACH (Constraint *, key, &it->table->constraints)
            if ((*key)->head.kind == OBJECT_FOREIGN_KEY)
                add_link(picture, it, it->table, *key, changes ? key_mark(changes, it, *key) : MARK_NONE);
        if (!changes || it->mark != MARK_CHANGED)
            continue;
        VEC_EACH (Change, change, changes)
            if (change->kind == CHANGE_DROP && change->have->kind == OBJECT_FOREIGN_KEY &&
                change->want_table == it->table)
                add_link(picture, it, change->have_table, (const Constraint *)(const void *)change->have,
                         MARK_DROPPED);
    }
}

// The tables first, so that links can name them by number; what the options leave out is taken off last, since
// --around follows links.
bool picture_build(Arena *arena, const Schema *want, const Schema *have, const ChangeList *changes,
                   const PictureOptions *options, Picture *out, Error *err)
{
    *out = (Picture){
        .arena = arena, .dialect = want->dialect, .options = *options, .difference = have != NULL
    };
    collect_tables(out, want, have, changes);
    if (out->tables.count > 1)
        qsort(out->tables.items, out->tables.count, sizeof(PictureTable), by_name);
    if (changes)
        mark_tables(out, changes);
    collect_links(out, changes);
    if (!picture_choose(out, err))
        return false;
    fill_columns(out, changes);
    return true;
}
