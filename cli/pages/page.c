#include "cli/pages/page.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

#include "core/base/sha256.h"
#include "core/base/visible.h"

const char page_mark[] = "<!-- Written by cmigrate docs: the next run overwrites this file. -->\n";

static const char style[] =
    "<style>\n"
    ":root { color-scheme: light dark; --line: #d0d7de; --head: #f6f8fa; --dim: #57606a; --link: #0969da }\n"
    "@media (prefers-color-scheme: dark) { :root { --line: #30363d; --head: #161b22; --dim: #8b949e; "
    "--link: #58a6ff } }\n"
    "body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem }\n"
    "table { border-collapse: collapse; display: block; overflow-x: auto }\n"
    "th, td { border: 1px solid var(--line); padding: .3rem .6rem; text-align: left; vertical-align: top }\n"
    "th { background: var(--head) }\n"
    "tr:target { outline: 2px solid var(--link) }\n"
    "a { color: var(--link) }\n"
    "code, pre { font: 13px/1.5 ui-monospace, monospace }\n"
    "pre { background: var(--head); padding: .8rem; overflow-x: auto }\n"
    "h1, h2, h3 { line-height: 1.25 }\n"
    "svg { max-width: 100%; height: auto }\n"
    "</style>\n";

static void put_html(StrBuf *out, const char *p, size_t n)
{
    switch (*p) {
    case '&': strbuf_puts(out, "&amp;"); break;
    case '<': strbuf_puts(out, "&lt;"); break;
    case '>': strbuf_puts(out, "&gt;"); break;
    case '"': strbuf_puts(out, "&quot;"); break;
    default: strbuf_put(out, p, n);
    }
}

static void put_markdown(StrBuf *out, const char *p, size_t n)
{
    if (strchr("\\`*_[]<>|&#~", *p))
        strbuf_putc(out, '\\');
    strbuf_put(out, p, n);
}

static void put_as_is(StrBuf *out, const char *p, size_t n) { strbuf_put(out, p, n); }

static void put_in_cell(StrBuf *out, const char *p, size_t n)
{
    if (*p == '|')
        strbuf_putc(out, '\\');
    strbuf_put(out, p, n);
}

void page_start(Page *page, Arena *arena, bool html, const char *title, const char *root)
{
    *page = (Page){ .html = html, .root = root };
    strbuf_init(&page->out, arena);
    strbuf_puts(&page->out, page_mark);
    if (!html)
        return;
    strbuf_puts(&page->out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                            "<title>");
    visible_put(&page->out, title, put_html);
    strbuf_printf(&page->out, "</title>\n%s</head>\n<body>\n", style);
}

void page_end(Page *page)
{
    if (page->html)
        strbuf_puts(&page->out, "</body>\n</html>\n");
}

// At the begin of a line a text may be taken for a list, a heading or a quotation.
static void put_start(Page *page, const char *text)
{
    if (page->begins && strchr("-+=", text[0]) && text[0])
        strbuf_putc(&page->out, '\\');
    size_t digits = page->begins ? strspn(text, "0123456789") : 0;
    if (digits && (text[digits] == '.' || text[digits] == ')')) {
        strbuf_put(&page->out, text, digits);
        strbuf_putc(&page->out, '\\');
        text += digits;
    }
    visible_put(&page->out, text, put_markdown);
}

void page_text(Page *page, const char *text)
{
    if (page->html)
        visible_put(&page->out, text, put_html);
    else
        put_start(page, text);
    page->begins = false;
}

void page_textf(Page *page, const char *fmt, ...)
{
    char text[1024];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    page_text(page, text);
}

void page_strong(Page *page, const char *text)
{
    strbuf_puts(&page->out, page->html ? "<strong>" : "**");
    page->begins = false;
    page_text(page, text);
    strbuf_puts(&page->out, page->html ? "</strong>" : "**");
}

// Markdown's code ends at as many backquotes as it began with: more than are in it.
static void put_code(Page *page, const char *text)
{
    size_t longest = 0;
    for (const char *p = text; *p; p++) {
        size_t run = strspn(p, "`");
        longest = run > longest ? run : longest;
        p += run ? run - 1 : 0;
    }
    bool pad = text[0] == '`' || text[strlen(text) - 1] == '`';
    strbuf_repeat(&page->out, '`', longest + 1);
    strbuf_puts(&page->out, pad ? " " : "");
    visible_put(&page->out, text, page->in_table ? put_in_cell : put_as_is);
    strbuf_puts(&page->out, pad ? " " : "");
    strbuf_repeat(&page->out, '`', longest + 1);
}

// Is there anything to see? Empty code is no code in Markdown.
static bool is_visible(Page *page, const char *text)
{
    StrBuf seen;
    strbuf_init(&seen, page->out.arena);
    visible_put(&seen, text, put_as_is);
    return seen.text[strspn(seen.text, " ")] != '\0';
}

void page_code(Page *page, const char *text)
{
    page->begins = false;
    if (page->html) {
        strbuf_puts(&page->out, "<code>");
        visible_put(&page->out, text, put_html);
        strbuf_puts(&page->out, "</code>");
    } else if (is_visible(page, text)) {
        put_code(page, text);
    } else {
        strbuf_puts(&page->out, "\"\"");
    }
}

