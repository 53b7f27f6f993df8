#!/usr/bin/env python3
"""Pictures of schemas with names that try to break out: every form stays what it is, and nothing of a name is lost.

    pictures.py CMIGRATE
    pictures.py CMIGRATE --corpus FILE.jsonl [--server URL]... [--node FOLDER]

The first form is the quick test: names made for it, read by a grammar of mermaid's and by Graphviz where that is installed. The
second draws every schema of a corpus (lines of {"engine", "name", "to_sql"}), on SQLite or on the server that is given for the
engine; with --node, a folder in which `npm install mermaid jsdom @dbml/core` was run, mermaid and dbml themselves read the pictures.
"""
import html.parser
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import xml.dom.minidom

# Graphviz's library, fontconfig and pango keep what they have allocated until the process ends.
os.environ["ASAN_OPTIONS"] = ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"), "detect_leaks=0"]))

HOSTILE = ["pk", "FK", "Uk", "1st", "", " ", "a b", "order line", 'say "hi"', "it's", "a;b", "%%{init: {}}%%", "%% x", "<b>&amp;</b>",
           "e1[x]", "} }", "---", "```", "a\nb", "tab\tb", "\\", "back\\slash", "#35;", "é", "日本語", "_", "*", "a--b", "||--o{", ":::c",
           "-->", "<!-- x", "]]>", "class", "classDef", "direction", "erDiagram", "title", "{{}}", "${x}", "`tick`", "a|b", "\u202eevil", "🙂",
           "CON", "style", "o{", "u(", "many", "one", "to", "only", "x" * 300]

# What mermaid's erDiagram takes, in the narrow form that is written.
ENTITY = re.compile(r'    e\d+\["[^"%\\\r\n;<>*`~]+"\](?: \{)?$')
COLUMN = re.compile(r'        [A-Za-z_][\w()\[\]]* (?!(?i:pk|fk|uk)\b)[A-Za-z_]\w*(?: (?:PK|FK|UK)(?:, (?:PK|FK|UK))*)?(?: "[^"]*")?$', re.ASCII)
LINK = re.compile(r'    e\d+ (?:\|\||\|o)--(?:o\||o\{) e\d+ : "[^"]+"$')
STYLE = re.compile(r"    (?:classDef (?:added|dropped|changed) [\w:#,]+|class e\d+ (?:added|dropped|changed))$")


def mermaid_faults(text):
    lines = text.split("\n")
    if lines[:2] != ["erDiagram", "    direction LR"] or len(text) > 50000:
        return [f"begins with {lines[:2]}, {len(text)} characters"]
    return [line for line in lines[2:] if line not in ("", "    }") and not
            any(form.match(line) for form in (ENTITY, COLUMN, LINK, STYLE))]


def blocks(text):
    return [text] if text.startswith("erDiagram") else re.findall(r"^```mermaid\n(.*?)^```$", text, re.S | re.M)


def draw(program, folder, form, *words):
    done = subprocess.run([program, "erd", "-t", form, "--no-progress", "-q", *words], cwd=folder, capture_output=True)
    if done.returncode:
        raise AssertionError(f"erd -t {form} {words}: {done.stderr.decode(errors='replace')}")
    return done.stdout.decode("utf-8")


def hostile_database(path):
    base = sqlite3.connect(path)

    def quoted(name):
        return '"' + name.replace('"', '""') + '"'
    taken = set()
    for number, name in enumerate(HOSTILE):
        table = name if name.lower() not in taken else f"{name}{number}"
        taken.add(table.lower())
        other, columns = HOSTILE[(number + 1) % len(HOSTILE)], []
        for column in dict.fromkeys([name, other, "plain"]):
            if column.lower() not in [c.lower() for c in columns]:
                columns.append(column)
        made = ", ".join(f"{quoted(c)} {'TEXT' if i else 'INTEGER PRIMARY KEY'}" for i, c in enumerate(columns))
        base.execute(f"CREATE TABLE {quoted(table)} ({made}, {quoted('to ' + table)} INTEGER REFERENCES {quoted(table)})")
    base.execute('CREATE TABLE typed (a "odd type, (%%)", b NUMERIC(10,2), c, d "pk", e "x""y", f VARCHAR(80))')
    base.commit()
    base.close()


