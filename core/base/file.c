#define _GNU_SOURCE
#include "core/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/point.h"

static const char *what_to_do(int reason)
{
    switch (reason) {
    case ENOSPC: return "Make room on that file system (df) and do it again: nothing was written.";
    case EDQUOT: return "Make room in that quota and do it again: nothing was written.";
    case EROFS: return "That file system is mounted read-only: write elsewhere, or mount it to be written.";
    case EACCES: return "Check the rights of that file and of the folders that lead to it.";
    default: return NULL;
    }
}

static bool fail(Error *err, const char *what, const char *path)
{
    const char *hint = what_to_do(errno);
    error_set(err, ERR_IO, "cannot %s %s: %s", what, path, strerror(errno));
    return hint && error_hint(err, "%s", hint);
}

// What the caller handed over open (`<(command)`, standard input) may be a pipe. A name in a folder may not: who opens it
// would wait for a writer that need not come.
static bool is_handed_over(const char *path, int fd, mode_t mode)
{
    bool named = strncmp(path, "/dev/", 5) == 0 || strncmp(path, "/proc/self/fd/", 14) == 0;
    return named && (S_ISFIFO(mode) || S_ISSOCK(mode) || isatty(fd));
}

int file_open(const char *path, Error *err)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &st) != 0) {
        fail(err, "read", path);
    } else if (S_ISDIR(st.st_mode)) {
        errno = EISDIR;
        fail(err, "read", path);
    } else if (!S_ISREG(st.st_mode) && !is_handed_over(path, fd, st.st_mode)) {
        error_set(err, ERR_IO, "cannot read %s: it is not a regular file, but a pipe, socket or device",
                  path);
    } else {
        if (!S_ISREG(st.st_mode))
            (void)fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
        return fd;
    }
    if (fd >= 0)
        close(fd);
    return -1;
}

static bool too_large(Error *err, const char *path, size_t limit)
{
    return error_set(err, ERR_IO, "%s is larger than %zu MiB", path, limit >> 20);
}

// Reads to the end rather than to st_size: a file may grow, and pipes and /proc give no size. A regular file
// that ends where it said saves the last read().
static bool read_all(Arena *arena, int fd, const char *path, size_t limit, Text *out, Error *err)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return fail(err, "read", path);
    if (st.st_size > 0 && (size_t)st.st_size > limit)
        return too_large(err, path, limit);
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
            return too_large(err, path, limit);
        if (S_ISREG(st.st_mode) && n == (size_t)st.st_size && n < capacity)
            break; // fewer than asked for: its end
    }
    bytes[n] = '\0';
    *out = (Text){ bytes, n };
    return true;
}

bool file_read(Arena *arena, const char *path, size_t limit, Text *out, Error *err)
{
    int fd = file_open(path, err);
    if (fd < 0)
        return false;
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

// A file of a name of its own beside `path`, with the mode that `path` has or, where it is not there, that umask leaves of
// 0644.
static int open_beside(const char *path, char *beside, size_t size)
{
    struct stat st;
    bool old = stat(path, &st) == 0;
    for (unsigned try = 0; try < 100; try++) {
        snprintf(beside, size, "%s.%ld-%u", path, (long)getpid(), try);
        int fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, old ? 0600 : 0644);
        if (fd < 0 && errno == EEXIST)
            continue;
        if (fd >= 0 && old && fchmod(fd, st.st_mode & 07777) != 0) {
            close(fd);
            unlink(beside);
            return -1;
        }
        return fd;
    }
    return -1;
}

// Fills the new file beside, with a text and then all of a stream (NULL: none); false with errno, or with err where a test made a step fail.
static bool fill(int fd, Text content, FILE *from, Error *err)
{
    char bytes[65536];
    bool ok = fault_point("file: write", err) && write_all(fd, content);
    if (from)
        rewind(from);
    for (size_t n; ok && from && (n = fread(bytes, 1, sizeof(bytes), from)) > 0;)
        ok = write_all(fd, (Text){ bytes, n });
    return ok && !(from && ferror(from)) && fault_point("file: sync", err) && fsync(fd) == 0;
}

// Some file systems have no hard links (FAT, some network and FUSE ones): there the name is taken first, which refuses
// where a file has come into being meanwhile too, and then the full file takes its place.
static bool link_or_take(const char *beside, const char *path)
{
    if (link(beside, path) == 0)
        return true;
    if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS && errno != EMLINK && errno != EACCES)
        return false;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (fd < 0)
        return false;
    close(fd);
    if (rename(beside, path) == 0)
        return true;
    int reason = errno;
    unlink(path);
    errno = reason;
    return false;
}

// link() refuses where a file has come into being meanwhile; rename() would replace it
static bool put_in_place(const char *beside, const char *path, bool exclusive, Error *err)
{
    return fault_point("file: place", err) &&
           (exclusive ? link_or_take(beside, path) : rename(beside, path) == 0);
}

// Writes a file beside `path` and renames it, so that a reader sees the old or the new content and a failure
// leaves no half. With `exclusive` it is linked instead, which fails where the name is taken.
static bool replace(const char *path, Text content, FILE *from, bool exclusive, Error *err)
{
    char beside[4096 + 64];
    if (!fault_point("file: make", err))
        return false;
    int fd = open_beside(path, beside, sizeof(beside));
    if (fd < 0)
        return fail(err, "write", path);
    Error step = { 0 };
    bool ok = fill(fd, content, from, &step);
    int reason = errno;
    if (close(fd) != 0 && ok) {
        ok = false;
        reason = errno;
    }
    if (ok) {
        ok = put_in_place(beside, path, exclusive, &step);
        reason = errno;
    }
    if (!ok || exclusive)
        unlink(beside);
    if (!ok && step.message[0])
        return error_set(err, step.code, "cannot write %s: %s", path, step.message);
    errno = reason;
    if (!ok)
        return fail(err, "write", path);
    sync_folder(path);
    return fault_point("file: placed", err);
}

