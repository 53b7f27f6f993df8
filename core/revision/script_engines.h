// script_engines.h -- a new script for several engines: one history, with sections for each.
#ifndef CORE_REVISION_SCRIPT_ENGINES_H
#define CORE_REVISION_SCRIPT_ENGINES_H

#include "core/revision/script.h"

// What it holds for one engine.
typedef struct ScriptPart {
    const Dialect *dialect;
    const StatementList *up, *down;
} ScriptPart;

// The text of a script without a `dialect` line. Where all engines have the same statements for a direction, in the same form,
// one section without an engine holds them; else each engine has sections of its own, an empty one too.
void script_write_engines(StrBuf *out, const Script *head, const ScriptPart *parts, size_t count);

#endif
