// tls.h -- how much protection the URL asks of a connection, and whether the connection has it.
//
// `ssl_mode` means what MySQL's documentation says of --ssl-mode, with either client library. MariaDB's Connector/C
// continues without TLS where the server offers none, whatever it was asked for, and loads a plugin that sends
// passwords in clear text. So with that library the checks run as login plugins of this program's own, before
// anything is sent from which a password could be learned.
#ifndef DRIVERS_MYSQL_DRIVER_TLS_H
#define DRIVERS_MYSQL_DRIVER_TLS_H

#include <mysql.h>

#include "core/base/url.h"

#if defined(MARIADB_BASE_VERSION) || defined(MARIADB_PACKAGE_VERSION) || defined(LIBMARIADB)
#define MARIADB_LIBRARY 1
#else
#define MARIADB_LIBRARY 0
#endif

// In the order of the protection that they give.
typedef enum SslMode { SSL_DISABLED, SSL_PREFERRED, SSL_REQUIRED, SSL_CA, SSL_IDENTITY } SslMode;

// What the parameters of the URL come to.
typedef struct TlsRequest {
    SslMode mode;
    bool stated;           // false: `mode` is the default, preferred
    bool ignore_authority; // ssl_verify_cert=false: ssl_ca is not used
    bool cleartext;        // enable_cleartext_plugin=true: a clear-text password may be sent without TLS
} TlsRequest;

// ERR_CONFIG for an unknown value, and for parameters that contradict each other.
bool tls_request(const Url *url, TlsRequest *out, Error *err) MUST_USE;

// Before mysql_real_connect: sets the options of `connection`. `socket`: the connection is made through a Unix socket.
void tls_prepare(MYSQL *connection, const Url *url, const TlsRequest *request, bool socket);

// After it: false with ERR_CONNECT where the connection is not protected as the request demands.
bool tls_confirm(MYSQL *connection, const TlsRequest *request, Error *err) MUST_USE;

// "TLSv1.3, TLS_AES_256_GCM_SHA384, server certificate not verified": for people. The text is of the arena.
const char *tls_describe(Arena *arena, MYSQL *connection, const TlsRequest *request);

// The whole message of a connection that was refused because it would have sent the password in clear text.
extern const char tls_refused_clear_text[];

// tls_plugins.c: MariaDB's library alone.
#if MARIADB_LIBRARY
// Makes the plugins below known to the library. Harmless to repeat; a failure shows when one is asked for.
void tls_register_plugins(MYSQL *connection);
extern const char tls_plugin_required[];  // as default_auth: TLS, before anything is said of the password
extern const char tls_plugin_verified[];  // the same, and a certificate authority was named
extern const char tls_plugin_cleartext[]; // nothing is required, and clear-text passwords are allowed
#endif

#endif
