#define _GNU_SOURCE
#include "core/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail(Error *err, const char *what, const char *path)
{
    return error_set(err, ERR_IO, "cannot %s %s: %s", what, path, strerror(errno));
}

static bool read_all(Arena *arena, int fd, const char *path, size_t limit, Text *out, Error *err)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return fail(err, "read", path);
    if (S_ISDIR(st.st_mode)) {
        errno = EISDIR;
        return fail(err, "read", path);
    }
    size_t capacity = st.st_size > 0 ? (size_t)st.st_size + 1 : 64 * 1024;
    if (capacity > limit)
        capacity = limit + 1;
    char *bytes = arena_alloc(arena, capacity + 1);
    size_t n = 0;
    for (;;) {
        if (n == capacity) {
            char *wider = arena_alloc(arena, capacity * 2 + 1);
            memcpy(wider, bytes, n);
            bytes = wider;
            capacity *= 2;
        }
        ssize_t got = read(fd, bytes + n, capacity - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail(err, "read", path);
        if (got == 0)
            break;
        n += (size_t)got;
        if (n > limit)
            return error_set(err, ERR_IO, "%s is larger than %zu bytes", path, limit);
        if (S_ISREG(st.st_mode) && n == (size_t)st.st_size && n < capacity)
            break; // fewer than asked for: its end
    }
    bytes[n] = '\0';
    *out = (Text){ bytes, n };
    return true;
}

bool file_read(Arena *arena, const char *path, size_t limit, Text *out, Error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail(err, "read", path);
    bool ok = read_all(arena, fd, path, limit ? limit : (size_t)64 * 1024 * 1024, out, err);
    close(fd);
    return ok;
}

static bool write_all(int fd, Text content)
{
    for (size_t done = 0; done < content.n;) {
        ssize_t put = write(fd, content.p + done, content.n - done);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        done += (size_t)put;
    }
    return true;
}

static void sync_folder(const char *path)
{
    char folder[4096];
    const char *slash = strrchr(path, '/');
    if (!slash)
        snprintf(folder, sizeof(folder), ".");
    else
        snprintf(folder, sizeof(folder), "%.*s", slash == path ? 1 : (int)(slash - path), path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
}

bool file_write(const char *path, Text content, bool exclusive, Error *err)
{
    char beside[4096];
    int n = snprintf(beside, sizeof(beside), "%s.XXXXXX", path);
    if (n < 0 || (size_t)n >= sizeof(beside))
        return error_set(err, ERR_IO, "the path %s is too long", path);
    if (exclusive && file_exists(path)) {
        errno = EEXIST;
        return error_set(err, ERR_IO, "%s exists already", path);
    }
    int fd = mkostemp(beside, O_CLOEXEC);
    if (fd < 0)
        return fail(err, "write", path);
    struct stat st;
    mode_t mode = stat(path, &st) == 0 ? st.st_mode & 07777 : 0644;
    bool ok = fchmod(fd, mode) == 0 && write_all(fd, content) && fsync(fd) == 0;
    if (close(fd) != 0)
        ok = false;
    // link() refuses where a file has come into being meanwhile; rename() would replace it
    if (ok)
        ok = exclusive ? link(beside, path) == 0 : rename(beside, path) == 0;
    int reason = errno;
    if (!ok || exclusive)
        unlink(beside);
    errno = reason;
    if (!ok)
        return fail(err, "write", path);
    sync_folder(path);
    return true;
}

bool file_exists(const char *path) { return access(path, F_OK) == 0; }

bool folder_exists(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool folder_make(const char *path, Error *err)
{
    char part[4096];
    int n = snprintf(part, sizeof(part), "%s", path);
    if (n < 0 || (size_t)n >= sizeof(part))
        return error_set(err, ERR_IO, "the path %s is too long", path);
    for (char *p = part + 1; *p; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        if (mkdir(part, 0755) != 0 && errno != EEXIST)
            return fail(err, "make the folder", part);
        *p = '/';
    }
    if (mkdir(part, 0755) != 0 && (errno != EEXIST || !folder_exists(part)))
        return fail(err, "make the folder", part);
    return true;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool folder_list(Arena *arena, const char *path, const char *suffix, NameList *out, Error *err)
{
    DIR *folder = opendir(path);
    if (!folder)
        return fail(err, "read the folder", path);
    size_t tail = strlen(suffix);
    for (struct dirent *entry; (entry = readdir(folder));) {
        size_t n = strlen(entry->d_name);
        if (entry->d_name[0] == '.' || n <= tail || strcmp(entry->d_name + n - tail, suffix) != 0)
            continue;
        if (entry->d_type == DT_DIR)
            continue;
        *VEC_PUSH(arena, out) = arena_strndup(arena, entry->d_name, n);
    }
    closedir(folder);
    if (out->count)
        qsort(out->items, out->count, sizeof(*out->items), by_bytes);
    return true;
}

const char *path_join(Arena *arena, const char *folder, const char *name)
{
    if (name[0] == '/' || strcmp(folder, ".") == 0 || folder[0] == '\0')
        return arena_strdup(arena, name);
    size_t n = strlen(folder), slash = folder[n - 1] != '/', length = strlen(name);
    char *path = arena_alloc(arena, n + slash + length + 1);
    memcpy(path, folder, n);
    if (slash)
        path[n] = '/';
    memcpy(path + n + slash, name, length);
    return path;
}

const char *path_folder(Arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return ".";
    return arena_strndup(arena, path, slash == path ? 1 : (size_t)(slash - path));
}

const char *path_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}
