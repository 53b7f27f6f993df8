// environment.h -- variables: those of the process, and those of files that a person or a configuration names (".env").
//
// A file has NAME=VALUE on each line, as shells and docker know it: `export` before it, blanks around the equals sign, and
// comments after # are allowed; '…' is taken as it appears, "…" knows \n \t \" \\ \$ and may go over several lines. ${NAME} and
// ${NAME:-default} are filled in outside of '…', from the file's earlier lines and the process. Nothing is run. What the
// process has already is stronger than a file. No value gets into a message.
#ifndef CORE_CONFIG_ENVIRONMENT_H
#define CORE_CONFIG_ENVIRONMENT_H

#include "core/base/error.h"
#include "core/base/vec.h"

typedef struct Variable {
    const char *name, *value;
} Variable;
typedef VEC(Variable) VariableList;

// Of the process; else of the list, the last of its name; NULL: nowhere. An empty one of the process is there.
const char *variable_value(const VariableList *list, const char *name);

// Appends what the file has. ERR_IO where it cannot be read, ERR_CONFIG with its line.
bool env_file_read(Arena *arena, const char *path, VariableList *out, Error *err) MUST_USE;

// Is there a password among those from place `from` on: a URL with one, or a value whose name says so (PGPASSWORD, MYSQL_PWD)?
// Scratch memory: the arena.
bool variables_hold_password(Arena *arena, const VariableList *list, size_t from);

// Puts them into the process, so that client libraries and hooks see them too; what is there stays. For a program, not for a
// library: another thread may be reading.
void variables_export(const VariableList *list);

// ${NAME} and ${NAME:-default} filled in; $$ is a dollar sign.
typedef struct Fill {
    Arena *arena;
    const char *(*look_up)(void *payload, const char *name);
    void (*missing)(void *payload, const char *name); // it has no value and no default: taken as empty
    void *payload;
} Fill;
// NULL where a ${ has no }.
const char *fill_text(const Fill *fill, const char *text);

#endif
