"""Behind every statement of a revision of twelve: the client killed, its connection ended by the server. Nothing may be
left for a person to decide: the next run always ends with the schema and the rows of an undisturbed one."""
import work
from bench import Tally
from steps import UP

FIRST = ("upgrade", "aaaaaaaaaaaa")  # then the revision of twelve is next


def kill_client(bench, url, folder, number):
    return bench.call(folder, *UP, fault=f"kill:{number}")


def end_connection(bench, url, folder, number):
    run = bench.run_to(folder, UP, number)
    if run.stopped():
        bench.engine.cut(url)
        run.go_on()
    return run.end()


def behind_statements(bench, name, disturb):
    tally = Tally(name)
    want = bench.undisturbed(FIRST, UP)
    names = bench.points([FIRST], UP)
    notes = [number for number, step in enumerate(names, 1) if step == "note"][:work.MIDDLE_STATEMENTS]
    if len(notes) != work.MIDDLE_STATEMENTS:
        bench.fail(tally, "the steps", f"{len(notes)} statements are noted, not {work.MIDDLE_STATEMENTS}")
    for number in sorted({at for note in notes for at in ((note, note + 1) if bench.long else (note,))}):
        url, folder = bench.start("each", [FIRST])
        status, said = disturb(bench, url, folder, number)
        what = f"at {number} ({names[number - 1]})"
        if status in (0, None):
            bench.fail(tally, what, f"went unnoticed: {said}")
        explained = tally.explained
        bench.judge(tally, url, folder, UP, want, what, said)
        if tally.explained > explained:
            bench.fail(tally, what, "was left to be decided by hand")
    return tally


def kinds(bench):
    if not getattr(bench.engine, "notes", False) or hasattr(bench.engine, "elsewhere"):
        return
    yield lambda: behind_statements(bench, "killed behind a statement", kill_client)
    yield lambda: behind_statements(bench, "connection ended behind a statement", end_connection)
