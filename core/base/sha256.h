// sha256.h -- SHA-256 by libcrypto, as 64 hexadecimal digits.
#ifndef CORE_BASE_SHA256_H
#define CORE_BASE_SHA256_H

#include "core/base/arena.h"

enum { SHA256_HEX = 65 };
// The digest in lower-case hexadecimal, NUL-terminated.
void sha256_hex(Text bytes, char out[SHA256_HEX]);
bool sha256_file(int file, char out[SHA256_HEX]) MUST_USE; // of what can be read from it; false: it cannot

// Piece by piece: begin, add as often as there is more, end, which lets it go.
typedef struct Sha256 Sha256;
Sha256 *sha256_begin(void) MUST_USE;
void sha256_add(Sha256 *sum, Text bytes);
void sha256_end(Sha256 *sum, char out[SHA256_HEX]);

#endif
