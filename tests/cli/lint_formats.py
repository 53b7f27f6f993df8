#!/usr/bin/env python3
"""The forms of lint's answer as their readers take them: SARIF by its schema, JUnit as XML, GitLab's and GitHub's members.

    lint_formats.py CMIGRATE SARIF-SCHEMA.json
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from json_check import faults as check # noqa: E402

FILES = {
    "cmigrate.yaml": "url: sqlite:///app.db\n",
    "schema.yaml": "tables:\n  log: {columns: {line: text}}\n",
    "migrations/1_aaa1_first, 100%.sql": """-- cmigrate: revision aaa1
-- cmigrate: message first <"&'>
-- cmigrate: dialect sqlite

-- cmigrate: upgrade
CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT, born TEXT);

-- cmigrate: downgrade
DROP TABLE author;
""",
    "migrations/2_aaa2_second.sql": """-- cmigrate: revision aaa2
-- cmigrate: parents aaa1
-- cmigrate: message second
-- cmigrate: dialect sqlite

-- cmigrate: upgrade
-- cmigrate: allow drop-column nobody reads it, "really"
ALTER TABLE author DROP COLUMN born;
ALTER TABLE author DROP COLUMN name;
CREATE TABLE "a<b>&%" (x INTEGER);
CREATE TABLE "two
::error::lines \x1b[31m" (x INTEGER);

-- cmigrate: downgrade
""",
}


def main():
    program, schema = os.path.abspath(sys.argv[1]), json.load(open(sys.argv[2]))
    folder = tempfile.TemporaryDirectory(prefix="cmigrate-formats-")
    for name, text in FILES.items():
        os.makedirs(os.path.dirname(os.path.join(folder.name, name)) or folder.name, exist_ok=True)
        open(os.path.join(folder.name, name), "w").write(text)

    def lint(form, *more):
        env = {k: v for k, v in os.environ.items() if not k.startswith("CMIGRATE_")}
        done = subprocess.run([program, "lint", "--all", "--model", "--depth", "replay", "--format", form, *more], cwd=folder.name, env=env, capture_output=True, text=True)
        assert done.returncode == 1, (form, done.returncode, done.stderr)
        return done.stdout

    wrong = []
    for form in ("text", "github"):  # a name cannot make a line of its own, which a workflow takes for a command
        said = lint(form)
        if "\x1b" in said or "two\\x0a::error::lines" not in said or any(line.startswith("::error::") for line in said.splitlines()):
            wrong.append(f"{form}: a name breaks out of its line:\n{said}")

    def must(truth, what):
        if not truth:
            wrong.append(what)

    plain = json.loads(lint("json"))["findings"]
    must({f["code"] for f in plain} >= {"D102", "R101", "S101", "H105"}, f"findings: {[f['code'] for f in plain]}")

    sarif = json.loads(lint("sarif"))
    wrong.extend(check(sarif, schema, schema))
    run = sarif["runs"][0]
    results, rules = run["results"], run["tool"]["driver"]["rules"]
    must(len(results) == len(plain), "SARIF has as many results")
    must(all(rules[r["ruleIndex"]]["id"] == r["ruleId"] for r in results), "ruleIndex leads to the rule")
    must(sum(len(r["suppressions"]) for r in results) == 1, "one suppression")
    must(any(s.get("justification", "").endswith('"really"') for r in results for s in r["suppressions"]), "its reason")
    prints = [r["partialFingerprints"]["cmigrateFinding/v1"] for r in results]
    must(len(set(prints)) == len(prints), "fingerprints differ")
    uris = {l["physicalLocation"]["artifactLocation"]["uri"] for r in results for l in r["locations"] if "physicalLocation" in l}
    must("schema.yaml" in uris and "migrations/2_aaa2_second.sql" in uris, f"locations: {uris}")

    # lines move, fingerprints stay
    path = os.path.join(folder.name, "migrations/2_aaa2_second.sql")
    text = open(path).read()
    open(path, "w").write(text.replace("-- cmigrate: upgrade\n", "-- cmigrate: upgrade\n\n-- a line more\n\n"))
    again = json.loads(lint("sarif"))["runs"][0]["results"]
    must([r["partialFingerprints"] for r in again] == [r["partialFingerprints"] for r in results], "fingerprints stay when lines move")
    must(again != results, "lines did move")
    open(path, "w").write(text)

    quality = json.loads(lint("gitlab"))
    must(len(quality) == len(plain) - 1, "GitLab has what is not suppressed")
    for issue in quality:
        must(set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}, f"members: {issue}")
        must(issue["severity"] in ("info", "minor", "major", "critical", "blocker"), issue["severity"])
        must(issue["location"]["lines"]["begin"] >= 1 and issue["location"]["path"], f"location: {issue}")
    must(len({i["fingerprint"] for i in quality}) == len(quality), "GitLab's fingerprints differ")

    lines = lint("github").splitlines()
    must(len(lines) == len(plain) - 1, "GitHub has what is not suppressed")
    for line in lines:
        must(re.fullmatch(r"::(notice|warning|error) (file=[^:,]+,line=\d+,col=\d+,)?title=[A-Z]\d+ [a-z0-9-]+::[^\r\n]+", line), line)
    must(any("a<b>&%25" in line for line in lines), "a percent sign is escaped")

    suites = xml.etree.ElementTree.fromstring(lint("junit"))
    cases = suites.findall(".//testcase")
    must([c.get("name") for c in cases] == ['aaa1 first <"&\'>', "aaa2 second", "schema"], f"cases: {[c.get('name') for c in cases]}")
    must(int(suites.get("failures")) == sum(c.find("failure") is not None for c in cases) == 1, "one failure")
    all_fail = xml.etree.ElementTree.fromstring(lint("junit", "--fail-on", "notice"))
    must(int(all_fail.get("failures")) == 2, "with notices two fail")

    for other in ("check", "heads", "history"):
        done = subprocess.run([program, other, "--format", "sarif"], cwd=folder.name, capture_output=True, text=True)
        must(done.returncode == 2 and "'--format' cannot be 'sarif'" in done.stderr, f"{other} refuses sarif")
    print("\n".join(wrong) or f"{len(plain)} findings in six forms")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
