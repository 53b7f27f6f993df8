#!/usr/bin/env python3
"""What only a terminal, a signal or the process list shows: questions, the elapsed time, interruption, passwords.

    terminal.py CMIGRATE
"""
import fcntl
import os
import pty
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

PROGRAM = os.path.abspath(sys.argv[1])
SLOW = """-- cmigrate: revision slow1
-- cmigrate: parents aaa1
-- cmigrate: message a slow one
-- cmigrate: upgrade
CREATE TABLE before_it (a INTEGER);
CREATE TABLE s AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 2000000000) SELECT count(*) FROM c;
"""


def write(name, text):
    os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
    with open(name, "w", encoding="utf-8") as f:
        f.write(text)


def on_terminal(*args, answer=None, send=None, until=None, columns=0):
    """Runs on a terminal of its own, of so many columns (0: as it comes). When `until` was shown, types `answer` or sends the signal `send`."""
    pid, fd = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm"
        if columns:
            fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 25, columns, 0, 0))
        os.execv(PROGRAM, [PROGRAM, *args])
    shown, end = b"", time.time() + 30
    while time.time() < end:
        if select.select([fd], [], [], 0.05)[0]:
            try:
                some = os.read(fd, 4096)
            except OSError:
                break
            if not some:
                break
            shown += some
        if until and until in shown:
            until = None
            if answer:
                os.write(fd, answer)
            if send:
                os.kill(pid, send)
    else:
        os.kill(pid, signal.SIGKILL)
    return shown.decode(), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def check(what, truth, said=""):
    if not truth:
        print(f"FAIL {what}\n{said}")
        sys.exit(1)


