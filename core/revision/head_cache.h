// head_cache.h -- the heads of many scripts as they were read before, for commands that only look.
//
// Reading ten thousand small files costs more than all else that `heads` does. So what was in them is kept in the user's
// cache folder ($XDG_CACHE_HOME/cmigrate, else ~/.cache/cmigrate), and believed of a file whose device, inode, size and
// times are those of then: as git's index does, and as there a file that was changed in the seconds before it was read is
// not kept, since a second change might not show. It can be removed at any time; where there is no place for it, or it is
// damaged, the scripts are read. Small projects have none. What changes a database or a script never looks here.
#ifndef CORE_REVISION_HEAD_CACHE_H
#define CORE_REVISION_HEAD_CACHE_H

#include "core/base/file.h"
#include "core/revision/script.h"

enum { WORTH_A_CACHE = 1000 }; // scripts: below that, reading them takes less than 2 ms

typedef struct HeadCache HeadCache;
typedef struct HeadRecord HeadRecord; // what was kept of one file

// Of the scripts in these folders; empty where nothing was kept. `checked_for`: whose statements are looked at: what was
// checked for another engine counts as not checked. NULL: there is no place for one.
HeadCache *head_cache_open(Arena *arena, const NameList *folders, const char *checked_for);
size_t head_cache_count(const HeadCache *cache);
// By a file's name, whatever has become of the file; NULL: nothing. It is found at once where names are asked for in the
// order in which the system listed them then; so one thread at a time may ask.
const HeadRecord *head_cache_find(HeadCache *cache, const char *name);
size_t head_cache_place(const HeadCache *cache, const HeadRecord *record); // by name, from 0
// The head, if the file is still as it was and, where `checked` is asked for, nothing was wrong with its statements. Its
// texts live as long as the cache. Several threads may take.
bool head_cache_take(Arena *arena, const HeadCache *cache, const HeadRecord *record, const FileState *now,
                     bool checked, const char *path, Script *out, size_t *statements) MUST_USE;

typedef struct HeadToKeep {
    const char *name; // of the file, in its folder
    FileState state;  // before it was read
    const Script *head;
    bool checked;
    size_t statements; // where they were checked
    uint32_t listed;   // it was the so-manyth that the system listed
} HeadToKeep;
// What was kept stays as it is: its state, and whether it was checked.
void head_cache_again(const HeadCache *cache, const HeadRecord *record, HeadToKeep *out);
bool head_cache_worth(size_t count, size_t fresh); // are enough of them fresh for keeping all to pay?
// Keeps these, sorted by name, from now on. Failing to is no error.
void head_cache_keep(HeadCache *cache, const HeadToKeep *heads, size_t count);

#endif
