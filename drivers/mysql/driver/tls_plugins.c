// tls_plugins.c -- login plugins that keep a password from leaving on an unprotected connection (MariaDB's library).
//
// The library sends the first login packet, and with it makes the TLS connection, when the plugin that default_auth
// names writes. The guards below write nothing but an empty packet, look whether TLS is there, and leave the login to
// the plugin that the server then asks for. The two plugins that send passwords as they are replace the library's.
#include "drivers/mysql/driver/tls.h"

#if MARIADB_LIBRARY

#include <errmsg.h>
#include <mysql/plugin_auth.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

// As <mysql/client_plugin.h> has it, which cannot be included where Debian's package lacks a header of its own.
typedef struct LoginPlugin {
    int type;
    unsigned interface_version;
    const char *name, *author, *description;
    unsigned version[3];
    const char *license;
    void *library;
    int (*init)(char *, size_t, int, va_list);
    int (*deinit)(void);
    int (*options)(const char *option, const void *);
    int (*authenticate_user)(MYSQL_PLUGIN_VIO *vio, struct st_mysql *connection);
} LoginPlugin;
enum { LOGIN_PLUGIN = 2, LOGIN_INTERFACE = 0x0100 };

const char tls_plugin_required[] = "cmigrate_tls_required";
const char tls_plugin_verified[] = "cmigrate_tls_verified";
const char tls_plugin_cleartext[] = "cmigrate_cleartext";

static int fail(MYSQL *connection, const char *why)
{
    connection->net.last_errno = CR_SSL_CONNECTION_ERROR;
    snprintf(connection->net.last_error, sizeof(connection->net.last_error), "%s", why);
    snprintf(connection->net.sqlstate, sizeof(connection->net.sqlstate), "HY000");
    return CR_ERROR;
}

static int let_server_choose(MYSQL_PLUGIN_VIO *vio, MYSQL *connection)
{
    (void)connection;
    static const unsigned char nothing[1] = { 0 };
    return vio->write_packet(vio, nothing, 0) == 0 ? CR_OK : CR_ERROR;
}

// Sends the login packet without a word of the password; goes on only where that made the connection TLS.
static int require_tls(MYSQL_PLUGIN_VIO *vio, MYSQL *connection)
{
    if (let_server_choose(vio, connection) != CR_OK)
        return CR_ERROR; // the library has said why
    if (!mysql_get_ssl_cipher(connection))
        return fail(connection, "ssl_mode requires TLS, which the server does not offer");
    return CR_OK;
}

// Without an authority the library would verify nothing. Option files may name one, so it is looked for only now.
static int require_verified(MYSQL_PLUGIN_VIO *vio, MYSQL *connection)
{
    const char *file = NULL, *folder = NULL;
    (void)mysql_get_optionv(connection, MYSQL_OPT_SSL_CA, &file);
    (void)mysql_get_optionv(connection, MYSQL_OPT_SSL_CAPATH, &folder);
    if (!(file && *file) && !(folder && *folder))
        return fail(connection, "verifying the server's certificate needs ssl_ca or ssl_capath");
    return require_tls(vio, connection);
}

// ---- passwords in clear text

static bool may_send(MYSQL *connection)
{
    const char *guard = NULL;
    if (mysql_get_ssl_cipher(connection))
        return true;
    (void)mysql_get_optionv(connection, MYSQL_DEFAULT_AUTH, (void *)&guard);
    return guard && strcmp(guard, tls_plugin_cleartext) == 0;
}

static int refuse(MYSQL *connection) { return fail(connection, tls_refused_clear_text); }

static int send_password(MYSQL_PLUGIN_VIO *vio, MYSQL *connection)
{
    if (!may_send(connection))
        return refuse(connection);
    const char *password = connection->passwd ? connection->passwd : "";
    int failed = vio->write_packet(vio, (const unsigned char *)password, (int)strlen(password) + 1);
    return failed ? CR_ERROR : CR_OK;
}

// PAM's questions: each packet begins with a byte, 2 or 3 for a text and 4 or 5 for a secret; the odd one is the last.
// A question for a secret is answered with the password, any other cannot be.
static int answer_dialog(MYSQL_PLUGIN_VIO *vio, MYSQL *connection)
{
    enum { END = 254, SECRET = 2 };
    for (;;) {
        unsigned char *packet = NULL;
        int length = vio->read_packet(vio, &packet);
        if (length < 0)
            return CR_ERROR;
        if (length > 0 && (packet[0] == 0 || packet[0] == END))
            return CR_OK_HANDSHAKE_COMPLETE;
        if (length > 0 && packet[0] >> 1 != SECRET)
            return fail(connection, "the server asks a question that is not for the password");
        bool last = length > 0 && (packet[0] & 1);
        if (send_password(vio, connection) != CR_OK)
            return CR_ERROR;
        if (last)
            return CR_OK;
    }
}

#define LOGIN(plugin_name, function)                                                                         \
    {                                                                                                        \
        .type = LOGIN_PLUGIN, .interface_version = LOGIN_INTERFACE, .name = (plugin_name),                   \
        .author = "cmigrate", .description = "", .license = "", .authenticate_user = (function)              \
    }

// The library keeps the pointers, and only reads what they lead to. One that an earlier connection has registered it
// refuses, which is no fault.
void tls_register_plugins(MYSQL *connection)
{
    static const LoginPlugin plugins[] = {
        LOGIN(tls_plugin_required, require_tls),
        LOGIN(tls_plugin_verified, require_verified),
        LOGIN(tls_plugin_cleartext, let_server_choose),
        LOGIN("mysql_clear_password", send_password),
        LOGIN("dialog", answer_dialog),
    };
    for (size_t i = 0; i < COUNT_OF(plugins); i++)
        (void)mysql_client_register_plugin(connection,
                                           (struct st_mysql_client_plugin *)(uintptr_t)&plugins[i]);
}

#endif
