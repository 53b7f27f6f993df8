// Database URLs: every form that SQLAlchemy's users write, and no password in what is printed.
#include "tests/support/cmocka_arena.h"

#include <string.h>

#include "core/base/url.h"

static Url parsed(Arena *arena, const char *text)
{
    Url url;
    Error err = { 0 };
    if (!url_parse(arena, text, &url, &err))
        fail_msg("%s: %s", text, err.message);
    return url;
}

static void sqlite_paths(void **state)
{
    assert_string_equal(parsed(*state, "sqlite:///app.db").database, "app.db");
    assert_string_equal(parsed(*state, "sqlite:////var/app.db").database, "/var/app.db");
    assert_string_equal(parsed(*state, "sqlite://").database, "");
    assert_string_equal(parsed(*state, "sqlite:///a%20b%3F.db").database, "a b?.db");
    assert_string_equal(url_param(&(Url){ 0 }, "x") ? "" : "none", "none");
}

static void servers_with_every_part(void **state)
{
    Url url =
        parsed(*state,
               "postgresql+psycopg2://us%40er:p%2Fw@db.example:5433/shop?sslmode=require&application_name=x");
    assert_string_equal(url.scheme, "postgresql");
    assert_string_equal(url.user, "us@er");
    assert_string_equal(url.password, "p/w");
    assert_string_equal(url.host, "db.example");
    assert_string_equal(url.port, "5433");
    assert_string_equal(url.database, "shop");
    assert_string_equal(url_param(&url, "sslmode"), "require");
    assert_null(url_param(&url, "missing"));
}

static void parts_may_be_left_out(void **state)
{
    Url url = parsed(*state, "postgres:///db?host=/run/postgresql");
    assert_null(url.host);
    assert_null(url.user);
    assert_string_equal(url_param(&url, "host"), "/run/postgresql");
    url = parsed(*state, "mysql+pymysql://root@localhost");
    assert_string_equal(url.scheme, "mysql");
    assert_null(url.database);
    assert_null(url.password);
}

static void an_ipv6_host_stands_in_brackets(void **state)
{
    Url url = parsed(*state, "postgresql://[::1]:5432/db");
    assert_string_equal(url.host, "::1");
    assert_string_equal(url.port, "5432");
    assert_string_equal(url_redacted(*state, &url), "postgresql://[::1]:5432/db");
}

static void a_password_may_hold_an_at_sign(void **state)
{
    Url url = parsed(*state, "mysql://u:p@ss@h/db");
    assert_string_equal(url.password, "p@ss");
    assert_string_equal(url.host, "h");
}

// What follows the / would be taken for a host or a database, and be shown.
static void a_password_that_ends_the_authority_early_is_refused(void **state)
{
    static const char *const urls[] = { "postgresql://u:s3/cret@h/db", "postgresql://u:s@3/cret@h/db",
                                        "postgresql://u:s?cret@h/db", "postgresql://u:s@3?cret@h/db",
                                        "postgresql://u:s#3/cret@h" };
    static const char *const fine[] = { "postgresql://u:s#cret@h/db", "postgresql://u:p@ss@h/db?user=a@b",
                                        "postgresql://h:5432/a@b", "sqlite:///a@b.db", "postgresql://h/a@b" };
    for (size_t i = 0; i < COUNT_OF(urls); i++) {
        Url url;
        Error err = { 0 };
        assert_false(url_parse(*state, urls[i], &url, &err));
        assert_null(strstr(err.message, "cret"));
    }
    for (size_t i = 0; i < COUNT_OF(fine); i++)
        (void)parsed(*state, fine[i]);
}

static void no_password_is_printed(void **state)
{
    Url url = parsed(*state, "postgresql://u:s3cret@h/db?password=s3cret&sslpassword=s3cret&options=x");
    const char *text = url_redacted(*state, &url);
    assert_null(strstr(text, "s3cret"));
    assert_string_equal(text, "postgresql://u:***@h/db?password=***&sslpassword=***&options=x");
}

