// internal.h -- what the writers of pictures share.
#ifndef CORE_PICTURE_INTERNAL_H
#define CORE_PICTURE_INTERNAL_H

#include "core/base/visible.h"
#include "core/picture/picture.h"

// Leaves the tables that the options ask for: picture_choose.c. Links between them stay.
bool picture_choose(Picture *picture, Error *err) MUST_USE;

// mermaid.c: the entity of one table, for picture_split to measure.
void picture_put_entity(const Picture *picture, size_t table, StrBuf *out);

#endif
