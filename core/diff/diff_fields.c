#include "core/base/url.h"
#include "core/diff/diff_internal.h"

#include <string.h>
#include <strings.h>

bool same_sql_text(const Diff *diff, const char *a, const char *b)
{
    if (same_text(a, b))
        return true;
    return a && b && diff->dialect->same_sql(diff->scratch, a, b);
}

static bool same_type_text(const Diff *diff, const char *a, const char *b)
{
    if (same_text(a, b))
        return true;
    return a && b && diff->dialect->same_type(diff->scratch, a, b);
}

static bool same_names(const Diff *diff, const NameList *a, const NameList *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!same_name(diff->dialect, a->items[i], b->items[i]))
            return false;
    return true;
}

static bool same_part(const Diff *diff, const Part *a, const Part *b)
{
    return same_name(diff->dialect, a->column, b->column) &&
           same_sql_text(diff, a->expression, b->expression) &&
           same_name(diff->dialect, a->collation, b->collation) && same_text(a->opclass, b->opclass) &&
           same_text(a->with_operator, b->with_operator) && a->length == b->length &&
           a->descending == b->descending && a->nulls_first == b->nulls_first;
}

static bool same_parts(const Diff *diff, const PartList *a, const PartList *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!same_part(diff, &a->items[i], &b->items[i]))
            return false;
    return true;
}

static bool same_field(const Diff *diff, const Field *field, const void *have, const void *want)
{
    const void *a = (const char *)have + field->offset, *b = (const char *)want + field->offset;
    switch (field->kind) {
    case FIELD_TEXT: return same_text(*(const char *const *)a, *(const char *const *)b);
    case FIELD_NAME: return same_name(diff->dialect, *(const char *const *)a, *(const char *const *)b);
    case FIELD_SQL: return same_sql_text(diff, *(const char *const *)a, *(const char *const *)b);
    case FIELD_TYPE: return same_type_text(diff, *(const char *const *)a, *(const char *const *)b);
    case FIELD_BOOL: return *(const bool *)a == *(const bool *)b;
    case FIELD_INT: return *(const int *)a == *(const int *)b;
    case FIELD_NAMES: return same_names(diff, a, b);
    case FIELD_PARTS: return same_parts(diff, a, b);
    }
    return false;
}

unsigned differing_fields(const Diff *diff, const Object *have, const Object *want)
{
    unsigned facets = 0;
    FieldTable table = object_fields(have->kind);
    for (size_t i = 0; i < table.count; i++)
        if (!same_field(diff, &table.fields[i], have, want))
            facets |= table.fields[i].facet;
    return facets;
}

static const OptionInfo *option_info(const Dialect *dialect, const char *key)
{
    for (size_t i = 0; i < dialect->option_count; i++)
        if (strcmp(dialect->options[i].key, key) == 0)
            return &dialect->options[i];
    return NULL;
}

// A switch that is off is the same as one that is not there.
static const char *option_value(const Dialect *dialect, const OptionList *options, const char *key)
{
    const char *value = option_get(options, key);
    const OptionInfo *info = option_info(dialect, key);
    if (value && info && info->kind == OPTION_SWITCH && strcmp(value, "false") == 0)
        return NULL;
    return value;
}

// Each of the names of `list` is one of the others.
static bool names_within(const Diff *diff, const char *list, const char *others)
{
    for (const char *name; (name = name_next(diff->scratch, &list));)
        if (!name_listed(diff->scratch, others, name))
            return false;
    return true;
}

// key=value, key='va lue', …: without those whose key stands for a secret.
static const char *public_settings(Arena *arena, const char *text)
{
    StrBuf out;
    strbuf_init(&out, arena);
    for (const char *p = text ? text : ""; *p;) {
        p += strspn(p, " ,");
        const char *from = p;
        size_t key = strcspn(p, "=,");
        for (bool quoted = false; *p && (quoted || *p != ','); p++)
            quoted ^= *p == '\'';
        if (p > from && !url_key_is_secret(from, key)) {
            strbuf_puts(&out, out.length ? ", " : "");
            strbuf_put(&out, from, (size_t)(p - from));
        }
    }
    return out.text;
}

