#!/usr/bin/env python3
"""The JSON Schemas of the files that people write: they take every model and configuration of the tests that cmigrate takes, and
refuse an unknown key wherever cmigrate does.

    json_schema.py CMIGRATE TESTS
"""
import atexit
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

try:
    import jsonschema
    import yaml
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

# Each @ is a mapping whose keys are known: `zz: 1` is put into one after the other.
MODEL = """
@
naming_convention: {@ index: "ix_{table}_{columns}"}
types:
  mood: {@ enum: [sad, ok]}
  email: {@ base: string(80), check: {@ expression: "VALUE <> ''"}}
  point3: {@ composite: {x: {@ type: float}}}
mixins:
  stamped: {@ columns: {made: datetime}}
many_to_many:
  pair: {@ between: [{@ table: user, column: a_id}, {@ table: user, column: b_id}]}
tables:
  user:
    @
    mixins: [stamped]
    options: {@ sqlite: {@ strict: false}, mysql: {@ engine: InnoDB}}
    lint: {@ allow: [no-primary-key]}
    columns:
      id: {@ type: bigint, primary_key: true, identity: {@ mode: always, start: 1}}
      name: {@ type: {@ default: text, postgresql: text}, unique: {@ name: uq_name}, index: {@ name: ix_name}, check: {@ expression: "name <> ''"}}
      kind: {type: {@ enum: [a, b]}, default: {@ sql: "'a'"}}
      boss: {type: bigint, references: {@ table: user, column: id}}
    indexes: {ix_two: {@ columns: [{@ column: kind, order: desc}], where: "id > 0"}}
    unique: {uq_two: {@ columns: [kind, boss]}}
    checks: {positive: {@ expression: "id > 0"}}
    foreign_keys: {fk_boss: {@ columns: [boss], references: user(id), on_delete: SET NULL}}
views: {v: {@ query: "SELECT 1 AS a"}}
triggers: {t: {@ table: user, definition: "CREATE TRIGGER t AFTER INSERT ON user BEGIN SELECT 1; END"}}
sequences: {s: {@ start: 1}}
"""

CONFIG = """
@
url: sqlite:///app.db
schema: [schema.yaml]
lock_timeout: 5s
exclude: ["a.*", {@ kind: index, name: "ix_*"}]
scratch_url: {postgresql: "postgresql://a/b"}
test: {@ skip: [checksums]}
lint: {@ depth: text, rules: {drop-table: off}, ignore: {@ tables: [a]}}
environments: {production: {@ url: "${URL}"}}
databases: {one: {@ url: sqlite:///one.db}}
"""


def load(text):
    """As an editor's YAML has it: dates are texts."""
    loader = type("Loader", (yaml.SafeLoader,), {})
    loader.yaml_implicit_resolvers = {
        first: [(tag, form) for tag, form in forms if tag != "tag:yaml.org,2002:timestamp"]
        for first, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()}
    return as_json(yaml.load(text, loader))


def as_json(value):
    """Keys of JSON are texts."""
    if isinstance(value, dict):
        return {key if isinstance(key, str) else json.dumps(key, default=str): as_json(one) for key, one in value.items()}
    return [as_json(one) for one in value] if isinstance(value, list) else value


def documents(folder):
    """Title, kind and text of every model and configuration in cases and examples."""
    for at, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            path = os.path.join(at, name)
            if name.endswith(".case"):
                content = open(path, encoding="utf-8").read()
                for head, body in re.findall(r"^-- (\w+)\.yaml --\n(.*?)(?=^-- |\Z)", content, re.S | re.M):
                    yield path + " " + head, "model", body
                for part in ("\n" + content).split("\n--- ")[1:]:
                    head, _, body = part.partition("\n")
                    word, _, file = head.partition(" ")
                    if word == "file" and file.endswith(".yaml"):
                        yield path + " " + file, "config" if file.endswith("cmigrate.yaml") else "model", body
            elif name.endswith(".yaml") and name[0] != ".":
                yield path, "config" if name == "cmigrate.yaml" else "model", open(path, encoding="utf-8").read()


class Checker:
    def __init__(self, program):
        self.program = program
        self.folder = tempfile.mkdtemp(prefix="cmigrate-schema-")
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        self.validators = {}
        for kind in ("model", "config"):
            text = subprocess.run([program, "help", "--json-schema", kind], capture_output=True, check=True).stdout
            schema = json.loads(text)
            jsonschema.Draft7Validator.check_schema(schema)
            self.validators[kind] = jsonschema.Draft7Validator(schema)

    def schema_takes(self, kind, value):
        return self.validators[kind].is_valid(value)

    def program_takes(self, kind, text, engine="sqlite:///x.db"):
        """Without the errors that have nothing to do with the form: cmigrate is asked on each engine."""
        model = text if kind == "model" else "tables: {}"
        config = text if kind == "config" else f"url: {engine}\n"
        for name, content in (("cmigrate.yaml", config), ("schema.yaml", model)):
            with open(os.path.join(self.folder, name), "w", encoding="utf-8") as out:
                out.write(content)
        words = ["lint", "--model", "--depth", "text", "--fail-on", "never"] if kind == "config" else ["validate"]
        done = subprocess.run([self.program, *words], cwd=self.folder, capture_output=True)
        return done.returncode == 0, done.stderr.decode(errors="replace")


def check_unknown(checker, kind, template, faults):
    places = template.count("@")
    for place in range(-1, places):
        parts = template.split("@")
        text = parts[0]
        for number, part in enumerate(parts[1:]):
            inside = bool(text) and text.rstrip(" ").endswith("{")
            text += ("zz: 1" + (", " if inside else "") if number == place else "") + part
        taken, said = checker.program_takes(kind, text, "postgresql://a/b")
        valid = checker.schema_takes(kind, load(text))
        if (place < 0) != taken or (place < 0) != valid:
            faults.append(f"{kind}, unknown key in place {place}: cmigrate {'takes' if taken else 'refuses'} it, "
                          f"the schema {'takes' if valid else 'refuses'} it\n{said[:400]}")


def main():
    checker = Checker(os.path.abspath(sys.argv[1]))
    for name in [n for n in os.environ if n.startswith("CMIGRATE_")]:
        del os.environ[name]
    faults, count = [], 0
    for kind, template in (("model", MODEL), ("config", CONFIG)):
        check_unknown(checker, kind, template, faults)
    for title, kind, text in documents(sys.argv[2]):
        try:
            value = load(text)
        except yaml.YAMLError:
            continue # what is no YAML is no matter of a schema
        count += 1
        if checker.schema_takes(kind, value if value is not None else {}):
            continue
        engines = ("sqlite:///x.db", "postgresql://a/b", "mysql://a/b") if kind == "model" else ("",)
        if any(checker.program_takes(kind, text, engine)[0] for engine in engines):
            first = next(iter(sorted(checker.validators[kind].iter_errors(value), key=lambda e: -len(e.path))), None)
            faults.append(f"{title}: cmigrate takes it, the schema refuses it at {list(first.path)}: {first.message[:200]}")
    print("\n".join(faults))
    print(f"{count} files, {len(faults)} faults")
    return 1 if faults or count < 100 else 0


if __name__ == "__main__":
    sys.exit(main())
