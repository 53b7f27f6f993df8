#include <fcntl.h>
#include <locale.h>
#include <unistd.h>

#include "cli/commands/command.h"

// A standard stream that the caller closed would become the next file or socket, and what is printed would go there. What
// takes its place fails as a closed one does.
static bool hold_standard_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
            return false;
    return true;
}

int main(int argc, char **argv)
{
    if (!hold_standard_streams())
        return 2;
    setlocale(LC_CTYPE, "C.UTF-8"); // widths of characters
    Arena *arena = arena_new();
    int status = cli_run(arena, argc, argv);
    arena_free(arena);
    return status;
}