// A terminal, a pipe, /dev/null: nothing that another file can stand in for.
static bool write_into(const char *path, Text content, Error *err)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return fail(err, "write", path);
    bool ok = write_all(fd, content);
    if (!ok)
        fail(err, "write", path);
    close(fd);
    return ok;
}

bool file_write(const char *path, Text content, bool exclusive, Error *err)
{
    struct stat st;
    if (strlen(path) >= 4096)
        return error_set(err, ERR_IO, "the path %s is too long", path);
    bool there = stat(path, &st) == 0;
    if (exclusive && there)
        return error_set(err, ERR_IO, "%s exists already", path);
    if (there && S_ISDIR(st.st_mode))
        return error_set(err, ERR_IO, "cannot write %s: it is a folder", path);
    if (there && !S_ISREG(st.st_mode))
        return write_into(path, content, err);
    return replace(path, content, NULL, exclusive, err);
}

bool file_copy(FILE *from, const char *path, Error *err)
{
    return replace(path, (Text){ "", 0 }, from, false, err);
}

static bool state_at(int folder, const char *path, FileState *out)
{
    struct stat st;
    if (fstatat(folder, path, &st, 0) != 0 || !S_ISREG(st.st_mode))
        return false;
    *out = (FileState){ .device = st.st_dev,
                        .inode = st.st_ino,
                        .size = (uint64_t)st.st_size,
                        .modified = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec,
                        .changed = (int64_t)st.st_ctim.tv_sec * 1000000000 + st.st_ctim.tv_nsec };
    return true;
}

bool file_state(const char *path, FileState *out) { return state_at(AT_FDCWD, path, out); }

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

struct Folder {
    DIR *entries;
    const char *suffix;
    size_t tail;
};

Folder *folder_open(Arena *arena, const char *path, const char *suffix, Error *err)
{
    DIR *entries = opendir(path);
    if (!entries) {
        fail(err, "read the folder", path);
        return NULL;
    }
    Folder *folder = ARENA_NEW(arena, Folder);
    *folder = (Folder){ entries, suffix, strlen(suffix) };
    return folder;
}

const char *folder_next(Folder *folder, bool *regular)
{
    for (const struct dirent *entry; (entry = readdir(folder->entries));) {
        size_t n = strlen(entry->d_name);
        if (entry->d_name[0] == '.' || n <= folder->tail ||
            strcmp(entry->d_name + n - folder->tail, folder->suffix) != 0 || entry->d_type == DT_DIR)
            continue;
        *regular = entry->d_type == DT_REG;
        return entry->d_name;
    }
    return NULL;
}

ptrdiff_t folder_read(const Folder *folder, const char *name, char *bytes, size_t size)
{
    int fd = openat(dirfd(folder->entries), name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return -1;
    ssize_t n = read(fd, bytes, size);
    close(fd);
    return n;
}

bool folder_state(const Folder *folder, const char *name, FileState *out)
{
    return state_at(dirfd(folder->entries), name, out);
}

void folder_close(Folder *folder) { closedir(folder->entries); }

bool folder_list(Arena *arena, const char *path, const char *suffix, NameList *out, Error *err)
{
    Folder *folder = folder_open(arena, path, suffix, err);
    bool regular;
    if (!folder)
        return false;
    for (const char *name; (name = folder_next(folder, &regular));)
        *VEC_PUSH(arena, out) = arena_strdup(arena, name);
    folder_close(folder);
    if (out->count)
        qsort(out->items, out->count, sizeof(*out->items), by_bytes);
    return true;
}

void folder_list_folders(Arena *arena, const char *path, NameList *out)
{
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder && (entry = readdir(folder)) != NULL;)
        if (entry->d_name[0] != '.' && entry->d_type == DT_DIR)
            *VEC_PUSH(arena, out) = arena_strdup(arena, entry->d_name);
    if (folder)
        closedir(folder);
    if (out->count)
        qsort(out->items, out->count, sizeof(*out->items), by_bytes);
}

bool path_inside(const char *root, const char *path)
{
    char whole[PATH_MAX], part[PATH_MAX], there[PATH_MAX];
    int n = snprintf(part, sizeof(part), "%s%s", path[0] == '/' ? "" : "./", path);
    if (n < 0 || (size_t)n >= sizeof(part) || !realpath(root, whole))
        return false;
    bool climbs = false;
    while (!realpath(part, there)) { // what is not there yet goes into the nearest folder that is
        char *slash = strrchr(part, '/');
        if (!slash)
            return false;
        climbs |= strcmp(slash, "/..") == 0;
        slash[slash == part] = '\0';
    }
    size_t length = strlen(whole);
    return !climbs && strncmp(there, whole, length) == 0 &&
           (there[length] == '/' || there[length] == '\0' || length == 1);
}

const char *path_join(Arena *arena, const char *folder, const char *name)
{
    if (name[0] == '/' || strcmp(folder, ".") == 0 || folder[0] == '\0')
        return arena_strdup(arena, name);
    size_t n = strlen(folder), slash = folder[n - 1] != '/', length = strlen(name);
    char *path = arena_alloc(arena, n + slash + length + 1);
    // the name comes behind it
    // NOLINTNEXTLINE(bugprone-not-null-terminated-result)
    memcpy(path, folder, n);
    if (slash)
        path[n] = '/';
    memcpy(path + n + slash, name, length + 1);
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
