"""What the tests of adoption share: a folder, commands in it, and comparisons that say what differs."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import warm


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
        self.cmigrate, self.alembic = os.path.abspath(cmigrate), None

    def write(self, name, text):
        path = os.path.join(self.path, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)

    def run(self, *argv, status=0, cwd=None, **env):
        """Standard output. Any other status than the one that is expected ends the test."""
        ended, out, self.errors = self.call(argv, os.path.join(self.path, cwd or ""), {**self.env, **env})
        if ended != status:
            raise AssertionError(f"$ {' '.join(argv)}\nstatus {ended}, not {status}\n{out}{self.errors[-3000:]}")
        return out

    def call(self, argv, cwd, env):
        if argv[0] == "alembic":
            self.alembic = self.alembic or warm.Program("alembic", "alembic.config", "main", self.env["PATH"])
            return self.alembic.call(argv[1:], cwd, env)
        done = subprocess.run([self.cmigrate if argv[0] == "cmigrate" else argv[0], *argv[1:]], cwd=cwd, env=env, capture_output=True,
                              text=True, timeout=300, stdin=subprocess.DEVNULL)
        return done.returncode, done.stdout, done.stderr

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
