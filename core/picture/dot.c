// Graphviz's language: a table of three cells a row for each table, an edge from column to column for each foreign key.
#include "core/picture/internal.h"

enum { LONGEST_TYPE = 40, LONGEST_COMMENT = 60, MANY_TABLES = 150 };

// Text of an HTML-like label or an attribute of XML.
static void put_character(StrBuf *out, const char *p, size_t n)
{
    switch (*p) {
    case '&': strbuf_puts(out, "&amp;"); break;
    case '<': strbuf_puts(out, "&lt;"); break;
    case '>': strbuf_puts(out, "&gt;"); break;
    case '"': strbuf_puts(out, "&quot;"); break;
    case '\\': strbuf_puts(out, "&#92;"); break;
    default: strbuf_put(out, p, n);
    }
}

static const char *colour_of(PictureMark mark, bool head)
{
    switch (mark) {
    case MARK_ADDED: return head ? "#aceebb" : "#dafbe1";
    case MARK_DROPPED: return head ? "#ffcecb" : "#ffebe9";
    case MARK_CHANGED: return head ? "#fae17d" : "#fff8c5";
    case MARK_NONE: break;
    }
    return head ? "#ddf4ff" : "#ffffff";
}

static const char *line_of(PictureMark mark)
{
    switch (mark) {
    case MARK_ADDED: return "#1a7f37";
    case MARK_DROPPED: return "#cf222e";
    case MARK_CHANGED: return "#9a6700";
    case MARK_NONE: break;
    }
    return "#57606a";
}

static const char *key_word(const PictureColumn *it)
{
    if (it->primary)
        return it->foreign ? "PK FK" : "PK";
    if (it->foreign)
        return it->unique ? "FK UK" : "FK";
    return it->unique ? "UK" : " ";
}

static void put_column(const Picture *picture, const PictureColumn *it, size_t number, StrBuf *out)
{
    const char *colour = colour_of(it->mark, false);
    bool gone = it->mark == MARK_DROPPED;
    strbuf_printf(out,
                  "      <TR><TD PORT=\"l%zu\" BGCOLOR=\"%s\" ALIGN=\"LEFT\"><FONT COLOR=\"#57606a\" "
                  "POINT-SIZE=\"8\">%s</FONT></TD><TD BGCOLOR=\"%s\" ALIGN=\"LEFT\">%s",
                  number, colour, key_word(it), colour, gone ? "<S>" : "");
    visible_put(out, it->column->head.name, put_character);
    if (!it->column->head.name[strspn(it->column->head.name, " \t\r\n")])
        strbuf_puts(out, " "); // an empty element is an error
    strbuf_printf(out, "%s</TD><TD PORT=\"r%zu\" BGCOLOR=\"%s\" ALIGN=\"LEFT\"><FONT COLOR=\"#57606a\">",
                  gone ? "</S>" : "", number, colour);
    visible_put_short(out, it->type, LONGEST_TYPE, put_character);
    strbuf_printf(out, "%s</FONT>", it->column->nullable || !it->type[0] ? " " : " *");
    if (picture->options.comments && it->column->head.comment) {
        strbuf_puts(out, " <FONT COLOR=\"#1a7f37\"> ");
        visible_put_short(out, it->column->head.comment, LONGEST_COMMENT, put_character);
        strbuf_puts(out, "</FONT>");
    }
    strbuf_puts(out, "</TD></TR>\n");
}

static void put_table(const Picture *picture, size_t number, StrBuf *out)
{
    const PictureTable *it = &picture->tables.items[number];
    strbuf_printf(out,
                  "    t%zu [label=<\n      <TABLE BORDER=\"0\" CELLBORDER=\"1\" CELLSPACING=\"0\" "
                  "CELLPADDING=\"3\" COLOR=\"%s\">\n      <TR><TD PORT=\"h\" COLSPAN=\"3\" "
                  "BGCOLOR=\"%s\"><B>",
                  number + 1, line_of(it->mark), colour_of(it->mark, true));
    visible_put(out, it->title, put_character);
    strbuf_puts(out, "</B>");
    if (picture->options.comments && it->table->head.comment) {
        strbuf_puts(out, "<BR/><FONT POINT-SIZE=\"8\"> ");
        visible_put_short(out, it->table->head.comment, LONGEST_COMMENT, put_character);
        strbuf_puts(out, "</FONT>");
    }
    strbuf_puts(out, "</TD></TR>\n");
    for (size_t i = 0; i < it->columns.count; i++)
        put_column(picture, &it->columns.items[i], i + 1, out);
    strbuf_puts(out, "      </TABLE>>];\n");
}

