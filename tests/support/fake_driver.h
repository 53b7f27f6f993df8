// fake_driver.h -- a Driver in front of SQLite's own that writes down what it is asked, and fails or dies when told.
//
// It can behave as an engine without transactional DDL does: each CREATE, DROP and ALTER commits what was open and then
// itself. A death closes the connection without a word, as kill -9 or a lost network does: before the call reached the
// database, or after it, so that the effect is there and nobody heard of it.
#ifndef TESTS_SUPPORT_FAKE_DRIVER_H
#define TESTS_SUPPORT_FAKE_DRIVER_H

#include "core/db/driver.h"

typedef enum FakeFault { FAKE_NONE, FAKE_FAILS, FAKE_DIES_BEFORE, FAKE_DIES_AFTER } FakeFault;

typedef struct FakeDb {
    Db db;
    Db *inner;
    Driver driver;   // db.driver points here
    Dialect dialect; // db.dialect points here
    FakeFault fault;
    size_t at;    // the number of the call that it strikes, from 1
    size_t calls; // of exec, query, begin, commit and lock so far
    bool dead;
    bool implicit_commits; // DDL commits
    bool probes;           // a CREATE TABLE or DROP TABLE can be looked for
    size_t locks;          // taken so far
    NameList log;          // texts of what was executed; BEGIN, COMMIT, ROLLBACK, LOCK
} FakeDb;

// `path`: of the SQLite file. Fails the test when it cannot be opened.
FakeDb *fake_open(Arena *arena, const char *path, bool transactional_ddl);

#endif
