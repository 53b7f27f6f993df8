#include "core/prove/prove.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/prove/internal.h"

const char *const prove_step_names[PROVE_STEP_COUNT] = { "rows",   "up",   "model", "values",
                                                         "writes", "kill", "down",  "again" };

// --- what is found -------------------------------------------------------------

void found(Proof *proof, ProveStep step, const char *object, SourcePos at, const char *hint, const char *fmt,
           ...)
{
    char text[2048];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    proof->result->steps[step].state = PROVE_FAILS;
    *VEC_PUSH(proof->arena, &proof->result->findings) = (ProveFinding){
        .step = step, .object = object, .text = arena_strdup(proof->arena, text), .hint = hint, .at = at
    };
}

void noted(Proof *proof, ProveStep step, const char *fmt, ...)
{
    char text[1024];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    const char *before = proof->result->steps[step].note;
    proof->result->steps[step].note =
        before ? arena_printf(proof->arena, "%s, %s", before, text) : arena_strdup(proof->arena, text);
}

const char *table_title(Arena *arena, const Table *table)
{
    return table->head.schema ? arena_printf(arena, "%s.%s", table->head.schema, table->head.name)
                              : table->head.name;
}

bool is_same_table(const Table *a, const Table *b)
{
    return same_text(a->head.schema, b->head.schema) && strcmp(a->head.name, b->head.name) == 0;
}

static SourcePos place_in(const Proof *proof, const SectionList *sections, const char *name)
{
    SourcePos first = proof->script.revision_at;
    bool any = false;
    VEC_EACH (Section *, section, sections)
        VEC_EACH (ScriptStatement, it, &(*section)->statements) {
            if (!any)
                first = it->at;
            any = true;
            if (name && *name && !it->assertion && memmem(it->sql.p, it->sql.n, name, strlen(name)))
                return it->at;
        }
    return first;
}

SourcePos up_place(const Proof *proof, const char *name) { return place_in(proof, &proof->up, name); }
SourcePos down_place(const Proof *proof, const char *name) { return place_in(proof, &proof->down, name); }

bool prove_holds(const ProveResult *result) { return result->findings.count == 0; }

// --- the script ----------------------------------------------------------------

static bool read_script(Proof *proof, Error *err)
{
    const Dialect *dialect = proof->prove->db->dialect;
    return script_read_whole(proof->arena, proof->revision->script, &proof->script, err) &&
           script_sections(proof->arena, &proof->script, dialect, UPGRADE, &proof->up, err) &&
           script_sections(proof->arena, &proof->script, dialect, DOWNGRADE, &proof->down, err);
}

static bool note_row(void *payload, const Row *row, Error *err)
{
    (void)row;
    (void)err;
    *(bool *)payload = true;
    return true;
}

bool prove_needs_fresh(Prove *prove, const Revision *revision, bool *out, Error *err)
{
    ProveResult ignored = { 0 };
    Proof proof = { .prove = prove, .revision = revision, .arena = prove->arena, .result = &ignored };
    NameList guards = { 0 };
    *out = false;
    if (!read_script(&proof, err) || !guards_read(&proof, &guards, err))
        return false;
    VEC_EACH (const char *, guard, &guards) {
        Error refusal = { 0 };
        bool gives = false;
        Db *db = prove->db;
        if (!db->driver->begin(db, err))
            return false;
        bool ok = db_query_in(db, SCOPE_SCRIPT, *guard, note_row, &gives, &refusal);
        if (!db->driver->rollback(db, err))
            return false;
        *out |= ok && gives;
    }
    return true;
}

// --- moves ---------------------------------------------------------------------

typedef struct StopAfter {
    size_t left; // statements
    bool stopped;
} StopAfter;

static bool is_stopped(void *payload)
{
    StopAfter *stop = payload;
    if (stop->left-- > 0)
        return false;
    stop->stopped = true;
    return true;
}

static bool move(Proof *proof, Direction direction, StopAfter *stop, Error *err)
{
    Prove *prove = proof->prove;
    VersionStore store = *prove->store;
    const ApplyEvents events = { .interrupted = is_stopped, .payload = stop };
    store.schema = store.history_schema = NULL; // which need not be there
    const ApplyRequest request = {
        .store = &store,
        .graph = prove->graph,
        .direction = direction,
        .target = direction == UPGRADE ? proof->revision->id : "-1",
        .who = prove->who,
        .tool = prove->tool,
        .alone = true,
        .variables = prove->variables,
        .events = stop ? &events : NULL,
        .reached_out = prove->reached_out,
    };
    return apply_run(prove->db, proof->arena, &request, NULL, err);
}

