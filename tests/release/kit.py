"""What the tests of releases share: a count of what does not hold, and a project that goes from nothing to its second revision."""
import subprocess
import sys

failed = held = 0


def holds(truth, what):
    global failed, held
    held += bool(truth)
    if not truth:
        failed += 1
        print(f"FAIL {what}")


def run(words, **how):
    """What was printed, or None where it failed, which is told."""
    done = subprocess.run(words, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120, check=False, **how)
    holds(done.returncode == 0, f"{' '.join(map(str, words))}: status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout if done.returncode == 0 else None


def end():
    print(f"{held} hold, {failed} do not")
    sys.exit(1 if failed else 0)
