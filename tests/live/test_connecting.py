#!/usr/bin/env python3
"""Ways to a server: passwords, service files, sockets, TLS, several hosts, a pooler. Starts servers of its own."""
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import urllib.parse

import kit
from kit import case, truth

HERE = os.path.dirname(os.path.abspath(__file__))
SERVERS = os.path.join(HERE, "..", "support", "servers.sh")
folder = tempfile.mkdtemp(prefix="cmlive-servers-")
SECRET = "so:me/pa@ss"


def servers(*words):
    subprocess.run([SERVERS, *words], check=True, stdout=subprocess.DEVNULL)


def addresses():
    return dict(line.strip().split("=", 1) for line in open(os.path.join(folder, "env")))


def openssl(*words):
    subprocess.run(["openssl", *words], check=True, capture_output=True)


def certificates(data):
    """An authority, and a server's certificate for 127.0.0.1 and localhost; another authority that signed nothing."""
    where = os.path.join(folder, "tls")
    os.mkdir(where)
    for name in ("root", "other"):
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN=test {name}", "-keyout", f"{where}/{name}.key",
                "-out", f"{where}/{name}.crt")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout", f"{where}/server.key", "-out", f"{where}/server.csr")
    with open(f"{where}/ext", "w") as f:
        f.write("subjectAltName=DNS:localhost\n")
    openssl("x509", "-req", "-in", f"{where}/server.csr", "-CA", f"{where}/root.crt", "-CAkey", f"{where}/root.key", "-CAcreateserial", "-days", "2",
            "-extfile", f"{where}/ext", "-out", f"{where}/server.crt")
    owner = os.stat(data)
    for name in ("server.key", "server.crt"):
        shutil.copy(f"{where}/{name}", f"{data}/{name}")
        os.chmod(f"{data}/{name}", 0o600)
        os.chown(f"{data}/{name}", owner.st_uid, owner.st_gid)
    return where


def start():
    servers("start", folder, "pg15")
    servers("stop", folder)
    data = os.path.join(folder, "pg15", "data")
    certificates(data)
    with open(os.path.join(data, "postgresql.conf"), "a") as f:
        f.write(f"unix_socket_directories = '{folder}/pg15'\nssl = on\npassword_encryption = 'scram-sha-256'\n")
    with open(os.path.join(data, "pg_hba.conf"), "w") as f:
        f.write("local all postgres trust\nhost all postgres 127.0.0.1/32 trust\nhostssl all tls_only all scram-sha-256\n"
                "host all with_password all scram-sha-256\nlocal all with_password scram-sha-256\n")
    servers("start", folder, "pg15", "pgbouncer")
    found = addresses()
    subprocess.run(["psql", "-Xq", found["CMIGRATE_TEST_PG15"] + "/postgres", "-c", f"create role with_password login superuser password '{SECRET}'",
                    "-c", f"create role tls_only login superuser password '{SECRET}'"], check=True)
    os.environ["CMIGRATE_TEST_OWN"] = found["CMIGRATE_TEST_PG15"]
    os.environ["CMIGRATE_TEST_POOLER"] = found["CMIGRATE_TEST_PGBOUNCER"]


def port(t):
    return t.server.rsplit(":", 1)[1]


def url(t, user, query="", password=None, host="127.0.0.1"):
    login = user + (":" + re.sub(r"[^a-z]", lambda m: "%%%02x" % ord(m[0]), password) if password else "")
    return f"postgresql://{login}@{host}:{port(t)}/{t.database}" + (f"?{query}" if query else "")


def fine(t, address, env=None):
    t.write("schema.yaml", "tables: {}\n")
    said = t.must("check", "--url", address, env=env)
    truth(SECRET not in said and "%40ss" not in said, f"a password is said:\n{said}")


def refused(t, address, *says, env=None, status=3):
    t.write("schema.yaml", "tables: {}\n")
    said = t.must("check", "--url", address, env=env, status=status, says=says)
    truth(SECRET not in said and "%40ss" not in said, f"a password is said:\n{said}")


