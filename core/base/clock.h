// clock.h -- how long something takes. Milliseconds of a clock that is never set, from no particular day on.
#ifndef CORE_BASE_CLOCK_H
#define CORE_BASE_CLOCK_H

// The time now. Only differences mean something.
double now_ms(void);

#endif
