"""Several at once: upgrades, an upgrade beside a downgrade, runs that find the lock taken, two who write a revision."""
import os
import re
import shutil

from bench import LIMIT, Tally
from steps import DOWN, UP


def crowd(bench, folder, commands, urls=None):
    """All at once; (status, what it said) of each."""
    running = [bench.popen(folder, *command, url=urls[i % len(urls)] if urls else None) for i, command in enumerate(commands)]
    return [(process.communicate(timeout=LIMIT)[0], process.returncode) for process in running]


def many_upgrades(bench, count):
    tally = Tally(f"{count} upgrades at once")
    want = bench.undisturbed(UP)
    url, folder = bench.start("many")
    urls = bench.engine.everywhere(url) if hasattr(bench.engine, "everywhere") else None
    said = crowd(bench, folder, [UP] * count, urls)
    good = bench.state(url, folder) == want
    for text, status in said:
        tally.points += 1
        if status == 0 and good:
            tally.recovered += 1
        else:
            bench.fail(tally, f"status {status}, state {'good' if good else 'BAD'}", text)
    return tally


def lock_is_taken(bench, count):
    """One stands still behind the lock, before anything is made and when all but the unlocking is done: the others end with
    status 5 and say who has it; then it goes on."""
    tally = Tally("lock past lock_timeout")
    names = bench.points([], UP)
    last = names.index("unlock") + 1
    for number in (names.index("locked") + 1, last):
        refused_while_at(bench, tally, number, count, done=number == last)
    return tally


def refused_while_at(bench, tally, number, count, done):
    want = bench.undisturbed(UP)
    url, folder = bench.start("held")
    bench.configure(folder, lock_timeout="300ms")
    run = bench.run_to(folder, UP, number)
    assert run.stopped()
    urls = bench.engine.everywhere(url) if hasattr(bench.engine, "everywhere") else None
    # at the head there is nothing that needs the lock but the way back
    for text, status in crowd(bench, folder, [DOWN if done else UP] * count, urls):
        tally.points += 1
        named = re.search(r"\(process (\d+)\)|pid \d+ \(|connection \d+", text)
        if status != 5 or not named or (named[1] and int(named[1]) != run.process.pid):
            bench.fail(tally, f"status {status}", text)
        else:
            tally.explained += 1
    run.go_on()
    status, said = run.end()
    tally.points += 1
    if status or bench.state(url, folder) != want:
        bench.fail(tally, f"who had the lock: status {status}", said)
    else:
        tally.recovered += 1


def up_beside_down(bench, rounds):
    """Whoever comes second does what it was told from where the first has led: all is there, or nothing."""
    tally = Tally("upgrade beside downgrade")
    ends = [bench.undisturbed(UP)[1:4], bench.undisturbed(UP, DOWN)[1:4]]
    url, folder = bench.start("beside", [UP])
    for each in range(rounds):
        urls = bench.engine.everywhere(url)[:2] if hasattr(bench.engine, "everywhere") else None
        said = crowd(bench, folder, [DOWN, UP] if each % 2 else [UP, DOWN], urls)
        tally.points += 1
        if any(status for _, status in said) or bench.state(url, folder)[1:4] not in ends:
            bench.fail(tally, f"round {each}", str(said))
        else:
            tally.recovered += 1
        bench.call(folder, *UP)
    return tally


MODEL = """tables:
  author:
    columns:
      id: {type: integer, primary_key: true}
      name: {type: string(40), nullable: false}
"""


def several_migrates(bench, rounds, count):
    """Of several `migrate` in one folder one writes the revision; the others say that it was written meanwhile."""
    tally = Tally(f"{count} migrates in one folder")
    url = bench.engine.fresh("write")
    folder = os.path.join(bench.folder, "write")
    for each in range(rounds):
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(os.path.join(folder, "migrations"))
        for name, text in (("cmigrate.yaml", f'url: "{url}"\n'), ("schema.yaml", MODEL)):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(text)
        said = crowd(bench, folder, [("migrate", "-m", f"number {i}") for i in range(count)])
        wrote = sum(status == 0 for _, status in said)
        told = sum(status == 1 and ("written while" in text or "not up to date" in text) for text, status in said)
        files = os.listdir(os.path.join(folder, "migrations"))
        valid, answer = bench.call(folder, "validate")
        tally.points += 1
        if wrote != 1 or told != count - 1 or len(files) != 1 or valid:
            bench.fail(tally, f"round {each}: {wrote} wrote, {told} told, files {files}: {answer}", str(said))
        else:
            tally.explained += 1
    return tally


def kinds(bench):
    yield lambda: many_upgrades(bench, 50 if bench.long else 20)
    yield lambda: lock_is_taken(bench, 20 if bench.long else 5)
    yield lambda: up_beside_down(bench, 30 if bench.long else 5)
    yield lambda: several_migrates(bench, 20 if bench.long else 3, 4)