@case
def a_password_comes_from_the_url_the_environment_or_a_file(t):
    fine(t, url(t, "with_password", password=SECRET))
    fine(t, url(t, "with_password"), {"PGPASSWORD": SECRET})
    t.write(".pgpass", f"127.0.0.1:{port(t)}:*:with_password:{SECRET.replace(':', chr(92) + ':')}\n")
    os.chmod(os.path.join(t.path, ".pgpass"), 0o600)
    fine(t, url(t, "with_password"))
    t.write("elsewhere", t.read(".pgpass"))
    os.chmod(os.path.join(t.path, "elsewhere"), 0o600)
    os.remove(os.path.join(t.path, ".pgpass"))
    fine(t, url(t, "with_password"), {"PGPASSFILE": os.path.join(t.path, "elsewhere")})
    fine(t, url(t, "with_password", "passfile=" + os.path.join(t.path, "elsewhere")))


@case
def a_wrong_or_missing_password_says_what_to_do(t):
    refused(t, url(t, "with_password", password="wrong"), "password authentication failed", "~/.pgpass")
    refused(t, url(t, "with_password"), "no password supplied", "PGPASSWORD")


@case
def a_service_names_the_server(t):
    t.write("services", f"[shop]\nhost=127.0.0.1\nport={port(t)}\ndbname={t.database}\nuser=with_password\npassword={SECRET}\n")
    env = {"PGSERVICEFILE": os.path.join(t.path, "services")}
    fine(t, "postgresql:///?service=shop", env)
    fine(t, "postgresql://", {**env, "PGSERVICE": "shop"})
    refused(t, "postgresql:///?service=none", 'definition of service "none" not found', env=env)


@case
def a_database_is_no_connection_string_whatever_it_is_called(t):
    with socket.create_server(("127.0.0.1", 0)) as evil:
        there = f"127.0.0.1 port={evil.getsockname()[1]}"
        names = [f"host={there} dbname=x", f"postgresql://127.0.0.1:{evil.getsockname()[1]}/x", f"postgres?host=127.0.0.1&port={evil.getsockname()[1]}",
                 "service=shop", "x\"y'z"]
        for name in names:
            quoted = name.replace('"', '""')
            t.admin(f'create database "{quoted}" template template0 strategy file_copy')
        try:
            t.write("schema.yaml", "tables: {}\n")
            t.must("revision", "-m", "first")
            t.write("services", f"[shop]\nhost={there.split()[0]}\nport={evil.getsockname()[1]}\n")
            said = t.must("upgrade", "--targets", "SELECT datname FROM pg_database WHERE datname ~ '[^a-z0-9_]'", "--url", url(t, "with_password", password=SECRET),
                          env={"PGSERVICEFILE": os.path.join(t.path, "services"), "PGCONNECT_TIMEOUT": "5"})
            truth(SECRET not in said, f"a password is said:\n{said}")
            evil.setblocking(False)
            try:
                evil.accept()
                truth(False, "a name led to another server")
            except BlockingIOError:
                pass
            for name in names:
                there = t.psql(f"{t.server}/{urllib.parse.quote(name, safe='')}", "select count(*) from cmigrate_version").strip()
                truth(there == "1", f"'{name}' was left out:\n{said}")
        finally:
            for name in names:
                quoted = name.replace('"', '""')
                t.admin(f'drop database "{quoted}" with (force)')


@case
def the_environment_fills_what_the_url_does_not_say(t):
    fine(t, "postgresql://", {"PGHOST": "127.0.0.1", "PGPORT": port(t), "PGUSER": "postgres", "PGDATABASE": t.database})
    refused(t, url(t, "postgres", host="127.0.0.1").replace(port(t), "1"), "Connection refused", "Is the server running", env={"PGPORT": port(t)})


