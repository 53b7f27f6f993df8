// file.h -- whole files: read bounded, written beside and renamed, so that no reader ever sees half of one.
#ifndef CORE_BASE_FILE_H
#define CORE_BASE_FILE_H

#include "core/base/error.h"
#include "core/base/vec.h"

// Reads a whole file and puts a NUL behind it; `limit` bytes at most (0: 64 MiB). ERR_IO with the system's reason.
bool file_read(Arena *arena, const char *path, size_t limit, Text *out, Error *err) MUST_USE;

// Writes beside, fsyncs, renames over `path` and fsyncs the folder. A new file gets mode 0644, an old one keeps its own.
// With `exclusive`, fails if path exists already (ERR_IO, "exists already").
bool file_write(const char *path, Text content, bool exclusive, Error *err) MUST_USE;

bool file_exists(const char *path);
bool folder_exists(const char *path);
bool folder_make(const char *path, Error *err) MUST_USE; // and its parents

// Names (not paths) of the regular files in a folder that end in `suffix`, in byte order. Hidden files are left out.
bool folder_list(Arena *arena, const char *path, const char *suffix, NameList *out, Error *err) MUST_USE;

const char *path_join(Arena *arena, const char *folder, const char *name); // an absolute name stays as it is
const char *path_folder(Arena *arena, const char *path);                   // "." where there is none
const char *path_base(const char *path);

#endif
