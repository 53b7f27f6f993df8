// Rules about lint itself: comments that suppress, statements that are not understood. The first four are found by allow.c.
#include "core/lint/internal.h"

static const LintRule rules[] = {
    {.code = "X101",
     .name = "unused-allow",
     .engines = ON_ALL,
     .level = LINT_WARNING,
     .summary = "A comment allows a rule that found nothing there, or allows it no longer.",
     .why = "A suppression that suppresses nothing hides the next finding at its place.",
     .instead = "remove the comment, or set a new date",
     .aliases = "unused-ignore" },
    { .code = "X102",
     .name = "unknown-rule",
     .engines = ON_ALL,
     .level = LINT_ERROR,
     .summary = "A comment allows a rule that does not exist.",
     .why = "A misspelt rule suppresses nothing, so what was meant to be allowed is reported, or a finding "
             "is feared allowed.", .instead = "`cmigrate lint --list` prints all rules" },
    { .code = "X103",
     .name = "not-understood",
     .engines = ON_ALL,
     .level = LINT_NOTICE,
     .summary = "lint does not know what the statement does.",
     .why = "Its verb is not known and the catalogue did not change, or the scratch database refused it for "
             "a reason that "
             "no rule knows.", .aliases = "unanalyzable" },
    { .code = "X104",
     .name = "allow-without-reason",
     .engines = ON_ALL,
     .level = LINT_OFF,
     .summary = "A comment allows a rule and gives no reason.",
     .why = "The next reader cannot know whether the reason still holds.",
     .instead = "write the reason after the rule" },
    { 0                                                                                    },
};

// The family of these rules is the last.
static bool has_finding(const Judge *judge)
{
    VEC_EACH (LintFinding, it, &judge->lint->findings)
        if (it->revision == judge->revision && it->at.line == judge->statement->at.line &&
            it->statement == judge->number)
            return true;
    return false;
}

static void judge_statement(const Judge *judge)
{
    if (judge->sentence->verb == VERB_OTHER && !judge->changes->count && !judge->statement->assertion)
        lint_found(judge, "X103", NULL, NULL, NULL,
                   "this statement is not understood, so no rule was applied to it");
    else if (judge->refused && !has_finding(judge))
        lint_found(judge, "X103", NULL, NULL, NULL,
                   "the scratch database refuses it, so its effect is not known: %s",
                   judge->refused->message);
}

const LintFamily lint_itself = { .group = "lint", .rules = rules, .statement = judge_statement };
