#!/usr/bin/env python3
"""The files of docs/ci are read as their services read them, and every line that calls cmigrate is run, on a SQLite project.

    ci_files.py CMIGRATE DOCS/CI      0 all run, 1 some do not, 77 there is no yaml module
"""
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

try:
    import yaml
except ImportError:
    print("skipped: python3-yaml is not installed")
    sys.exit(77)

PROGRAM, CI = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
FILES = {
    "cmigrate.yaml": "url: ${DATABASE_URL:-sqlite:///app.db}\n",
    "schema.yaml": "tables: {person: {columns: {id: {type: integer, primary_key: true}}}}\n",
    "migrations/aaa1.sql": """-- cmigrate: revision aaa1
-- cmigrate: dialect sqlite

-- cmigrate: upgrade
CREATE TABLE person (id INTEGER NOT NULL PRIMARY KEY);

-- cmigrate: verify
SELECT id FROM person WHERE id < 0;

-- cmigrate: downgrade
DROP TABLE person;
""",
}
failed = ran = 0


class Project:
    """A project without a database; a line of a shell is run in it as the service would."""

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="cmigrate-ci-")
        for name, text in FILES.items():
            path = os.path.join(self.folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("CMIGRATE_")}
        self.env.update(PATH=os.path.dirname(PROGRAM) + ":" + self.env["PATH"], DATABASE_URL="sqlite:///app.db",
                        GITHUB_OUTPUT=os.path.join(self.folder, "output"), GIT_CONFIG_GLOBAL="/dev/null",
                        GIT_AUTHOR_NAME="a", GIT_AUTHOR_EMAIL="a@b", GIT_COMMITTER_NAME="a", GIT_COMMITTER_EMAIL="a@b")
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, words, env=None, status=0):
        global ran, failed
        ran += 1
        done = subprocess.run(words, cwd=self.folder, env={**self.env, **(env or {})}, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
        if done.returncode != status:
            failed += 1
            print(f"FAIL {words}: status {done.returncode}, not {status}\n{done.stdout}{done.stderr}")
        return done.stdout

    def is_at_head(self):
        if "aaa1 (head), nothing is pending" not in self.run(["cmigrate", "status"]):
            fail("the database is not at the head afterwards")


def fail(text):
    global failed
    failed += 1
    print("FAIL " + text)


def load(name):
    with open(os.path.join(CI, name), encoding="utf-8") as f:
        return list(yaml.safe_load_all(f))


def dockerfile():
    with open(os.path.join(CI, "Dockerfile"), encoding="utf-8") as f:
        lines = [line.split(None, 1) for line in f.read().splitlines() if line and not line.startswith("#")]
    words = [line[0] for line in lines]
    if words[0] != "FROM" or set(words) - {"FROM", "COPY", "RUN", "WORKDIR", "ENTRYPOINT", "CMD"}:
        fail(f"Dockerfile: {words}")
    said = dict(lines)
    with Project() as p:
        out = p.run(json.loads(said["ENTRYPOINT"]) + json.loads(said["CMD"]))
        if "nothing is pending" not in out:
            fail(f"Dockerfile: {out}")
        p.is_at_head()
    for line in lines:
        if line[0] == "RUN":
            subprocess.run(["sh", "-n", "-c", line[1]], check=True)


def kubernetes():
    (deployment,) = load("kubernetes.yaml")
    with Project() as p:
        for container in deployment["spec"]["template"]["spec"]["initContainers"]:
            if container["envFrom"][0]["secretRef"]["name"] != "app-database":
                fail("kubernetes.yaml: another secret")
            p.run(container["command"])
        p.is_at_head()


def helm():
    (job,) = load("helm-job.yaml")
    if job["kind"] != "Job" or "pre-upgrade" not in job["metadata"]["annotations"]["helm.sh/hook"]:
        fail("helm-job.yaml: no hook")
    with Project() as p:
        p.run(job["spec"]["template"]["spec"]["containers"][0]["command"])
        p.is_at_head()


def pre_commit():
    (config,) = load("pre-commit-config.yaml")
    with Project() as p:
        for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"]):
            p.run(["git", *words])
        for hook in config["repos"][0]["hooks"]:
            if not re.search(hook["files"], "migrations/aaa1.sql"):
                fail(f"pre-commit: {hook['id']} does not see revisions")
            p.run(shlex.split(hook["entry"]))
        with open(os.path.join(p.folder, "migrations", "bbb2.sql"), "w", encoding="utf-8") as f:
            f.write(FILES["migrations/aaa1.sql"].replace("aaa1", "bbb2").replace("person", "other"))
        p.run(shlex.split(config["repos"][0]["hooks"][1]["entry"]), status=1)


def composite_action():
    (action,) = load("action.yml")
    inputs = {key: value.get("default", "sqlite:///app.db") for key, value in action["inputs"].items()}

    def filled(text):
        return re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda m: inputs[m.group(1)], text)

    with Project() as p:
        for step in action["runs"]["steps"]:
            if step.get("if") == "inputs.package != ''":
                subprocess.run(["bash", "-n", "-c", step["run"]], check=True)
                continue
            p.run(["bash", "-e", "-o", "pipefail", "-c", filled(step["run"])], {k: filled(v) for k, v in step.get("env", {}).items()})
        with open(os.path.join(p.folder, "output"), encoding="utf-8") as f:
            if f.read() != "pending=1\n":
                fail("action.yml: the output `pending` is wrong")
        p.is_at_head()


def gitlab_component():
    spec, jobs = load("gitlab-component.yml")
    inputs = {key: (value or {}).get("default", "sqlite:///app.db") for key, value in spec["spec"]["inputs"].items()}

    def filled(text):
        return re.sub(r"\$\[\[ inputs\.([a-z_]+) \]\]", lambda m: inputs[m.group(1)], text)

    with Project() as p:
        env = {k: filled(v) for k, v in jobs["migrations"]["variables"].items()}
        for line in jobs["migrations"]["script"]:
            p.run(["bash", "-e", "-c", filled(line)], env)
        xml.etree.ElementTree.parse(os.path.join(p.folder, jobs["migrations"]["artifacts"]["reports"]["junit"]))
        p.is_at_head()


def lint_files():
    """Their lines need a remote and a server; here they are only read."""
    (github,), (gitlab,) = load("lint.github.yml"), load("lint.gitlab-ci.yml")
    runs = [step["run"] for step in github["jobs"]["lint"]["steps"] if "run" in step] + gitlab["lint-migrations"]["script"]
    for line in runs:
        if subprocess.run(["bash", "-n", "-c", re.sub(r"\$\{\{.*?\}\}", "x", line)]).returncode:
            fail(f"lint: {line}")


for test in (dockerfile, kubernetes, helm, pre_commit, composite_action, gitlab_component, lint_files):
    test()
print(f"{ran} lines were run, {failed} faults")
sys.exit(1 if failed else 0)
