// The page that leads to all others, and those of objects that are no tables.
#include "cli/pages/internal.h"

static size_t count_of(const Schema *schema, ObjectKind kind)
{
    size_t count = 0;
    VEC_EACH (Object *, it, &schema->objects)
        count += (*it)->kind == kind;
    return count;
}

static const char *file_of_kind(Arena *arena, ObjectKind kind)
{
    return arena_printf(arena, "objects/%s", page_slug(arena, object_kinds[kind].word));
}

// The list of tables, each with a link to its page.
static void put_tables(const PageMaker *maker, Page *page)
{
    static const char *const heads[] = { "Table", "Columns", "Comment", NULL };
    page_heading(page, 2, "Tables");
    if (!maker->schema->tables.count) {
        page_paragraph(page);
        page_text(page, "There are none.");
        page_paragraph_end(page);
        return;
    }
    page_table(page, heads);
    for (size_t i = 0; i < maker->schema->tables.count; i++) {
        const Table *table = maker->schema->tables.items[i];
        page_row(page, NULL);
        page_cell(page);
        page_link(page, maker->table_files[i], NULL,
                  name_join(maker->arena, table->head.schema, table->head.name));
        page_cell(page);
        page_textf(page, "%zu", table->columns.count);
        page_cell(page);
        page_text(page, table->head.comment ? table->head.comment : "");
        page_row_end(page);
    }
    page_table_end(page);
}

static void put_objects(const PageMaker *maker, Page *page)
{
    bool any = false;
    for (ObjectKind kind = 0; kind < OBJECT_KIND_COUNT; kind++) {
        size_t count = count_of(maker->schema, kind);
        if (!count)
            continue;
        if (!any) {
            page_heading(page, 2, "Other objects");
            page_list(page);
            any = true;
        }
        page_item(page);
        page_link(page, file_of_kind(maker->arena, kind), NULL, object_kinds[kind].word);
        page_textf(page, " (%zu)", count);
    }
    if (any)
        page_list_end(page);
}

// A table can be found by typing a part of its name. Without scripts the list is as it is.
static const char search[] =
    "<input type=\"search\" placeholder=\"Find a table\" aria-label=\"Find a table\" hidden>\n"
    "<script>\n"
    "{ const box = document.querySelector('input'); box.hidden = false;\n"
    "  box.oninput = () => document.querySelectorAll('tbody tr').forEach(row =>\n"
    "    row.hidden = !row.textContent.toLowerCase().includes(box.value.toLowerCase())); }\n"
    "</script>\n";

bool pages_readme(const PageMaker *maker, Error *err)
{
    Page page;
    page_start(&page, maker->arena, maker->source->html, "Schema", "");
    page_heading(&page, 1, "Schema");
    if (page.html && maker->schema->tables.count)
        strbuf_puts(&page.out, search);
    put_tables(maker, &page);
    put_objects(maker, &page);
    if (!pages_put_diagram(maker, &page, NULL, err))
        return false;
    pages_add(maker, page.html ? "index" : "README", &page);
    return true;
}

// --- other objects -----------------------------------------------------------

static void put_values(Page *page, const char *what, const NameList *values)
{
    if (!values->count)
        return;
    page_paragraph(page);
    page_text(page, what);
    VEC_EACH (const char *, value, values) {
        page_text(page, value == values->items ? " " : ", ");
        page_code(page, *value);
    }
    page_paragraph_end(page);
}

// The section of an object that is not a table: comment, values, columns or definition, as its kind has them.
static void put_object(Page *page, const Object *object)
{
    Arena *arena = page->out.arena;
    page_heading(page, 2, object_title(arena, object));
    if (object->comment) {
        page_paragraph(page);
        page_text(page, object->comment);
        page_paragraph_end(page);
    }
    if (object->kind == OBJECT_ENUM)
        put_values(page, "Values:", &((const EnumType *)(const void *)object)->values);
    if (object->kind == OBJECT_VIEW) {
        const View *view = (const View *)(const void *)object;
        put_values(page, "Columns:", &view->columns);
        page_block(page, "sql", view->query ? view->query : "");
    }
    if (object->kind == OBJECT_DOMAIN) {
        const DomainType *domain = (const DomainType *)(const void *)object;
        page_paragraph(page);
        page_text(page, "A form of ");
        page_code(page, domain->base ? domain->base : "");
        page_paragraph_end(page);
    }
    if (object->definition)
        page_block(page, "sql", object->definition);
}

void pages_objects(const PageMaker *maker, ObjectKind kind)
{
    Page page;
    if (!count_of(maker->schema, kind))
        return;
    const char *word = object_kinds[kind].word;
    page_start(&page, maker->arena, maker->source->html, word, "../");
    page_heading(&page, 1, arena_printf(maker->arena, "Objects of the kind %s", word));
    page_home(&page);
    VEC_EACH (Object *, it, &maker->schema->objects)
        if ((*it)->kind == kind)
            put_object(&page, *it);
    pages_add(maker, file_of_kind(maker->arena, kind), &page);
}
