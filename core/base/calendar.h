// calendar.h -- days of the calendar that ISO 8601 uses.
#ifndef CORE_BASE_CALENDAR_H
#define CORE_BASE_CALENDAR_H

#include <stdbool.h>

// Does the month, from 1 to 12, have this day in this year?
bool is_calendar_day(int year, int month, int day);

#endif
