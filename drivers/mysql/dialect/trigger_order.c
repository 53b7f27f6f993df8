// Triggers of one table and event run in an order, which the option `follows` says of all but the first: so the servers
// are read. A model may also say it in the text (FOLLOWS, PRECEDES), or of some of them, or of none.
#include <string.h>
#include <strings.h>

#include "drivers/mysql/dialect/dialect.h"

static const char FOLLOWS[] = "follows";

typedef struct Place {
    Object *trigger;
    const char *event; // "BEFORE INSERT"
    const char *after; // the one that runs before it, of the same group; NULL: no word about it
    bool first_after;  // after that one, before what else follows it
    bool ordered;      // its `after` is known
} Place;
typedef VEC(Place) PlaceList;

// Where the words of a trigger's header are; false: they are not those of CREATE TRIGGER … FOR EACH ROW.
static bool find_header(const TokenList *tokens, size_t *event, size_t *on, size_t *row)
{
    size_t at = 0;
    *event = *on = 0;
    for (; at < tokens->count && !token_is(&tokens->items[at], "for"); at++) {
        const Token *token = &tokens->items[at];
        if (!*event && (token_is(token, "before") || token_is(token, "after")))
            *event = at;
        else if (*event && !*on && token_is(token, "on"))
            *on = at;
    }
    *row = at + 2;
    return *on && *row < tokens->count && token_is(&tokens->items[*row], "row");
}

const char *my_trigger_event(Arena *arena, const Object *trigger)
{
    size_t event, on, row;
    if (!trigger->definition)
        return NULL;
    TokenList tokens =
        lex_all(arena, (Text){ trigger->definition, strlen(trigger->definition) }, mysql_dialect.lex);
    if (!find_header(&tokens, &event, &on, &row))
        return NULL;
    StrBuf out;
    strbuf_init(&out, arena);
    for (size_t i = event; i < on; i++)
        strbuf_printf(&out, i > event ? " %.*s" : "%.*s", (int)tokens.items[i].text.n,
                      tokens.items[i].text.p);
    return out.text;
}

static bool same_group(const Place *a, const Place *b)
{
    return a->event && b->event && strcasecmp(a->event, b->event) == 0 && a->trigger->table &&
           b->trigger->table && strcmp(a->trigger->table, b->trigger->table) == 0;
}

static Place *place_named(const PlaceList *places, const Place *beside, const char *name)
{
    VEC_EACH (Place, it, places)
        if (name && same_group(it, beside) && strcasecmp(it->trigger->name, name) == 0)
            return it;
    return NULL;
}

// The clause of the text becomes what is known of the trigger, and the text says it no more. One that names a trigger
// which the model does not have stays: the server refuses it with that name.
static void take_clause(Arena *arena, const PlaceList *places, Place *place)
{
    size_t event, on, row;
    const char *text = place->trigger->definition;
    TokenList tokens = lex_all(arena, (Text){ text, strlen(text) }, mysql_dialect.lex);
    if (!find_header(&tokens, &event, &on, &row) || row + 2 >= tokens.count)
        return;
    bool precedes = token_is(&tokens.items[row + 1], "precedes");
    if (!precedes && !token_is(&tokens.items[row + 1], FOLLOWS))
        return;
    const Token *name = &tokens.items[row + 2], *last = &tokens.items[row];
    Place *other = place_named(places, place, token_name(arena, name));
    if (!other || other == place)
        return;
    place->trigger->definition = arena_printf(arena, "%.*s%s", (int)(last->text.p + last->text.n - text),
                                              text, name->text.p + name->text.n);
    if (!precedes) {
        place->after = other->trigger->name;
        return;
    }
    place->after = other->after;
    place->first_after = other->after != NULL;
    other->after = place->trigger->name;
}

// All in the order of their names, but for those of whom there are words.
static PlaceList places_of(Arena *arena, const Schema *schema)
{
    PlaceList places = { 0 };
    VEC_EACH (Object *, it, &schema->objects)
        if ((*it)->kind == OBJECT_TRIGGER && (*it)->definition && (*it)->name)
            *VEC_PUSH(arena, &places) = (Place){ .trigger = *it, .event = my_trigger_event(arena, *it) };
    VEC_EACH (Place, it, &places) {
        Place *other = place_named(&places, it, option_get(&it->trigger->options, FOLLOWS));
        it->after = other ? other->trigger->name : NULL;
    }
    VEC_EACH (Place, it, &places)
        take_clause(arena, &places, it);
    return places;
}

static bool is_followed(const PlaceList *places, const Place *place)
{
    VEC_EACH (Place, it, places)
        if (same_group(it, place) && it->after && strcasecmp(it->after, place->trigger->name) == 0)
            return true;
    return false;
}

static bool group_is_ordered(const PlaceList *places, const Place *place)
{
    VEC_EACH (Place, it, places)
        if (same_group(it, place) && it->after)
            return true;
    return false;
}

// A trigger, and what runs behind it. Each says the one before it.
static void put_behind(Arena *arena, PlaceList *places, Place *place, const char **last)
{
    place->ordered = true;
    if (*last)
        option_set(arena, &place->trigger->options, FOLLOWS, *last);
    *last = place->trigger->name;
    for (int turn = 0; turn < 2; turn++)
        VEC_EACH (Place, it, places)
            if (!it->ordered && it->first_after == (turn == 0) && same_group(it, place) && it->after &&
                strcasecmp(it->after, place->trigger->name) == 0)
                put_behind(arena, places, it, last);
}

// Those of whom others speak come first, so that a trigger without a word is added at the end.
static void order_group(Arena *arena, PlaceList *places, Place *one)
{
    const char *last = NULL;
    for (int turn = 0; turn < 2; turn++)
        VEC_EACH (Place, it, places)
            if (!it->ordered && !it->after && same_group(it, one) && is_followed(places, it) == (turn == 0))
                put_behind(arena, places, it, &last);
}

bool my_order_triggers(Arena *arena, Schema *schema, Error *err)
{
    PlaceList places = places_of(arena, schema);
    VEC_EACH (Place, it, &places)
        if (!it->ordered && !it->after && group_is_ordered(&places, it))
            order_group(arena, &places, it);
    VEC_EACH (Place, it, &places)
        if (!it->ordered && it->after) {
            error_at(err, ERR_SCHEMA, it->trigger->at, "trigger '%s' follows itself, by way of '%s'",
                     it->trigger->name, it->after);
            return error_hint(err, "Say of one of them that it runs first.");
        }
    return true;
}