def main():
    for key in ("CMIGRATE_URL", "CMIGRATE_CONFIG", "DATABASE_URL", "NO_COLOR"):
        os.environ.pop(key, None)
    write("cmigrate.yaml", "url: sqlite:///app.db\n")
    write("schema.yaml", "tables: {user: {columns: {id: {type: integer, primary_key: true}, name: {type: text}}}}\n")
    subprocess.run([PROGRAM, "migrate", "-q", "-m", "first", "--rev-id", "aaa1"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([PROGRAM, "upgrade", "-q"], check=True, stdout=subprocess.DEVNULL)

    write("schema.yaml", "tables: {user: {columns: {id: {type: integer, primary_key: true}, full: {type: text}}}}\n")
    said, status = on_terminal("migrate", "-m", "x", "--sql", answer=b"y\n", until=b"[yes/no]")
    check("a yes makes it a rename", status == 0 and "RENAME COLUMN" in said and "DROP COLUMN" not in said, said)
    said, status = on_terminal("migrate", "-m", "x", "--sql", answer=b"no\n", until=b"[yes/no]")
    check("a no does not", status == 0 and "RENAME COLUMN" not in said and "DROP COLUMN" in said, said)
    said, status = on_terminal("migrate", "-m", "x", "--sql", answer=b"\nyse\nyes\n", until=b"[yes/no]")
    check("any other word asks again", status == 0 and "RENAME COLUMN" in said and said.count("[yes/no]") == 3, said)
    for what, how in (("Ctrl-C", b"\x03"), ("end of input", b"\x04")):
        said, status = on_terminal("migrate", "-m", "x", answer=how, until=b"[yes/no]")
        check(f"{what} aborts and writes nothing", status == 130 and len(os.listdir("migrations")) == 1, f"{status} {said}")
    for columns in (40, 60, 80):
        for words in (("help",), ("help", "migrate"), ("upgrade", "--help")):
            said, status = on_terminal(*words, columns=columns)
            said = said.partition("\nexamples:")[0].replace("\r", "")
            long = [it for it in said.split("\n")[1:] if len(it) > columns and "usage: " not in it and not it.endswith((":", "."))]
            check(f"{' '.join(words)} fits {columns} columns", status == 0 and not long and "--no-progress" in said, "\n".join(long))

    said, status = on_terminal("check")
    check("a terminal gets colours", status == 1 and "\x1b[" in said, said)
    os.environ["NO_COLOR"] = "1"
    said, status = on_terminal("check")
    check("but not with NO_COLOR", status == 1 and "\x1b[" not in said, said)
    del os.environ["NO_COLOR"]

    write("confirm.yaml", "url: sqlite:///app.db\ndestructive: confirm\n")
    write("migrations/drop.sql", "-- cmigrate: revision drop1\n-- cmigrate: parents aaa1\n-- cmigrate: upgrade\n"
          "ALTER TABLE user DROP COLUMN name;\n-- cmigrate: downgrade\nALTER TABLE user ADD COLUMN name TEXT;\n")
    up = ("-c", "confirm.yaml", "upgrade")
    said, status = on_terminal(*up, answer=b"no\n", until=b"[yes/no]")
    check("what destroys data is named and asked about", status == 2 and "drops column name of table user" in said, f"{status} {said}")
    for what, how in (("Ctrl-C", b"\x03"), ("end of input", b"\x04")):
        said, status = on_terminal(*up, answer=how, until=b"[yes/no]")
        check(f"{what} aborts an upgrade", status == 130, f"{status} {said}")
    said = subprocess.run([PROGRAM, "current"], capture_output=True, text=True).stdout
    check("none of these ran it", said.startswith("aaa1"), said)
    said, status = on_terminal(*up, answer=b"what\nyes\n", until=b"[yes/no]")
    check("a yes runs it, another word asks again", status == 0 and said.count("[yes/no]") == 2, f"{status} {said}")
    said, status = on_terminal("-c", "confirm.yaml", "downgrade")
    check("what destroys nothing is not asked about", status == 0 and "[yes/no]" not in said, f"{status} {said}")
    os.remove("migrations/drop.sql")

    write("migrations/odd.sql", "-- cmigrate: revision odd1\n-- cmigrate: parents aaa1\n-- cmigrate: upgrade\n"
          "CREATE TABLE\todd (a DEFAULT '\x1b[31m\u202e');\n-- cmigrate: downgrade\nDROP TABLE odd;\n")
    for words in (("show", "-v", "odd1"), ("upgrade", "--dry-run"), ("upgrade", "--sql")):
        said, status = on_terminal(*words)
        check(" ".join(words) + " cannot repaint a terminal", status == 0 and "\\x1b[31m" in said and "\x1b[31m" not in said
              and "\u202e" not in said and "TABLE\todd" in said, said)
        said = subprocess.run([PROGRAM, *words], capture_output=True, text=True).stdout
        check("elsewhere it is what the script holds", "'\x1b[31m\u202e'" in said, said)
    os.remove("migrations/odd.sql")
    write("migrations/slow.sql", SLOW)
    said, status = on_terminal("upgrade", send=signal.SIGINT, until=b"a slow one, statement 2 of 2  0.")
    check("the elapsed time is shown, SIGINT ends with 130", status == 130 and "slow1, a slow one, statement 2 of 2  0." in said, said)
    check("and says in which state", "rolled back" in said, said)
    run = subprocess.Popen([PROGRAM, "upgrade", "--url", "sqlite://ann:s3cret@/app.db"], stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, text=True)
    time.sleep(0.7)
    with open(f"/proc/{run.pid}/cmdline") as f:
        words = f.read()
    write("impatient.yaml", "url: sqlite:///app.db\nlock_timeout: 300ms\n")
    other = subprocess.run([PROGRAM, "-c", "impatient.yaml", "upgrade"], capture_output=True, text=True)
    check("another run gives up with 5 and says who holds the lock", other.returncode == 5 and str(run.pid) in other.stderr,
          other.stdout + other.stderr)
    run.send_signal(signal.SIGTERM)
    said = run.communicate()[0]
    check("no password in the process list", "s3cret" not in words and "ann:" in words, words)
    check("nor in what is said", "s3cret" not in said, said)
    check("SIGTERM ends with 130 too", run.returncode == 130, said)
    check("without a terminal there is no progress and no colour", "\r" not in said and "\x1b" not in said, said)
    said = subprocess.run([PROGRAM, "current"], capture_output=True, text=True).stdout
    check("nothing of the interrupted revision stays", said.startswith("aaa1"), said)

    # a comparison that is interrupted writes nothing, though no statement runs that could be cancelled
    write("cmigrate.yaml", "url: sqlite:///many.db\ndirectory: many\n")
    write("schema.yaml", "tables:\n" + "".join(f"  t{i}: {{columns: {{id: {{type: integer, primary_key: true}}}}}}\n" for i in range(6000)))
    os.makedirs("many")
    run = subprocess.Popen([PROGRAM, "migrate", "-m", "many"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    shown = run.stdout.readline()
    run.send_signal(signal.SIGTERM)
    said = shown + run.communicate()[0]
    check("migrate obeys SIGTERM while it plans", "Comparing" in shown and run.returncode == 130 and os.listdir("many") == [],
          f"{run.returncode} {said[-1000:]}")
    print("all as it should be")


if __name__ == "__main__":
    folder = tempfile.mkdtemp(prefix="cmigrate-terminal-")
    os.chdir(folder)
    try:
        main()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
