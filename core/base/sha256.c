#include "core/base/sha256.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <unistd.h>

enum { DIGEST = 32 };

struct Sha256 {
    EVP_MD_CTX *context;
};

static void put_hex(const unsigned char *digest, char out[SHA256_HEX])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < DIGEST; i++) {
        out[2 * i] = digits[digest[i] >> 4];
        out[2 * i + 1] = digits[digest[i] & 15];
    }
    out[2 * DIGEST] = '\0';
}

Sha256 *sha256_begin(void)
{
    Sha256 *sum = calloc(1, sizeof(*sum));
    if (!sum || !(sum->context = EVP_MD_CTX_new()) || !EVP_DigestInit_ex(sum->context, EVP_sha256(), NULL))
        out_of_memory();
    return sum;
}

void sha256_add(Sha256 *sum, Text bytes) { EVP_DigestUpdate(sum->context, bytes.p, bytes.n); }

void sha256_end(Sha256 *sum, char out[SHA256_HEX])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    EVP_DigestFinal_ex(sum->context, digest, NULL);
    EVP_MD_CTX_free(sum->context);
    free(sum);
    put_hex(digest, out);
}

void sha256_hex(Text bytes, char out[SHA256_HEX])
{
    unsigned char digest[DIGEST];
    SHA256((const unsigned char *)bytes.p, bytes.n, digest);
    put_hex(digest, out);
}

bool sha256_file(int file, char out[SHA256_HEX])
{
    char bytes[65536];
    Sha256 *sum = sha256_begin();
    ssize_t n;
    while ((n = read(file, bytes, sizeof(bytes))) > 0)
        sha256_add(sum, (Text){ bytes, (size_t)n });
    sha256_end(sum, out);
    return n == 0;
}
