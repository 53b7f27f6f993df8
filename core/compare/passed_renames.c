// Renames that the model states and that are taken for made, although the old name is still there and goes.
#include "core/base/strbuf.h"
#include "core/compare/compare.h"

#include <string.h>

// The drop of what `rename` calls its old name; NULL: it stays, or was not there.
static const Change *drop_of(const Comparison *c, const Rename *rename)
{
    VEC_EACH (const Change, it, &c->changes) {
        if (it->kind != CHANGE_DROP || it->have->kind != rename->kind ||
            !same_text(it->have->name, rename->from))
            continue;
        const Object *owner = it->want_table ? &it->want_table->head : it->have;
        if (same_text(owner->schema, rename->schema) &&
            (rename->kind == OBJECT_TABLE || (it->want_table && same_text(owner->name, rename->table))))
            return it;
    }
    return NULL;
}

static bool is_made(const Comparison *c, const Rename *rename)
{
    VEC_EACH (const Rename, it, &c->made)
        if (it->at.file == rename->at.file && it->at.line == rename->at.line &&
            it->at.column == rename->at.column)
            return true;
    return false;
}

// A column whose type lists its values (MySQL, MariaDB): no statement there gives a value another name.
static void warn_of_values(Arena *arena, const Change *change, WarningList *out)
{
    if (change->kind != CHANGE_ALTER || change->want->kind != OBJECT_COLUMN)
        return;
    const Column *want = (const Column *)(const void *)change->want;
    const char *lost = enum_values_lost(arena, change->have, change->want); // 'ok', 'sad'
    for (size_t i = 0; want->enum_type && i + 1 < want->enum_type->renamed_values.count; i += 2) {
        const char *old = want->enum_type->renamed_values.items[i],
                   *new = want->enum_type->renamed_values.items[i + 1];
        StrBuf literal;
        strbuf_init(&literal, arena);
        strbuf_quoted(&literal, '\'', "'", old);
        if (!lost || !strstr(lost, literal.text))
            continue;
        *VEC_PUSH(arena, out) = (Warning){
            .text = arena_printf(
                arena,
                "column %s: this engine cannot rename the value '%s' of an enum. Declare '%s' beside "
                "it, update the rows in that revision, and leave '%s' out in the next one",
                want->head.name, old, new, old),
            .at = want->enum_type->head.at,
        };
        return;
    }
}

// The old and the new name are both in the database, and the model has the new one alone. That may be a rename of long ago and a
// newcomer of the old name, or one that is still to be made in the place of something that goes: only a person can tell.
void compare_warn_of_renames(Arena *arena, const Comparison *c, WarningList *out)
{
    if (c->dialect->caps & HAS_ENUM_COLUMNS)
        VEC_EACH (const Change, it, &c->changes)
            warn_of_values(arena, it, out);
    VEC_EACH (const Rename, it, &c->renames) {
        const bool holds_values = it->kind == OBJECT_COLUMN || it->kind == OBJECT_TABLE;
        if (!holds_values || !it->at.file || is_made(c, it) || !drop_of(c, it))
            continue;
        const char *table = it->table ? it->table : "", *dot = it->table ? "." : "";
        const char *word = object_kinds[it->kind].word;
        *VEC_PUSH(arena, out) = (Warning){
            .text = arena_printf(arena,
                                 "the database has both %s %s%s%s and %s%s%s: this rename is taken as made "
                                 "already, and %s is dropped with its values. To make it, and drop "
                                 "the present %s: cmigrate migrate --replace --rename %s%s%s=%s",
                                 word, table, dot, it->from, table, dot, it->to, it->from, it->to, table, dot,
                                 it->from, it->to),
            .at = it->at,
        };
    }
}
