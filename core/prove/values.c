// Every value of every row, after each step.
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/dialect/sql.h"
#include "core/prove/internal.h"

static const char declare[] = "If it is meant, say so in the script: -- cmigrate: loses %s%s%s";

static const char *declare_hint(Arena *arena, const Table *table, const char *column)
{
    return arena_printf(arena, declare, table_title(arena, table), column ? "." : "", column ? column : "");
}

// Keys of rows that were made; those of a copy may tell who somebody is.
static const char *of_key(const Proof *proof, const char *key, size_t count)
{
    if (!key || proof->prove->copies)
        return "";
    return arena_printf(proof->arena, count > 1 ? " (the first: %s)" : " (%s)", key);
}

static const char *column_title(Arena *arena, const Table *table, const Column *column)
{
    return arena_printf(arena, "column %s.%s", table_title(arena, table), column->head.name);
}

static const char *rows_word(size_t count) { return count == 1 ? "row" : "rows"; }

static void lost(Proof *proof, const char *what)
{
    if (!names_have(&proof->result->losses, what))
        *VEC_PUSH(proof->arena, &proof->result->losses) = what;
}

static bool is_part_of(const Proof *proof, const Table *part, const Table *table, int depth)
{
    static const char *const options[] = { "partition_of", "inherits" };
    for (size_t i = 0; i < COUNT_OF(options) && depth > 0; i++) {
        const char *list = option_get(&part->head.options, options[i]);
        for (const char *name; list && (name = name_next(proof->arena, &list));) {
            const Table *above = schema_table_named(proof->arena, &proof->before, part, name);
            if (above && (is_same_table(above, table) || is_part_of(proof, above, table, depth - 1)))
                return true;
        }
    }
    return false;
}

static bool take_count(void *payload, const Row *row, Error *err)
{
    const char *text = row_value(row, 0);
    (void)err;
    *(size_t *)payload = text ? strtoull(text, NULL, 10) : 0;
    return true;
}

// Whether a table is a partition of another is not known after the upgrade, nor how many rows it had: they belong to the other's
// image, and go without a word where only the partition is declared lost.
bool parts_declared_lost(Proof *proof, Error *err)
{
    Db *db = proof->prove->db;
    DeclaredLosses losses = { 0 };
    losses_read(proof->arena, &proof->script, &proof->before, NULL, &losses);
    VEC_EACH (Table *, it, &proof->before.tables) {
        LostPart part = { .table = *it };
        StrBuf query;
        if ((!option_get(&(*it)->head.options, "partition_of") &&
             !option_get(&(*it)->head.options, "inherits")) ||
            !loss_is_declared(&losses, *it, NULL))
            continue;
        strbuf_init(&query, proof->arena);
        strbuf_puts(&query, "SELECT count(*)");
        sql(&query, db->dialect, KW(" FROM"), QID((*it)->head.schema, (*it)->head.name));
        if (!db_query_in(db, SCOPE_SCRIPT, query.text, take_count, &part.rows, err))
            return false;
        *VEC_PUSH(proof->arena, &proof->lost_parts) = part;
    }
    return true;
}

// Rows of the table, or no more than its partitions and the tables that inherit from it had, where these are declared lost.
static bool rows_are_declared_lost(const Proof *proof, const Table *table, size_t missing)
{
    size_t most = 0;
    if (loss_is_declared(&proof->losses, table, NULL))
        return true;
    VEC_EACH (const LostPart, it, &proof->lost_parts)
        most += is_part_of(proof, it->table, table, 8) ? it->rows : 0;
    return missing <= most;
}

// Adds the declared parts that had rows to the losses.
static void lost_with_parts(Proof *proof, const Table *table)
{
    VEC_EACH (const LostPart, it, &proof->lost_parts)
        if (it->rows && is_part_of(proof, it->table, table, 8))
            lost(proof, arena_printf(proof->arena, "table %s", table_title(proof->arena, it->table)));
}

// --- after the upgrade ---------------------------------------------------------

