#!/usr/bin/env python3
"""Files and folders that are not what they should be: pipes, devices, folders, links, too large, too deep, without an end.

    files.py CMIGRATE

Every call ends within seconds and within a bound of memory, with an error that names the file. Nothing is written outside of
the project; what is written has the mode that it should have.
"""
import os
import resource
import shutil
import sqlite3
import stat
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit
from names import is_clean

HEAD = "-- cmigrate: revision {id}\n-- cmigrate: parents {parent}\n-- cmigrate: message m\n"
MODEL = "tables: {t: {columns: {id: integer}}}\n"


def project_of(program, config=""):
    project = kit.Project(program, "sqlite:///app.db", config)
    project.write("schema.yaml", MODEL)
    return project


def refused(project, *words, says, status=(2,), seconds=20):
    began = time.monotonic()
    answer = project.call(*words)
    took = time.monotonic() - began
    if answer.status not in status or not all(each in answer.text() for each in says) or took > seconds:
        raise AssertionError(f"{words}: exit {answer.status} after {took:.1f} s, wanted {says}:\n{answer.text()[:3000]}")
    if len(answer.err) > 100_000:
        raise AssertionError(f"{words}: {len(answer.err)} bytes of error")


def bombs(program):
    """Small files that unfold to much, and deep ones."""
    aliases = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 12))
    merges = "m0: &m0 {a: 1, b: 2}\n" + "".join(f"m{i}: &m{i} {{<<: [{', '.join([f'*m{i - 1}'] * 20)}], k{i}: 1}}\n" for i in range(1, 12))
    for name, text in (("aliases", aliases), ("merges", merges), ("aliases as tables", aliases + "tables: {t: {columns: *a11}}\n"),
                       ("deep lists", "tables: " + "[" * 100_000), ("deep maps", "{a: " * 100_000),
                       ("deep blocks", "".join(" " * i + "a:\n" for i in range(3000))), ("long key", "a" * 3_000_000 + ": 1\n"),
                       ("long line", "tables: {t: {comment: \"" + "x" * 20_000_000 + "\"}}\n"), ("tabs", "\t" * 1_000_000),
                       ("many documents", "---\na: 1\n" * 100_000), ("itself", "a: &a [*a]\ntables: *a\n"),
                       ("quote without an end", "tables: \"" + "x" * 5_000_000)):
        project = project_of(program)
        project.write("schema.yaml", text)
        refused(project, "validate", says=["schema.yaml", "error:"])
        project.write("cmigrate.yaml", text)
        refused(project, "heads", says=["cmigrate.yaml", "error:"])
        project.close()
    project = project_of(program)
    project.write("schema.yaml", "tables:\n  t:\n    columns:\n" + "".join(f"      c{i}: integer\n" for i in range(200_000)))
    answer = project.call("validate")
    if answer.status not in (0, 2):
        raise AssertionError(answer.text())
    project.close()


def large_files(program):
    for name in ("schema.yaml", "cmigrate.yaml", "migrations/a.sql"):
        project = project_of(program)
        if name.endswith(".sql"):
            project.write(name, HEAD.format(id="a", parent="") + "-- cmigrate: upgrade\n")
        with open(project.path(name), "r+b") as file:
            file.truncate(100 << 20)
        refused(project, "validate", says=[name, "larger than"])
        project.close()


def endless(program):
    """Pipes by their names, devices: refused at once. A pipe that the caller hands over is read."""
    for name, words in (("schema.yaml", "validate"), ("cmigrate.yaml", "heads"), ("migrations/a.sql", "heads"), ("migrations/a.sql", "upgrade")):
        for kind in ("pipe", "/dev/zero", "/dev/random", "folder", "nowhere", "itself"):
            project = project_of(program)
            path = project.path(name)
            if os.path.exists(path):
                os.remove(path)
            if kind == "pipe":
                os.mkfifo(path)
            elif kind == "folder":
                os.mkdir(path)
            elif kind == "itself":
                os.symlink(path, path)
            else:
                os.symlink("/nowhere/at/all" if kind == "nowhere" else kind, path)
            if kind == "folder" and name != "cmigrate.yaml":
                project.call(words)  # a folder of model files; in migrations/ it is none of ours
            elif kind in ("nowhere", "itself") and name == "cmigrate.yaml":
                refused(project, words, says=["cmigrate.yaml"])
            else:
                refused(project, words, says=[os.path.basename(name), "error:"])
            project.close()
    project = project_of(program)
    for word in ("/dev/zero", project.path()):
        refused(project, "upgrade", "--targets", word, says=["error:"])
        refused(project, "--schema", word, "--directory", "migrations", "validate", says=[], status=(0, 2))
        refused(project, "-c", word, "heads", says=["error:"])
    os.mkfifo(project.path("targets"))
    refused(project, "upgrade", "--targets", "targets", says=["targets", "error:"])
    given, end = os.pipe()
    os.write(end, MODEL.encode())
    os.close(end)
    with os.fdopen(given, "rb") as file:
        project.call("--schema", "/dev/stdin", "validate", stdin=file, status=0)
    project.close()


