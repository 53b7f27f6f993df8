#include "core/db/row_files.h"

#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/rowfile.h"
#include "core/base/sha256.h"

enum { ROWS_OF_A_STATEMENT = 500 };

// Where in a statement the rows belong.
typedef struct Slot {
    size_t from, to; // bytes: from the parenthesis that opens to after the one that closes
    const char *name;
    NameList columns;
} Slot;

// ( :rows 'FILE' "a", "b" )
static bool find_slot(Arena *arena, const Dialect *dialect, const char *sql, Slot *out)
{
    if (!strstr(sql, ":rows"))
        return false;
    TokenList tokens = lex_all(arena, (Text){ sql, strlen(sql) }, dialect->lex);
    for (size_t i = 0; i + 4 < tokens.count; i++) {
        const Token *t = &tokens.items[i];
        if (!token_is(&t[0], "(") || !token_is(&t[1], ":") || !token_is(&t[2], "rows") ||
            t[3].kind != TOKEN_STRING)
            continue;
        *out = (Slot){ .from = (size_t)(t[0].text.p - sql), .name = token_name(arena, &t[3]) };
        for (i += 4; i < tokens.count && !token_is(&tokens.items[i], ")"); i++)
            if (tokens.items[i].kind == TOKEN_NAME)
                *VEC_PUSH(arena, &out->columns) = token_name(arena, &tokens.items[i]);
        out->to = i < tokens.count ? (size_t)(tokens.items[i].text.p + 1 - sql) : strlen(sql);
        return true;
    }
    return false;
}

bool row_file_of(Arena *arena, const Dialect *dialect, const char *sql, const char **name)
{
    Slot slot;
    bool found = find_slot(arena, dialect, sql, &slot);
    if (found && name)
        *name = slot.name;
    return found;
}

typedef struct Filling {
    const Dialect *dialect;
    const char *sql;
    const Slot *slot;
    const RowFile *file;
    const size_t *places; // of the columns in the file
} Filling;

static void put_row(StrBuf *out, const Filling *f, const RowField *fields)
{
    strbuf_putc(out, '(');
    for (size_t i = 0; i < f->slot->columns.count; i++) {
        const char *text = fields[f->places[i]].text;
        strbuf_puts(out, i ? ", " : "");
        if (text)
            f->dialect->put_literal(out, text);
        else
            strbuf_puts(out, "NULL");
    }
    strbuf_putc(out, ')');
}

// One statement after another, each with memory of its own.
static bool run_all(const Filling *f, RowFile *file, RowStatementFn *use, void *payload, Error *err)
{
    bool more = true, ok = true;
    while (ok && more) {
        Arena *arena = arena_new();
        StrBuf out;
        size_t rows = 0;
        strbuf_init(&out, arena);
        strbuf_put(&out, f->sql, f->slot->from);
        while (rows < ROWS_OF_A_STATEMENT && more) {
            const RowField *fields;
            ok = rowfile_next(file, &fields, &more, err);
            if (!ok || !more)
                break;
            strbuf_puts(&out, rows++ ? ", " : "");
            put_row(&out, f, fields);
        }
        strbuf_puts(&out, f->sql + f->slot->to);
        ok = ok && (!rows || use(payload, out.text, err));
        arena_free(arena);
    }
    return ok;
}

static bool find_places(const Slot *slot, const RowFile *file, size_t *places, Error *err)
{
    const NameList *names = rowfile_columns(file);
    for (size_t i = 0; i < slot->columns.count; i++) {
        places[i] = 0;
        while (places[i] < names->count && strcmp(names->items[places[i]], slot->columns.items[i]) != 0)
            places[i]++;
        if (places[i] == names->count)
            return error_set(err, ERR_SCRIPT, "%s has no column '%s'", slot->name, slot->columns.items[i]);
    }
    return true;
}

// data/<64 digits>.csv
static bool is_itself(const char *path, const char *name, Error *err)
{
    char sum[65];
    const char *base = path_base(name);
    if (!file_exists(path)) {
        error_set(err, ERR_SCRIPT, "the file of rows %s is not there", path);
        return error_hint(
            err, "It belongs to the revision as its script does: bring it back from version control.");
    }
    int file = file_open(path, err);
    if (file < 0)
        return false;
    bool read = sha256_file(file, sum);
    close(file);
    if (!read)
        return error_set(err, ERR_IO, "cannot read %s", path);
    if (strncmp(base, sum, 64) == 0)
        return true;
    error_set(err, ERR_SCRIPT, "the file of rows %s was changed: it is not what its name says", path);
    return error_hint(
        err, "Bring it back from version control. Other rows are another revision: cmigrate migrate");
}

