#include "core/apply/apply.h"

bool version_store_named(Arena *arena, const char *table, VersionStore *out, Error *err)
{
    NameList parts = { 0 };
    if (!name_split(arena, table, &parts) || parts.count == 0 || parts.count > 2)
        return error_set(err, ERR_CONFIG, "version_table cannot be '%s'", table);
    *out = (VersionStore){
        .schema = parts.count == 2 ? parts.items[0] : NULL,
        .table = parts.items[parts.count - 1],
        .history = "cmigrate_history",
        .history_schema = parts.count == 2 ? parts.items[0] : NULL,
    };
    return true;
}