def unfinished_scripts(program):
    for text in ("SELECT 'no end", "SELECT \"no end", "/* no end", "CREATE TRIGGER t AFTER INSERT ON t BEGIN SELECT 1;", "(" * 200_000,
                 "BEGIN;" * 50_000, "CASE " * 100_000, "'" * 1_000_001, "\n" * 5_000_000 + "SELECT 1", ";" * 5_000_000,
                 "SELECT " + "${x.a:-" * 100_000):
        project = project_of(program)
        project.write("migrations/a.sql", HEAD.format(id="a", parent="") + "-- cmigrate: upgrade\n" + text)
        refused(project, "validate", says=[], status=(0, 1, 2))
        refused(project, "upgrade", "--sql", says=[], status=(0, 1, 2)) if len(text) < 3_000_000 else None
        refused(project, "upgrade", says=[], status=(0, 1, 2, 3, 4))
        project.close()
    project = project_of(program)
    project.write("migrations/a.sql", HEAD.format(id="a", parent=", ".join(f"p{i}" for i in range(20_000))) + "-- cmigrate: upgrade\nSELECT 1;\n")
    refused(project, "heads", says=["a.sql"], status=(2,))
    project.close()


def nul_bytes(program):
    """In no file that is read does a NUL hide what stands behind it."""
    def refuses(name, content, *words, says="NUL", config=""):
        project = project_of(program, config)
        os.makedirs(os.path.dirname(project.path(name)), exist_ok=True)
        project.write(name, content)
        refused(project, *words, says=[says])
        if any("second" in each for each in os.listdir(project.folder) + os.listdir(project.path("migrations"))) or project.scripts() != \
                ([project.path(name)] if name.endswith("a.sql") and "migrations" in name else []):
            raise AssertionError(f"{name}: something was written: {os.listdir(project.folder)} {project.scripts()}")
        project.close()
    refuses("cmigrate.yaml", "url: sqlite:///app.db\n\0", "heads", says="control characters")
    refuses("cmigrate.yaml", 'url: "sqlite:///app.db\\0x"\n', "upgrade")
    refuses("schema.yaml", MODEL + "\0more: 1\n", "migrate", "-m", "x", says="control characters")
    refuses("schema.yaml", MODEL.replace("{t:", '{"t\\0x":'), "migrate", "-m", "x")
    refuses("models/a.yaml", MODEL + "\0", "--schema", "models", "migrate", "-m", "x", says="control characters")
    head = HEAD.format(id="a", parent="")
    refuses("migrations/a.sql", head.replace("message m", "message \0 m") + "-- cmigrate: upgrade\nSELECT 1;\n", "heads")
    for words in (["upgrade"], ["upgrade", "--sql"], ["validate"], ["show", "-v"]):
        refuses("migrations/a.sql", head + "-- cmigrate: upgrade\nSELECT 1;\0SELECT 2;\n", *words)
    refuses("form.sql", "-- {revision}\n{script}\n\0-- end\n", "revision", "-m", "x", config="template: form.sql\n")
    for tool, name, before in (("flyway", "V1__x.sql", ""), ("goose", "1_x.sql", "-- +goose Up\n"), ("dbmate", "1_x.sql", "-- migrate:up\n"),
                               ("golang-migrate", "1_x.up.sql", "")):
        refuses("theirs/" + name, before + "CREATE TABLE a (x int);\nCREATE TABLE b\0 (x int);\n", "import", tool, "theirs", "--no-stamp")
    project = project_of(program)
    project.write("targets", b"sqlite:///first.db\0x\n  sqlite:///good.db\t\r\nsqlite:///third.db" + b" " * 9000 + b"sqlite:///fourth.db\nsqlite:///last.db")
    answer = project.call("upgrade", "--targets", "targets", "--jobs", "1", status=2)
    made = sorted(name for name in os.listdir(project.folder) if name.endswith(".db"))
    if answer.text().count("failed  a line that is too long, or has a nul byte") != 2 or answer.text().count("same ") != 2 or not set(made) <= {"good.db", "last.db"}:
        raise AssertionError(f"targets: {made}\n{answer.text()}")
    project.close()


