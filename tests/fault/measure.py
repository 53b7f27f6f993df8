"""What a command takes: seconds, and memory at the most. By the bench's own starter, which is small: a process begins with the
memory of the one that started it, and from Python every command would seem as large as Python."""
import os
import subprocess

from bench import clean_environment

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "bench", "measure.c")


def starter(bench):
    path = os.path.join(bench.folder, "measure")
    if not os.path.exists(path):
        subprocess.run(["cc", "-O1", "-D_GNU_SOURCE", "-o", path, SOURCE], check=True)
    return path


def measured(bench, folder, command):
    """(status, what it printed, seconds, KiB of the largest of its processes)"""
    told = os.path.join(bench.folder, "measured")
    done = subprocess.run([starter(bench), told, bench.program, *command], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          stdin=subprocess.DEVNULL, text=True, env=clean_environment(), check=False)
    with open(told, encoding="ascii") as file:
        seconds, memory, _ = file.read().split()
    return done.returncode, done.stdout, float(seconds), int(memory)