bool row_file_statements(const Dialect *dialect, const char *sql, const char *folder, RowStatementFn *use,
                         void *payload, Error *err)
{
    Arena *arena = arena_new();
    Slot slot;
    bool ok;
    if (!find_slot(arena, dialect, sql, &slot)) {
        ok = use(payload, sql, err);
    } else {
        const char *path = path_join(arena, folder, slot.name);
        size_t *places = arena_alloc(arena, (slot.columns.count + 1) * sizeof(size_t));
        RowFile *file = is_itself(path, slot.name, err) ? rowfile_open(arena, path, path, NULL, err) : NULL;
        const Filling filling = { dialect, sql, &slot, file, places };
        ok = file && find_places(&slot, file, places, err) && run_all(&filling, file, use, payload, err);
        rowfile_close(file);
    }
    arena_free(arena);
    return ok;
}

// INSERT INTO table (columns) … VALUES (:rows …) rest, with all columns of the file in its order.
static bool can_load(Arena *arena, const Dialect *dialect, const char *sql, const Slot *slot, RowLoad *out)
{
    TokenList tokens = lex_all(arena, (Text){ sql, slot->from }, dialect->lex);
    size_t open = 2, close = 0, values = tokens.count > 1 ? tokens.count - 2 : 0; // before TOKEN_END
    Error ignored = { 0 };
    while (open < tokens.count && !token_is(&tokens.items[open], "("))
        open++;
    for (close = open; close < tokens.count && !token_is(&tokens.items[close], ")");)
        close++;
    if (!values || close >= values || !token_is(&tokens.items[0], "INSERT") ||
        !token_is(&tokens.items[1], "INTO") || !token_is(&tokens.items[values], "VALUES"))
        return false;
    const char *table = tokens.items[2].text.p, *first = tokens.items[open].text.p;
    out->table = arena_strndup(arena, table, (size_t)(first - table));
    out->columns = arena_strndup(arena, first + 1, (size_t)(tokens.items[close].text.p - first - 1));
    out->before = arena_strndup(arena, sql, (size_t)(tokens.items[values].text.p - sql));
    out->after = sql + slot->to;
    RowFile *file = rowfile_open(arena, out->path, out->path, NULL, &ignored);
    bool same = file && names_equal(rowfile_columns(file), &slot->columns);
    rowfile_close(file);
    return same;
}

// True where the driver took the rows, or failed.
static bool load_at_once(Db *db, const char *sql, const char *folder, bool *ok, Error *err)
{
    Arena *arena = arena_new();
    Slot slot;
    RowLoad load = { 0 };
    bool found = db->driver->load && find_slot(arena, db->dialect, sql, &slot);
    if (found)
        load.path = path_join(arena, folder, slot.name);
    found = found && is_itself(load.path, slot.name, NULL) && can_load(arena, db->dialect, sql, &slot, &load);
    bool refused = false;
    load.refused = &refused;
    if (found)
        *ok = db->driver->load(db, &load, err);
    arena_free(arena);
    return found && !refused;
}

typedef struct Target {
    Db *db;
    NameScope scope;
    uint64_t affected;
} Target;

static bool run_one(void *payload, const char *sql, Error *err)
{
    Target *target = payload;
    bool ok = db_exec_in(target->db, target->scope, sql, err);
    target->affected += target->db->affected;
    return ok;
}

bool db_exec_rows(Db *db, NameScope scope, const char *sql, const char *folder, Error *err)
{
    Target target = { .db = db, .scope = scope };
    bool ok = true;
    db->scope = scope;
    bool loaded = load_at_once(db, sql, folder, &ok, err);
    db->scope = SCOPE_OWN;
    if (loaded)
        return ok;
    ok = row_file_statements(db->dialect, sql, folder, run_one, &target, err);
    db->affected = target.affected;
    return ok;
}
