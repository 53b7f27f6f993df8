#include "cli/workflow/templates.h"

#include <string.h>

#define CONFIG_HEAD                                                                                          \
    "# The settings of cmigrate. ${NAME} and ${NAME:-default} are taken from the environment.\n"             \
    "\n"
#define CONFIG_REST                                                                                          \
    "\n"                                                                                                     \
    "# version_table: cmigrate_version         # alembic_version adopts a database that Alembic manages\n"   \
    "# file_template: \"{timestamp}_{revision}_{slug}\"\n"                                                   \
    "# lock_timeout: 60s                       # waiting for another cmigrate\n"                             \
    "# statement_timeout: 0                    # 0 = none\n"                                                 \
    "# include: []                             # globs: more than the default schema and those of the "      \
    "model\n"                                                                                                \
    "# exclude: []                             # globs: what is neither inspected, compared nor dropped\n"   \
    "# environments:                           # -n NAME lays one of these over the settings above\n"        \
    "#   production: {url: \"${PROD_URL}\"}\n"

// Editors that speak YAML find the keys and what they mean there.
#define CONFIG_KEYS "# yaml-language-server: $schema=" CMIGRATE_JSON_SCHEMAS "/config.schema.json\n"
#define MODEL_KEYS  "# yaml-language-server: $schema=" CMIGRATE_JSON_SCHEMAS "/model.schema.json\n"

static const char generic_config[] = CONFIG_KEYS CONFIG_HEAD "url: \"{url}\"\n"
                                                             "schema: {schema}\n"
                                                             "directory: {directory}\n" CONFIG_REST;

static const char generic_schema[] = MODEL_KEYS
    "# The model: what the database should look like. Edit it, then: cmigrate migrate -m \"what changed\"\n"
    "#\n"
    "# tables:\n"
    "#   user:\n"
    "#     columns:\n"
    "#       id:       {type: integer, primary_key: true}        # counts up by itself\n"
    "#       email:    {type: string(254), nullable: false, unique: true}\n"
    "#       joined:   {type: datetime, nullable: false, default: {sql: CURRENT_TIMESTAMP}}\n"
    "#   post:\n"
    "#     columns:\n"
    "#       id:       {type: integer, primary_key: true}\n"
    "#       title:    {type: string(200), nullable: false, index: true}\n"
    "#       user_id:  {type: integer, nullable: false, references: user.id, on_delete: cascade}\n"
    "#\n"
    "# many_to_many:\n"
    "#   post_tag: {between: [post, tag]}\n"
    "\n"
    "tables: {}\n";

static const char multidb_config[] =
    CONFIG_HEAD "databases:                               # each with a model and revisions of its own\n"
                "  main:\n"
                "    url: \"{url}\"\n"
                "    schema: main.yaml\n"
                "    directory: {directory}/main\n"
                "  reports:\n"
                "    url: \"{reports_url}\"\n"
                "    schema: reports.yaml\n"
                "    directory: {directory}/reports\n";

static const char minimal_config[] = "url: \"{url}\"\nschema: {schema}\ndirectory: {directory}\n";

const char *const template_names[] = { "generic", "minimal", "multidb", NULL };

const Template templates[] = {
    {"generic",       "one database, with the most used settings as comments", generic_config, generic_schema,
     false },
    { "minimal", "one database, nothing but what is needed", minimal_config, "tables: {}\n", false },
    { "multidb",           "two databases, each with a model and revisions of its own", multidb_config, NULL, true },
    { 0     },
};

const Template *template_find(const char *name)
{
    for (const Template *it = templates; it->name; it++)
        if (strcmp(it->name, name) == 0)
            return it;
    return NULL;
}

void template_fill(StrBuf *out, const char *text, const char *url, const char *reports_url,
                   const char *schema, const char *directory)
{
    const struct {
        const char *word, *value;
    } words[] = {
        {"{url}",          url        },
        { "{reports_url}", reports_url},
        { "{schema}",      schema     },
        { "{directory}",   directory  }
    };
    while (*text) {
        size_t i = 0;
        while (i < COUNT_OF(words) && strncmp(text, words[i].word, strlen(words[i].word)) != 0)
            i++;
        if (i == COUNT_OF(words)) {
            strbuf_putc(out, *text++);
        } else {
            strbuf_puts(out, words[i].value);
            text += strlen(words[i].word);
        }
    }
}
