// mermaid's erDiagram. Its grammar takes few characters outside of quotes and gives some words a meaning, so tables have
// made-up identifiers (e1, e2) beside their names in quotes, and a column whose name does not fit has it in its comment.
#include <ctype.h>
#include <strings.h>

#include "core/picture/internal.h"

enum { LONGEST_TYPE = 40, LONGEST_COMMENT = 200, MOST_OF_TABLE = 40000 };

// Inside quotes nothing can be escaped: entities are shown as they are written. What could end the quotes, begin a directive
// (%%{), or be taken for Markdown or HTML is shown by a character that looks like it.
static const char *look_alike(char c)
{
    switch (c) {
    case '"': return "\u201d";
    case '%': return "\uff05";
    case '\\': return "\u2216";
    case ';': return "\u037e";
    case '<': return "\u2039";
    case '>': return "\u203a";
    case '*': return "\u2217";
    case '~': return "\u223c";
    case '`': return "\u02cb";
    default: return NULL;
    }
}

static bool is_word(char c) { return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80; }

// A joiner has no width. Between a _ and what is no word it keeps Markdown from taking the _ for emphasis, after & and $ from
// taking them for the begin of an entity or a formula.
static void put_quoted_character(StrBuf *out, const char *p, size_t n)
{
    static const char joiner[] = "\u2060";
    const char *other = n == 1 ? look_alike(*p) : NULL;
    bool underscore = n == 1 && *p == '_';
    if (underscore && !is_word(out->length ? out->text[out->length - 1] : ' '))
        strbuf_puts(out, joiner);
    if (other)
        strbuf_puts(out, other);
    else
        strbuf_put(out, p, n);
    if ((underscore && !is_word(p[1])) || (n == 1 && strchr("&$", *p)))
        strbuf_puts(out, joiner);
}

static void put_quoted(StrBuf *out, const char *text)
{
    strbuf_putc(out, '"');
    visible_put(out, text, put_quoted_character);
    strbuf_putc(out, '"');
}

// A word as the grammar has it: others become _ (a run of them one), with a letter in front.
static void put_word(StrBuf *out, const char *text, const char *also, size_t most)
{
    size_t from = out->length;
    bool gap = false;
    for (const char *p = text; *p && out->length - from < most; p++) {
        bool fits = isalnum((unsigned char)*p) || *p == '_' || (out->length > from && strchr(also, *p));
        if (!fits) {
            gap = true;
            continue;
        }
        if (gap && out->length > from && out->text[out->length - 1] != '_')
            strbuf_putc(out, '_');
        if (out->length == from && isdigit((unsigned char)*p))
            strbuf_putc(out, '_');
        strbuf_putc(out, *p);
        gap = false;
    }
    if (out->length == from)
        strbuf_putc(out, '_');
}

static bool is_reserved(const char *word)
{
    return strcasecmp(word, "pk") == 0 || strcasecmp(word, "fk") == 0 || strcasecmp(word, "uk") == 0;
}

// varchar(80) and int[] stay; numeric(10,2) becomes numeric_10_2.
static void put_type(StrBuf *out, const char *type)
{
    bool plain = type[0] && strlen(type) <= LONGEST_TYPE;
    for (const char *p = type; *p; p++)
        plain = plain && (isalnum((unsigned char)*p) || strchr("_()[]", *p));
    StrBuf word;
    strbuf_init(&word, out->arena);
    put_word(&word, type[0] ? type : "any", plain ? "()[]" : "", LONGEST_TYPE);
    strbuf_printf(out, "%s%s", word.text, is_reserved(word.text) ? "_" : "");
}

static const char *mark_word(PictureMark mark)
{
    switch (mark) {
    case MARK_ADDED: return "added";
    case MARK_DROPPED: return "dropped";
    case MARK_CHANGED: return "changed";
    case MARK_NONE: break;
    }
    return NULL;
}

static void add_remark(StrBuf *remarks, const char *text)
{
    strbuf_printf(remarks, "%s%s", remarks->length ? ", " : "", text);
}

// mermaid takes few characters in names. A column whose name had to change carries the true one in its remark.
static void put_column(const Picture *picture, const PictureColumn *it, StrBuf *out)
{
    const char *name = it->column->head.name;
    StrBuf word, remarks;
    strbuf_init(&word, picture->arena);
    strbuf_init(&remarks, picture->arena);
    put_word(&word, name, "", SIZE_MAX);
    if (is_reserved(word.text))
        strbuf_putc(&word, '_');
    strbuf_puts(out, "        ");
    put_type(out, it->type);
    strbuf_printf(out, " %s", word.text);
    const char *const keys[] = { it->primary ? "PK" : NULL, it->foreign ? "FK" : NULL,
                                 it->unique ? "UK" : NULL };
    bool any = false;
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        if (!keys[i])
            continue;
        strbuf_printf(out, "%s%s", any ? ", " : " ", keys[i]);
        any = true;
    }
    if (it->mark != MARK_NONE)
        add_remark(&remarks, mark_word(it->mark));
    if (strcmp(word.text, name) != 0)
        add_remark(&remarks, name);
    if (picture->options.comments && it->column->head.comment)
        add_remark(&remarks, it->column->head.comment);
    if (remarks.length) {
        strbuf_puts(out, " \"");
        visible_put_short(out, remarks.text, LONGEST_COMMENT, put_quoted_character);
        strbuf_putc(out, '"');
    }
    strbuf_putc(out, '\n');
}

