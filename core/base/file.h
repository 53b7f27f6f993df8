// file.h -- whole files: read bounded, written beside and renamed, so that no reader ever sees half of one.
#ifndef CORE_BASE_FILE_H
#define CORE_BASE_FILE_H

#include <stdio.h>

#include "core/base/error.h"
#include "core/base/vec.h"

// Reads a whole file and puts a NUL after it; `limit` bytes at most (0: 64 MiB). ERR_IO with the system's reason. Regular
// files only, and what the caller handed over open (/dev/stdin, /dev/fd/63): nothing that is opened by its name can make us
// wait for ever.
bool file_read(Arena *arena, const char *path, size_t limit, Text *out, Error *err) MUST_USE;

// The same, as a descriptor to be closed by the caller; -1 with ERR_IO.
int file_open(const char *path, Error *err) MUST_USE;

// Writes beside, fsyncs, renames over `path` and fsyncs the folder. A new file gets what umask leaves of mode 0644, an old
// one keeps its own. A link is replaced, not followed; a pipe or device is written into. With `exclusive`, fails if path
// exists already (ERR_IO, "exists already").
bool file_write(const char *path, Text content, bool exclusive, Error *err) MUST_USE;

// The whole of a stream, from its beginning, as a new file: written beside and renamed like that.
bool file_copy(FILE *from, const char *path, Error *err) MUST_USE;

// What changes when a file does, short of somebody setting its times back. False: it is not there, or no regular file.
typedef struct FileState {
    uint64_t device, inode, size;
    int64_t modified, changed; // ns since 1970
} FileState;
bool file_state(const char *path, FileState *out);

// Is there something of that kind at `path`, links followed? False too where it cannot be seen.
bool file_exists(const char *path);
bool folder_exists(const char *path);
bool folder_make(const char *path, Error *err) MUST_USE; // and its parents

// Names (not paths) of the regular files in a folder that end in `suffix`, in byte order. Hidden files are left out.
bool folder_list(Arena *arena, const char *path, const char *suffix, NameList *out, Error *err) MUST_USE;
// Names of the folders in it, in byte order, without hidden ones and links; none where it cannot be listed.
void folder_list_folders(Arena *arena, const char *path, NameList *out);

// The same one by one, in the order in which the system has them.
typedef struct Folder Folder;
Folder *folder_open(Arena *arena, const char *path, const char *suffix, Error *err); // NULL: ERR_IO
const char *folder_next(Folder *folder,
                        bool *regular); // valid until the next; NULL: there are no more. Not a link: *regular
// What one read of a regular file in it gives; -1: nothing, ask file_read why. It does not wait.
ptrdiff_t folder_read(const Folder *folder, const char *name, char *bytes, size_t size);
bool folder_state(const Folder *folder, const char *name, FileState *out); // file_state of a file in it
void folder_close(Folder *folder);

// Does `path` lie in the folder `root`, once links and `..` are followed? What is not there yet counts by where it would be.
bool path_inside(const char *root, const char *path);
const char *path_join(Arena *arena, const char *folder, const char *name); // an absolute name stays as it is
const char *path_folder(Arena *arena, const char *path);                   // "." where there is none
const char *path_base(const char *path);

#endif
