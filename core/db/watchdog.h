// watchdog.h -- notices that a connection is dead although nobody said so: a firewall that forgot it, a cable that was
// pulled, a host that stands still. Without it a program waits for ever for an answer that cannot come.
//
// A thread per connection. While an answer is waited for longer than `patience_ms`, it asks the server over a new
// connection what became of the session. Where that works on nothing any more, or the server cannot be reached twice in
// a row, it cuts the connection, and whoever waits gets an ordinary error. It can also do something now and then (`beat`).
#ifndef CORE_DB_WATCHDOG_H
#define CORE_DB_WATCHDOG_H

#include "core/base/arena.h"

typedef enum SessionLook {
    LOOK_BUSY,        // it works, or that cannot be told: wait on
    LOOK_IDLE,        // the server has answered, or never got the question
    LOOK_GONE,        // there is no such session any more
    LOOK_UNREACHABLE, // nobody answers
} SessionLook;

typedef struct WatchdogOptions {
    unsigned patience_ms;
    // All are called in the watchdog's thread and have to touch nothing that the connection's own thread uses.
    SessionLook (*look)(void *payload);
    void (*cut)(void *payload);  // shuts the sockets down; they stay open
    bool (*beat)(void *payload); // false: cut. May be NULL
    void *payload;
} WatchdogOptions;

typedef struct Watchdog Watchdog;

Watchdog *watchdog_start(Arena *arena, const WatchdogOptions *options); // NULL: no thread was to be had
void watchdog_stop(Watchdog *dog);                                      // NULL is allowed in all of these
void watchdog_waits(Watchdog *dog);                                     // from now on an answer is waited for
// The answer has come.
void watchdog_answered(Watchdog *dog);
void watchdog_beat(Watchdog *dog, unsigned every_ms); // 0: no more; returns when none is under way
// Has it cut the connection? Then the error of the last call was its doing.
bool watchdog_has_cut(const Watchdog *dog);

#endif
