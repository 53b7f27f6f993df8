#!/usr/bin/env python3
"""A password that nobody else has goes in by every way there is, and must come out by none.

    secrets.py CMIGRATE sqlite|pg15|pg18|mariadb|mysql

Searched afterwards: all that was printed, all files that were written, the rows of the history, the server's list of
sessions, and the process list while a statement runs.
"""
import os
import resource
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit

MARK = "Halib0t"  # in every form of it, and not in the password of the test servers
USER = f"hostile_user_{os.getpid()}"
PASSWORD = MARK + "/f@s h%"  # needs to be percent-encoded
WHOLE, PARTLY = MARK + "%2Ff%40s%20h%25", MARK + "/f@s h%25"
SLOW = {"sqlite": None, "pg15": "SELECT pg_sleep(3)", "pg18": "SELECT pg_sleep(3)", "mariadb": "DO SLEEP(3)", "mysql": "DO SLEEP(3)"}
SCRIPT = "-- cmigrate: revision aaa\n-- cmigrate: parents\n-- cmigrate: message first\n-- cmigrate: upgrade\nCREATE TABLE t (id INTEGER);\n" \
         "{slow}\n-- cmigrate: downgrade\nDROP TABLE t;\n"


def search(where, content):
    text = content if isinstance(content, str) else content.decode("utf-8", "replace")
    at = text.find(MARK)
    if at >= 0:
        raise AssertionError(f"{where}: the password is there: …{text[max(0, at - 200):at + 40]}…")


def search_files(project, but=()):
    for folder, _, names in os.walk(project.folder):
        for name in names:
            if name not in but:
                with open(os.path.join(folder, name), "rb") as file:
                    search(name, file.read())


def urls_of(engine, url):
    """(the URL with a password, environment), in every form that works."""
    if isinstance(engine, kit.SQLite):
        path = url[len("sqlite:///"):]
        return [(f"sqlite://u:{WHOLE}@/{path}", {})]
    head, tail = f"{url.split('://')[0]}://{USER}", f"@{engine.host}:{engine.port}/{engine.database}"
    found = [(f"{head}:{WHOLE}{tail}", {})]
    if isinstance(engine, kit.Postgres):
        found += [(f"{head}{tail}?password={WHOLE}", {}), (f"{head}{tail}?p%61ssword={WHOLE}&application_name=x", {}),
                  (f"{head}{tail}", {"PGPASSWORD": PASSWORD})]
    else:
        found.append((f"{head}{tail}", {"MYSQL_PWD": PASSWORD}))
    return found


def broken(engine, url):
    """URLs that do not work, each in its own way."""
    head, tail = f"{url.split('://')[0]}://{USER}:", "127.0.0.1:9/none"
    whole = [f"{head}{PARTLY}@{tail}", f"{head}{MARK}%zz@{tail}", f"{head}{MARK}@{tail}?sslmode=wrong&ssl_mode=wrong",
             f"{head}{MARK}@nowhere.invalid/x", f"{head}{MARK}@[::1/x", f"{head}{MARK}@{tail}?nonsense={MARK}".replace("nonsense", "password"),
             f"nonsense://u:{MARK}@h/d", f"postgres:/u:{MARK}@h/d", f"http://u:{MARK}@h", f"{head}{MARK}@h:port/d", f"x://u:{MARK} '\"@h"]
    if not isinstance(engine, kit.SQLite):
        whole += [f"{url.split('://')[0]}://nobody:{MARK}@{engine.host}:{engine.port}/{engine.database}",
                  f"{url.split('://')[0]}://{USER}:{MARK}@{engine.host}:{engine.port}/not_there"]
    return whole


def commands():
    yield from (["current", "-vv"], ["heads", "-v"], ["history", "-v"], ["history", "--format", "json"], ["show", "aaa"], ["check"],
                ["check", "--format", "json"], ["upgrade", "--dry-run"], ["upgrade", "-vv"], ["upgrade", "--format", "json"],
                ["upgrade", "--sql"], ["downgrade", "--sql", "aaa:base"], ["inspect", "-v"], ["inspect", "--format", "json"],
                ["inspect", "-o", "seen.yaml"], ["migrate", "--sql", "-m", "x"], ["migrate", "-m", "more", "--format", "json"],
                ["stamp", "aaa"], ["downgrade", "base", "-vv"], ["validate"], ["branches"], ["nonsense"], ["upgrade", "nonsense"])


