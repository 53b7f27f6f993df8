// sequence_counter.h -- what counts: the options of a sequence, of its own or after a serial or identity column.
#ifndef DRIVERS_POSTGRESQL_RENDER_SEQUENCE_COUNTER_H
#define DRIVERS_POSTGRESQL_RENDER_SEQUENCE_COUNTER_H

#include "drivers/postgresql/render/render.h"

// The settings of a sequence; its type is bigint where it has none.
Numbering pg_numbering_of_sequence(const Sequence *sequence);
// Those that are set, each with a space before it.
void pg_put_numbering(StrBuf *out, const Numbering *numbering);
// " INCREMENT BY 2 NO MAXVALUE": what differs; `set` stands before each ("SET " for an identity column).
void pg_put_numbering_change(StrBuf *out, const Numbering *have, const Numbering *want, const char *set);
// Before such a change: the counter goes where the new bounds and start allow it.
void pg_render_recount(const Render *r, const char *sequence, const Numbering *have, const Numbering *want);

// Before and after a change of a column's type: takes its counter away, and gives it another or changes it.
// Nothing where the counter stays as it is.
void pg_render_stop_counting(const Render *r, const Column *have, const Column *want);
void pg_render_start_counting(const Render *r, const Column *have, const Column *want);

#endif