def outside(program):
    """What cmigrate.yaml names relative to itself does not lead out of the project, by `..` or by a link."""
    for config in ("directory: ../out\n", "directory: migrations/../../out\n", "directory: link\n", "directory: link/deeper\n",
                   'file_template: "../../out/{revision}"\n', 'file_template: "../{revision}"\n', 'file_template: "link/{revision}"\n'):
        project = project_of(program, "")
        elsewhere = project.path() + "-elsewhere"
        os.mkdir(elsewhere)
        os.mkdir(project.path("inner"))
        os.symlink(elsewhere, project.path("link"))
        project.write("cmigrate.yaml", "url: sqlite:///app.db\n" + config)
        before = set(os.listdir(os.path.dirname(project.folder)))
        refused(project, "migrate", "-m", "x", says=["error:", "hint:"])
        refused(project, "revision", "-m", "x", says=["error:"])
        if os.listdir(elsewhere) or "out" in set(os.listdir(os.path.dirname(project.folder))) - before:
            raise AssertionError(f"{config}: written outside")
        if "directory" in config and "link" in config:  # said on the command line, or as an absolute path, it is meant
            project.call("migrate", "-m", "x", "--directory", elsewhere, status=0)
            project.write("cmigrate.yaml", f"url: sqlite:///app.db\ndirectory: {elsewhere}\n")
            project.call("upgrade", status=0)
        for name in os.listdir(elsewhere):
            os.remove(os.path.join(elsewhere, name))
        os.rmdir(elsewhere)
        project.close()
    project = project_of(program)
    for word in ("../x", "a/b", "/x", "..", "a\nb", "x" * 5000):
        refused(project, "migrate", "-m", "x", "--rev-id", word, says=["error:"])
    project.call("migrate", "-m", "../../x/../y", "--rev-id", "aa1", status=0)
    if [os.path.dirname(path) for path in project.scripts()] != [project.path("migrations")]:
        raise AssertionError("a message led out of the folder")
    target = project.path("target")
    project.write("target", "mine")
    os.remove(project.path("schema.yaml"))
    os.symlink(target, project.path("seen.yaml"))
    refused(project, "inspect", "-o", "seen.yaml", says=["cmigrate inspect did not write it"])
    project.call("inspect", "-o", "seen.yaml", "--force", status=0)
    with open(target, encoding="utf-8") as file:
        if file.read() != "mine":
            raise AssertionError("a link was followed by what is written")
    project.close()


def tree(folder):
    """Every file below a folder with what is in it; of a link, where it leads."""
    found = {}
    for root, folders, names in os.walk(folder):
        for name in names + folders:
            path = os.path.join(root, name)
            if os.path.islink(path):
                found[path] = os.readlink(path)
            elif os.path.isfile(path):
                with open(path, "rb") as file:
                    found[path] = file.read(), stat.S_IMODE(os.stat(path).st_mode)
    return found


FLYWAY = {"V1__one.sql": "CREATE TABLE f1 (a int);\n", "V2__two.sql": "CREATE TABLE f2 (a int);\n"}
LINE = {"a": "", "b": "a", "c": "a"}