// The port of the first of these columns; the head of the box where it is not drawn.
static void put_port(const Picture *picture, size_t table, const char *column, char side, StrBuf *out)
{
    const PictureTable *it = &picture->tables.items[table];
    for (size_t i = 0; i < it->columns.count; i++)
        if (same_text(it->columns.items[i].column->head.name, column)) {
            strbuf_printf(out, "t%zu:%c%zu:%c", table + 1, side, i + 1, side == 'l' ? 'w' : 'e');
            return;
        }
    strbuf_printf(out, "t%zu:h:%c", table + 1, side == 'l' ? 'w' : 'e');
}

static void put_link(const Picture *picture, const PictureLink *link, StrBuf *out)
{
    const char *column = link->key->parts.count ? link->key->parts.items[0].column : NULL;
    strbuf_puts(out, "  ");
    put_port(picture, link->parent, link->parent_columns.count ? link->parent_columns.items[0] : NULL, 'r',
             out);
    strbuf_puts(out, " -> ");
    put_port(picture, link->child, column, 'l', out);
    strbuf_printf(out, " [arrowtail=%s, arrowhead=%s, color=\"%s\"", link->optional ? "teeodot" : "teetee",
                  link->one ? "teeodot" : "crowodot", line_of(link->mark));
    if (link->mark == MARK_DROPPED)
        strbuf_puts(out, ", style=dashed");
    strbuf_puts(out, ", tooltip=\"");
    visible_put(out, picture_link_label(picture->arena, link), put_character);
    strbuf_puts(out, "\"];\n");
}

static bool several_schemas(const Picture *picture)
{
    for (size_t i = 1; i < picture->tables.count; i++)
        if (!same_text(picture->tables.items[i].table->head.schema,
                       picture->tables.items[i - 1].table->head.schema))
            return true;
    return false;
}

// Tables come sorted by schema: with several schemas each run of them becomes a cluster.
static void put_tables(const Picture *picture, StrBuf *out)
{
    bool clusters = several_schemas(picture), open = false;
    for (size_t i = 0; i < picture->tables.count; i++) {
        const char *schema = picture->tables.items[i].table->head.schema;
        bool begins =
            clusters && (i == 0 || !same_text(schema, picture->tables.items[i - 1].table->head.schema));
        if (begins && open)
            strbuf_puts(out, "  }\n");
        if (begins) {
            strbuf_printf(out,
                          "  subgraph \"cluster_%zu\" {\n    color=\"#d0d7de\"; fontcolor=\"#57606a\"; "
                          "label=\"",
                          i + 1);
            visible_put(out, schema ? schema : "", put_character);
            strbuf_puts(out, "\";\n");
            open = true;
        }
        put_table(picture, i, out);
    }
    if (open)
        strbuf_puts(out, "  }\n");
}

// With hundreds of tables the search for the fewest crossings takes minutes, and nobody could tell the difference.
static const char *const hurry = "  nslimit=0.1; nslimit1=0.1; mclimit=0.01; searchsize=10; splines=line;\n";

// Tables without links would stand in one column of any height: groups are laid out one by one, and packed.
void picture_dot(const Picture *picture, StrBuf *out)
{
    strbuf_puts(out, "digraph schema {\n"
                     "  charset=\"UTF-8\"; rankdir=LR; pack=24; packmode=\"graph\"; nodesep=0.3; "
                     "ranksep=1.2; bgcolor=\"#ffffff\";\n"
                     "  fontname=\"Helvetica,Arial,sans-serif\";\n"
                     "  node [shape=plain, fontname=\"Helvetica,Arial,sans-serif\", fontsize=10];\n"
                     "  edge [dir=both, arrowsize=0.8];\n");
    if (picture->tables.count > MANY_TABLES)
        strbuf_puts(out, hurry);
    put_tables(picture, out);
    VEC_EACH (PictureLink, link, &picture->links)
        put_link(picture, link, out);
    strbuf_puts(out, "}\n");
}