@case
def a_socket_is_named_by_its_folder(t):
    where = f"{folder}/pg15"
    fine(t, f"postgresql://postgres@/{t.database}?host={where}&port={port(t)}")
    fine(t, f"postgresql://postgres@{where.replace('/', '%2F')}:{port(t)}/{t.database}")
    fine(t, f"postgresql:///{t.database}?host={where}&port={port(t)}&user=with_password&password=so%3Ame%2Fpa%40ss")
    refused(t, f"postgresql://postgres@/{t.database}?host={t.path}&port={port(t)}", "No such file or directory", "socket")


@case
def tls_is_required_and_verified_as_the_url_says(t):
    root, other = f"{folder}/tls/root.crt", f"{folder}/tls/other.crt"
    fine(t, url(t, "tls_only", "sslmode=require", SECRET))
    fine(t, url(t, "tls_only", f"sslmode=verify-ca&sslrootcert={root}", SECRET))
    fine(t, url(t, "tls_only", f"sslmode=verify-full&sslrootcert={root}&hostaddr=127.0.0.1", SECRET, host="localhost"))
    refused(t, url(t, "tls_only", f"sslmode=verify-full&sslrootcert={other}&hostaddr=127.0.0.1", SECRET, host="localhost"),
            "certificate verify failed", "sslmode")
    refused(t, url(t, "tls_only", f"sslmode=verify-full&sslrootcert={root}", SECRET), 'does not match host name "127.0.0.1"')
    refused(t, url(t, "tls_only", "sslmode=disable", SECRET), "no pg_hba.conf entry", "sslmode=require")
    refused(t, url(t, "tls_only", "sslmode=verify-full&sslrootcert=/nowhere.crt", SECRET), "/nowhere.crt")


def strips_tls(port):
    """A proxy that answers the client's question for TLS with no."""
    s = socket.create_server(("127.0.0.1", 0))

    def pump(source, to):
        try:
            while data := source.recv(65536):
                to.sendall(data)
        except OSError:
            pass
        for end in (source, to):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def serve(client):
        while (first := client.recv(8)) and struct.unpack(">I", first[4:8])[0] in (80877103, 80877104):  # TLS, GSSAPI
            client.sendall(b"N")
        with socket.create_connection(("127.0.0.1", port)) as server:
            server.sendall(first)
            threading.Thread(target=pump, args=(server, client), daemon=True).start()
            pump(client, server)

    def work():
        while True:
            threading.Thread(target=serve, args=(s.accept()[0],), daemon=True).start()

    threading.Thread(target=work, daemon=True).start()
    return s.getsockname()[1]


@case
def each_sslmode_protects_as_it_says_and_current_tells_how(t):
    root, strip = f"sslrootcert={folder}/tls/root.crt", strips_tls(int(port(t)))
    shown = lambda address: t.must("--url", address, "current", "-v")
    rows = [
        ("sslmode=disable", "Connection: not encrypted"), ("sslmode=allow", "Connection: not encrypted"),
        ("", "Connection: TLS"), ("sslmode=prefer", "server certificate not verified"), ("sslmode=require", "server certificate not verified"),
        (f"sslmode=verify-ca&{root}", "server certificate verified"),
    ]
    for query, says in rows:
        truth(says in (said := shown(url(t, "postgres", query))), f"{query}: {said}")
    said = shown(url(t, "postgres", f"sslmode=verify-full&{root}&hostaddr=127.0.0.1", host="localhost"))
    truth("server certificate and host name verified" in said, said)
    stripped = lambda query: url(t, "postgres", query).replace(f":{port(t)}/", f":{strip}/")
    truth("Connection: not encrypted" in (said := shown(stripped("sslmode=prefer"))), said)
    for mode in ("sslmode=require", f"sslmode=verify-ca&{root}", f"sslmode=verify-full&{root}"):
        refused(t, stripped(mode), "SSL")


@case
def the_first_host_that_answers_is_taken(t):
    fine(t, f"postgresql://postgres@127.0.0.1:1,127.0.0.1:{port(t)}/{t.database}?target_session_attrs=read-write")


