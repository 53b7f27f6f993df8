#include "core/apply/pieces.h"

#include <stdio.h>
#include <string.h>

const char *rows_text(Arena *arena, const NameList *rows)
{
    if (!rows->count)
        return "at the base";
    StrBuf out;
    strbuf_init(&out, arena);
    strbuf_puts(&out, "at ");
    for (size_t i = 0; i < rows->count; i++)
        strbuf_printf(&out, "%s%s", i ? ", " : "", rows->items[i]);
    return out.text;
}

static const char *command(const Attempt *attempt)
{
    return attempt->run->unrecorded ? "apply" : attempt->move->direction == UPGRADE ? "upgrade" : "downgrade";
}

static const char *range_text(Arena *arena, size_t last)
{
    return last == 1 ? "statement 1" : arena_printf(arena, "statements 1-%zu", last);
}

// "upgrade of 3f2a9c1b8e07"
static const char *subject(const Attempt *attempt)
{
    return attempt->run->unrecorded
               ? "apply"
               : arena_printf(attempt->arena, "%s of %s", command(attempt), attempt->move->revision->id);
}

// What is in the database now of a script that no version tells of.
static const char *state_unrecorded(const Attempt *attempt, bool lost)
{
    const char *connection = lost ? "The connection was lost. " : "";
    if (!attempt->journal)
        return lost ? "The connection was lost. What was not committed is rolled back by the server."
                    : "Its transaction was rolled back: nothing of it remains.";
    if (!attempt->committed)
        return arena_printf(attempt->arena, "%sNo statement of it is done.", connection);
    return arena_printf(attempt->arena, "%sDone and committed: %s of %zu.", connection,
                        range_text(attempt->arena, attempt->committed), attempt->items.count);
}

static const char *before_pieces(const Attempt *attempt)
{
    return attempt->committed
               ? arena_printf(attempt->arena, "Done and committed: %s of %zu. ",
                              range_text(attempt->arena, attempt->committed), attempt->items.count)
               : "";
}

// What of the revision is in the database now.
static const char *state_text(const Attempt *attempt, bool lost)
{
    Arena *arena = attempt->arena;
    if (attempt->run->unrecorded)
        return state_unrecorded(attempt, lost);
    const char *at = rows_text(arena, &attempt->move->before);
    if (attempt->run->one_transaction)
        return "The transaction of the whole run was rolled back: nothing of it remains.";
    if (!attempt->journal)
        return lost ? arena_printf(arena,
                                   "The connection was lost. What was not committed is rolled back by the "
                                   "server; the database was %s.",
                                   at)
                    : arena_printf(arena,
                                   "Its transaction was rolled back: nothing of this revision remains. The "
                                   "database is %s.",
                                   at);
    const char *connection = lost ? "The connection was lost. " : "";
    if (attempt->mark)
        return arena_printf(
            arena, "%s%s%lu pieces of statement %zu are committed. The database is still recorded %s.",
            connection, before_pieces(attempt), attempt->mark->pieces, attempt->mark->statement, at);
    if (!attempt->committed)
        return arena_printf(arena, "%sNo statement of this revision is done. The database is %s.", connection,
                            at);
    return arena_printf(arena, "%sDone and committed: %s of %zu. The database is still recorded %s.",
                        connection, range_text(arena, attempt->committed), attempt->items.count, at);
}

typedef enum Reason {
    FAILED,
    INTERRUPTED,
    LOCKED_OUT,
    LOST,
    ROWS,
    WRITTEN, // values that the statement itself writes, or rows that they collide with
    RIGHTS,
    READ_ONLY,
    DISK_FULL,
    OUTSIDE
} Reason;

static Reason reason_of_code(const Driver *driver, const char *native)
{
    static const Reason reasons[] = {
        [FAULT_SCRIPT] = FAILED,       [FAULT_ROWS] = ROWS,      [FAULT_RIGHTS] = RIGHTS,
        [FAULT_READ_ONLY] = READ_ONLY, [FAULT_DISK] = DISK_FULL, [FAULT_OUTSIDE] = OUTSIDE,
    };
    for (const FaultCode *it = driver->fault_codes; it && it->code; it++) {
        size_t n = strlen(it->code);
        bool all = n && it->code[n - 1] == '*';
        if (all ? strncmp(native, it->code, n - 1) == 0 : strcmp(native, it->code) == 0)
            return reasons[it->fault];
    }
    return history_tells_values(native) ? ROWS : FAILED;
}

