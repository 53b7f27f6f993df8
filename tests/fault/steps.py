"""At every step of a run: killed, made to fail, its connection ended by the server; and signals while it runs."""
import signal
import time

from bench import LIMIT, Tally

UP, DOWN = ("upgrade",), ("downgrade", "base")
DONE = ("committed", "file: placed")  # all is done there: nothing is left that could fail, only a process that can end


def at_every_step(bench, name, kind, before, command, short):
    tally = Tally(name)
    want = bench.undisturbed(*before, command)
    names = bench.points(before, command)
    for number in bench.sample(names, short):
        if kind == "fail" and names[number - 1] in DONE:
            continue
        url, folder = bench.start("x", before)
        _, said = bench.call(folder, *command, fault=f"{kind}:{number}")
        bench.judge(tally, url, folder, command, want, f"{kind} at {number} ({names[number - 1]})", said)
    return tally


def cut_off(bench, before, command, short):
    """The run stands at a step; the server ends every session of the database; the run goes on."""
    tally = Tally(f"sessions ended, {command[0]}")
    want = bench.undisturbed(*before, command)
    names = bench.points(before, command)
    for number in bench.sample(names, short):
        url, folder = bench.start("cut", before)
        run = bench.run_to(folder, command, number)
        if run.stopped():
            bench.engine.cut(url)
            run.go_on()
        status, said = run.end()
        what = f"sessions ended at {number} ({names[number - 1]})"
        if status is None:
            bench.fail(tally, what, "it hangs: " + said)
            continue
        bench.judge(tally, url, folder, command, want, what, said)
    return tally


def by_signal(bench, name, number):
    """While a run is under way, at growing delays."""
    tally = Tally(name)
    want = bench.undisturbed(UP)
    for delay in (0.002, 0.005, 0.01, 0.02, 0.05):
        url, folder = bench.start("s")
        process = bench.popen(folder, "upgrade")
        time.sleep(delay)
        process.send_signal(number)
        said = process.communicate(timeout=LIMIT)[0]
        bench.judge(tally, url, folder, UP, want, f"signal {number} after {delay} s", said)
    return tally


def kinds(bench):
    if getattr(bench.engine, "key", "") == "pgbouncer" and not bench.long:  # the same server as PostgreSQL 15's, where all is tried
        yield lambda: at_every_step(bench, "killed, upgrade", "kill", [], UP, 6)
        yield lambda: cut_off(bench, [], UP, 4)
        return
    yield lambda: at_every_step(bench, "killed, upgrade", "kill", [], UP, 12)
    yield lambda: at_every_step(bench, "killed, downgrade", "kill", [UP], DOWN, 8)
    yield lambda: at_every_step(bench, "step fails, upgrade", "fail", [], UP, 12)
    yield lambda: at_every_step(bench, "step fails, downgrade", "fail", [UP], DOWN, 6)
    yield lambda: by_signal(bench, "SIGINT", signal.SIGINT)
    yield lambda: by_signal(bench, "SIGTERM", signal.SIGTERM)
    if hasattr(bench.engine, "cut"):
        yield lambda: cut_off(bench, [], UP, 8)
        yield lambda: cut_off(bench, [UP], DOWN, 5)
