#include "cli/output/json_schema.h"

#include <string.h>

#include "cli/output/json.h"
#include "cli/output/json_schema_forms.h"
#include "core/config/config_read.h"
#include "core/dialect/dialect.h"
#include "core/lint/settings.h"
#include "core/schema/keys.h"
#include "core/yaml/emit.h"

const char *const json_schema_words[] = { "model", "config", NULL };

// --- mappings --------------------------------------------------------------------

// A mapping of keys, and the kind of object whose engine options stand in it: under `options`, and beside it where `flat`.
typedef struct Mapping {
    const char *name;
    const KeyMap *keys;
    ObjectKind kind; // OBJECT_KIND_COUNT: none
    bool flat;
    bool in_model; // values may be by engine
} Mapping;

static const Mapping mappings[] = {
    {"table",              &table_keys_map,        OBJECT_TABLE,       true,  true},
    { "mixin_map",         &mixin_keys_map,        OBJECT_KIND_COUNT,  false, true},
    { "column",            &column_keys_map,       OBJECT_COLUMN,      true,  true},
    { "identity_map",      &identity_keys_map,     OBJECT_KIND_COUNT,  false, true},
    { "unique",            &key_keys_map,          OBJECT_UNIQUE,      true,  true},
    { "primary_key_map",   &key_keys_map,          OBJECT_PRIMARY_KEY, true,  true},
    { "exclusion",         &key_keys_map,          OBJECT_EXCLUDE,     true,  true},
    { "check_map",         &check_keys_map,        OBJECT_CHECK,       true,  true},
    { "index_map",         &index_keys_map,        OBJECT_INDEX,       true,  true},
    { "part_map",          &part_keys_map,         OBJECT_KIND_COUNT,  false, true},
    { "foreign_key",       &reference_keys_map,    OBJECT_FOREIGN_KEY, true,  true},
    { "association",       &association_keys_map,  OBJECT_TABLE,       false, true},
    { "side_map",          &side_keys_map,         OBJECT_KIND_COUNT,  false, true},
    { "view_map",          &view_keys_map,         OBJECT_VIEW,        true,  true},
    { "sequence",          &sequence_keys_map,     OBJECT_SEQUENCE,    true,  true},
    { "enum_map",          &enum_keys_map,         OBJECT_ENUM,        false, true},
    { "composite",         &composite_keys_map,    OBJECT_COMPOSITE,   false, true},
    { "attribute_map",     &attribute_keys_map,    OBJECT_KIND_COUNT,  false, true},
    { "domain_check_map",  &domain_check_keys_map, OBJECT_KIND_COUNT,  false, true},
    { "domain_map",        &domain_keys_map,       OBJECT_DOMAIN,      true,  true},
    { "lint",              &lint_keys_map,         OBJECT_KIND_COUNT,  false, true},
    { "naming_convention", &naming_keys_map,       OBJECT_KIND_COUNT,  false, true},
    { "data_map",          &data_keys_map,         OBJECT_KIND_COUNT,  false, true},
};

// "key at column" as it appears in a reference.
static const char *def_name(Arena *arena, const char *form)
{
    char *name = arena_strdup(arena, form);
    for (char *c = name; *c; c++)
        *c = *c == ' ' ? '_' : *c;
    return name;
}

static void put_ref(Json *json, const char *name)
{
    json_open(json, '{');
    json_put_text(json, "$ref", arena_printf(json->out.arena, "#/definitions/%s", name));
    json_close(json, '}');
}

// "words asc, desc": each as it appears, with _ for a blank, and in capitals; in a configuration a variable may stand for it.
static void put_words(Json *json, const char *list, bool variable)
{
    Arena *arena = json->out.arena;
    json_open(json, '{');
    json_key(json, "enum");
    json_open(json, '[');
    for (const char *p = list; *p;) {
        size_t n = strcspn(p, ",");
        char *word = arena_strndup(arena, p, n), *loud = arena_strdup(arena, word);
        json_text(json, word);
        if (strchr(word, ' '))
            json_text(json, def_name(arena, word));
        for (char *c = loud; *c; c++)
            *c = *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c;
        json_text(json, loud);
        p += n + strspn(p + n, ", ");
    }
    json_null(json);
    json_close(json, ']');
    json_close(json, '}');
    if (variable)
        json_raw(json, "{\"type\": \"string\", \"pattern\": \"[$][{]\"}");
    json->comma = true;
}

static bool is_entries(const char *form)
{
    for (const Entries *it = model_entries; it->name; it++)
        if (strcmp(it->name, form) == 0)
            return true;
    return false;
}

// The value of a key: its form and, in a model, that by engine.
static void put_value(Json *json, const char *form, const Mapping *mapping)
{
    Arena *arena = json->out.arena;
    if (strncmp(form, "words ", 6) == 0) {
        put_words(json, form + 6, !mapping->in_model);
        return;
    }
    const char *name = def_name(arena, form);
    bool options = strcmp(form, "options") == 0;
    if (options)
        name = arena_printf(arena, "options_of_%s", def_name(arena, object_kinds[mapping->kind].word));
    put_ref(json, name);
    if (mapping->in_model && !options && !is_entries(name))
        put_ref(json, arena_printf(arena, "%s_by_engine", name));
}

