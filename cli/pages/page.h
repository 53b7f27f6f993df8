// page.h -- one page for people, written once for Markdown and for HTML.
//
//     page_start(&page, arena, html, "user", "../"); page_heading(&page, 2, "Columns"); … page_end(&page);
//
// Every text is somebody's: it is escaped for the language of the page, and control characters are left out. What is
// written has no date and no path of this machine, so that the page changes only when the schema does.
#ifndef CLI_PAGES_PAGE_H
#define CLI_PAGES_PAGE_H

#include "core/base/strbuf.h"

typedef struct Page {
    StrBuf out;
    bool html;
    const char *root; // what leads from the page's folder to that of the pages: "" or "../"
    bool in_table;
    bool begins; // a line of Markdown, where some characters have a meaning
} Page;

// Begins a page in `arena`, whose text is `page->out` once page_end() has been called. `title` is for the head of HTML only.
void page_start(Page *page, Arena *arena, bool html, const char *title, const char *root);
void page_end(Page *page);

// A heading of level 1 to 6.
void page_heading(Page *page, unsigned level, const char *text);
void page_paragraph(Page *page); // begins one; what follows is in it until page_paragraph_end
// Ends what page_paragraph() began.
void page_paragraph_end(Page *page);
// A list: page_list, page_item for each, page_list_end.
void page_list(Page *page);
void page_item(Page *page); // begins one, up to the next or to page_list_end
void page_list_end(Page *page);
void page_block(Page *page, const char *language, const char *text); // of code

// A table: the words of its head, then each row and its cells. `id` (HTML only): where links to the row lead.
void page_table(Page *page, const char *const *heads); // ended by NULL
void page_row(Page *page, const char *id);             // NULL: none
void page_cell(Page *page);
void page_row_end(Page *page);
void page_table_end(Page *page);

// Within a paragraph, item or cell.
void page_text(Page *page, const char *text);
void page_textf(Page *page, const char *fmt, ...) PRINTF_LIKE(2, 3);
void page_strong(Page *page, const char *text);
void page_code(Page *page, const char *text);
// To a file of the pages, named from their root without its suffix, and a place in it (NULL: the file itself).
void page_link(Page *page, const char *file, const char *place, const char *text);
void page_home(Page *page);                 // a paragraph that leads back to the first page
void page_url(Page *page, const char *url); // http and https are links, other texts are texts

// A name as a part of a file's name or of a place: letters, digits, _ and . stay.
const char *page_slug(Arena *arena, const char *name);

extern const char page_mark[]; // the first line of every page: what begins so was written by this program

#endif