def every_writer_stays_inside(program):
    """Whatever writes, changes or removes a file does it inside the project only, wherever directory:, version_paths: or a link
    in place of a script leads."""
    for config in ("directory: link\n", "directory: ../NAME-elsewhere\n", "directory: inner/../../NAME-elsewhere\n", "directory: inner\n",
                   "directory: inner\nversion_paths: [link]\n", "directory: link\nversion_paths: [inner]\n"):
        for linear in ("", "linear: true\n"):
            project = project_of(program, "")
            elsewhere = project.folder + "-elsewhere"
            os.mkdir(elsewhere)
            os.mkdir(project.path("inner"))
            os.symlink(elsewhere, project.path("link"))
            project.write("cmigrate.yaml", "url: sqlite:///app.db\n" + config.replace("NAME", os.path.basename(project.folder)) + linear)
            os.mkdir(project.path("flyway"))
            for name, text in FLYWAY.items():
                project.write("flyway/" + name, text)
            for revision, parent in LINE.items():
                script = HEAD.format(id=revision, parent=parent) + f"-- cmigrate: upgrade\nCREATE TABLE {revision} (x int);\n"
                with open(os.path.join(elsewhere, revision + ".sql"), "w", encoding="utf-8") as file:
                    file.write(script)
                if "directory: inner\n" == config:  # links to scripts elsewhere, in a folder of ours
                    os.symlink(os.path.join(elsewhere, revision + ".sql"), project.path("inner", revision + ".sql"))
            os.chmod(elsewhere, 0o755)
            before = tree(elsewhere)
            for words in (["migrate", "-m", "x"], ["revision", "-m", "x"], ["revision", "-m", "x", "--head", "b", "--splice"],
                          ["revision", "-m", "x", "--head", "base", "--version-path", "inner"],
                          ["merge", "heads", "-m", "x"], ["rebase", "b"], ["rebase", "c"], ["squash", "base:b"], ["squash", "base:b", "--remove"],
                          ["import", "flyway", "flyway", "--no-stamp"], ["upgrade", "b"], ["stamp", "b"], ["check"]):
                project.call(*words)
                if tree(elsewhere) != before:
                    raise AssertionError(f"{config}{linear}{words}: written outside: {sorted(tree(elsewhere))}")
            for name in os.listdir(elsewhere):
                os.remove(os.path.join(elsewhere, name))
            project.call("revision", "-m", "x", "--version-path", "inner")
            if os.listdir(elsewhere) or (linear and "version_paths" in config and config.startswith("directory: link") and os.listdir(project.path("inner"))):
                raise AssertionError(f"{config}{linear}: the note of a linear history, or half of it, was written")
            shutil.rmtree(elsewhere)
            project.close()


def modes(program):
    for umask, want in ((0o022, 0o644), (0o027, 0o640), (0o077, 0o600)):
        project = project_of(program)
        before = os.umask(umask)
        try:
            project.call("init", "made", status=0)
            project.call("migrate", "-m", "x", status=0)
            project.call("inspect", "-o", "new.yaml", status=0)
        finally:
            os.umask(before)
        for path in (project.path("made/cmigrate.yaml"), project.path("made/schema.yaml"), project.path("new.yaml"), *project.scripts()):
            mode = stat.S_IMODE(os.stat(path).st_mode)
            if mode != want:
                raise AssertionError(f"{path}: {mode:o} under umask {umask:o}")
        for revision, parent, mode in (("20260101000000_a", "", 0o640), ("20260101000001_b", "a", 0o600), ("20260101000002_c", "a", 0o444)):
            os.makedirs(project.path("branch"), exist_ok=True)
            project.write(f"branch/{revision}.sql", HEAD.format(id=revision[-1], parent=parent) + "-- cmigrate: created 2026-01-01T00:00:00Z\n"
                          "-- cmigrate: upgrade\nSELECT 1;\n", mode)
        project.call("--directory", "branch", "rebase", "b", status=0)
        kept = {stat.S_IMODE(os.stat(project.path("branch", name)).st_mode) for name in os.listdir(project.path("branch"))}
        if kept != {0o640, 0o600, 0o444}:
            raise AssertionError(f"a script that was put elsewhere did not keep its mode: {[oct(each) for each in kept]}")
        os.chmod(project.path("new.yaml"), 0o604)
        project.call("inspect", "-o", "new.yaml", status=0)
        if stat.S_IMODE(os.stat(project.path("new.yaml")).st_mode) != 0o604:
            raise AssertionError("a file did not keep its mode")
        project.call("inspect", "-o", "/dev/null", status=0)
        if not stat.S_ISCHR(os.stat("/dev/null").st_mode):
            raise AssertionError("/dev/null is a file now")
        leftovers = [name for name in os.listdir(project.folder) if name not in
                     ("cmigrate.yaml", "schema.yaml", "migrations", "made", "new.yaml", "app.db", "branch")]
        if leftovers:
            raise AssertionError(f"left behind: {leftovers}")
        project.close()


def keys_without_number(program):
    """Very many foreign keys of one table, read back: the time grows with them, not with their square."""
    project = kit.Project(program, "sqlite:///many.db")
    with sqlite3.connect(project.path("many.db")) as db:
        keys = "".join(f", CONSTRAINT fk{n} FOREIGN KEY (a) REFERENCES p (id)" for n in range(4000))
        db.executescript(f"CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (id INTEGER PRIMARY KEY, a int{keys})")
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    said = project.call("inspect", status=0).out
    took = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    if said.count(b"fk") != 4000 or (took > 3 and not os.environ.get("CMIGRATE_TEST_SANITIZED")):
        raise AssertionError(f"{said.count(b'fk')} keys in {took} s")
    project.close()


