// A subscription is kept as its CREATE statement and altered in place: recreated it would forget how far it has read.
#include <string.h>
#include <strings.h>

#include "drivers/postgresql/render/render.h"

static const Dialect *const D = &postgresql_dialect;

static StrBuf alter(const Render *r)
{
    StrBuf text = pg_begin(r);
    sql(&text, D, KW("ALTER SUBSCRIPTION"), ID(r->step->want->name));
    return text;
}

static void put_option(StrBuf *text, PgSubscriptionOption option, const char *value)
{
    strbuf_printf(text, "%s = ", pg_subscription_key(option));
    if (option == PG_SUB_SLOT_NAME && strcasecmp(value, "none") == 0)
        strbuf_puts(text, "NONE");
    else
        D->put_literal(text, value);
}

// Two options cannot be set inside of a transaction.
static bool is_alone(PgSubscriptionOption option)
{
    return option == PG_SUB_TWO_PHASE || option == PG_SUB_FAILOVER;
}

// Changes options together as far as the server takes them in one statement; the others each run alone,
// outside a transaction.
static void alter_options(const Render *r, const PgSubscription *old, const PgSubscription *new)
{
    StrBuf together = alter(r);
    size_t head = together.length;
    for (PgSubscriptionOption i = 0; i < PG_SUBSCRIPTION_OPTIONS; i++) {
        if (pg_subscription_same_option(old, new, i) || is_alone(i))
            continue;
        strbuf_puts(&together, together.length == head ? " SET (" : ", ");
        put_option(&together, i, new->options[i]);
    }
    if (together.length > head) {
        strbuf_putc(&together, ')');
        pg_emit(r, &together);
    }
    for (PgSubscriptionOption i = 0; i < PG_SUBSCRIPTION_OPTIONS; i++) {
        if (pg_subscription_same_option(old, new, i) || !is_alone(i))
            continue;
        StrBuf text = alter(r);
        strbuf_puts(&text, " SET (");
        put_option(&text, i, new->options[i]);
        strbuf_putc(&text, ')');
        pg_emit(r, &text)->no_transaction = true;
    }
}

void pg_render_alter_subscription(const Render *r)
{
    PgSubscription old, new;
    if (!pg_subscription_read(r->arena, r->step->have->definition, &old) ||
        !pg_subscription_read(r->arena, r->step->want->definition, &new))
        return;
    if (!pg_subscription_same_connection(r->arena, &old, &new)) {
        StrBuf text = alter(r);
        sql(&text, D, KW("CONNECTION"), LIT(new.connection));
        pg_cost(r, pg_emit(r, &text), NULL, "a password stays only where the model states it");
    }
    if (!pg_subscription_same_publications(&old, &new)) {
        StrBuf text = alter(r);
        sql(&text, D, KW("SET PUBLICATION"));
        VEC_EACH (const char *, name, &new.publications) {
            strbuf_puts(&text, name == new.publications.items ? " " : ", ");
            D->put_identifier(&text, *name);
        }
        sql(&text, D, KW("WITH (refresh = false)"));
        pg_cost(r, pg_emit(r, &text), NULL,
                "ALTER SUBSCRIPTION … REFRESH PUBLICATION then fetches the tables");
    }
    alter_options(r, &old, &new);
}