// A revision that fails is what is looked for; anything else ends the proof.
static bool is_finding(const Proof *proof, const Error *failure)
{
    Db *db = proof->prove->db;
    return (failure->code == ERR_REVISION || failure->code == ERR_SCRIPT || failure->code == ERR_SQL) &&
           db->driver->alive(db);
}

// Runs the revision one way. A failure of a statement is a finding about the revision; everything else (a lost
// connection) is an error and false. Of a copy only the code is shown: messages may quote values.
static bool moved(Proof *proof, ProveStep step, Direction direction, Error *err)
{
    Error failure = { 0 };
    if (move(proof, direction, NULL, &failure))
        return true;
    proof->result->spoiled = true;
    if (!is_finding(proof, &failure)) {
        if (err)
            *err = failure;
        return false;
    }
    SourcePos at = failure.at.file ? failure.at : proof->script.revision_at;
    at.file = arena_strdup(proof->arena, at.file);
    const char *hint = step != PROVE_UP
                           ? NULL
                           : "It was run on rows that the schema before it allows. Where it need not run on "
                             "them, say so by a query above it: -- cmigrate: assert TEXT";
    // what a server says may repeat a value: of a copy that is somebody's
    if (proof->prove->copies)
        found(proof, step, NULL, at, hint, "is refused on rows of the copy (code %s)",
              failure.native[0] ? failure.native : "not said");
    else
        found(proof, step, NULL, at, hint, "%s", failure.message);
    return true;
}

// --- steps ---------------------------------------------------------------------

static bool fails(const Proof *proof, ProveStep step)
{
    return proof->result->steps[step].state == PROVE_FAILS;
}

static bool step_up(Proof *proof, Error *err)
{
    size_t statements = 0;
    VEC_EACH (Section *, it, &proof->up)
        statements += (*it)->statements.count;
    noted(proof, PROVE_UP, "%zu statement%s", statements, statements == 1 ? "" : "s");
    if (!parts_declared_lost(proof, err) || !moved(proof, PROVE_UP, UPGRADE, err))
        return false;
    if (fails(proof, PROVE_UP))
        return true;
    bool ok = schema_read_now(proof, &proof->after, err) &&
              image_take(proof->prove->db, &proof->after, &proof->image_before, &proof->image_after, err);
    if (ok)
        losses_read(proof->arena, &proof->script, &proof->before, &proof->after, &proof->losses);
    VEC_EACH (DeclaredLoss, it, &proof->losses)
        if (!it->table)
            found(proof, PROVE_UP, NULL, it->at, "Write: -- cmigrate: loses TABLE[.COLUMN] [reason]",
                  "the directive 'loses' names no table");
    return ok;
}

static bool step_model(Proof *proof, Error *err)
{
    Prove *prove = proof->prove;
    NameList differences = { 0 };
    if (!prove->model || !proof->revision->is_head || prove->graph->heads.count != 1)
        return true;
    proof->result->steps[PROVE_MODEL].state = PROVE_HOLDS;
    if (!prove->model(prove->payload, prove->db, &prove->made, &differences, err))
        return false;
    VEC_EACH (const char *, it, &differences)
        found(proof, PROVE_MODEL, NULL, proof->script.revision_at, "cmigrate migrate writes what is missing.",
              "the model differs: %s", *it);
    if (!differences.count)
        noted(proof, PROVE_MODEL, "equal");
    return true;
}

static bool step_values(Proof *proof, Error *err)
{
    (void)err;
    values_after_up(proof);
    return true;
}

static const RowsMade *tried_before(const Proof *proof, const Table *table)
{
    VEC_EACH (RowsMade, it, &proof->tried)
        if (is_same_table(it->table, table))
            return it;
    return NULL;
}

// Has the revision changed what this table takes? Then a row that it refuses may be ours to blame.
static bool takes_others(const Proof *proof, const ChangeList *changes, const Table *table)
{
    (void)proof;
    VEC_EACH (Change, it, changes) {
        const Table *of = it->have_table ? it->have_table : it->want_table;
        const Object *object = it->have ? it->have : it->want;
        if ((of && strcmp(of->head.name, table->head.name) == 0) || object->kind == OBJECT_TRIGGER)
            return true;
    }
    return false;
}

