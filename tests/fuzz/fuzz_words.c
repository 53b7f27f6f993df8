// Command lines of any words: parsed by the option table of every command, or refused with words; help is made of all.
#include "cli/commands/command.h"
#include "cli/options/options.h"
#include "tests/fuzz/feed.h"

static void check(Arena *arena, const Command *command, int argc, char **argv)
{
    CommonOptions common = { 0 };
    OptTable tables[2] = {
        {common_options, &common}
    };
    size_t count = 1;
    if (command->options)
        tables[count++] = (OptTable){ command->options, arena_alloc(arena, command->options_size) };
    NameList args = { 0 };
    Error err = { 0 };
    int word = options_find_word(argc, argv, common_options);
    if (word < 0 || word >= argc)
        feed_broken("the command is one of the words", argv[0]);
    if (!options_parse(arena, argc, argv, word, tables, count, &args, &err))
        feed_refused(&err, command->name);
    else if (args.count > (size_t)argc)
        feed_broken("more arguments than words", command->name);
}

// Words, each ended by NUL.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 4000)
        return 0;
    Arena *arena = arena_new();
    Feed feed = feed_open(arena, data, size);
    VEC(char *) words = { 0 };
    *VEC_PUSH(arena, &words) = arena_strdup(arena, "cmigrate");
    for (char *word; (word = feed_until(&feed, '\0')) != NULL;)
        *VEC_PUSH(arena, &words) = word;
    int argc = (int)words.count;
    *VEC_PUSH(arena, &words) = NULL;
    for (size_t i = 0; commands[i]; i++)
        check(arena, commands[i], argc, words.items);
    arena_free(arena);
    return 0;
}