// What to do where the script is not at fault; NULL: it is.
static const char *remedy(Reason reason)
{
    switch (reason) {
    case ROWS: return "The script is not at fault: change the rows that are in the way";
    case RIGHTS: return "The script is not at fault: give the user that right, or connect as one who has it,";
    case READ_ONLY: return "The script is not at fault: make the database writable";
    case DISK_FULL: return "The script is not at fault: free space for the database";
    case LOST: return "The script is not at fault: when the database can be reached again,";
    case FAILED:
    case WRITTEN:
    case INTERRUPTED:
    case OUTSIDE:
    case LOCKED_OUT: break;
    }
    return NULL;
}

// INSERT, UPDATE and the like with values of their own: a SELECT would take them from rows that are there.
static bool writes_own_values(const Attempt *attempt, const Item *item)
{
    if (!item->data)
        return false;
    Lexer lexer;
    lex_init(&lexer, (Text){ item->sql, strlen(item->sql) }, attempt->run->dialect->lex, false);
    for (;;) {
        const Token token = lex_next(&lexer);
        if (token.kind == TOKEN_END || token_is(&token, "SELECT"))
            return token.kind == TOKEN_END;
    }
}

// `item`: the statement that failed; NULL: it was none.
static Reason reason_of(const Attempt *attempt, const Error *cause, bool lost, const Item *item)
{
    const char *gave_up = attempt->run->db->driver->gave_up_code;
    if (cause->code == ERR_INTERRUPTED)
        return INTERRUPTED;
    if (cause->code == ERR_LOCKED || (gave_up && strcmp(cause->native, gave_up) == 0))
        return LOCKED_OUT;
    if (lost)
        return LOST;
    if (item && (item->key_check || (item->statement->assertion && !item->statement->verifies)) &&
        !cause->native[0])
        return ROWS;
    const Reason reason = reason_of_code(attempt->run->db->driver, cause->native);
    return reason == ROWS && item && writes_own_values(attempt, item) ? WRITTEN : reason;
}

// What to change where the script may be at fault; `file`: NULL where there is none.
static const char *correction(const Attempt *attempt, Reason reason, const char *file)
{
    if (reason == WRITTEN)
        return arena_printf(attempt->arena,
                            "Correct the statement in %s, or change the rows that are in the way",
                            file ? file : "the plan");
    return arena_printf(attempt->arena, "Fix %s", file ? file : "the model");
}

// There is no statement to go on at: the next plan is made for what is there then.
static const char *next_unrecorded(const Attempt *attempt, Reason reason)
{
    const char *file = attempt->move->revision->script->path;
    const char *what = remedy(reason);
    if (what)
        what = arena_printf(attempt->arena, "%s%s ", what, what[strlen(what) - 1] == ',' ? "" : ", then");
    else if (reason == FAILED || reason == WRITTEN)
        what = arena_printf(attempt->arena, "%s%s and ", correction(attempt, reason, file),
                            reason == WRITTEN ? "," : "");
    else
        what = "When that is settled, ";
    return file && attempt->journal && attempt->committed
               ? arena_printf(attempt->arena, "%smake a new plan: this one does not fit any more.", what)
               : arena_printf(attempt->arena, "%srun `cmigrate apply%s%s` again.", what, file ? " " : "",
                              file ? file : "");
}

// Nothing is wrong with a script that only came at a bad time.
static const char *next_text(const Attempt *attempt, Reason reason)
{
    Arena *arena = attempt->arena;
    if (attempt->run->unrecorded)
        return next_unrecorded(attempt, reason);
    const char *file = attempt->move->revision->script->path, *word = command(attempt);
    bool begun = attempt->journal && attempt->committed;
    const char *where = attempt->mark
                            ? arena_printf(arena, ": it resumes statement %zu after its last committed piece",
                                           attempt->mark->statement)
                        : begun ? arena_printf(arena, ": it resumes at statement %zu", attempt->committed + 1)
                                : "";
    if (reason == INTERRUPTED)
        return arena_printf(arena, "`cmigrate %s` resumes it.", word);
    if (reason == LOCKED_OUT)
        return arena_printf(arena, "When that lock is free, run `cmigrate %s` again%s.", word, where);
    if (reason == OUTSIDE)
        return arena_printf(arena,
                            "The script is not at fault: run `cmigrate %s` again when that is settled%s.",
                            word, where);
    const char *what = remedy(reason);
    if (what)
        return arena_printf(arena, "%s%s run `cmigrate %s` again%s.", what,
                            what[strlen(what) - 1] == ',' ? "" : ", then", word, where);
    if (attempt->mark)
        return arena_printf(
            arena,
            "Leave the statement as it is, fix what it failed on, and run `cmigrate %s` again%s. Or "
            "change it so that it may run on all rows once more, and begin it again: cmigrate %s "
            "--resume-at %zu",
            word, where, word, attempt->mark->statement);
    const char *fix = correction(attempt, reason, file);
    if (!begun)
        return arena_printf(arena, "%s%s and run `cmigrate %s` again.", fix, reason == WRITTEN ? "," : "",
                            word);
    return arena_printf(arena, "%s, leaving %s as %s, and run `cmigrate %s` again%s.", fix,
                        range_text(arena, attempt->committed), attempt->committed == 1 ? "it is" : "they are",
                        word, where);
}