def everything(engine, url, project):
    for with_password, env in urls_of(engine, url):
        for command in commands():
            project.call("--url", with_password, *command, env=env)
            project.call(*command, env={**env, "CMIGRATE_URL": with_password})
        project.call("diff", with_password, "schema.yaml", env=env)
        project.call("diff", "schema.yaml", with_password, "--format", "json", env=env)
        project.write("targets", with_password + "\n" + broken(engine, url)[0] + "\n" + MARK.lower() + "\n")
        project.call("upgrade", "--targets", "targets", env=env)
        project.call("upgrade", "--targets", "targets", "--format", "json", env=env)
        made = kit.Project(project.program, "sqlite://")
        made.call("init", "a", "--url", with_password, env=env, status=0)
        made.call("init", "b", env={**env, "DATABASE_URL": with_password}, status=0)
        made.call("init", "c", "--from-database", "--url", with_password, env=env)
        search("init", made.heard)
        search_files(made)
        made.close()
        by_configuration(project, with_password, env)
    os.remove(project.path("targets"))


def by_configuration(project, with_password, env):
    inner = kit.Project(project.program, with_password)
    inner.call("current", status=None, env=env)
    inner.write("cmigrate.yaml", f'url: "{with_password}"\nnonsense: 1\nlock_timeout: "{with_password}"\n')  # shown with its line
    answer = inner.call("current", env=env)
    if WHOLE in with_password and "can be read by others" not in answer.text() and answer.status != 2:
        raise AssertionError("no warning of a readable password: " + answer.text())
    if WHOLE in with_password:
        inner.write("cmigrate.yaml", "url: sqlite://\nenvironments:\n  prod:\n    url: " + f'"{with_password}"\n')
        if "can be read by others" not in inner.call("heads", env=env).text():
            raise AssertionError("no warning of another environment's password")
        inner.write("cmigrate.yaml", 'url: "' + with_password.replace(WHOLE, "${PW}") + '"\n')
        if "can be read by others" in inner.call("current", env={**env, "PW": WHOLE}).text():
            raise AssertionError("a warning of a password that is not in the file")
    search("configuration", inner.heard)
    inner.close()


def wrong_urls(engine, url, project):
    for wrong in broken(engine, url):
        for words in (["--url", wrong, "current"], ["--url", wrong, "upgrade", "--format", "json"], ["diff", wrong, "schema.yaml"], [wrong],
                      ["current", wrong], ["upgrade", wrong], ["show", wrong], ["edit", wrong], ["stamp", wrong], ["--nonsense", wrong],
                      [f"--urll={wrong}"], ["current", "--format", wrong], ["--color", wrong, "current"], ["-c", wrong, "current"],
                      ["--schema", wrong, "validate"], ["-d", wrong, "heads"], ["-n", wrong, "current"], ["--targets", wrong, "upgrade"],
                      ["upgrade", "--targets", wrong], ["upgrade", "--jobs", wrong, "--targets", "x"], ["migrate", "-m", "x", "--rename", wrong]):
            project.call(*words)
        inner = kit.Project(project.program, wrong.replace("\\", "\\\\").replace('"', '\\"'))
        for words in (["current"], ["check", "--format", "json"], ["migrate", "-m", "x"]):
            inner.call(*words)
        search("a wrong URL in the configuration", inner.heard)
        inner.close()


