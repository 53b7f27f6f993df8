#include "cli/pages/internal.h"

#include <strings.h>

#include "core/picture/picture.h"

void pages_add(const PageMaker *maker, const char *file, Page *page)
{
    page_end(page);
    *VEC_PUSH(maker->arena, maker->out) = (PageFile){
        .path = arena_printf(maker->arena, "%s.%s", file, page->html ? "html" : "md"),
        .text = {page->out.text, page->out.length},
    };
}

const char *pages_table_file(const PageMaker *maker, const Table *table)
{
    for (size_t i = 0; i < maker->schema->tables.count; i++)
        if (maker->schema->tables.items[i] == table)
            return maker->table_files[i];
    return "README";
}

void pages_put_parts(Page *page, const PartList *parts)
{
    VEC_EACH (Part, part, parts) {
        if (part != parts->items)
            page_text(page, ", ");
        page_code(page, part->column ? part->column : part->expression ? part->expression : "");
        if (part->descending)
            page_text(page, " desc");
    }
}

// A file system may take names that differ in case only for one.
static bool is_taken(const PageMaker *maker, size_t count, const char *file)
{
    for (size_t i = 0; i < count; i++)
        if (strcasecmp(maker->table_files[i], file) == 0)
            return true;
    return false;
}

static void name_files(PageMaker *maker)
{
    const TableList *tables = &maker->schema->tables;
    maker->table_files = arena_alloc(maker->arena, (tables->count + 1) * sizeof(const char *));
    for (size_t i = 0; i < tables->count; i++) {
        const Object *head = &tables->items[i]->head;
        const char *title =
            head->schema ? arena_printf(maker->arena, "%s.%s", head->schema, head->name) : head->name;
        const char *slug = page_slug(maker->arena, title);
        const char *file = arena_printf(maker->arena, "tables/%s", slug);
        for (unsigned n = 2; is_taken(maker, i, file); n++)
            file = arena_printf(maker->arena, "tables/%s-%u", slug, n);
        maker->table_files[i] = file;
    }
}

// --- diagrams ----------------------------------------------------------------

static bool put_svg(const PageMaker *maker, Page *page, const Picture *picture, Error *err)
{
    StrBuf dot, svg;
    strbuf_init(&dot, maker->arena);
    strbuf_init(&svg, maker->arena);
    picture_dot(picture, &dot);
    if (!picture_svg(maker->arena, dot.text, &svg, err))
        return false;
    const char *element = strstr(svg.text, "<svg"); // without the prolog, which is no HTML
    strbuf_puts(&page->out, element ? element : svg.text);
    return true;
}

bool pages_put_diagram(const PageMaker *maker, Page *page, const Table *around, Error *err)
{
    Picture picture;
    PictureBlocks blocks = { 0 };
    const PictureOptions how = {
        .around = around ? name_join(maker->arena, around->head.schema, around->head.name) : NULL,
        .distance = 1,
        .columns = PICTURE_KEYS,
        .most_tables = 60,
    };
    if (maker->source->diagrams == DIAGRAMS_NONE || !maker->schema->tables.count)
        return true;
    if (!picture_build(maker->arena, maker->schema, NULL, NULL, &how, &picture, err))
        return false;
    if (around && !picture.links.count)
        return true;
    page_heading(page, 2, "Diagram");
    if (maker->source->diagrams == DIAGRAMS_SVG)
        return put_svg(maker, page, &picture, err);
    picture_split(&picture, &blocks);
    strbuf_putc(&page->out, '\n');
    picture_markdown(&picture, &blocks, &page->out);
    return true;
}

bool pages_make(const PageSource *source, PageFiles *out, Error *err)
{
    PageMaker maker = { .source = source, .arena = source->arena, .schema = source->schema, .out = out };
    name_files(&maker);
    if (!pages_readme(&maker, err))
        return false;
    VEC_EACH (Table *, table, &source->schema->tables)
        if (!pages_table(&maker, *table, err))
            return false;
    for (ObjectKind kind = 0; kind < OBJECT_KIND_COUNT; kind++)
        pages_objects(&maker, kind);
    return true;
}
