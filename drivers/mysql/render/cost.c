#include "drivers/mysql/render/alter.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "drivers/mysql/dialect/types.h"
#include "drivers/mysql/facts/narrowing.h"

// What InnoDB does with the rows for each change (MySQL 8.0.29 and MariaDB 10.4 on: "Online DDL Operations"). Older
// servers do the same or more.

static bool only(unsigned facets, unsigned allowed) { return (facets & ~allowed) == 0; }

static unsigned long length_of(const char *type)
{
    const char *open = strchr(type, '(');
    return open ? strtoul(open + 1, NULL, 10) : 0;
}

// A longer varchar keeps its rows while its length still fits as many bytes; four bytes a character is the most.
static bool grows_in_place(const Column *have, const Column *want)
{
    size_t n = strlen("varchar(");
    if (strncmp(have->type, "varchar(", n) == 0 && strncmp(want->type, "varchar(", n) == 0) {
        unsigned long old = length_of(have->type), new = length_of(want->type);
        return new >= old && (new < 64 || old > 255);
    }
    // values appended to an enum or set
    size_t kept = strlen(have->type) - 1;
    return (strncmp(have->type, "enum(", 5) == 0 || strncmp(have->type, "set(", 4) == 0) &&
           strncmp(have->type, want->type, kept) == 0 && want->type[kept] == ',';
}

static Cost cost_of_column(const Alter *a, const Change *change)
{
    if (change->kind == CHANGE_DROP)
        return COST_INSTANT;
    const Column *want = as_column(change->want);
    if (change->kind == CHANGE_CREATE)
        return (want->generated && want->stored) || want->autoincrement ? COST_COPY : COST_INSTANT;
    if (alter_is_remade(a, change))
        return want->generated && !want->stored ? COST_INSTANT : COST_COPY;
    if (change->facets & (FACET_COLLATION | FACET_GENERATED | FACET_AUTOINCREMENT))
        return COST_COPY;
    if ((change->facets & FACET_TYPE) && !grows_in_place(as_column(change->have), want))
        return COST_COPY;
    if ((change->facets & FACET_NULLABLE) || (!a->how.mariadb && (change->facets & FACET_POSITION)))
        return COST_REBUILD;
    return only(change->facets, FACET_NAME | FACET_DEFAULT | FACET_COMMENT | FACET_POSITION) ? COST_INSTANT
                                                                                             : COST_IN_PLACE;
}

static Cost cost_of_table(const Alter *a, const Change *change)
{
    static const char *const copying[] = { "engine",       "collation",         "charset",
                                           "partition_by", "system_versioning", "encryption",
                                           "encrypted",    "compression" };
    static const char *const rebuilding[] = { "row_format", "key_block_size", "page_compressed" };
    (void)a;
    const OptionList *have = &change->have->options, *want = &change->want->options;
    for (size_t i = 0; i < COUNT_OF(copying); i++)
        if (!same_text(option_get(have, copying[i]), option_get(want, copying[i])))
            return COST_COPY;
    for (size_t i = 0; i < COUNT_OF(rebuilding); i++)
        if (!same_text(option_get(have, rebuilding[i]), option_get(want, rebuilding[i])))
            return COST_REBUILD;
    return COST_IN_PLACE;
}

static Cost cost_of(const Alter *a, const Change *change)
{
    const Object *object = change->want ? change->want : change->have;
    bool adds = change->kind != CHANGE_DROP;
    switch ((int)object->kind) {
    case OBJECT_TABLE: return cost_of_table(a, change);
    case OBJECT_COLUMN: return cost_of_column(a, change);
    case OBJECT_PRIMARY_KEY: return adds ? COST_REBUILD : COST_COPY;
    case OBJECT_CHECK:
    case OBJECT_FOREIGN_KEY: return adds && !alter_only_enforcement(a, change) ? COST_COPY : COST_IN_PLACE;
    default: return COST_IN_PLACE;
    }
}

static size_t indexes_by(const Table *table, const char *method)
{
    size_t count = 0;
    VEC_EACH (Index *, it, &table->indexes)
        count += (*it)->method && strcasecmp((*it)->method, method) == 0;
    return count;
}

static bool is_innodb(const Table *table)
{
    const char *engine = option_get(&table->head.options, "engine");
    return !engine || strcasecmp(engine, "InnoDB") == 0;
}

static bool is_compressed(const Table *table)
{
    const char *format = option_get(&table->head.options, "row_format");
    return (format && strcasecmp(format, "compressed") == 0) ||
           option_get(&table->head.options, "key_block_size");
}

static bool moves_virtual(const Alter *a, const Change *change)
{
    const Object *object = change->want ? change->want : change->have;
    if (object->kind != OBJECT_COLUMN || (change->kind == CHANGE_ALTER && !alter_is_remade(a, change)))
        return false;
    return as_column(object)->generated && !as_column(object)->stored;
}

