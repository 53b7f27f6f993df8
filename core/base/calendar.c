#include "core/base/calendar.h"

bool is_calendar_day(int year, int month, int day)
{
    static const int longest[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month >= 1 && month <= 12 && day >= 1 && day <= longest[month - 1] + (month == 2 && leap);
}
