// sha256.h -- SHA-256 by libcrypto, as 64 hexadecimal digits.
#ifndef CORE_BASE_SHA256_H
#define CORE_BASE_SHA256_H

#include "core/base/base.h"

enum { SHA256_HEX = 65 };
void sha256_hex(Text bytes, char out[SHA256_HEX]);

#endif
