#include <locale.h>

#include "cli/commands/command.h"

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "C.UTF-8"); // widths of characters
    Arena *arena = arena_new();
    int status = cli_run(arena, argc, argv);
    arena_free(arena);
    return status;
}
