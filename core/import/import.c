#include "core/import/import_internal.h"

#include <stdio.h>
#include <string.h>

#include "core/base/file.h"

const ImportFormat *import_format(const char *name, Error *err)
{
    const char *names[16];
    size_t count = 0;
    for (const ImportFormat *it = import_formats; it->name; it++) {
        if (strcmp(it->name, name) == 0)
            return it;
        names[count++] = it->name;
    }
    char known[256] = "";
    for (size_t i = 0; i < count; i++) {
        size_t n = strlen(known);
        snprintf(known + n, sizeof(known) - n, "%s%s", i ? ", " : "", names[i]);
    }
    const char *near = nearest_word(name, names, count);
    error_set(err, ERR_USAGE, "no tool named '%s' is known", name);
    if (near)
        error_hint(err, "Did you mean '%s'? Known are: %s.", near, known);
    else
        error_hint(err, "Known are: %s.", known);
    return NULL;
}

bool import_read(Import *import, Error *err)
{
    if (!folder_exists(import->folder) && !file_exists(import->folder))
        return error_set(err, ERR_IO, "there is no folder '%s'", import->folder);
    if (!import->format->read(import, err))
        return false;
    if (import->revisions.count)
        return true;
    error_set(err, ERR_IO, "no migration of %s in %s", import->format->name, import->folder);
    return error_hint(err, "Expected: %s.", import->format->summary);
}

static void put_sections(StrBuf *out, const Imported *imported, Direction direction)
{
    VEC_EACH (ImportedSection, section, &imported->sections)
        if (section->direction == direction)
            strbuf_printf(out, "\n-- cmigrate: %s%s\n%s\n", direction == UPGRADE ? "upgrade" : "downgrade",
                          section->no_transaction ? " no-transaction" : "", section->sql);
}

static size_t count_statements(const Imported *imported, Direction direction)
{
    size_t count = 0;
    VEC_EACH (ImportedSection, section, &imported->sections)
        if (section->direction == direction)
            count += section->statements;
    return count;
}

// What was written is read as it will be read: the law that no statement is lost or made.
static bool check_script(const Import *import, const Imported *imported, Text text, Error *err)
{
    Script script;
    const char *path = imported->head.path;
    if (!script_read_text(import->arena, path, text, &script, err))
        return error_prefix(err, "as a script of cmigrate: ");
    for (int direction = UPGRADE; direction <= DOWNGRADE; direction++) {
        SectionList sections = { 0 };
        size_t found = 0;
        if (!script_sections(import->arena, &script, import->dialect, (Direction)direction, &sections, err))
            return error_prefix(err, "as a script of cmigrate: ");
        VEC_EACH (Section *, section, &sections)
            found += (*section)->statements.count;
        if (found != count_statements(imported, (Direction)direction))
            return error_at(err, ERR_UNSUPPORTED, imported->head.revision_at,
                            "its statements cannot be told apart in a script of cmigrate");
    }
    return true;
}

bool import_script(const Import *import, const Imported *imported, StrBuf *out, Error *err)
{
    size_t start = out->length;
    script_put_head(out, &imported->head, import->dialect);
    put_sections(out, imported, UPGRADE);
    if (!import_has(imported, UPGRADE))
        strbuf_puts(out, "\n-- cmigrate: upgrade\n");
    put_sections(out, imported, DOWNGRADE);
    return check_script(import, imported, (Text){ out->text + start, out->length - start }, err);
}