// Does a statement of the upgrade say itself that it changes rows of this table?
static bool is_updated(const Proof *proof, const char *table)
{
    static const char *const verbs[] = { "UPDATE",   "DELETE", "MERGE", "REPLACE", "INSERT",
                                         "TRUNCATE", "WITH",   "DO",    "CALL",    "SELECT" };
    const Dialect *dialect = proof->prove->db->dialect;
    VEC_EACH (Section *, section, &proof->up)
        VEC_EACH (ScriptStatement, it, &(*section)->statements) {
            Lexer lexer;
            bool fits = false;
            if (it->assertion)
                continue;
            lex_init(&lexer, it->sql, dialect->lex, false);
            Token first = lex_next(&lexer);
            for (size_t i = 0; i < COUNT_OF(verbs); i++)
                fits |= token_is(&first, verbs[i]);
            // SQLite's rebuild copies by INSERT … SELECT; the table that it fills has another name
            for (Token token = first; fits && token.kind != TOKEN_END; token = lex_next(&lexer)) {
                if (token_is(&first, "INSERT") && (token_is(&token, "SELECT") || token_is(&token, "WITH")))
                    break;
                if (token_named(&token, table) || token.kind == TOKEN_STRING)
                    return true;
            }
        }
    return false;
}

// The column takes no NULL any more, and only what was NULL has got a value: that is what was asked for.
static bool is_filled_up(const Proof *proof, const Table *table, const ColumnChange *column)
{
    const TableImage *now = image_table(&proof->image_after, table->head.schema, table->head.name);
    const Column *after = now ? table_column(now->table, column->before->head.name) : NULL;
    return after && column->before->nullable && !after->nullable && column->nulls == column->differs;
}

// Has nothing that the revision says changed the values of the column?
static bool is_untouched(const void *payload, const Table *table, const Column *column)
{
    const Proof *proof = payload;
    const TableImage *now = image_table(&proof->image_after, table->head.schema, table->head.name);
    const Column *after = now ? table_column(now->table, column->head.name) : NULL;
    return !column->generated && !loss_is_declared(&proof->losses, table, column->head.name) &&
           (!after || after->nullable || !column->nullable);
}

static bool is_declared_lost(const void *payload, const Table *table, const Column *column)
{
    const Proof *proof = payload;
    return loss_is_declared(&proof->losses, table, column->head.name);
}

// Decides whether the values of a column may differ after the upgrade: renamed, generated, another type,
// declared as a loss, NULLs filled, or updated by a statement. Anything else is a finding.
static void judge_column_after_up(Proof *proof, const TableChange *change, const ColumnChange *column)
{
    const Table *table = change->before->table;
    const char *title = column_title(proof->arena, table, column->before);
    if (!column->after) {
        if (column->moved_to)
            noted(proof, PROVE_VALUES, "%s is %s now", title, column->moved_to);
        return;
    }
    if (column->before->generated || column->after->generated)
        return;
    if (strcmp(column->before->type, column->after->type) != 0) {
        noted(proof, PROVE_VALUES, "%s: %zu of %zu values are written differently as %s", title,
              column->differs, image_table_rows(change->before), column->after->type);
        return;
    }
    if (loss_is_declared(&proof->losses, table, column->before->head.name)) {
        lost(proof, title);
        return;
    }
    if (is_filled_up(proof, table, column)) {
        noted(proof, PROVE_VALUES, "%s: %zu NULLs got a value", title, column->differs);
        return;
    }
    if (is_updated(proof, table->head.name)) {
        noted(proof, PROVE_VALUES, "%s: %zu values changed by the revision", title, column->differs);
        return;
    }
    found(proof, PROVE_VALUES, title, up_place(proof, table->head.name),
          declare_hint(proof->arena, table, column->before->head.name),
          "%zu of %zu values are other ones after the upgrade, and no statement says that it changes them%s",
          column->differs, image_table_rows(change->before), of_key(proof, column->key, column->differs));
}

void values_after_up(Proof *proof)
{
    Arena *arena = arena_new(); // of the comparison
    ImageChanges changes = { 0 };
    const ImageSteady steady = { is_untouched, is_declared_lost, proof };
    image_compare(arena, &proof->image_before, &proof->image_after, true, &steady, &changes);
    VEC_EACH (TableChange, it, &changes) {
        if (!it->before || !it->after)
            continue; // new, or gone: that is looked at when it is back
        const Table *table = it->before->table;
        if (it->missing && !rows_are_declared_lost(proof, table, it->missing) &&
            !is_updated(proof, table->head.name))
            found(proof, PROVE_VALUES,
                  arena_printf(proof->arena, "table %s", table_title(proof->arena, table)),
                  up_place(proof, table->head.name), declare_hint(proof->arena, table, NULL),
                  "%zu of %zu rows are missing after the upgrade%s", it->missing,
                  image_table_rows(it->before), of_key(proof, it->missing_key, it->missing));
        VEC_EACH (ColumnChange, column, &it->columns)
            judge_column_after_up(proof, it, column);
    }
    arena_free(arena);
}