def check_graphviz(dot, what):
    """Graphviz reads it, and what it makes of it is XML."""
    if not shutil.which("dot"):
        return
    done = subprocess.run(["dot", "-Tsvg"], input=dot.encode(), capture_output=True)
    said = done.stderr.decode(errors="replace")
    assert done.returncode == 0 and "rror" not in said, f"{what}: dot says {said}"
    xml.dom.minidom.parseString(done.stdout)


def check_hostile(program, folder):
    hostile_database(os.path.join(folder, "a.db"))
    shutil.copy(os.path.join(folder, "a.db"), os.path.join(folder, "b.db"))
    base = sqlite3.connect(os.path.join(folder, "b.db"))
    base.execute('ALTER TABLE "a b" ADD COLUMN "new %%" TEXT')
    base.execute('CREATE TABLE "made; now" (a INTEGER PRIMARY KEY)')
    base.execute('DROP TABLE "e1[x]"')
    base.commit()
    base.close()
    sides = {"one": ["sqlite:///a.db"], "two": ["sqlite:///a.db", "sqlite:///b.db"]}
    for title, words in sides.items():
        for extra in ([], ["--columns", "keys"], ["--columns", "none"], ["--comments"]):
            found = blocks(draw(program, folder, "mermaid", *words, *extra))
            assert found, "no diagram"
            for block in found:
                assert not mermaid_faults(block), f"{title} {extra}: {mermaid_faults(block)[:3]}"
        check_graphviz(draw(program, folder, "dot", *words), title)
        assert draw(program, folder, "dbml", *words).count("\nTable ") >= len(HOSTILE), title
    two = draw(program, folder, "mermaid", *sides["two"], "--max", "0")
    for word in ("added", "dropped", "changed"):
        assert re.search(rf"^    class e\d+ {word}$", two, re.M), f"nothing is {word}"
    # the library or the program of Graphviz, whichever there is
    done = subprocess.run([program, "erd", "-t", "svg", "sqlite:///a.db", "-q"], cwd=folder, capture_output=True)
    if done.returncode == 0:
        picture = xml.dom.minidom.parseString(done.stdout)
        texts = {"".join(n.data for n in t.childNodes if n.nodeType == n.TEXT_NODE) for t in picture.getElementsByTagName("text")}
        assert {'say "hi"', "<b>&amp;</b>", "日本語", "-->"} <= texts, "a name is missing in the SVG"
    else:
        assert done.returncode == 2 and b"libgvc6" in done.stderr, done.stderr


class Tags(html.parser.HTMLParser):
    """Which tags are open, the links and what links lead to."""
    def __init__(self):
        super().__init__()
        self.open, self.links, self.faults = [], [], []

    def handle_starttag(self, tag, attributes):
        self.links += [value for name, value in attributes if tag == "a" and name == "href"]
        if tag not in ("meta", "input", "td", "li", "th"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in ("td", "li", "th"):
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)


def check_pages(program, folder):
    """Each page leads to pages that are there, HTML is nested as it should be, and a second run writes the same."""
    model = subprocess.run([program, "inspect", "--url", "sqlite:///a.db", "-o", "schema.yaml", "-q"], cwd=folder, capture_output=True)
    assert model.returncode == 0, model.stderr
    for kind, suffix in (("markdown", ".md"), ("html", ".html")):
        words = [program, "docs", "-t", kind, "-o", kind, "--schema", "schema.yaml", "-q"]
        done = subprocess.run(words, cwd=folder, capture_output=True)
        assert done.returncode == 0, done.stderr
        pages = [os.path.join(at, name) for at, _, names in os.walk(os.path.join(folder, kind)) for name in names]
        assert len(pages) == len(HOSTILE) + 2 and all(page.endswith(suffix) for page in pages), len(pages)
        for page in pages:
            text = open(page, encoding="utf-8").read()
            links = re.findall(r"\]\(([^)\s]*\.md)\)", text)
            if kind == "html":
                tags = Tags()
                tags.feed(text)
                assert not tags.faults and not tags.open, f"{page}: {tags.faults} {tags.open}"
                links = [link.split("#")[0] for link in tags.links]
            assert links, page
            for link in links:
                assert os.path.exists(os.path.join(os.path.dirname(page), link)), f"{page} leads to {link}"
        assert subprocess.run(words + ["--check"], cwd=folder, capture_output=True).returncode == 0, "another run writes something else"


