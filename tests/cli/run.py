#!/usr/bin/env python3
"""Runs the cases of the command line: what a person types, and what the program answers.

    run.py CMIGRATE CASE...          UPDATE_CASES=1 writes what came out into the cases

A case is a text file. Its first line says in a sentence what it shows; lines that begin with `--- ` divide the rest:

    --- file NAME          a file, made before what follows
    --- append NAME        more of a file
    --- sql NAME           SQL that SQLite itself runs on the file NAME
    --- env NAME=VALUE     from here on
    --- $ COMMAND          a command line of the shell, run in the case's folder
    --- stdout             the whole of its standard output (not looked at where this is left out)
    --- stderr             the whole of its standard error
    --- has                lines that stand somewhere in either
    --- hasnot             texts that stand in neither
    --- json               expressions over `it`, the standard output read as one JSON document, that must be true
    --- exit N             its status (0 where this is left out)

What differs from run to run is put in a fixed form: times are <ms>, fourteen digits <timestamp>, the folder <here>.
"""
import difflib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import json_check # noqa: E402

ANSWERS = json.load(open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs", "json", "answers.schema.json")))["definitions"]


def parts_of(text):
    title, _, rest = text.partition("\n")
    parts, name = [], None
    for line in rest.split("\n"):
        if line.startswith("--- "):
            parts.append([line[4:], []])
        elif parts:
            parts[-1][1].append(line)
    return title, [(head, "\n".join(lines)) for head, lines in parts]


def settled(text, folder):
    text = text.replace(folder, "<here>")
    text = re.sub(r"\b\d+(\.\d+)? (ms|s)\b", r"<ms>", text)
    text = re.sub(r"(?<!\d)20\d{12}(?!\d)", "<timestamp>", text)
    text = re.sub(r"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", "<time>", text)
    text = re.sub(r'"ms": [0-9.]+', '"ms": <ms>', text)
    return text


class Failure(Exception):
    pass


def check_answer(command, out):
    """What is answered in JSON is what docs/json tells of the command; of others than cmigrate alone nothing is known."""
    words = command.split()
    if words[0] != "cmigrate" or re.search(r"[|&;<>`]", command) or not re.search(r" --format[ =]json\b", command):
        return
    name = next((word for word in words[1:] if word.replace("_", "-") in ANSWERS), None)
    name = "version" if "--version" in words else "help" if {"-h", "--help"} & set(words) else name
    if name is None or "--stats" in words or not out:
        return
    whole = {"definitions": ANSWERS}
    form = {"anyOf": [ANSWERS[name.replace("_", "-")], ANSWERS["errors"]]}
    try:
        documents = [json.loads(out)]
    except ValueError:
        documents = [json.loads(line) for line in out.splitlines()]
    for document in documents:
        found = json_check.faults(document, form, whole, strict=True)
        if found:
            raise Failure(f"$ {command}: the answer is not what docs/json/answers.schema.json says: {found[:3]}\n{out}")


def same(what, got, want):
    if got.rstrip("\n") != want.rstrip("\n"):
        raise Failure(what + " differs:\n" + "\n".join(
            difflib.unified_diff(want.rstrip("\n").split("\n"), got.rstrip("\n").split("\n"), "expected", "got", lineterm="")))


def run_case(path, program, update):
    text = open(path, encoding="utf-8").read()
    title, parts = parts_of(text)
    folder = os.path.realpath(tempfile.mkdtemp(prefix="cmigrate-case-"))
    env = {k: v for k, v in os.environ.items() if not k.startswith(("CMIGRATE_", "DATABASE_URL", "NO_COLOR"))}
    env.update(PATH=os.path.dirname(program) + ":" + env["PATH"], LC_ALL="C.UTF-8", EDITOR="cat", HOME=folder)
    env.pop("VISUAL", None)
    out = err = ""
    command, status, status_wanted, written = None, 0, True, [title]

    def finish():
        if command is not None and not status_wanted and status != 0:
            raise Failure(f"$ {command}: status {status}\n{out}{err}")

    try:
        for head, body in parts:
            word, _, rest = head.partition(" ")
            expected = body
            if word == "$":
                finish()
                command, status_wanted = rest, False
                done = subprocess.run(rest, shell=True, cwd=folder, env=env, capture_output=True, timeout=300, stdin=subprocess.DEVNULL)
                out, err = (settled(s.decode("utf-8", "backslashreplace"), folder) for s in (done.stdout, done.stderr))
                status = done.returncode
                check_answer(command, done.stdout.decode("utf-8", "backslashreplace"))
            elif word in ("file", "append"):
                name = os.path.join(folder, rest)
                os.makedirs(os.path.dirname(name), exist_ok=True)
                with open(name, "a" if word == "append" else "w", encoding="utf-8") as f:
                    f.write(body.rstrip("\n") + "\n")
            elif word == "sql":
                con = sqlite3.connect(os.path.join(folder, rest))
                con.executescript(body)
                con.commit()
                con.close()
            elif word == "env":
                key, _, value = rest.partition("=")
                env[key] = value
            elif word == "exit":
                status_wanted = True
                if status != int(rest):
                    raise Failure(f"$ {command}: status {status}, not {rest}\n{out}{err}")
            elif word in ("stdout", "stderr"):
                got = out if word == "stdout" else err
                if update:
                    expected = got.rstrip("\n") + "\n" if got.strip() else ""
                else:
                    same(f"$ {command}: {word}", got, body)
            elif word == "has":
                for line in filter(None, body.split("\n")):
                    if line not in out and line not in err:
                        raise Failure(f"$ {command}: nowhere: {line}\n{out}{err}")
            elif word == "hasnot":
                for line in filter(None, body.split("\n")):
                    if line in out or line in err:
                        raise Failure(f"$ {command}: there is: {line}\n{out}{err}")
            elif word == "json":
                try:
                    it = json.loads(out)
                except ValueError as e:
                    raise Failure(f"$ {command}: no JSON: {e}\n{out}{err}")
                for line in filter(None, body.split("\n")):
                    if not eval(line, {"it": it}):
                        raise Failure(f"$ {command}: not so: {line}\n{out}")
            else:
                raise Failure(f"{path}: what is '--- {head}'?")
            written.append(f"--- {head}\n{expected}".rstrip("\n"))
        finish()
        if update:
            with open(path, "w", encoding="utf-8") as f:
                f.write("\n".join(written) + "\n")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main():
    program, cases = os.path.abspath(sys.argv[1]), sys.argv[2:]
    failed = 0
    for path in cases:
        try:
            run_case(path, program, os.environ.get("UPDATE_CASES"))
        except (Failure, subprocess.TimeoutExpired, OSError, sqlite3.Error) as e:
            failed += 1
            print(f"FAIL {os.path.basename(path)}: {e}")
    print(f"{len(cases) - failed} of {len(cases)} cases pass")
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