typedef struct Altered {
    const Proof *proof;
    const ChangeList *changes;
} Altered;

static bool is_altered(void *payload, const Table *table)
{
    const Altered *altered = payload;
    const Schema *after = &altered->proof->after;
    return schema_table(after, table->head.schema, table->head.name) &&
           takes_others(altered->proof, altered->changes, table);
}

// Rows as the application before the revision inserts them: whether they still go in is told, and decides nothing.
static bool try_old_writes(Proof *proof, const ChangeList *changes, Error *err)
{
    Prove *prove = proof->prove;
    Altered altered = { proof, changes };
    RowsMadeList tried = { 0 };
    RowsRequest request = { .schema = &proof->before,
                            .seed = prove->seed,
                            .own_values = prove->own_values,
                            .wants = is_altered,
                            .payload = &altered };
    if (!rows_try_one(prove->db, proof->arena, &request, &tried, err))
        return false;
    VEC_EACH (RowsMade, it, &tried) {
        const RowsMade *before = tried_before(proof, it->table);
        if (!it->made && it->refused && before && before->made)
            noted(proof, PROVE_WRITES, "the application as it was can no longer insert into %s (%s)",
                  table_title(proof->arena, it->table), it->refused);
    }
    return true;
}

// The application must be able to go on: a row more goes into each table that took one before.
static bool step_writes(Proof *proof, Error *err)
{
    Prove *prove = proof->prove;
    ChangeList changes = { 0 };
    RenameList none = { 0 };
    const Schema *renamed;
    RowsMadeList tried = { 0 };
    RowsRequest request = {
        .schema = &proof->after, .seed = prove->seed, .own_values = prove->own_values, .taken = &prove->taken
    };
    if (!diff_schemas(proof->arena, prove->db->dialect, &proof->before, &proof->after, &none, &changes,
                      &renamed, err) ||
        !rows_try_one(prove->db, proof->arena, &request, &tried, err))
        return false;
    size_t taken = 0;
    VEC_EACH (RowsMade, it, &tried) {
        const RowsMade *before = tried_before(proof, it->table);
        taken += it->made;
        if (it->made || it->apart || it->full)
            continue;
        if (before && before->made && !takes_others(proof, &changes, it->table))
            found(proof, PROVE_WRITES,
                  arena_printf(proof->arena, "table %s", table_title(proof->arena, it->table)),
                  up_place(proof, it->table->head.name), NULL, "takes no row any more: %s",
                  it->refused ? it->refused : "refused");
        else
            noted(proof, PROVE_WRITES, "no row could be tried in %s", table_title(proof->arena, it->table));
    }
    if (!fails(proof, PROVE_WRITES) && taken)
        noted(proof, PROVE_WRITES, "a row more in %zu table%s", taken, taken == 1 ? "" : "s");
    prove->tried = tried;
    return try_old_writes(proof, &changes, err);
}

// Downgrades and compares schema and rows with those before the upgrade. A script without downgrade is not
// run, which is no failure.
static bool step_down(Proof *proof, Error *err)
{
    Schema back;
    Image image;
    bool reversible;
    if (!script_reversible(proof->arena, &proof->script, proof->prove->db->dialect, &reversible, err))
        return false;
    if (!reversible) {
        proof->result->steps[PROVE_DOWN].state = PROVE_NOT_RUN;
        noted(proof, PROVE_DOWN, "the script has no downgrade");
        return true;
    }
    if (!moved(proof, PROVE_DOWN, DOWNGRADE, err))
        return false;
    if (fails(proof, PROVE_DOWN))
        return true;
    if (!schema_read_now(proof, &back, err) || !schema_compare(proof, PROVE_DOWN, &proof->before, &back, err))
        return false;
    bool taken = image_take(proof->prove->db, &back, &proof->image_before, &image, err);
    if (taken)
        values_after_down(proof, &image);
    image_free(&image);
    if (!taken)
        return false;
    if (proof->result->losses.count)
        noted(proof, PROVE_DOWN, "%zu declared loss%s", proof->result->losses.count,
              proof->result->losses.count == 1 ? "" : "es");
    proof->result->spoiled |= fails(proof, PROVE_DOWN);
    return true;
}

