// Runs a fuzz target over every file of the folders and files that it is called with.
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return 1;
    enum { LARGEST = 1 << 20 };
    uint8_t *bytes = malloc(LARGEST);
    size_t n = bytes ? fread(bytes, 1, LARGEST, file) : 0;
    fclose(file);
    // a copy of its exact size, so that a read past the end is found
    uint8_t *exact = malloc(n ? n : 1);
    for (size_t i = 0; exact && i < n; i++)
        exact[i] = bytes[i];
    if (exact)
        (void)LLVMFuzzerTestOneInput(exact, n);
    free(exact);
    free(bytes);
    return 0;
}

int main(int argc, char **argv)
{
    int bad = 0;
    for (int i = 1; i < argc; i++) {
        DIR *folder = opendir(argv[i]);
        if (!folder) {
            bad |= run_file(argv[i]);
            continue;
        }
        for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
            char path[4096];
            if (entry->d_name[0] == '.')
                continue;
            snprintf(path, sizeof(path), "%s/%s", argv[i], entry->d_name);
            bad |= run_file(path);
        }
        closedir(folder);
    }
    return bad;
}
