// The rows that a revision is proved on.
#include <string.h>

#include "core/prove/internal.h"

// What the upgrade asserts: rows are made so that it holds.
bool guards_read(Proof *proof, NameList *out, Error *err)
{
    VEC_EACH (Section *, section, &proof->up)
        VEC_EACH (ScriptStatement, it, &(*section)->statements) {
            const char *query;
            if (!it->assertion)
                continue;
            if (!variables_fill(proof->arena, proof->prove->variables, it, &query, err))
                return false;
            *VEC_PUSH(proof->arena, out) = query;
        }
    return true;
}

static const char *signature(Arena *arena, const Table *table)
{
    StrBuf out;
    strbuf_init(&out, arena);
    VEC_EACH (Column *, it, &table->columns)
        strbuf_printf(&out, "%s %s,", (*it)->head.name, (*it)->type);
    return out.text;
}

static const char **filled_with(Proof *proof, const Table *table)
{
    NameList *filled = &proof->prove->filled;
    const char *title = table_title(proof->arena, table);
    for (size_t i = 0; i + 1 < filled->count; i += 2)
        if (strcmp(filled->items[i], title) == 0)
            return &filled->items[i + 1];
    return NULL;
}

// A table that is new, or has got other columns since it was filled.
static bool wants_rows(void *payload, const Table *table)
{
    Proof *proof = payload;
    const char **with = filled_with(proof, table);
    return !with || strcmp(*with, signature(proof->arena, table)) != 0;
}

// A table that got no row is not remembered: what was in the way (an assertion of this revision, say) may be gone for the next.
static void remember_filled(Proof *proof)
{
    VEC_EACH (Table *, it, &proof->before.tables) {
        const char **with = filled_with(proof, *it);
        const TableImage *image = image_table(&proof->image_before, (*it)->head.schema, (*it)->head.name);
        if (image && !image_table_rows(image)) {
            if (with)
                *with = "";
            continue;
        }
        if (with) {
            *with = signature(proof->arena, *it);
            continue;
        }
        *VEC_PUSH(proof->arena, &proof->prove->filled) = table_title(proof->arena, *it);
        *VEC_PUSH(proof->arena, &proof->prove->filled) = signature(proof->arena, *it);
    }
}

// Counts tables with and without rows, and says why a table has none: a revision is proved only as far as its
// rows go.
static void note_coverage(Proof *proof, const RowsMadeList *made)
{
    ProveResult *result = proof->result;
    result->rows = image_rows(&proof->image_before);
    VEC_EACH (TableImage, it, &proof->image_before.tables) {
        const char *why = NULL;
        VEC_EACH (RowsMade, row, made) {
            if (!is_same_table(row->table, it->table))
                continue;
            why = row->refused;
            if (!why && row->guarded && !image_table_rows(it))
                why = "what the upgrade asserts leaves no row";
        }
        result->tables++;
        result->tables_filled += image_table_rows(it) > 0;
        if (!image_table_rows(it) || why)
            *VEC_PUSH(proof->arena, &result->gaps) =
                (ProveGap){ .table = table_title(proof->arena, it->table),
                            .why = why ? why
                                   : option_get(&it->table->head.options, "partition_of")
                                       ? "no row of the partitioned table falls into it"
                                       : "no row could be made",
                            .empty = !image_table_rows(it) };
    }
    VEC_EACH (RowsMade, row, made)
        if (row->apart) {
            result->tables++;
            *VEC_PUSH(proof->arena, &result->gaps) = (ProveGap){
                .table = table_title(proof->arena, row->table), .why = row->refused, .empty = true
            };
        }
}

static bool any_made(const RowsMadeList *made)
{
    VEC_EACH (RowsMade, it, made)
        if (it->made)
            return true;
    return false;
}

static bool has_triggers(const Schema *schema)
{
    VEC_EACH (Object *, it, &schema->objects)
        if ((*it)->kind == OBJECT_TRIGGER)
            return true;
    return false;
}

const char *prove_object_key(Arena *arena, const Object *object)
{
    return arena_printf(arena, "%s %s", object_kinds[object->kind].word, object_title(arena, object));
}

// A trigger may have made more than rows: a table for each of them, say. That was there before the upgrade, too, and no model
// knows it.
static bool see_what_triggers_made(Proof *proof, Error *err)
{
    Schema now;
    ChangeList changes = { 0 };
    RenameList none = { 0 };
    const Schema *renamed;
    if (!has_triggers(&proof->before))
        return true;
    if (!schema_read_now(proof, &now, err) ||
        !diff_schemas(proof->arena, proof->prove->db->dialect, &proof->before, &now, &none, &changes,
                      &renamed, err))
        return false;
    VEC_EACH (Change, it, &changes)
        if (it->kind == CHANGE_CREATE)
            *VEC_PUSH(proof->arena, &proof->prove->made) = prove_object_key(proof->arena, it->want);
    proof->before = now;
    return true;
}

// Where the revision goes on from what the last one left, that has been read.
static bool read_before(Proof *proof, Error *err)
{
    const Schema *left = proof->fresh ? NULL : proof->prove->left;
    proof->prove->left = NULL; // this revision leaves another
    if (!left)
        return schema_read_now(proof, &proof->before, err);
    proof->before = *left;
    return true;
}

bool fill_tables(Proof *proof, Error *err)
{
    Prove *prove = proof->prove;
    NameList guards = { 0 };
    RowsMadeList made = { 0 };
    RowsRequest request = { .schema = &proof->before,
                            .seed = prove->seed,
                            .count = prove->rows,
                            .wants = wants_rows,
                            .payload = proof,
                            .guards = &guards,
                            .own_values = prove->own_values,
                            .taken = &prove->taken };
    taken_read(prove);
    if (!read_before(proof, err) || !guards_read(proof, &guards, err) ||
        (prove->copies && proof->fresh && !prove->copies(prove->payload, prove->db, &proof->before, err)) ||
        !rows_make(prove->db, proof->arena, &request, &made, err))
        return false;
    request.wants = NULL;
    // where rows came, a table may be full that took one more before
    bool known = !proof->fresh && prove->tried.count && !any_made(&made);
    // the image last: what an engine without transactions keeps of a trial is in it
    if (known)
        proof->tried = prove->tried;
    if ((!known && !rows_try_one(prove->db, proof->arena, &request, &proof->tried, err)) ||
        !see_what_triggers_made(proof, err) ||
        !image_take(prove->db, &proof->before, NULL, &proof->image_before, err))
        return false;
    remember_filled(proof);
    note_coverage(proof, &made);
    if (proof->result->tables)
        noted(proof, PROVE_ROWS, "%zu in %zu of %zu tables", proof->result->rows,
              proof->result->tables_filled, proof->result->tables);
    else
        noted(proof, PROVE_ROWS, "no tables yet");
    return true;
}
