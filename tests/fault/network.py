"""A proxy between program and server that breaks: at every step of a run, and behind so many bytes."""
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit, urlunsplit

from bench import Tally
from proxy import Proxy
from steps import DOWN, UP

PATIENCE = 2  # seconds of connect_timeout: how long silence is borne before the server is asked
MOST_SILENT = 40  # seconds until a run must have noticed that nothing comes any more


def open_proxy(url, **how):
    """(proxy, the URL through it)"""
    parts = urlsplit(url)
    default = 5432 if parts.scheme.startswith("postgres") else 3306
    proxy = Proxy(parts.hostname, parts.port or default, **how)
    account = parts.netloc.rpartition("@")[0]
    netloc = f"{account}@127.0.0.1:{proxy.port}" if account else f"127.0.0.1:{proxy.port}"
    return proxy, urlunsplit(parts._replace(netloc=netloc, query=f"connect_timeout={PATIENCE}"))


def tried(bench, tally, label, before, command, want, what, go):
    """`go(folder, proxy_of)` gives the status of the disturbed run; then the command is run again without the proxy."""
    url, folder = bench.start(label, before)
    status, said, proxy = go(url, folder)
    proxy.close()
    if status is None:
        bench.fail(tally, what, "it hangs: " + said)
    elif status not in (0, 3, 4):
        bench.fail(tally, what, f"status {status}: {said}")
    else:
        bench.judge(tally, url, folder, command, want, what, said)


def at_steps(bench, how, before, command, short):
    tally = Tally(f"proxy: {how}, {command[0]}")
    want = bench.undisturbed(*before, command)
    names = bench.points(before, command)

    def one(number):
        def go(url, folder):
            proxy, through = open_proxy(url)
            run = bench.run_to(folder, command, number, through)
            if run.stopped():
                proxy.break_now(how)
                run.go_on()
            return *run.end(MOST_SILENT), proxy
        tried(bench, tally, f"p{number}", before, command, want, f"{how} at {number} ({names[number - 1]})", go)

    spread(one, bench.sample(names, short, 16), how)
    return tally


def behind_bytes(bench, how, count):
    tally = Tally(f"proxy: {how} behind bytes")
    want = bench.undisturbed(UP)
    url, folder = bench.start("bytes")
    proxy, through = open_proxy(url)
    status, said = bench.call(folder, *UP, url=through)
    total = proxy.passed
    proxy.close()
    if status:
        raise RuntimeError(f"{bench.engine.name}: an upgrade through the proxy fails: {said}")

    def one(number):
        budget = number * total // count

        def go(url, folder):
            proxy, through = open_proxy(url, budget=budget, how=how)
            run = bench.run_to(folder, UP, 0, through)
            return *run.end(MOST_SILENT), proxy
        tried(bench, tally, f"b{number}", [], UP, want, f"{how} behind {budget} of {total} bytes", go)

    spread(one, range(count), how)
    return tally


def spread(one, numbers, how):
    """Silence is mostly waited for: several at once."""
    with ThreadPoolExecutor(8 if how == "silent" else 2) as pool:
        list(pool.map(one, numbers))


def kinds(bench):
    if not hasattr(bench.engine, "cut") or hasattr(bench.engine, "elsewhere"):
        return
    if bench.engine.key == "pgbouncer" and not bench.long:
        return
    for how, short in (("reset", 5), ("close", 4), ("silent", 6)):
        yield lambda how=how, short=short: at_steps(bench, how, [], UP, short)
        yield lambda how=how: at_steps(bench, how, [UP], DOWN, 3)
        yield lambda how=how, short=short: behind_bytes(bench, how, 40 if bench.long else short)
