"""Laws that hold for every pair of schemas, whatever the engine: an engine's module gives the schemas and reads the database.

An engine is an object with
    name                    "sqlite": the word of a case's `engines` section
    fresh()                 an empty database; returns its URL
    generate(rng)           a random schema, in any form of its own
    edit(rng, schema)       another one, reached from it by a few edits
    render(schema, before)  the model as a dict; `before`: the schema that renamed_from speaks of, or None
    shrink(schema)          smaller schemas, each without one part
    state(url)              what is in the database, comparable, from the engine itself and not from cmigrate
    close()                 drops what fresh() made
"""
import json
import os
import shutil
import subprocess
import tempfile


class Broken(Exception):
    """A law does not hold."""


class Project:
    def __init__(self, program, engine, work, name):
        self.program, self.engine = program, engine
        self.folder = os.path.join(work, name)
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(os.path.join(self.folder, "migrations"))
        self.url = engine.fresh(os.path.join(self.folder, "law"))
        with open(os.path.join(self.folder, "cmigrate.yaml"), "w", encoding="utf-8") as f:
            f.write(f"url: {json.dumps(self.url)}\n")

    def model(self, model):
        with open(os.path.join(self.folder, "schema.yaml"), "w", encoding="utf-8") as f:
            json.dump(model, f, ensure_ascii=False)

    def run(self, *words, status=0):
        p = subprocess.run([self.program, *words], cwd=self.folder, capture_output=True, text=True, timeout=120)
        if p.returncode != status:
            raise Broken(f"cmigrate {' '.join(words)}: exit {p.returncode}, not {status}\n{p.stdout}{p.stderr}")
        return p.stdout


def same(what, a, b):
    if a != b:
        lines = [f"- {x}" for x in a if x not in b] + [f"+ {x}" for x in b if x not in a]
        raise Broken(what + "\n" + "\n".join(lines))


def check_pair(program, engine, first, second, work):
    """Raises Broken where a law does not hold for the way from `first` to `second` and back."""
    if engine.render(first, None) == engine.render(second, None):
        return  # no way to go
    a = Project(program, engine, work, "a")
    a.model(engine.render(first, None))
    a.run("migrate", "-m", "first")
    a.run("upgrade")
    a.run("check")
    before, seen = engine.state(a.url), a.run("inspect")
    if a.run("inspect") != seen or engine.state(a.url) != before:
        raise Broken("inspect is not pure")

    a.model(engine.render(second, first))
    a.run("migrate", "-m", "second")
    a.run("upgrade")
    a.run("check")  # upgrade reaches the model
    after = engine.state(a.url)

    b = Project(program, engine, work, "b")
    b.model(engine.render(second, None))
    b.run("create")
    b.run("diff", b.url, "schema.yaml")  # a diff of equals is empty
    same("create and upgrade make different schemas", engine.state(b.url), after)

    a.run("downgrade")
    same("downgrade does not return", before, engine.state(a.url))
    a.run("upgrade")
    same("the second upgrade makes another schema", after, engine.state(a.url))

    # diff A B, then diff B A, each planned by itself: nothing is left behind, and nothing that was not there comes
    models = [engine.render(schema, None) for schema in (first, second)]
    if any(models[0].get(kind) != models[1].get(kind) for kind in ("grants", "default_privileges")):
        return  # privileges are taken back by a REVOKE in the model alone
    for name, model, state in ("third", models[0], before), ("fourth", models[1], after):
        a.model(model)
        a.run("migrate", "-m", name)
        a.run("upgrade")
        a.run("check")
        same(f"the {name} revision does not lead to where the model was before", state, engine.state(a.url))


def broken_law(program, engine, pair, work):
    try:
        check_pair(program, engine, *pair, work)
    except Broken as e:
        return str(e)
    return None


def law_of(why):
    """Its first line: which command ended how, or what differs."""
    return why and why.split("\n")[0]


def shrink(program, engine, pair, work):
    """The smallest pair found by leaving out one part at a time that still breaks the same law."""
    smaller, broken = True, law_of(broken_law(program, engine, pair, work))
    while smaller:
        smaller = False
        first, second = pair
        for candidate in [(x, second) for x in engine.shrink(first)] + [(first, x) for x in engine.shrink(second)]:
            if law_of(broken_law(program, engine, candidate, work)) == broken:
                pair, smaller = candidate, True
                break
    return pair


def as_case(engine, pair, title):
    return (f"{title}\n-- engines --\n{engine.name}\n-- have.yaml --\n"
            f"{json.dumps(engine.render(pair[0], None), ensure_ascii=False)}\n-- want.yaml --\n"
            f"{json.dumps(engine.render(pair[1], pair[0]), ensure_ascii=False)}\n")


def run(program, engine, rng_of, numbers, keep):
    """Runs the pairs of `numbers`; returns how many break a law. Each of them is written to `keep` as a .case."""
    work = tempfile.mkdtemp(prefix="cmlaw-")
    failures = 0
    try:
        for number in numbers:
            rng = rng_of(number)
            first = engine.generate(rng)
            pair = (first, engine.edit(rng, first))
            why = broken_law(program, engine, pair, work)
            if not why:
                continue
            failures += 1
            pair = shrink(program, engine, pair, work)
            why = broken_law(program, engine, pair, work) or why
            path = os.path.join(keep, f"law-{engine.name}-{number}.case")
            os.makedirs(keep, exist_ok=True)
            with open(path, "w", encoding="utf-8") as f:
                f.write(as_case(engine, pair, f"Found by tests/law, pair {number}."))
            print(f"pair {number}: {why}\n  smallest: {path}\n", flush=True)
    finally:
        shutil.rmtree(work, ignore_errors=True)
        engine.close()
    return failures
