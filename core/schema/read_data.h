// read_data.h -- what the files that read `data:` share.
#ifndef CORE_SCHEMA_READ_DATA_H
#define CORE_SCHEMA_READ_DATA_H

#include "core/model/data.h"
#include "core/schema/read.h"

// The entry that is being read. The arrays are by column of its table.
typedef struct DataReader {
    Reader *r;
    DataSet *set;
    NameList key;
    bool *used; // a row mentions it, or it is of the key
    DataRule *rules;
} DataReader;

// A column that takes values; NULL: there is none of that name, or it is generated (an issue says so).
const Column *read_data_column(DataReader *d, const Table *table, const Node *key);
size_t data_place(const Table *table, const Column *column); // of a column of this very table

// read_rows.c: a list of rows, or {default: […], environments: {NAME: […]}}
void read_rows(DataReader *d, const Node *node);

// read_file.c: `file:`; `null` NULL: the format's own
void read_data_file(DataReader *d, const Node *node, const char *null);

#endif
