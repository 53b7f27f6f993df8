#include "core/import/import_internal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/revision/directive.h"

size_t digits_at(const char *text) { return strspn(text, "0123456789"); }

// The next part without its leading zeros; what is missing is zero.
static Text next_part(const char **p)
{
    while (**p == '0')
        (*p)++;
    Text part = { *p, 0 };
    while ((*p)[part.n] && (*p)[part.n] != '.' && (*p)[part.n] != '_')
        part.n++;
    *p += part.n;
    if (**p)
        (*p)++;
    return part;
}

int version_compare(const char *a, const char *b)
{
    while (*a || *b) {
        Text left = next_part(&a), right = next_part(&b);
        if (left.n != right.n)
            return left.n < right.n ? -1 : 1;
        int order = left.n ? memcmp(left.p, right.p, left.n) : 0;
        if (order)
            return order < 0 ? -1 : 1;
    }
    return 0;
}

const char *version_time(Arena *arena, const char *version)
{
    enum { DIGITS = 14 };
    if (digits_at(version) != DIGITS || version[DIGITS])
        return NULL;
    int month = (version[4] - '0') * 10 + version[5] - '0', day = (version[6] - '0') * 10 + version[7] - '0';
    if (memcmp(version, "1970", 4) < 0 || month < 1 || month > 12 || day < 1 || day > 31 ||
        version[8] > '2' || version[10] > '5' || version[12] > '5')
        return NULL;
    return arena_printf(arena, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", version, version + 4, version + 6,
                        version + 8, version + 10, version + 12);
}

Imported *import_add(Import *import, const char *id, const char *version, const char *message,
                     const char *path, Error *err)
{
    SourcePos at = { .file = path };
    const char *fault = name_fault(import->arena, "revision identifier", id);
    if (fault) {
        error_at(err, ERR_SCRIPT, at, "%s", fault);
        return NULL;
    }
    Imported *imported = ARENA_NEW(import->arena, Imported);
    imported->version = version;
    imported->head = (Script){
        .revision = id,
        .message = message,
        .created = version ? version_time(import->arena, version) : NULL,
        .dialect = import->dialect->name,
        .path = path,
        .revision_at = at,
        .parents_at = at,
    };
    *VEC_PUSH(import->arena, &import->revisions) = imported;
    return imported;
}

static int by_version(const void *a, const void *b)
{
    const Imported *left = *(Imported *const *)a, *right = *(Imported *const *)b;
    int order = version_compare(left->version, right->version);
    return order ? order : strcmp(left->head.path, right->head.path);
}

bool import_chain(Import *import, Error *err)
{
    ImportedList *all = &import->revisions;
    if (all->count)
        qsort(all->items, all->count, sizeof(Imported *), by_version);
    for (size_t i = 1; i < all->count; i++) {
        Imported *before = all->items[i - 1], *it = all->items[i];
        if (version_compare(before->version, it->version) == 0) {
            error_at(err, ERR_SCRIPT, it->head.revision_at, "version %s is there twice", it->version);
            return error_also(err, before->head.revision_at, "the other");
        }
        *VEC_PUSH(import->arena, &it->head.parents) = before->head.revision;
    }
    return true;
}