static void put_property(Json *json, const char *key, const char *form, const char *help,
                         const Mapping *mapping)
{
    json_key(json, key);
    json_open(json, '{');
    if (help)
        json_put_text(json, "description", help);
    json_key(json, "anyOf");
    json_open(json, '[');
    put_value(json, form, mapping);
    json_close(json, ']');
    json_close(json, '}');
}

static const char *option_form(OptionKind kind)
{
    switch (kind) {
    case OPTION_SWITCH: return "truth";
    case OPTION_NUMBER: return "number";
    case OPTION_TEXT:
    case OPTION_SQL:
    case OPTION_NAME_LIST:
    case OPTION_SETTINGS:
    case OPTION_NAMES_AT_LEAST: break;
    }
    return "names";
}

static const Mapping of_options = { .in_model = true };

// Options of two engines may have one name; `done` has those that were put.
static void put_options(Json *json, const Dialect *dialect, ObjectKind kind, NameList *done)
{
    for (size_t i = 0; i < dialect->option_count; i++) {
        const OptionInfo *option = &dialect->options[i];
        if (!(option->kinds & KIND_BIT(kind)) || names_have(done, option->key))
            continue;
        *VEC_PUSH(json->out.arena, done) = option->key;
        put_property(json, option->key, option_form(option->kind), option->help, &of_options);
    }
}

static void open_map(Json *json)
{
    json_open(json, '{');
    json_put_text(json, "type", "object");
    json_put_bool(json, "additionalProperties", false);
    json_key(json, "properties");
    json_open(json, '{');
}

static void close_map(Json *json)
{
    json_close(json, '}');
    json_close(json, '}');
}

static void put_mapping(Json *json, const Mapping *mapping)
{
    NameList done = { 0 };
    json_key(json, mapping->name);
    open_map(json);
    for (size_t i = 0; i < mapping->keys->count; i++) {
        const KeyInfo *key = &mapping->keys->keys[i];
        put_property(json, key->name, key->form, key->help, mapping);
        *VEC_PUSH(json->out.arena, &done) = key->name;
    }
    if (mapping->flat)
        for (size_t d = 0; d < DIALECT_COUNT; d++)
            put_options(json, all_dialects[d], mapping->kind, &done);
    close_map(json);
}

// The options of a kind for each engine, by all names that the engine has.
static void put_options_of(Json *json, ObjectKind kind)
{
    Arena *arena = json->out.arena;
    json_key(json, arena_printf(arena, "options_of_%s", def_name(arena, object_kinds[kind].word)));
    json_raw(json, "{\"anyOf\": [{\"type\": \"null\"}, ");
    json->comma = false;
    open_map(json);
    for (size_t d = 0; d < DIALECT_COUNT; d++)
        for (const char *const *scheme = all_dialects[d]->url_schemes; *scheme; scheme++) {
            NameList done = { 0 };
            json_key(json, *scheme);
            json_raw(json, "{\"anyOf\": [{\"type\": \"null\"}, ");
            json->comma = false;
            open_map(json);
            put_options(json, all_dialects[d], kind, &done);
            close_map(json);
            json_raw(json, "]}");
            json->comma = true;
        }
    close_map(json);
    strbuf_puts(&json->out, "]}");
    json->comma = true;
}

static void put_by_engine(Json *json, const char *form)
{
    json_key(json, arena_printf(json->out.arena, "%s_by_engine", form));
    open_map(json);
    json_key(json, "default");
    put_ref(json, form);
    for (size_t d = 0; d < DIALECT_COUNT; d++)
        for (const char *const *scheme = all_dialects[d]->url_schemes; *scheme; scheme++) {
            json_key(json, *scheme);
            put_ref(json, form);
        }
    close_map(json);
}

// --- documents -------------------------------------------------------------------

static const char *put_alternatives(Json *json, const char *p);

static const char *put_alternative(Json *json, const char *p)
{
    p += strspn(p, " ");
    if (*p == '[' || *p == '{') {
        json_open(json, '{');
        json_put_text(json, "type", *p == '[' ? "array" : "object");
        json_key(json, *p == '[' ? "items" : "additionalProperties");
        p = put_alternatives(json, p + 1) + 1;
        json_close(json, '}');
    } else {
        size_t n = strcspn(p, " |]}");
        const char *name = arena_strndup(json->out.arena, p, n);
        if (strcmp(name, "null") == 0)
            json_raw(json, "{\"type\": \"null\"}");
        else
            put_ref(json, name);
        p += n;
    }
    return p + strspn(p, " ");
}

// Up to what closes them.
static const char *put_alternatives(Json *json, const char *p)
{
    json_open(json, '{');
    json_key(json, "anyOf");
    json_open(json, '[');
    p = put_alternative(json, p);
    while (*p == '|')
        p = put_alternative(json, p + 1);
    json_close(json, ']');
    json_close(json, '}');
    return p;
}

static void put_form(Json *json, const char *name, const char *spec)
{
    json_key(json, name);
    if (spec[0] == '=')
        json_raw(json, spec + 1);
    else
        put_alternatives(json, spec);
}