static const char *foreign_script(const Attempt *attempt)
{
    const char *written_for = attempt->move->revision->script->dialect;
    if (!written_for || strcmp(written_for, attempt->run->dialect->name) == 0)
        return "";
    return arena_printf(attempt->arena, "This script was written for %s. ", written_for);
}

static bool describe(Attempt *attempt, const char *what, SourcePos at, const Item *item, Error *err)
{
    if (!err)
        return false;
    Error cause = *err;
    Db *db = attempt->run->db;
    bool lost = cause.code != ERR_INTERRUPTED && db->driver->alive && !db->driver->alive(db);
    Reason reason = reason_of(attempt, &cause, lost, item);
    if (reason == INTERRUPTED)
        error_at(err, ERR_INTERRUPTED, at, "%s was interrupted", subject(attempt));
    else if (cause.at.file)
        error_at(err, cause.code, cause.at, "%s, %s: %s", subject(attempt), what, cause.message);
    else // a lock that was not free for the first statement: nothing of the revision was tried
        error_at(err, cause.code == ERR_LOCKED && !attempt->committed ? ERR_LOCKED : ERR_REVISION, at,
                 "%s, %s: %s", subject(attempt), what, cause.message);
    error_native(err, cause.native);
    error_detail(err, "%s%s%s", cause.detail, cause.detail[0] ? "\n" : "", state_text(attempt, lost));
    error_hint(err, "%s%s%s%s", cause.hint, cause.hint[0] ? "\n" : "",
               reason == FAILED ? foreign_script(attempt) : "", next_text(attempt, reason));
    return false;
}

// The first line of a statement that is in no file.
static const char *shown(Arena *arena, const Item *item)
{
    size_t n = strcspn(item->sql, "\n");
    bool whole = !item->sql[n];
    return item->statement->at.file || item->statement->assertion
               ? ""
               : arena_printf(arena, ", %.*s%s", (int)n, item->sql, whole ? "" : " …");
}

// The place that the database points at, where the statement was sent as it appears in the file: variables may have moved it.
static SourcePos place_of_fault(const Item *item, unsigned position)
{
    const ScriptStatement *statement = item->statement;
    SourcePos at = statement->at;
    size_t n = statement->sql.n;
    if (!position || !at.file || strlen(item->sql) != n || memcmp(item->sql, statement->sql.p, n) != 0)
        return at;
    for (size_t i = 0; i < n && position > 1; i++) {
        bool starts = ((unsigned char)statement->sql.p[i + 1] & 0xc0) != 0x80;
        position -= starts;
        if (statement->sql.p[i] == '\n') {
            at.line++;
            at.column = 1;
        } else {
            at.column += starts;
        }
    }
    at.length = 0;
    return at;
}

bool failure_of_statement(Attempt *attempt, const Item *item, Error *err)
{
    Error ignored;
    if (!was_interrupted(attempt->run, &ignored) && err) // the statement was cancelled
        err->code = ERR_INTERRUPTED;
    size_t number = (size_t)(item - attempt->items.items) + 1;
    return describe(attempt,
                    arena_printf(attempt->arena, "statement %zu of %zu%s", number, attempt->items.count,
                                 shown(attempt->arena, item)),
                    place_of_fault(item, err ? err->position : 0), item, err);
}

bool failure_of_step(Attempt *attempt, const char *step, Error *err)
{
    return describe(attempt, step, (SourcePos){ attempt->move->revision->script->path, 0, 0, 0 }, NULL, err);
}