// What `a` says of options `b` says too; `wanted`: `a` is what is wanted, else what is there.
static bool options_cover(const Diff *diff, const OptionList *a, const OptionList *b, bool wanted)
{
    VEC_EACH (Option, option, a) {
        const char *x = option_value(diff->dialect, a, option->key);
        const char *y = option_value(diff->dialect, b, option->key);
        // how the partitions are compared, and nothing that the table of a database has
        if (same_text(x, y) || strcmp(option->key, "partitions") == 0)
            continue;
        const OptionInfo *info = option_info(diff->dialect, option->key);
        if (info && info->kind == OPTION_NAMES_AT_LEAST && (!wanted || names_within(diff, x, y)))
            continue;
        if (info && info->kind == OPTION_SETTINGS &&
            strcmp(public_settings(diff->scratch, x), public_settings(diff->scratch, y)) == 0)
            continue;
        if (!x || !y || !info || info->kind != OPTION_SQL || !diff->dialect->same_sql(diff->scratch, x, y))
            return false;
    }
    return true;
}

static bool empty_as_null(const char *a, const char *b)
{
    return same_text(a && a[0] ? a : NULL, b && b[0] ? b : NULL);
}

static bool same_part_comment(const Diff *diff, const Object *a, const Object *b)
{
    return !(diff->dialect->caps & CAN_COMMENT) || empty_as_null(a->comment, b->comment);
}

static bool same_domain_checks(const Diff *diff, const ConstraintList *a, const ConstraintList *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        const Constraint *x = a->items[i], *y = b->items[i];
        bool named = x->head.name && y->head.name && !y->named_by_convention;
        if ((named && !same_name(diff->dialect, x->head.name, y->head.name)) ||
            !same_sql_text(diff, x->expression, y->expression) || x->not_valid != y->not_valid ||
            !same_part_comment(diff, &x->head, &y->head))
            return false;
    }
    return true;
}

static bool same_attributes(const Diff *diff, const ColumnList *a, const ColumnList *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        const Column *x = a->items[i], *y = b->items[i];
        if (!same_name(diff->dialect, x->head.name, y->head.name) ||
            !same_type_text(diff, x->type, y->type) || !same_text(x->collation, y->collation) ||
            !same_part_comment(diff, &x->head, &y->head))
            return false;
    }
    return true;
}

// DEFAULT NULL is what a model means that says nothing of a default.
static bool defaults_to_null(const Object *have, const Object *want)
{
    if (have->kind != OBJECT_COLUMN || !want->at.file)
        return false;
    const char *live = ((const Column *)(const void *)have)->default_sql;
    return live && strcasecmp(live, "NULL") == 0 && !((const Column *)(const void *)want)->default_sql;
}

// An extension brings a comment of its own: a model that says nothing of it means that one.
static bool same_comment(const Object *have, const Object *want)
{
    if (have->kind == OBJECT_EXTENSION && (!have->comment || !want->comment))
        return true;
    return empty_as_null(have->comment, want->comment);
}

unsigned differing_facets(const Diff *diff, const Object *have, const Object *want)
{
    unsigned facets = differing_fields(diff, have, want);
    if (facets & FACET_DEFAULT && defaults_to_null(have, want))
        facets &= ~(unsigned)FACET_DEFAULT;
    if (diff->dialect->caps & CAN_COMMENT && !same_comment(have, want))
        facets |= FACET_COMMENT;
    if (!options_cover(diff, &have->options, &want->options, false) ||
        !options_cover(diff, &want->options, &have->options, true))
        facets |= FACET_OPTIONS;
    if (!same_sql_text(diff, have->definition, want->definition))
        facets |= FACET_DEFINITION;
    if (have->kind == OBJECT_DOMAIN &&
        !same_domain_checks(diff, &((const DomainType *)(const void *)have)->checks,
                            &((const DomainType *)(const void *)want)->checks))
        facets |= FACET_EXPRESSION;
    if (have->kind == OBJECT_COMPOSITE &&
        !same_attributes(diff, &((const CompositeType *)(const void *)have)->attributes,
                         &((const CompositeType *)(const void *)want)->attributes))
        facets |= FACET_PARTS;
    return facets;
}
