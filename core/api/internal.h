// internal.h -- the handle of the library, as the files of core/api share it.
#ifndef CORE_API_INTERNAL_H
#define CORE_API_INTERNAL_H

#include "core/api/cmigrate.h"
#include "core/apply/apply.h"
#include "core/config/config_read.h"

struct Cmigrate {
    Arena *arena;   // the handle's own
    Arena *scratch; // of the last call: lists that were handed out live in it
    CmigrateOptions options;
    Config config;
    Url url;
    VersionStore store;
    Filter filter;
    NameList folders, schema;
    Db *db;
    const char *message;
    char native[40];
    SourcePos at; // of the last error
    bool stopped; // on_revision said so
};

// Each public function begins with the one and ends with the other.
void call_begin(Cmigrate *m);
CmigrateStatus call_end(Cmigrate *m, bool ok, const Error *err);
bool call_is_open(const Cmigrate *m, Error *err);

// policy.c: `destructive:` of the configuration. ApplyRequest.permits, with a Policy as its payload.
typedef struct Policy {
    Cmigrate *m;
    const Graph *graph;
} Policy;
bool policy_permits(const void *payload, const MoveList *moves, Error *err);

#endif