def nothing_is_run(program):
    """The values of cmigrate.yaml are texts: no shell, no command, no second look."""
    project = project_of(program)
    for value in ("$(touch pwned)", "`touch pwned`", "${X:-$(touch pwned)}", "${X:-`touch pwned`}", "| touch pwned", "; touch pwned", "$$(touch pwned)",
                  "${IFS}touch${IFS}pwned", "!!python/object/apply:os.system ['touch pwned']", "${EVIL}"):
        project.write("cmigrate.yaml", f"url: 'sqlite:///app.db'\nversion_table: '{value.replace(chr(39), chr(39) * 2)}'\n"
                                       f"directory: 'migrations'\ninclude: ['{value.replace(chr(39), chr(39) * 2)}']\n")
        project.call("current", env={"EVIL": "$(touch pwned)"})
        project.call("heads", env={"EVIL": "${HOME}"})
        project.call("migrate", "-m", value, "--sql", env={"EVIL": "`touch pwned`"})
    if any("pwned" in names for _, _, names in os.walk(project.folder)):
        raise AssertionError("a value of the configuration was run")
    project.close()


ODD_NAMES = [b"it's", b'say "hi"', b"semi;colon", b"new\nline", b"$(touch pwned)", b"`touch pwned`", b"back\\slash", b"star *", b"-rf", b"--help",
             b"\x1b[2J\x1b]0;title\x07", "\u202eright to left".encode(), b"\xff\xfe", b"percent%s%n%20", b"question?mark#hash", b" blank ", b"*", b"n" * 251]


def odd_names(program):
    """Folders and files of any name: used, or refused by an error that shows the name without what it would do to a terminal."""
    for name in ODD_NAMES:
        project = project_of(program)
        folder = os.fsencode(project.folder) + b"/" + name
        os.mkdir(folder)
        for path, content in ((b"cmigrate.yaml", b"url: sqlite:///app.db\n"), (b"schema.yaml", MODEL.encode())):
            with open(folder + b"/" + path, "wb") as file:
                file.write(content)
        os.mkdir(folder + b"/migrations")
        script = HEAD.format(id="aa", parent="") + "-- cmigrate: upgrade\nCREATE TABLE s (id int);\n"
        with open(folder + b"/migrations/" + name + b".sql", "wb") as file:  # the script itself
            file.write(script.encode())
        config = folder + b"/cmigrate.yaml"
        for words in ([b"heads", b"-v"], [b"history", b"-v"], [b"show", b"aa"], [b"upgrade", b"-v"], [b"upgrade", b"--sql"], [b"migrate", b"-m", b"next"],
                      [b"upgrade", b"--format", b"json"], [b"check"], [b"inspect", b"-o", folder + b"/" + name], [b"validate"], [b"downgrade", b"base"]):
            answer = project.call(b"-c", config, *words)
            is_clean(answer)
            if answer.status not in (0, 1, 2):
                raise AssertionError(f"{name}: {words}: exit {answer.status}\n{answer.text()}")
        for words in (["--schema", name, "migrate", "-m", "x"], ["-c", name, "heads"], ["--directory", name, "heads"], ["show", name], [name],
                      ["upgrade", name], ["--url", b"sqlite:///" + name, "upgrade"], ["--url", name, "current"], ["inspect", "-o", b"x/" + name]):
            is_clean(project.call(*words))
        with open(folder + b"/migrations/" + name + b".sql", "wb") as file:  # an error that shows its name and its line
            file.write(script.encode() + b"nonsense \x1b[2J" + name + b";\n")
        is_clean(project.call(b"-c", config, b"upgrade"))
        with open(folder + b"/schema.yaml", "wb") as file:
            file.write(b"tables: {" + name.replace(b"\n", b" ") + b": {colums: {}}}\n")
        is_clean(project.call(b"-c", config, b"validate"))
        if any(b"pwned" in made and made not in ODD_NAMES and b"touch" not in made for _, _, names in os.walk(os.fsencode(project.folder)) for made in names):
            raise AssertionError(f"{name}: a name was run")
        project.close()


def main():
    program = sys.argv[1]
    for test in (bombs, large_files, endless, unfinished_scripts, nul_bytes, outside, every_writer_stays_inside, modes, nothing_is_run, odd_names, keys_without_number):
        began = time.monotonic()
        test(program)
        print(f"ok {test.__name__} ({time.monotonic() - began:.1f} s)", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
