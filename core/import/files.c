#include "core/import/import_internal.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"

enum { DEEPEST = 16 };

const char *import_path(const Import *import, const char *name)
{
    return path_join(import->arena, import->folder, name);
}

void import_warn(Import *import, const char *path, const char *fmt, ...)
{
    char text[1024];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    *VEC_PUSH(import->arena, &import->warnings) = (Warning){
        .text = arena_strdup(import->arena, text), .at = {.file = path, .line = 0}
    };
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

// Lists files below `below`, with their path from the import's folder. `depth` 0 means not to descend;
// otherwise it is the level, limited because a link may lead back.
static bool list_folder(Import *import, const char *below, unsigned depth, NameList *out, Error *err)
{
    const char *path = *below ? import_path(import, below) : import->folder;
    if (depth > DEEPEST) // a link that leads back
        return error_set(err, ERR_IO, "%s: folders nested deeper than %d", path, DEEPEST);
    DIR *folder = opendir(path);
    if (!folder)
        return error_set(err, ERR_IO, "cannot read the folder %s: %s", path, strerror(errno));
    bool ok = true;
    for (struct dirent *entry; ok && (entry = readdir(folder));) {
        if (entry->d_name[0] == '.')
            continue;
        const char *name = *below ? arena_printf(import->arena, "%s/%s", below, entry->d_name)
                                  : arena_strdup(import->arena, entry->d_name);
        bool is_folder = folder_exists(import_path(import, name));
        if (!is_folder)
            *VEC_PUSH(import->arena, out) = name;
        else if (depth)
            ok = list_folder(import, name, depth + 1, out, err);
    }
    closedir(folder);
    return ok;
}

bool import_list(Import *import, bool deep, NameList *out, Error *err)
{
    if (!list_folder(import, "", deep, out, err))
        return false;
    if (out->count)
        qsort(out->items, out->count, sizeof(*out->items), by_bytes);
    return true;
}

bool import_text(const Import *import, const char *path, Text *out, Error *err)
{
    Text text;
    if (!file_read(import->arena, path, 0, &text, err))
        return false;
    if (text.n >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0)
        text = (Text){ text.p + 3, text.n - 3 };
    const char *nul = memchr(text.p, '\0', text.n);
    if (nul) {
        unsigned line = 1;
        for (const char *p = text.p; p < nul; p++)
            line += *p == '\n';
        return error_at(err, ERR_SCRIPT, (SourcePos){ path, line, 0, 0 }, "a NUL byte: this is not SQL text");
    }
    *out = text;
    return true;
}

bool lines_next(Lines *lines, Text *out)
{
    if (lines->p >= lines->end)
        return false;
    const char *newline = memchr(lines->p, '\n', (size_t)(lines->end - lines->p));
    const char *stop = newline ? newline : lines->end;
    *out = (Text){ lines->p, (size_t)(stop - lines->p) };
    lines->p = newline ? newline + 1 : lines->end;
    lines->number++;
    return true;
}
