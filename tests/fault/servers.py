"""Servers of our own: to be killed, stopped and started, on a file system that can be filled."""
import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time

import engines

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support", "servers.sh")
PAGE = 4096


class Mount:
    """A small tmpfs. OSError where this machine does not let us mount."""

    def __init__(self, megabytes):
        self.folder = tempfile.mkdtemp(prefix="cmigrate-fault-mount-")
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", self.folder],
                              capture_output=True, text=True, check=False)
        if done.returncode:
            os.rmdir(self.folder)
            raise OSError(done.stderr.strip() or "mount failed")

    def fill(self, leave=0):
        """Takes all room but `leave` pages."""
        with open(os.path.join(self.folder, "filler"), "wb", buffering=0) as file:
            for size in (1024 * 1024, PAGE):
                with contextlib.suppress(OSError):
                    while file.write(b"x" * size) == size:
                        pass
            file.truncate(max(0, file.tell() // PAGE - leave) * PAGE)

    def empty(self):
        with contextlib.suppress(FileNotFoundError):
            os.remove(os.path.join(self.folder, "filler"))

    def close(self):
        self.empty()
        subprocess.run(["umount", "-l", self.folder], check=False)
        with contextlib.suppress(OSError):
            os.rmdir(self.folder)


class Server:
    """One of servers.sh's, or several (galera)."""

    def __init__(self, key, mount=None):
        self.key, self.mount = key, mount
        self.folder = mount.folder if mount else tempfile.mkdtemp(prefix="cmigrate-fault-servers-")
        self.start()

    def start(self):
        for attempt in range(4):  # what a killed server leaves behind may take a moment to go
            done = subprocess.run([SCRIPT, "start", self.folder, self.key], capture_output=True, text=True, check=False,
                                  env=dict(os.environ, CMIGRATE_TEST_REQUIRE=self.key))
            if done.returncode == 0:
                break
            time.sleep(0.5 * (attempt + 1))
        else:
            raise RuntimeError(f"{self.key} does not start: {done.stderr}")
        with open(os.path.join(self.folder, "env"), encoding="utf-8") as file:
            self.urls = [line.strip().partition("=")[2] for line in file]

    def kill(self):
        with open(os.path.join(self.folder, self.key + ".pid"), encoding="ascii") as file:
            pid = int(file.read().split()[0])
        os.kill(pid, signal.SIGKILL)
        while os.path.exists(f"/proc/{pid}"):
            with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
                if file.read().rsplit(")", 1)[1].split()[0] == "Z":
                    break
            time.sleep(0.02)

    def stop(self):
        subprocess.run([SCRIPT, "stop", self.folder], capture_output=True, check=False)

    def engine(self, name):
        kind = engines.Postgres if self.key.startswith("pg") else engines.MySQL
        return kind(name, self.urls[0], self.key)

    def close(self):
        self.stop()
        if self.mount:
            self.mount.close()
        else:
            shutil.rmtree(self.folder, ignore_errors=True)
