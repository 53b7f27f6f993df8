#include <string.h>

#include "drivers/postgresql/introspect/introspect.h"

enum { COMMENT_CLASS, COMMENT_OBJECT, COMMENT_PART, COMMENT_TEXT };

void see_column_setting(Introspection *in, Object *view, const char *key, const Column *column,
                        const char *text)
{
    StrBuf out;
    strbuf_init(&out, in->arena);
    const char *before = option_get(&view->options, key);
    if (before)
        strbuf_printf(&out, "%s, ", before);
    strbuf_printf(&out, "%s='", pg_quote_ident(in->arena, column->head.name));
    for (const char *c = text; *c; c++) {
        if (*c == '\'')
            strbuf_putc(&out, '\'');
        strbuf_putc(&out, *c);
    }
    strbuf_putc(&out, '\'');
    see_option(in, view, key, out.text);
}

// What an object stands for beside itself may have a comment of its own: the sequence of a column, the index of a key. False:
// the comment is the object's.
static bool comment_within(Introspection *in, unsigned class_oid, Object *object, const char *text)
{
    if (object->kind == OBJECT_COLUMN && class_oid == CLASS_CONSTRAINT)
        see_option(in, object, PG_NOT_NULL_COMMENT, text);
    else if (object->kind == OBJECT_COLUMN && class_oid == CLASS_RELATION)
        see_option(in, object, PG_SEQUENCE_COMMENT, text);
    else if (class_oid == CLASS_RELATION && object->kind >= OBJECT_PRIMARY_KEY &&
             object->kind <= OBJECT_EXCLUDE)
        see_option(in, object, PG_INDEX_COMMENT, text);
    else
        return object->kind == OBJECT_COLUMN;
    return true;
}

void see_comments(Rows rows)
{
    Introspection *in = rows.in;
    while (see_rows_next(&rows)) {
        unsigned class_oid = see_row_oid(&rows, COMMENT_CLASS), oid = see_row_oid(&rows, COMMENT_OBJECT),
                 part = see_row_oid(&rows, COMMENT_PART);
        Object *object = see_object(in, class_oid, oid);
        if (!object)
            continue;
        Constraint *check =
            class_oid == CLASS_CONSTRAINT ? see_get(&in->checks, (CatalogKey){ 0, oid, 0 }) : NULL;
        if (check) {
            check->head.comment = see_row_text(&rows, COMMENT_TEXT);
            continue;
        }
        if (part) {
            Column *column = see_column(in, oid, part);
            if (object->kind == OBJECT_VIEW && column)
                see_column_setting(in, object, PG_COLUMN_COMMENTS, column, see_row_must(&rows, COMMENT_TEXT));
            else if (column)
                column->head.comment = see_row_text(&rows, COMMENT_TEXT);
            continue;
        }
        if (comment_within(in, class_oid, object, see_row_text(&rows, COMMENT_TEXT)))
            continue;
        object->comment = see_row_text(&rows, COMMENT_TEXT);
    }
}

enum {
    DEPEND_CLASS,
    DEPEND_OBJECT,
    DEPEND_PART,
    DEPEND_REFERRED_CLASS,
    DEPEND_REFERRED_OBJECT,
    DEPEND_REFERRED_PART,
    DEPEND_KIND,
};

typedef struct Membership {
    Object **by_slot;
    size_t count;
} Membership;

static void note_member(void *payload, Object *object, Table *table)
{
    Membership *members = payload;
    (void)table;
    if (object->slot < members->count)
        members->by_slot[object->slot] = object;
}

static bool is_member(const Membership *members, const Object *object)
{
    return object->slot < members->count && members->by_slot[object->slot] == object;
}

// The object that stands for a catalogue's row: a column, or what it belongs to where it is not listed by itself.
static Object *stands_for(const Introspection *in, CatalogKey key)
{
    Column *column =
        key.part && key.class_oid == CLASS_RELATION ? see_column(in, key.object, key.part) : NULL;
    if (column && is_member(in->members, &column->head))
        return &column->head;
    Object *object = see_object(in, key.class_oid, key.object);
    return object && is_member(in->members, object) ? object : NULL;
}