// Upgrades a second time, from what the downgrade left, and compares with the first upgrade. It finds what a
// downgrade forgets.
static bool step_again(Proof *proof, Error *err)
{
    Schema again;
    Image image;
    if (proof->result->steps[PROVE_DOWN].state != PROVE_HOLDS) {
        proof->result->steps[PROVE_AGAIN].state = PROVE_NOT_RUN;
        return true;
    }
    if (!moved(proof, PROVE_AGAIN, UPGRADE, err))
        return false;
    if (fails(proof, PROVE_AGAIN))
        return true;
    if (!schema_read_now(proof, &again, err) ||
        !schema_compare(proof, PROVE_AGAIN, &proof->after, &again, err))
        return false;
    bool taken = image_take(proof->prove->db, &again, &proof->image_after, &image, err);
    if (taken)
        values_again(proof, &image);
    image_free(&image);
    if (!taken)
        return false;
    proof->result->spoiled |= fails(proof, PROVE_AGAIN);
    Schema *left = ARENA_NEW(proof->arena, Schema);
    *left = again;
    proof->prove->left = left;
    return true;
}

// Stops the upgrade after each statement in turn and lets it go on: what comes out must be the same each time.
static bool step_kill(Proof *proof, Error *err)
{
    if (!proof->prove->kill || proof->result->steps[PROVE_DOWN].state != PROVE_HOLDS)
        return true;
    proof->result->steps[PROVE_KILL].state = PROVE_HOLDS;
    size_t stops = 0;
    for (size_t after = 1;; after++) {
        StopAfter stop = { .left = after };
        Error said = { 0 };
        if (move(proof, UPGRADE, &stop, &said))
            break; // it has fewer statements
        if (!stop.stopped) {
            if (!is_finding(proof, &said)) {
                if (err)
                    *err = said;
                return false;
            }
            found(proof, PROVE_KILL, NULL, said.at.file ? said.at : proof->script.revision_at, NULL, "%s",
                  said.message);
            proof->result->spoiled = true;
            return true;
        }
        stops++;
        Schema now;
        if (!moved(proof, PROVE_KILL, UPGRADE, err))
            return false;
        if (fails(proof, PROVE_KILL))
            return true;
        if (!schema_read_now(proof, &now, err) ||
            !schema_compare(proof, PROVE_KILL, &proof->after, &now, err) ||
            !moved(proof, PROVE_KILL, DOWNGRADE, err))
            return false;
        if (fails(proof, PROVE_KILL))
            return true;
    }
    noted(proof, PROVE_KILL, "stopped and resumed at %zu place%s", stops, stops == 1 ? "" : "s");
    return moved(proof, PROVE_KILL, DOWNGRADE, err);
}

static bool run_step(Proof *proof, ProveStep step, bool (*run)(Proof *, Error *), Error *err)
{
    Prove *prove = proof->prove;
    ProveStepResult *result = &proof->result->steps[step];
    if (prove->tells && !prove->tells(prove->payload, proof->revision, step))
        return error_set(err, ERR_INTERRUPTED, "interrupted");
    double start = now_ms();
    if (step != PROVE_MODEL && step != PROVE_KILL)
        result->state = PROVE_HOLDS;
    bool ok = run(proof, err);
    result->ms = now_ms() - start;
    return ok;
}

static bool run_steps(Proof *proof, Error *err)
{
    if (!read_script(proof, err) || !run_step(proof, PROVE_ROWS, fill_tables, err) ||
        !run_step(proof, PROVE_UP, step_up, err))
        return false;
    // what an engine does not take back of a trial must not be in the way of the downgrade
    bool stays = !(proof->prove->db->dialect->caps & CAN_TRANSACTIONAL_DDL);
    if (fails(proof, PROVE_UP))
        return true;
    return run_step(proof, PROVE_MODEL, step_model, err) && run_step(proof, PROVE_VALUES, step_values, err) &&
           (stays || run_step(proof, PROVE_WRITES, step_writes, err)) &&
           run_step(proof, PROVE_DOWN, step_down, err) && run_step(proof, PROVE_KILL, step_kill, err) &&
           run_step(proof, PROVE_AGAIN, step_again, err) &&
           (!stays || proof->result->spoiled || run_step(proof, PROVE_WRITES, step_writes, err));
}

bool prove_revision(Prove *prove, const Revision *revision, bool fresh, ProveResult *out, Error *err)
{
    Proof proof = {
        .prove = prove, .revision = revision, .arena = prove->arena, .fresh = fresh, .result = out
    };
    *out = (ProveResult){ .revision = revision };
    bool ok = run_steps(&proof, err);
    image_free(&proof.image_before);
    image_free(&proof.image_after);
    return ok;
}