// A virtual column comes or goes at once by itself, and not together with much else.
static bool mixes_virtual(const Alter *a, Cost cost)
{
    size_t virtual = 0;
    bool remade = false;
    VEC_EACH (Change, change, &a->changes) {
        virtual += moves_virtual(a, change);
        remade |= moves_virtual(a, change) && change->kind == CHANGE_ALTER;
    }
    bool mixed = remade || (virtual && virtual < a->changes.count);
    return mixed && (a->how.mariadb || cost != COST_INSTANT);
}

static bool shifts_columns(const Alter *a)
{
    VEC_EACH (Change, change, &a->changes) {
        const Object *object = change->want ? change->want : change->have;
        if (object->kind == OBJECT_COLUMN && !moves_virtual(a, change) &&
            (change->kind != CHANGE_ALTER || (change->facets & FACET_POSITION)))
            return true;
    }
    return false;
}

static size_t new_fulltexts(const Alter *a)
{
    size_t count = 0;
    VEC_EACH (Change, change, &a->changes) {
        const char *method = change->want && change->want->kind == OBJECT_INDEX && !alter_keeps_key(a, change)
                                 ? as_index(change->want)->method
                                 : NULL;
        count += method && strcasecmp(method, "fulltext") == 0;
    }
    return count;
}

// What the table is decides too: its engine, its format, its full-text indexes.
static Cost cost_in_table(const Alter *a, Cost cost)
{
    size_t fulltext = indexes_by(a->have, "fulltext"), later = indexes_by(a->want, "fulltext");
    if (!is_innodb(a->have) || !is_innodb(a->want) || mixes_virtual(a, cost) || new_fulltexts(a) > 1)
        return COST_COPY;
    if (cost < COST_REBUILD && shifts_columns(a) && (fulltext || is_compressed(a->have)))
        cost = COST_REBUILD;
    bool one = a->how.mariadb && fulltext == 1 && later <= 1;
    return cost == COST_REBUILD && fulltext && !one ? COST_COPY : cost;
}

Cost alter_cost(const Alter *a)
{
    Cost cost = COST_INSTANT;
    VEC_EACH (Change, change, &a->changes) {
        Cost one = cost_of(a, change);
        if (one > cost)
            cost = one;
    }
    return a->changes.count ? cost_in_table(a, cost) : cost;
}

// Full-text and spatial indexes are built while nobody writes, new ones and those of a table that is written anew.
static bool needs_shared_lock(const Alter *a, Cost cost)
{
    if (cost == COST_REBUILD && (indexes_by(a->have, "fulltext") || indexes_by(a->have, "spatial")))
        return true;
    VEC_EACH (Change, change, &a->changes)
        if (change->want && change->want->kind == OBJECT_INDEX && as_index(change->want)->method &&
            strcasecmp(as_index(change->want)->method, "btree") != 0 &&
            strcasecmp(as_index(change->want)->method, "hash") != 0)
            return true;
    return false;
}

// Under `online` the server is told what it may do, and refuses at once rather than block for hours. Several new
// full-text indexes MySQL makes in a copy only, and refuses where it is not told to.
const char *alter_algorithm(const Alter *a, Cost cost)
{
    if (!a->how.mariadb && new_fulltexts(a) > 1)
        return "ALGORITHM = COPY";
    if (!a->graph->options || !a->graph->options->online)
        return NULL;
    switch (cost) {
    case COST_INSTANT: return "ALGORITHM = INSTANT";
    case COST_IN_PLACE:
    case COST_REBUILD:
        return needs_shared_lock(a, cost) ? "ALGORITHM = INPLACE, LOCK = SHARED"
                                          : "ALGORITHM = INPLACE, LOCK = NONE";
    case COST_COPY: return NULL;
    }
    return NULL;
}

// MySQL and MariaDB give rows that are there the empty value of the type, and report nothing.
static const char *filled_with(const Change *change)
{
    bool filled = change->kind == CHANGE_CREATE && change->want->kind == OBJECT_COLUMN &&
                  column_leaves_rows_empty(as_column(change->want)) &&
                  !option_get(&change->want->options, "row_period");
    return filled ? my_filler(as_column(change->want)->type) : NULL;
}

const char *alter_cost_note(const Alter *a, Cost cost)
{
    const char *table = a->want->head.name;
    StrBuf note;
    strbuf_init(&note, a->how.arena);
    if (a->step->risk.loses_data && a->step->risk.note)
        strbuf_printf(&note, "may lose data: %s", a->step->risk.note);
    if (cost == COST_COPY)
        strbuf_printf(&note, "%scopies table %s: it can be read, but not written, meanwhile",
                      note.length ? "\n" : "", table);
    if (cost == COST_REBUILD)
        strbuf_printf(&note, "%swrites table %s anew, while it is read%s", note.length ? "\n" : "", table,
                      needs_shared_lock(a, cost) ? ", but not written" : " and written");
    VEC_EACH (Change, change, &a->changes)
        if (filled_with(change))
            strbuf_printf(&note, "%srows of %s that are there get %s in %s: it is NOT NULL without a default",
                          note.length ? "\n" : "", table, filled_with(change), change->want->name);
    return note.length ? note.text : NULL;
}