@case
def other_parameters_reach_the_server(t):
    t.sql("create schema shop", "create table shop.item (id int)")
    said = t.must("inspect", "--url", url(t, "postgres", "options=-csearch_path%3Dshop&application_name=deploy&connect_timeout=5&keepalives_idle=30"))
    truth("  item:" in said and "shop.item" not in said, said)


@case
def a_parameter_that_libpq_does_not_know_is_an_error_with_the_nearest(t):
    refused(t, url(t, "postgres", "sslmod=require"), "unknown parameter 'sslmod'", "sslmode", status=2)
    refused(t, url(t, "postgres", "sslmode=maybe"), 'invalid sslmode value: "maybe"')


@case
def a_database_that_is_not_there_is_said_with_the_command_that_makes_it(t):
    refused(t, url(t, "postgres").replace(t.database, "nowhere_at_all"), 'database "nowhere_at_all" does not exist', "Create it: cmigrate create-database")


@case
def behind_a_pooler_each_revision_runs_once(t):
    pooled = f"{os.environ['CMIGRATE_TEST_POOLER']}/{t.database}"
    t.config(url=pooled)
    for i in range(3):
        t.must("revision", "-m", f"r{i}")
        path = t.scripts()[-1]
        text = t.read(path)
        with open(path, "w") as f:
            f.write(text.split("-- cmigrate: upgrade")[0] + f"-- cmigrate: upgrade\nCREATE TABLE t{i} (id int);\nSELECT pg_sleep(0.3);\n\n"
                    f"-- cmigrate: downgrade\nDROP TABLE t{i};\n")
    runs = [t.start("upgrade") for _ in range(8)]
    for run in runs:
        out, err = run.communicate(timeout=120)
        truth(run.returncode == 0, f"exit {run.returncode}\n{out}{err}")
    truth(t.sql("select string_agg(revision || state, ' ') from cmigrate_history").count("done") == 3, "more than once")
    truth(t.sql("select count(*) from cmigrate_version") == "1", "more than one version")
    truth(t.sql("select count(*) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())") == "0", "a lock stays")


@case
def behind_a_pooler_nothing_is_left_in_its_sessions_and_the_loop_works(t):
    pooled = f"{os.environ['CMIGRATE_TEST_POOLER']}/{t.database}"
    t.config(url=pooled, lock_timeout="7s", statement_timeout="9s")
    t.sql("create table stock (id int, code varchar(10))", "create view shelf as select code from stock")
    t.model({"code: string(10)": "code: {type: text, default: {sql: \"upper('x')\"}}"})
    t.migrate()
    t.must("upgrade")
    t.must("check")
    t.must("downgrade")
    got = t.psql(pooled, "select current_setting('lock_timeout'), current_setting('statement_timeout'), current_setting('search_path')").strip()
    truth(got == '0|0|"$user", public', got)


@case
def a_run_behind_a_pooler_that_is_killed_leaves_no_lock(t):
    t.config(url=f"{os.environ['CMIGRATE_TEST_POOLER']}/{t.database}")
    t.must("revision", "-m", "long")
    path = t.scripts()[-1]
    text = t.read(path)
    with open(path, "w") as f:
        f.write(text.split("-- cmigrate: upgrade")[0] + "-- cmigrate: upgrade\nSELECT pg_sleep(3);\n\n-- cmigrate: downgrade\n")
    run = t.start("upgrade")
    t.wait("select 1 from pg_stat_activity where datname = current_database() and query like 'SELECT pg_sleep%' and state = 'active'")
    run.send_signal(signal.SIGKILL)
    run.communicate()
    t.must("upgrade")


if __name__ == "__main__":
    try:
        try:
            start()
        except (subprocess.CalledProcessError, FileNotFoundError, KeyError) as e:
            print(f"no servers of its own: {e}")
            sys.exit(77 if not os.environ.get("CMIGRATE_TEST_REQUIRE") else 1)
        sys.exit(kit.main(engines=("own",)))
    finally:
        subprocess.run([SERVERS, "stop", folder])
        shutil.rmtree(folder, ignore_errors=True)
