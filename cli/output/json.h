// json.h -- one JSON document, written in order, on one line.
//
// Commas and colons come by themselves. Strings are always valid UTF-8: what is not becomes U+FFFD.
//
//     json_open(&j, '{'); json_key(&j, "revision"); json_text(&j, id); json_close(&j, '}');
#ifndef CLI_OUTPUT_JSON_H
#define CLI_OUTPUT_JSON_H

#include "core/base/strbuf.h"
#include "core/base/vec.h"

typedef struct Json {
    StrBuf out;
    bool comma; // the next value needs one in front
} Json;

// Makes `json` ready for one value. Its text is in `arena`; nothing has to be released and nothing fails.
void json_start(Json *json, Arena *arena);
void json_open(Json *json, char bracket); // '{' or '['
// Closes with the bracket that opened: '{' or '['.
void json_close(Json *json, char bracket);
// The key of the next value, within '{'.
void json_key(Json *json, const char *key);
void json_text(Json *json, const char *text); // NULL: null
// Text that is not NUL-terminated, or may not be UTF-8: bytes that are not become U+FFFD.
void json_bytes(Json *json, Text text);
// A plain value each: true or false, a number, null, or a list of texts.
void json_bool(Json *json, bool value);
void json_int(Json *json, long long value);
void json_ms(Json *json, double value); // with three decimals
void json_null(Json *json);
void json_names(Json *json, const NameList *names);
void json_raw(Json *json, const char *document); // one value that is JSON already

// Members, the most frequent use.
void json_put_text(Json *json, const char *key, const char *text);
void json_put_bool(Json *json, const char *key, bool value);
void json_put_int(Json *json, const char *key, long long value);
void json_put_names(Json *json, const char *key, const NameList *names);

#endif