// --- after the downgrade -------------------------------------------------------

static void judge_column_after_down(Proof *proof, const TableChange *change, const ColumnChange *column)
{
    const Table *table = change->before->table;
    const char *name = column->before->head.name, *title = column_title(proof->arena, table, column->before);
    if (!column->after) // the comparison of the schemas says so
        return;
    if (column->before->generated || is_filled_up(proof, table, column))
        return;
    if (loss_is_declared(&proof->losses, table, name)) {
        lost(proof, title);
        return;
    }
    found(proof, PROVE_DOWN, title, down_place(proof, table->head.name),
          declare_hint(proof->arena, table, name),
          "%zu of %zu values are not what they were before the upgrade%s", column->differs,
          image_table_rows(change->before), of_key(proof, column->key, column->differs));
}

static void judge_rows_after_down(Proof *proof, const TableChange *change)
{
    const Table *table = change->before->table;
    const char *title = arena_printf(proof->arena, "table %s", table_title(proof->arena, table));
    if (change->missing && loss_is_declared(&proof->losses, table, NULL))
        lost(proof, title);
    else if (change->missing && rows_are_declared_lost(proof, table, change->missing))
        lost_with_parts(proof, table);
    else if (change->missing)
        found(proof, PROVE_DOWN, title, down_place(proof, table->head.name),
              declare_hint(proof->arena, table, NULL),
              "%zu of %zu rows are not there any more after the downgrade%s", change->missing,
              image_table_rows(change->before), of_key(proof, change->missing_key, change->missing));
    if (change->added && !loss_is_declared(&proof->losses, table, NULL))
        found(proof, PROVE_DOWN, title, down_place(proof, table->head.name),
              "Delete in the downgrade what the upgrade inserted.", "%zu %s more than before the upgrade%s",
              change->added, rows_word(change->added), of_key(proof, change->added_key, change->added));
}

void values_after_down(Proof *proof, const Image *back)
{
    Arena *arena = arena_new(); // of the comparison
    ImageChanges changes = { 0 };
    const ImageSteady steady = { is_untouched, is_declared_lost, proof };
    image_compare(arena, &proof->image_before, back, false, &steady, &changes);
    VEC_EACH (TableChange, it, &changes) {
        if (!it->before || !it->after)
            continue; // the comparison of the schemas says so
        judge_rows_after_down(proof, it);
        VEC_EACH (ColumnChange, column, &it->columns)
            judge_column_after_down(proof, it, column);
    }
    arena_free(arena);
}

// --- after the second upgrade --------------------------------------------------

// A column that was there before the revision, keeps its type, and of which nothing is lost.
static bool is_kept(const Proof *proof, const Table *table, const Column *column)
{
    const Table *was = schema_table(&proof->before, table->head.schema, table->head.name);
    const Column *had = was ? table_column(was, column->head.name) : NULL;
    return had && !had->generated && !column->generated &&
           !loss_is_declared(&proof->losses, table, column->head.name);
}

static bool is_steady(const void *payload, const Table *table, const Column *column)
{
    return is_kept(payload, table, column);
}

// Values that the upgrade makes itself (a time, a random number) may be other ones the second time: only what was there before
// it counts.
void values_again(Proof *proof, const Image *again)
{
    Arena *arena = arena_new(); // of the comparison
    ImageChanges changes = { 0 };
    const ImageSteady steady = { is_steady, is_declared_lost, proof };
    image_compare(arena, &proof->image_after, again, false, &steady, &changes);
    VEC_EACH (TableChange, it, &changes) {
        if (!it->before || !it->after)
            continue;
        const Table *table = it->before->table;
        const char *title = arena_printf(proof->arena, "table %s", table_title(proof->arena, table));
        bool was = schema_table(&proof->before, table->head.schema, table->head.name) != NULL;
        if (was && (it->missing || it->added) && !loss_is_declared(&proof->losses, table, NULL))
            found(proof, PROVE_AGAIN, title, up_place(proof, table->head.name), NULL,
                  "has %zu rows after the second upgrade, and had %zu after the first",
                  image_table_rows(it->after), image_table_rows(it->before));
        VEC_EACH (ColumnChange, column, &it->columns)
            if (column->after && is_kept(proof, table, column->before))
                found(proof, PROVE_AGAIN, column_title(proof->arena, table, column->before),
                      up_place(proof, table->head.name), NULL,
                      "%zu of %zu values are other ones after the second upgrade%s", column->differs,
                      image_table_rows(it->before), of_key(proof, column->key, column->differs));
    }
    arena_free(arena);
}
