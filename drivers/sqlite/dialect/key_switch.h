// key_switch.h -- how SQLite switches the enforcement of foreign keys, and checks them.
#ifndef DRIVERS_SQLITE_DIALECT_KEY_SWITCH_H
#define DRIVERS_SQLITE_DIALECT_KEY_SWITCH_H

#include "core/dialect/key_switch.h"

extern const KeySwitch sqlite_key_switch;

#endif
