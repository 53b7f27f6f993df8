"""The server is killed, or stopped in order, and started again, while a run stands at a step."""
from bench import Bench, Tally
from servers import Server
from steps import DOWN, UP


def restarted(bench, server, how, before, command, short):
    tally = Tally(f"server {how}, {command[0]}")
    want = bench.undisturbed(*before, command)
    names = bench.points(before, command)
    for number in bench.sample(names, short, 12):
        url, folder = bench.start("o", before)
        run = bench.run_to(folder, command, number)
        if run.stopped():
            server.kill() if how == "killed" else server.stop()
            server.start()
            run.go_on()
        status, said = run.end()
        what = f"server {how} at {number} ({names[number - 1]})"
        if status is None:
            bench.fail(tally, what, "it hangs: " + said)
        else:
            bench.judge(tally, url, folder, command, want, what, said)
    return tally


def kinds(bench):
    if not hasattr(bench.engine, "key") or bench.engine.key in ("pgbouncer", "galera"):
        return
    server = Server(bench.engine.key)
    mine = Bench(bench.program, server.engine(bench.engine.name), bench.long)
    mine.lost = bench.lost
    try:
        yield lambda: restarted(mine, server, "killed", [], UP, 3)
        yield lambda: restarted(mine, server, "killed", [UP], DOWN, 2)
        yield lambda: restarted(mine, server, "stopped", [], UP, 2)
    finally:
        mine.close()
        server.close()
