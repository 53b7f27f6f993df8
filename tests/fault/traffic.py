"""An application goes on writing while a run waits behind a long transaction: how long does it stand still?"""
import threading
import time

from bench import Tally
from steps import UP

LOCK_TIMEOUT = 30  # seconds, of the project
HELD = 8  # seconds that the long transaction lasts


def longest_stall(bench, url, done):
    """Writes one row after another until `done`; the longest time that one took."""
    longest, statement = 0, "UPDATE author SET name = name WHERE id = 1"
    while not done.is_set():
        began = time.monotonic()
        answer = bench.engine.call(url.rsplit("/", 1)[1], statement)
        if answer.returncode:
            raise RuntimeError(f"a writer fails: {answer.stderr}")
        longest = max(longest, time.monotonic() - began)
    return longest


def behind_a_transaction(bench):
    tally = Tally("writers beside a run that waits")
    want = bench.undisturbed(UP)
    url, folder = bench.start("traffic", [("upgrade", "aaaaaaaaaaaa")])
    reader = bench.engine.hold(url, "SELECT count(*) FROM author")
    done, found = threading.Event(), []
    writer = threading.Thread(target=lambda: found.append(longest_stall(bench, url, done)))
    writer.start()
    run = bench.run_to(folder, UP, 0)
    time.sleep(HELD)
    waited = run.process.poll() is None
    reader.communicate("COMMIT;\n")
    status, said = run.end()
    done.set()
    writer.join()
    tally.points = 1
    tally.name += f" (longest stall {found[0]:.1f} s)" if found else ""
    if not waited or status or not found or found[0] > LOCK_TIMEOUT / 4 or bench.state(url, folder)[:4] != want[:4]:
        bench.fail(tally, f"waited: {waited}, status {status}, longest stall {found}", said)
    else:
        tally.recovered = 1
    return tally


def never_let_in(bench):
    """The transaction outlasts lock_timeout: the run says so, and the next one does it."""
    tally = Tally("locked out past lock_timeout")
    want = bench.undisturbed(UP)
    url, folder = bench.start("out", [("upgrade", "aaaaaaaaaaaa")])
    bench.configure(folder, lock_timeout="2s")
    reader = bench.engine.hold(url, "SELECT count(*) FROM author")
    status, said = bench.call(folder, *UP)
    reader.communicate("COMMIT;\n")
    if status != 4:
        tally.points = 1
        bench.fail(tally, f"status {status}", said)
    else:
        bench.judge(tally, url, folder, UP, want, "after lock_timeout", said)
    return tally


def kinds(bench):
    if hasattr(bench.engine, "hold") and bench.engine.key != "galera":
        yield lambda: behind_a_transaction(bench)
        yield lambda: never_let_in(bench)