static void put_forms(Json *json, const Form *list, bool in_model)
{
    for (const Form *it = list; it->name; it++) {
        put_form(json, it->name, it->spec);
        if (in_model)
            put_by_engine(json, it->name);
    }
}

static void put_entries(Json *json, const char *name, const char *value, bool lone)
{
    json_key(json, name);
    put_alternatives(json, arena_printf(json->out.arena,
                                        "null | {null | %s | %s_by_engine} | [%s | %s_by_engine]%s%s", value,
                                        value, value, value, lone ? " | " : "", lone ? value : ""));
}

static const char *section_form(Arena *arena, ObjectKind kind)
{
    return kind == OBJECT_DATABASE ? "database_map" : def_name(arena, object_kinds[kind].yaml);
}

// Kinds of objects that are SQL as it appears, or nothing but a name.
static void put_other_kinds(Json *json)
{
    Arena *arena = json->out.arena;
    for (ObjectKind kind = 0; kind < OBJECT_KIND_COUNT; kind++) {
        const char *yaml = object_kinds[kind].yaml;
        if (!yaml || is_entries(yaml))
            continue;
        const char *map = arena_printf(arena, "%s_map", def_name(arena, object_kinds[kind].word)),
                   *value = arena_printf(arena, "%s_value", def_name(arena, object_kinds[kind].word));
        const Mapping mapping = { map, object_kind_is_verbatim(kind) ? &verbatim_keys_map : &plain_keys_map,
                                  kind, true, true };
        put_mapping(json, &mapping);
        put_form(json, value, arena_printf(arena, "text | %s", map));
        put_by_engine(json, value);
        if (kind != OBJECT_DATABASE)
            put_entries(json, yaml, value, false);
    }
}

static void begin(Json *json, const char *title)
{
    json_open(json, '{');
    json_put_text(json, "$schema", "http://json-schema.org/draft-07/schema#");
    json_put_text(json, "title", title);
    json_put_text(json, "type", "object");
    json_put_bool(json, "additionalProperties", false);
}

// The JSON schema of schema.yaml, made of the tables by which models are read.
static void put_model(Json *json)
{
    static const Mapping model = { .name = "model", .keys = &section_keys_map };
    begin(json, "A model of cmigrate (schema.yaml)");
    json_key(json, "properties");
    json_open(json, '{');
    for (size_t i = 0; i < section_keys_map.count; i++) {
        const KeyInfo *key = &section_keys_map.keys[i];
        put_property(json, key->name, key->form, key->help, &model);
    }
    for (ObjectKind kind = 0; kind < OBJECT_KIND_COUNT; kind++)
        if (object_kinds[kind].yaml)
            put_property(json, object_kinds[kind].yaml, section_form(json->out.arena, kind), NULL, &model);
    json_close(json, '}');
    json_key(json, "definitions");
    json_open(json, '{');
    put_forms(json, model_forms, true);
    for (const Entries *it = model_entries; it->name; it++)
        put_entries(json, it->name, it->value, it->lone);
    for (size_t i = 0; i < COUNT_OF(mappings); i++) {
        put_mapping(json, &mappings[i]);
        put_by_engine(json, mappings[i].name);
    }
    for (ObjectKind kind = 0; kind < OBJECT_KIND_COUNT; kind++)
        put_options_of(json, kind);
    put_other_kinds(json);
    json_close(json, '}');
    json_close(json, '}');
}

// The JSON schema of cmigrate.yaml, made of the tables by which it is read.
static void put_config(Json *json)
{
    static const Mapping settings = { .name = "settings", .keys = &config_keys_map },
                         lint = { .name = "lint_settings", .keys = &lint_settings_keys_map },
                         test = { .name = "test_settings", .keys = &test_keys_map },
                         ignore = { .name = "lint_ignore", .keys = &lint_ignore_keys_map };
    begin(json, "The settings of cmigrate (cmigrate.yaml)");
    json_key(json, "properties");
    json_open(json, '{');
    for (size_t i = 0; i < config_keys_map.count; i++) {
        const KeyInfo *key = &config_keys_map.keys[i];
        put_property(json, key->name, key->form, key->help, &settings);
    }
    json_close(json, '}');
    json_key(json, "definitions");
    json_open(json, '{');
    put_forms(json, config_forms, false);
    put_mapping(json, &settings);
    put_mapping(json, &lint);
    put_mapping(json, &ignore);
    put_mapping(json, &test);
    json_close(json, '}');
    json_close(json, '}');
}

void json_schema_put(StrBuf *out, const char *word)
{
    Json json;
    Node *root = NULL;
    Issues issues = { .arena = out->arena };
    json_start(&json, out->arena);
    if (strcmp(word, "config") == 0)
        put_config(&json);
    else
        put_model(&json);
    const Text text = { json.out.text, json.out.length };
    if (node_parse_full((NodeMemory){ out->arena, out->arena }, "schema", text, &issues, &root))
        emit_json(out, root); // the same in lines
    else
        strbuf_puts(out, json.out.text);
}