# --- the corpora ---------------------------------------------------------------

def load(case, folder, servers):
    """The URL of a database that the case was loaded into; None: there is no server for it, or it does not take it."""
    if case["engine"] == "sqlite":
        path = os.path.join(folder, "case.db")
        if os.path.exists(path):
            os.unlink(path)
        base = sqlite3.connect(path)
        try:
            base.executescript(case["to_sql"])
        except sqlite3.Error:
            return None
        finally:
            base.close()
        return "sqlite:///case.db"
    server = servers.get("postgresql") if case["engine"].startswith("postgres") else None
    if not server:
        return None
    for statement in ("DROP DATABASE IF EXISTS cmigrate_pictures WITH (FORCE)", "CREATE DATABASE cmigrate_pictures"):
        subprocess.run(["psql", "-qXc", statement, server], check=True, capture_output=True)
    base = re.sub(r"(//[^/?]*)/?[^?]*", r"\1/cmigrate_pictures", server, count=1)
    done = subprocess.run(["psql", "-qX", "-v", "ON_ERROR_STOP=1", base], input=case["to_sql"].encode(), capture_output=True)
    return base if done.returncode == 0 else None


def check_corpus(program, folder, corpus, servers, node):
    pictures, skipped, count = os.path.join(folder, "pictures"), 0, 0
    os.mkdir(pictures)
    for line in open(corpus, encoding="utf-8"):
        case = json.loads(line)
        url = load(case, folder, servers)
        if not url:
            skipped += 1
            continue
        count += 1
        title, failed = case["name"], None
        try:
            text = draw(program, folder, "mermaid", url, "--comments")
            for block in blocks(text):
                assert not mermaid_faults(block), mermaid_faults(block)[:3]
            check_graphviz(draw(program, folder, "dot", url, "--comments"), title)
            dbml = draw(program, folder, "dbml", url, "--comments")
        except AssertionError as error:
            failed = error
        if failed:
            print(f"FAIL {title}: {failed}")
            continue
        for kind, picture in (("mmd", text), ("dbml", dbml)):
            with open(os.path.join(pictures, f"{count:04}.{kind}"), "w", encoding="utf-8") as out:
                out.write(picture)
    print(f"{count} drawn, {skipped} not loaded")
    if node:
        for script, kind in (("parse.mjs", "mmd"), ("dbml.mjs", "dbml")):
            shutil.copy(os.path.join(os.path.dirname(os.path.abspath(__file__)), "pictures", script), node)
            files = sorted(os.path.join(pictures, f) for f in os.listdir(pictures) if f.endswith(kind))
            subprocess.run(["node", os.path.join(node, script), *files])


def main():
    program, words = os.path.abspath(sys.argv[1]), sys.argv[2:]
    corpus, node, servers = None, None, {}
    while words:
        word, value, words = words[0], words[1], words[2:]
        if word == "--corpus":
            corpus = value
        elif word == "--node":
            node = value
        elif word == "--server":
            servers[value.split(":")[0]] = value
    for name in [n for n in os.environ if n.startswith("CMIGRATE_")]:
        del os.environ[name]
    folder = tempfile.mkdtemp(prefix="cmigrate-pictures-")
    try:
        if corpus:
            check_corpus(program, folder, corpus, servers, node)
        else:
            check_hostile(program, folder)
            check_pages(program, folder)
    finally:
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