static void add_dependency(Introspection *in, Object *object, Object *on)
{
    if (!object || !on || object == on)
        return;
    // rows of one object come one after another: looking back at a few is enough to keep most doubles out
    for (size_t i = object->depends_on.count, n = 0; i > 0 && n < 8; i--, n++)
        if (object->depends_on.items[i - 1] == on)
            return;
    *VEC_PUSH(in->arena, &object->depends_on) = on;
}

static CatalogKey key_at(const Rows *rows, int column)
{
    return (CatalogKey){ see_row_oid(rows, column), see_row_oid(rows, column + 1),
                         see_row_oid(rows, column + 2) };
}

static void list_members(Introspection *in)
{
    schema_sort(in->out);
    in->members = ARENA_NEW(in->scratch, Membership);
    in->members->count = in->out->object_count;
    in->members->by_slot = arena_alloc(in->scratch, (in->members->count + 1) * sizeof(Object *));
    schema_walk(in->out, note_member, in->members);
}

// First comes what stands for something else: members of extensions, row types, arrays.
void see_depends(Rows rows)
{
    Introspection *in = rows.in;
    if (!in->members)
        list_members(in);
    while (see_rows_next(&rows)) {
        char kind = see_row_char(&rows, DEPEND_KIND);
        const CatalogKey key = key_at(&rows, DEPEND_CLASS), on = key_at(&rows, DEPEND_REFERRED_CLASS);
        if (kind == 'n' || kind == 'a') {
            add_dependency(in, stands_for(in, key), stands_for(in, on));
            continue;
        }
        Object *owner = see_object(in, on.class_oid, on.object);
        if (owner && !see_object(in, key.class_oid, key.object))
            see_remember(in, key.class_oid, key.object, owner);
    }
}

enum {
    PRIVILEGE_CLASS,
    PRIVILEGE_OBJECT,
    PRIVILEGE_PART,
    PRIVILEGE_OWNER,
    PRIVILEGE_SEQUENCE,
    PRIVILEGE_GRANTS
};

// What a view's columns grant is said of the view.
static Object *holder_of(const Introspection *in, CatalogKey key)
{
    Object *object = see_object(in, key.class_oid, key.object);
    if (object && object->kind == OBJECT_EXTENSION) // its scripts say what others may do with what it brings
        return NULL;
    if (!object || !key.part || object->kind == OBJECT_VIEW)
        return object;
    Column *column = see_column(in, key.object, key.part);
    return column ? &column->head : NULL;
}

void see_privileges(Rows rows)
{
    Introspection *in = rows.in;
    while (see_rows_next(&rows)) {
        Object *object = holder_of(in, (CatalogKey){ see_row_oid(&rows, PRIVILEGE_CLASS),
                                                     see_row_oid(&rows, PRIVILEGE_OBJECT),
                                                     see_row_oid(&rows, PRIVILEGE_PART) });
        if (!object)
            continue;
        Privileges *privileges = ARENA_NEW(in->arena, Privileges);
        if (object->privileges)
            *privileges = *object->privileges;
        // the sequence of a column is its table's owner's, and its grants are said by the column
        bool by_itself = object->kind != OBJECT_COLUMN;
        if (by_itself && see_row_raw(&rows, PRIVILEGE_OWNER))
            privileges->owner = see_row_text(&rows, PRIVILEGE_OWNER);
        const char *on = by_itself ? NULL : see_row_text(&rows, PRIVILEGE_SEQUENCE);
        NameList words = pg_array(in->arena, see_row_raw(&rows, PRIVILEGE_GRANTS));
        for (size_t i = 0; i + 1 < words.count; i += 2)
            *VEC_PUSH(in->arena, &privileges->grants) = (Grant){ words.items[i], on, words.items[i + 1] };
        object->privileges = privileges;
    }
}