const char *page_slug(Arena *arena, const char *name)
{
    enum { LONGEST = 120, DIGITS = 12 };
    StrBuf out;
    strbuf_init(&out, arena);
    for (const char *p = name; *p; p++) {
        bool plain = isalnum((unsigned char)*p) || *p == '_' || (*p == '.' && out.length > 0);
        if (plain)
            strbuf_putc(&out, *p);
        else
            strbuf_printf(&out, "-%02x", (unsigned char)*p);
    }
    if (out.length > LONGEST) {
        char hex[SHA256_HEX];
        sha256_hex((Text){ name, strlen(name) }, hex);
        return arena_printf(arena, "%.*s-%.*s", LONGEST, out.text, DIGITS, hex);
    }
    return out.length ? out.text : "-";
}

void page_link(Page *page, const char *file, const char *place, const char *text)
{
    StrBuf *out = &page->out;
    page->begins = false;
    if (page->html) {
        strbuf_printf(out, "<a href=\"%s%s.html", page->root, file);
        if (place)
            strbuf_printf(out, "#%s", place);
        strbuf_puts(out, "\">");
        page_code(page, text);
        strbuf_puts(out, "</a>");
    } else {
        strbuf_putc(out, '[');
        page_code(page, text);
        strbuf_printf(out, "](%s%s.md)", page->root, file);
    }
}

void page_home(Page *page)
{
    strbuf_printf(&page->out,
                  page->html ? "<p><a href=\"%sindex.html\">All tables</a></p>\n"
                             : "\n[All tables](%sREADME.md)\n",
                  page->root);
}

void page_url(Page *page, const char *url)
{
    bool link = strncmp(url, "https://", 8) == 0 || strncmp(url, "http://", 7) == 0;
    for (const char *p = url; *p; p++)
        link = link && *p > ' ' && !strchr("<>\"`\\", *p) && (unsigned char)*p < 0x7f;
    if (!link) {
        page_text(page, url);
    } else if (page->html) {
        strbuf_puts(&page->out, "<a href=\"");
        visible_put(&page->out, url, put_html);
        strbuf_puts(&page->out, "\">");
        visible_put(&page->out, url, put_html);
        strbuf_puts(&page->out, "</a>");
    } else {
        strbuf_putc(&page->out, '<');
        visible_put(&page->out, url, page->in_table ? put_in_cell : put_as_is);
        strbuf_putc(&page->out, '>');
    }
}

void page_heading(Page *page, unsigned level, const char *text)
{
    page->begins = false;
    if (page->html) {
        strbuf_printf(&page->out, "<h%u>", level);
        page_text(page, text);
        strbuf_printf(&page->out, "</h%u>\n", level);
    } else {
        strbuf_putc(&page->out, '\n');
        strbuf_repeat(&page->out, '#', level);
        strbuf_putc(&page->out, ' ');
        page_text(page, text);
        strbuf_putc(&page->out, '\n');
    }
}

void page_paragraph(Page *page)
{
    strbuf_puts(&page->out, page->html ? "<p>" : "\n");
    page->begins = true;
}

void page_paragraph_end(Page *page) { strbuf_puts(&page->out, page->html ? "</p>\n" : "\n"); }

void page_list(Page *page) { strbuf_puts(&page->out, page->html ? "<ul>" : ""); }

void page_item(Page *page)
{
    strbuf_puts(&page->out, page->html ? "\n<li>" : "\n- ");
    page->begins = true;
}

void page_list_end(Page *page) { strbuf_puts(&page->out, page->html ? "\n</ul>\n" : "\n"); }

void page_block(Page *page, const char *language, const char *text)
{
    StrBuf *out = &page->out;
    if (page->html) {
        strbuf_puts(out, "<pre><code>");
        for (const char *line = text; *line;) {
            size_t n = strcspn(line, "\n");
            visible_put(out, arena_strndup(out->arena, line, n), put_html);
            strbuf_putc(out, '\n');
            line += n + (line[n] == '\n');
        }
        strbuf_puts(out, "</code></pre>\n");
        return;
    }
    size_t longest = 2;
    for (const char *p = text; *p; p++) {
        size_t run = strspn(p, "`");
        longest = run > longest ? run : longest;
        p += run ? run - 1 : 0;
    }
    strbuf_putc(out, '\n');
    strbuf_repeat(out, '`', longest + 1);
    strbuf_printf(out, "%s\n%s%s", language, text, text[0] && text[strlen(text) - 1] == '\n' ? "" : "\n");
    strbuf_repeat(out, '`', longest + 1);
    strbuf_putc(out, '\n');
}

void page_table(Page *page, const char *const *heads)
{
    StrBuf *out = &page->out;
    page->in_table = true;
    strbuf_puts(out, page->html ? "<table>\n<thead><tr>" : "\n|");
    for (size_t i = 0; heads[i]; i++)
        strbuf_printf(out, page->html ? "<th>%s</th>" : " %s |", heads[i]);
    strbuf_puts(out, page->html ? "</tr></thead>\n<tbody>" : "\n|");
    for (size_t i = 0; heads[i] && !page->html; i++)
        strbuf_puts(out, " --- |");
}

void page_row(Page *page, const char *id)
{
    if (!page->html)
        strbuf_puts(&page->out, "\n|");
    else if (id)
        strbuf_printf(&page->out, "\n<tr id=\"%s\">", id);
    else
        strbuf_puts(&page->out, "\n<tr>");
    page->begins = false;
}

// Each cell ends where the next begins, or with its row.
void page_cell(Page *page)
{
    StrBuf *out = &page->out;
    if (page->html)
        strbuf_puts(out, "<td>");
    else
        strbuf_puts(out, out->text[out->length - 1] == '|' ? " " : " | ");
}

void page_row_end(Page *page) { strbuf_puts(&page->out, page->html ? "</tr>" : " |"); }

void page_table_end(Page *page)
{
    strbuf_puts(&page->out, page->html ? "\n</tbody>\n</table>\n" : "\n");
    page->in_table = false;
}
