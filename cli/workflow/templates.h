// templates.h -- the files that init writes.
#ifndef CLI_WORKFLOW_TEMPLATES_H
#define CLI_WORKFLOW_TEMPLATES_H

#include "core/base/strbuf.h"

typedef struct Template {
    const char *name, *summary;
    const char *config; // {url}, {schema} and {directory} stand for the project's
    const char *schema;
    bool several; // main.yaml and reports.yaml in place of one model
} Template;

extern const char *const template_names[]; // ended by NULL
extern const Template templates[];         // ended by an entry without a name
// The template of that name; NULL: there is none.
const Template *template_find(const char *name);

// Fills in a text's {url}, {reports_url}, {schema} and {directory}.
void template_fill(StrBuf *out, const char *text, const char *url, const char *reports_url,
                   const char *schema, const char *directory);

#endif