static void put_box(const Picture *picture, size_t table, StrBuf *out)
{
    const PictureTable *it = &picture->tables.items[table];
    strbuf_printf(out, "    e%zu[", table + 1);
    put_quoted(out, it->title);
    strbuf_putc(out, ']');
}

// A table with more columns than a diagram may have characters is cut, and says so.
void picture_put_entity(const Picture *picture, size_t table, StrBuf *out)
{
    const PictureTable *it = &picture->tables.items[table];
    size_t from = out->length, shown = 0;
    put_box(picture, table, out);
    if (it->columns.count)
        strbuf_puts(out, " {\n");
    VEC_EACH (PictureColumn, column, &it->columns) {
        if (out->length - from > MOST_OF_TABLE) {
            strbuf_printf(out, "        and more \"and %zu more columns\"\n", it->columns.count - shown);
            break;
        }
        put_column(picture, column, out);
        shown++;
    }
    strbuf_puts(out, it->columns.count ? "    }\n" : "\n");
}

static void put_link(const Picture *picture, const PictureLink *link, StrBuf *out)
{
    strbuf_printf(out, "    e%zu %s--%s e%zu : \"", link->parent + 1, link->optional ? "|o" : "||",
                  link->one ? "o|" : "o{", link->child + 1);
    if (link->mark != MARK_NONE)
        strbuf_printf(out, "%s: ", mark_word(link->mark));
    visible_put(out, picture_link_label(picture->arena, link), put_quoted_character);
    strbuf_puts(out, "\"\n");
}

static void put_classes(const Picture *picture, const bool *drawn, StrBuf *out)
{
    static const char *const styles[] = {
        [MARK_ADDED] = "fill:#dafbe1,stroke:#1a7f37,color:#1f2328",
        [MARK_DROPPED] = "fill:#ffebe9,stroke:#cf222e,color:#1f2328",
        [MARK_CHANGED] = "fill:#fff8c5,stroke:#9a6700,color:#1f2328",
    };
    for (PictureMark mark = MARK_ADDED; mark <= MARK_CHANGED; mark++)
        strbuf_printf(out, "    classDef %s %s\n", mark_word(mark), styles[mark]);
    for (size_t i = 0; i < picture->tables.count; i++)
        if (drawn[i] && picture->tables.items[i].mark != MARK_NONE)
            strbuf_printf(out, "    class e%zu %s\n", i + 1, mark_word(picture->tables.items[i].mark));
}

void picture_mermaid(const Picture *picture, const PictureBlock *block, StrBuf *out)
{
    bool *inside = arena_alloc(picture->arena, picture->tables.count + 1),
         *drawn = arena_alloc(picture->arena, picture->tables.count + 1);
    strbuf_puts(out, "erDiagram\n    direction LR\n");
    VEC_EACH (size_t, table, block) {
        picture_put_entity(picture, *table, out);
        inside[*table] = drawn[*table] = true;
    }
    VEC_EACH (PictureLink, link, &picture->links) {
        if (!inside[link->child])
            continue;
        if (!drawn[link->parent]) {
            put_box(picture, link->parent, out);
            strbuf_putc(out, '\n');
            drawn[link->parent] = true;
        }
        put_link(picture, link, out);
    }
    if (picture->difference)
        put_classes(picture, drawn, out);
}

// --- several blocks in a document of Markdown ----------------------------------

static void put_markdown_character(StrBuf *out, const char *p, size_t n)
{
    if (n == 1 && strchr("\\`*_{}[]<>()#+-.!|~&", *p))
        strbuf_putc(out, '\\');
    strbuf_put(out, p, n);
}

void picture_markdown(const Picture *picture, const PictureBlocks *blocks, StrBuf *out)
{
    if (blocks->count > 1) {
        strbuf_printf(out, "%zu tables in %zu diagrams:\n\n", picture->tables.count, blocks->count);
        for (size_t i = 0; i < blocks->count; i++) {
            strbuf_printf(out, "- [Diagram %zu](#diagram-%zu):", i + 1, i + 1);
            VEC_EACH (size_t, table, &blocks->items[i]) {
                strbuf_puts(out, table == blocks->items[i].items ? " " : ", ");
                visible_put(out, picture->tables.items[*table].title, put_markdown_character);
            }
            strbuf_putc(out, '\n');
        }
    }
    for (size_t i = 0; i < blocks->count; i++) {
        if (blocks->count > 1)
            strbuf_printf(out, "\n## Diagram %zu\n\n", i + 1);
        strbuf_puts(out, "```mermaid\n");
        picture_mermaid(picture, &blocks->items[i], out);
        strbuf_puts(out, "```\n");
    }
}
