// The lock of a whole run: an open-file-description lock on one byte of the database file, far behind the bytes that
// SQLite itself locks (lockingv3.html: from 1 GiB on, 512 of them). It leaves no file behind, hinders no reader or
// writer, and ends with the process. Two histories in one file lock two bytes.
#define _GNU_SOURCE
#include "drivers/sqlite/driver/internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const int64_t FIRST_BYTE = (int64_t)1 << 61;

static int64_t byte_of(const char *name)
{
    uint32_t hash = 2166136261u; // FNV-1a
    for (const char *c = name; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 16777619u;
    return FIRST_BYTE + hash;
}

static bool try_lock(Sqlite *self, int64_t byte, short type)
{
    struct flock lock = { .l_type = type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1 };
    return fcntl(self->lock_file, F_OFD_SETLK, &lock) == 0;
}

// Such a lock names no process: the one that has it shows it in /proc/PID/fdinfo. 0: not found.
static long holder_in(const char *pid, const char *inode)
{
    char path[300], text[4096];
    snprintf(path, sizeof(path), "/proc/%s/fdinfo", pid);
    DIR *folder = opendir(path);
    if (!folder)
        return 0;
    long found = 0;
    for (struct dirent *entry; !found && (entry = readdir(folder)) != NULL;) {
        snprintf(path, sizeof(path), "/proc/%s/fdinfo/%s", pid, entry->d_name);
        int file = open(path, O_RDONLY | O_CLOEXEC);
        if (file < 0)
            continue;
        ssize_t n = read(file, text, sizeof(text) - 1);
        close(file);
        text[n > 0 ? n : 0] = '\0';
        const char *lock = strstr(text, "OFDLCK");
        if (lock && strstr(lock, inode))
            found = strtol(pid, NULL, 10);
    }
    closedir(folder);
    return found;
}

static long find_holder(const Sqlite *self)
{
    struct stat info;
    char inode[64];
    if (fstat(self->lock_file, &info) != 0)
        return 0;
    snprintf(inode, sizeof(inode), ":%llu ", (unsigned long long)info.st_ino);
    DIR *proc = opendir("/proc");
    if (!proc)
        return 0;
    long found = 0, own = (long)getpid();
    for (struct dirent *entry; !found && (entry = readdir(proc)) != NULL;)
        if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' && strtol(entry->d_name, NULL, 10) != own)
            found = holder_in(entry->d_name, inode);
    closedir(proc);
    return found;
}

static bool held(const Sqlite *self, unsigned timeout_ms, Error *err)
{
    long holder = find_holder(self);
    if (holder)
        error_set(err, ERR_LOCKED, "another cmigrate (process %ld) holds the lock on %s", holder, self->path);
    else
        error_set(err, ERR_LOCKED, "another cmigrate holds the lock on %s", self->path);
    error_hint(err, "Waited %u ms for it. Try again when it is done, or set a longer lock_timeout.",
               timeout_ms);
    return false;
}

bool sqlite_lock(Db *db, const LockRequest *request, Error *err)
{
    Sqlite *self = sqlite_of(db);
    if (!db->options.lock_timeout_ms) // what a run waits for another run, it waits for any other process
        db->options.lock_timeout_ms = request->timeout_ms;
    sqlite_keep_session(self);
    if (!self->path) // nobody else can see it
        return true;
    if (self->lock_file < 0)
        self->lock_file = open(self->path, O_RDWR | O_CLOEXEC);
    if (self->lock_file < 0)
        return error_set(err, ERR_CONNECT, "cannot open %s to lock it: %s", self->path, strerror(errno));
    int64_t byte = byte_of(request->name ? request->name : "");
    struct timespec start;
    clock_gettime(CLOCK_MONOTONIC, &start);
    char who[96] = "waiting for another cmigrate";
    bool asked = false;
    double told = 0;
    while (!try_lock(self, byte, F_WRLCK)) {
        if (errno != EAGAIN && errno != EACCES && errno != EINTR)
            return error_set(err, ERR_CONNECT, "cannot lock %s: %s", self->path, strerror(errno));
        double waited = sqlite_seconds_since(&start);
        if (waited * 1000 >= request->timeout_ms)
            return held(self, request->timeout_ms, err);
        if (db->options.progress && waited - told >= 0.5) {
            told = waited;
            long holder = asked ? 0 : find_holder(self);
            asked = true;
            if (holder)
                snprintf(who, sizeof(who), "waiting for another cmigrate (process %ld)", holder);
            if (!db->options.progress(db->options.payload, who, waited, -1))
                return error_set(err, ERR_INTERRUPTED, "interrupted while waiting for another cmigrate");
        }
        usleep(5000 + (useconds_t)(getpid() % 16) * 1000);
    }
    self->lock_byte = byte;
    return true;
}

// The descriptor stays open: closing it would drop SQLite's own locks on the file.
void sqlite_unlock(Db *db)
{
    Sqlite *self = sqlite_of(db);
    if (self->lock_byte)
        (void)try_lock(self, self->lock_byte, F_UNLCK);
    self->lock_byte = 0;
}
