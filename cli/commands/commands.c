// All commands, in the order in which help lists them.
#include "cli/commands/command.h"

extern const Command cmd_init, cmd_import, cmd_migrate, cmd_revision, cmd_upgrade, cmd_downgrade, cmd_current,
    cmd_status, cmd_test, cmd_wait, cmd_history, cmd_heads, cmd_branches, cmd_show, cmd_merge, cmd_rebase,
    cmd_squash, cmd_stamp, cmd_edit, cmd_check, cmd_lint, cmd_prove, cmd_diff, cmd_erd, cmd_docs, cmd_inspect,
    cmd_validate, cmd_create, cmd_ensure_version, cmd_create_database, cmd_list_templates, cmd_completion,
    cmd_help, cmd_apply;

const Command *const commands[] = {
    &cmd_init,           &cmd_migrate, &cmd_revision,   &cmd_upgrade,        &cmd_downgrade,
    &cmd_current,        &cmd_status,  &cmd_history,    &cmd_heads,          &cmd_branches,
    &cmd_show,           &cmd_merge,   &cmd_rebase,     &cmd_squash,         &cmd_stamp,
    &cmd_edit,           &cmd_check,   &cmd_lint,       &cmd_prove,          &cmd_test,
    &cmd_diff,           &cmd_erd,     &cmd_docs,       &cmd_inspect,        &cmd_validate,
    &cmd_create,         &cmd_apply,   &cmd_import,     &cmd_ensure_version, &cmd_create_database,
    &cmd_list_templates, &cmd_wait,    &cmd_completion, &cmd_help,           NULL,
};