static void what_is_no_url_is_refused_without_repeating_it(void **state)
{
    static const char *const wrong[] = { "",
                                         "s3cret",
                                         "://x",
                                         "sqlite://host/file",
                                         "postgresql://u:s3cret%zz@h/db",
                                         "postgresql://u:s3cret@h:port/db",
                                         "postgresql://u:s3cret@[::1/db",
                                         "postgresql://h/%00",
                                         "postgresql://h/db?a=%4" };
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        Url url;
        Error err = { 0 };
        assert_false(url_parse(*state, wrong[i], &url, &err));
        assert_int_equal(err.code, ERR_CONFIG);
        assert_null(strstr(err.message, "s3cret"));
        assert_true(err.hint[0] != '\0');
    }
}

static void blanked(Arena *arena, const char *text, bool is_url, const char *want)
{
    char *copy = arena_strdup(arena, text);
    url_blank_secrets(copy, is_url);
    assert_string_equal(copy, want);
}

// As somebody mistyped it, in the middle of a sentence, in JSON, in a line of YAML.
static void a_password_is_blanked_wherever_a_url_is_repeated(void **state)
{
    blanked(*state, "unknown command 'postgresql://u:s3cret@h/db'", false,
            "unknown command 'postgresql://u:******@h/db'");
    blanked(*state, "postgres:/u:s3c/ret@h is no URL", false, "postgres:/u:*******@h is no URL");
    blanked(*state, "url: \"mysql://u:a?b#c@h/d?password=x&ssl_ca=/f\", next", false,
            "url: \"mysql://u:*****@h/d?password=*&ssl_ca=/f\", next");
    blanked(*state, "cannot connect to postgresql://u:***@h:5432/d: no role for a@b", false,
            "cannot connect to postgresql://u:***@h:5432/d: no role for a@b");
    blanked(*state, "a://u:x@h and b://v:y@i", false, "a://u:*@h and b://v:*@i");
    blanked(*state, "postgresql://u:two words@h", false, "postgresql://u:*********@h");
    blanked(*state, "postgresql://u:it's \"@h: x@h/d?p%61ssword=z", true,
            "postgresql://u:***********@h/d?p%61ssword=*");
    blanked(*state, "sqlite:///app.db is at base, says ann@host", false,
            "sqlite:///app.db is at base, says ann@host");
    blanked(*state, "postgresql://u@h:5432/d?passfile=/home/u/.pgpass", true,
            "postgresql://u@h:5432/d?passfile=***************");
    blanked(*state, "12:/x: at 3:4 a@b", false, "12:/x: at 3:4 a@b");
}

static void several_hosts_keep_their_ports(void **state)
{
    Url url;
    Error err = { 0 };
    assert_true(url_parse(*state, "postgresql://u@a:1,[::1]:22,c/d?x=y", &url, &err));
    assert_string_equal(url.host, "a,::1,c");
    assert_string_equal(url.port, "1,22,");
    assert_string_equal(url_redacted(*state, &url), "postgresql://u@a:1,[::1]:22,c/d?x=y");
    assert_true(url_parse(*state, "postgresql://a,b/d", &url, &err));
    assert_string_equal(url.host, "a,b");
    assert_null(url.port);
    assert_string_equal(url_redacted(*state, &url), "postgresql://a,b/d");
    assert_false(url_parse(*state, "postgresql://a:1,b:x/d", &url, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(sqlite_paths),
        TEST(servers_with_every_part),
        TEST(parts_may_be_left_out),
        TEST(an_ipv6_host_stands_in_brackets),
        TEST(several_hosts_keep_their_ports),
        TEST(a_password_may_hold_an_at_sign),
        TEST(a_password_that_ends_the_authority_early_is_refused),
        TEST(no_password_is_printed),
        TEST(what_is_no_url_is_refused_without_repeating_it),
        TEST(a_password_is_blanked_wherever_a_url_is_repeated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
