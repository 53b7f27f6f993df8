// parity.c -- what the library answers to `check`, for a test that asks the program the same.
//
//     parity CONFIG      prints the number of differences, or "error" where there is no answer
#include "cmigrate.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    const CmigrateOptions options = { .config = argv[1] };
    Cmigrate *m;
    CmigrateCheck check;
    if (cmigrate_open(&options, &m) == CMIGRATE_OK && cmigrate_check(m, &check) == CMIGRATE_OK)
        printf("%zu\n", check.differences);
    else
        printf("error\n");
    fprintf(stderr, "%s\n", cmigrate_message(m));
    cmigrate_close(m);
    return 0;
}