def while_it_runs(engine, url, project):
    slow = SLOW[engine.key]
    if not slow:
        return
    project.write("migrations/a.sql", SCRIPT.format(slow=slow + ";"))
    process, sessions = start_slow(engine, url, project)
    for name in ("cmdline", "comm"):
        with open(f"/proc/{process.pid}/{name}", "rb") as file:
            search("/proc: " + name, file.read())
    search("the server's sessions", sessions)
    said = process.communicate(timeout=60)[0]
    search("a slow run", said)
    if process.returncode:
        raise AssertionError(f"the slow run failed: {said!r}")
    search("its history", kept_rows(engine))
    # what a program that crashes says, and the system of it: its name
    project.call("stamp", "base", status=0)
    engine.script("DROP TABLE t")
    process, _ = start_slow(engine, url, project)
    process.send_signal(signal.SIGSEGV)
    search("a crash", process.communicate(timeout=60)[0])
    if process.returncode != -signal.SIGSEGV:
        raise AssertionError(f"it does not crash, but ends with {process.returncode}")
    while isinstance(engine, kit.Postgres) and engine.rows(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{USER}'"):
        time.sleep(0.05)  # the server goes on with what it was sent


def start_slow(engine, url, project):
    """A run whose statement takes long, and the server's sessions when it is at that."""
    process = subprocess.Popen([project.program, "upgrade", "--url", urls_of(engine, url)[0][0]], cwd=project.folder, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)))
    query = "SELECT row_to_json(a)::text FROM pg_stat_activity a WHERE pid <> pg_backend_pid()" if isinstance(engine, kit.Postgres) else \
        "SELECT HEX(CONCAT_WS(' ', user, host, db, info)) FROM information_schema.processlist WHERE id <> CONNECTION_ID()"
    end = time.monotonic() + 60
    while SLOW[engine.key] not in (sessions := repr(engine.rows(query))):
        if time.monotonic() > end or process.poll() is not None:
            raise AssertionError(f"the slow statement is not seen: {sessions}")
        time.sleep(0.05)
    return process, sessions


def make_user(engine):
    if isinstance(engine, kit.Postgres):
        engine.script(f"DROP ROLE IF EXISTS {USER}; CREATE ROLE {USER} SUPERUSER LOGIN PASSWORD '{PASSWORD}'")
    elif isinstance(engine, kit.MySQL):
        engine.script(f"DROP USER IF EXISTS {USER}@'127.0.0.1'; CREATE USER {USER}@'127.0.0.1' IDENTIFIED BY '{PASSWORD}';"
                      f"GRANT ALL ON *.* TO {USER}@'127.0.0.1' WITH GRANT OPTION")


def drop_user(engine):
    if isinstance(engine, kit.Postgres):
        engine.script(f"REASSIGN OWNED BY {USER} TO postgres; DROP OWNED BY {USER}")
        engine.script(f"DROP ROLE {USER}")
    elif isinstance(engine, kit.MySQL):
        engine.script(f"DROP USER {USER}@'127.0.0.1'")


def kept_rows(engine):
    """The tables that cmigrate keeps, whole, as the engine's client shows them."""
    query = "SELECT * FROM cmigrate_version; SELECT * FROM cmigrate_history;"
    if isinstance(engine, kit.SQLite):
        return repr([engine.rows(each) for each in query.split(";")[:-1]])
    return engine.script(query).stdout


def main():
    program, word = sys.argv[1:3]
    engine = kit.engines(word)
    if engine is None:
        print(f"no {word}")
        return 77
    url = engine.fresh("secrets")
    make_user(engine)
    project = kit.Project(program, url)
    project.write("schema.yaml", "tables: {t: {columns: {id: integer}}, u: {columns: {id: integer}}}\n")
    project.write("migrations/a.sql", SCRIPT.format(slow=""))
    everything(engine, url, project)
    wrong_urls(engine, url, project)
    search("what was printed", project.heard)
    search_files(project)
    search("the history", kept_rows(engine))
    heard = len(project.heard)
    project.close()
    engine.drop()
    url = engine.fresh("slow")
    project = kit.Project(program, url)
    while_it_runs(engine, url, project)
    project.close()
    drop_user(engine)
    engine.drop()
    print(f"ok {engine.name}: {heard} bytes were printed, none of them of the password")
    return 0


if __name__ == "__main__":
    sys.exit(main())
