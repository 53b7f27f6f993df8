"""What the tests of adoption share: a folder, commands in it, and comparisons that say what differs."""
import os
import re
import shutil
import subprocess
import sys
import tempfile


def skip(why):
    """Loudly: a test that is left out says so, and fails where everything is asked for."""
    print("SKIPPED: " + why)
    sys.exit(1 if os.environ.get("CMIGRATE_TEST_REQUIRE") == "all" else 77)


def need(*programs):
    for program in programs:
        if not shutil.which(program):
            skip(f"there is no program '{program}': ./bootstrap --tests installs it")


class Folder:
    def __init__(self, cmigrate):
        self.path = tempfile.mkdtemp(prefix="cmigrate-adopt-")
        self.env = {k: v for k, v in os.environ.items() if not k.startswith(("CMIGRATE_", "DATABASE_URL"))}
        self.env["PATH"] = os.path.dirname(os.path.abspath(cmigrate)) + ":" + self.env["PATH"]
        # of the system's Python, where Debian's packages are
        self.env["PATH"] = "/usr/bin:" + self.env["PATH"] if os.path.exists("/usr/bin/alembic") else self.env["PATH"]
        self.cmigrate = os.path.abspath(cmigrate)

    def write(self, name, text):
        path = os.path.join(self.path, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)

    def run(self, *argv, status=0, cwd=None, **env):
        """Standard output. Any other status than the one that is expected ends the test."""
        argv = [self.cmigrate if argv[0] == "cmigrate" else argv[0], *argv[1:]]
        done = subprocess.run(argv, cwd=os.path.join(self.path, cwd or ""), env={**self.env, **env}, capture_output=True,
                              text=True, timeout=300, stdin=subprocess.DEVNULL)
        self.errors = done.stderr
        if done.returncode != status:
            raise AssertionError(f"$ {' '.join(argv)}\nstatus {done.returncode}, not {status}\n{done.stdout}{done.stderr[-3000:]}")
        return done.stdout

    def remove(self):
        shutil.rmtree(self.path, ignore_errors=True)


def same(what, ours, theirs):
    if ours != theirs:
        raise AssertionError(f"{what}:\n  cmigrate: {ours}\n  theirs:   {theirs}")


def ids(text):
    """The first word of each line."""
    return sorted(line.split()[0] for line in text.splitlines() if line.strip())


def lines(text):
    """All that stands in them, in any order; Alembic ends some with an empty message."""
    return sorted(line.rstrip(", ") for line in text.splitlines() if line.strip())


def edges(text):
    """`a, b -> c` of each line of a history, without what stands in parentheses."""
    return sorted(re.sub(r" \([^)]*\)", "", line).strip() for line in text.splitlines() if "->" in line)
