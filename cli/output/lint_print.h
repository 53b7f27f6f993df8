// lint_print.h -- the findings of lint in the forms that people and programs read, and the pages of its rules.
#ifndef CLI_OUTPUT_LINT_PRINT_H
#define CLI_OUTPUT_LINT_PRINT_H

#include "cli/commands/command.h"
#include "core/lint/lint.h"

typedef struct LintAnswer {
    const Lint *lint;
    const RevisionList *selected; // that were judged
    LintLevel fail_on;            // LINT_OFF: never
} LintAnswer;

// text, json, sarif, github, gitlab, junit; ended by NULL. NULL as `format` is text.
extern const char *const lint_formats[];
void lint_print_as(Session *session, const char *format, const LintAnswer *answer);

// The findings, each format by a function of its own, which lint_print_as() chooses. All of them write to the
// session's standard output; suppressed findings are left out, or marked where the format can.
void lint_print(Session *session, const Lint *lint);
void lint_findings_json(struct Json *json, const Lint *lint); // the member `findings`; NULL: null
void lint_print_json(Session *session, const Lint *lint);
void lint_print_sarif(Session *session, const LintAnswer *answer);
void lint_print_github(Session *session, const LintAnswer *answer);
void lint_print_gitlab(Session *session, const LintAnswer *answer);
void lint_print_junit(Session *session, const LintAnswer *answer);
// One line for each finding that is not suppressed, for a command that is not lint itself; how many there were.
size_t lint_print_short(Session *session, const Lint *lint);

// Does the finding make the exit status 1? `fail_on` LINT_OFF: none does.
bool lint_is_failure(const LintFinding *finding, LintLevel fail_on);
// The file of a finding as the working directory has it, with slashes; NULL: it is in none.
const char *lint_path(Arena *arena, const LintFinding *finding);
// What a finding is the same by when lines move: rule, revision, statement, table, and which of several such it is. 64
// hexadecimal digits. Called in the order of the findings, with the list that the earlier ones left.
const char *lint_fingerprint(Arena *arena, const LintFinding *finding, NameList *earlier);

// lint_pages.c: the rules.
void lint_print_list(Session *session);
bool lint_print_rule(Session *session, const char *name, Error *err) MUST_USE; // --explain
void help_lint(StrBuf *out);                                                   // docs/lint.md
// "d101-drop-table": where a rule's page begins in docs/lint.md.
const char *lint_anchor(Arena *arena, const LintRule *rule);

#endif
