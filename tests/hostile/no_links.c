// A file system without hard links, for tests: loaded before the C library.
#include <errno.h>
#include <unistd.h>

int link(const char *from, const char *to)
{
    (void)from;
    (void)to;
    errno = EPERM;
    return -1;
}
