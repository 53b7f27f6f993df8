#!/usr/bin/env python3
"""Packs static programs for all that users install from: a tarball, a .deb, an .rpm, npm packages, a Python wheel and an OCI image.

    pack.py --program ARCH=FILE [--program ARCH=FILE] [--licenses FOLDER] [--certificates FILE] OUT

ARCH is x86_64 or aarch64. One of the programs must run here: it says its version, its manual and its completions. OUT gets the
files, and SHA256SUMS of them. The same programs make the same bytes: the time in all archives is $SOURCE_DATE_EPOCH, or else
that of the last commit. --certificates puts a file of trusted certificates into the image, where OpenSSL looks for it.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import formats  # noqa: E402
from archives import File, gz, sha256  # noqa: E402

TOP = pathlib.Path(__file__).resolve().parents[2]


class Failed(Exception):
    """What is wrong, in a phrase for the one who releases."""


def declared_version():
    """The version of CMakeLists.txt, which is the only place that says it."""
    found = re.search(r"project\(cmigrate VERSION (\d+\.\d+\.\d+)\b", (TOP / "CMakeLists.txt").read_text(encoding="utf-8"))
    if not found:
        raise Failed("CMakeLists.txt has no 'project(cmigrate VERSION x.y.z'")
    return found[1]


def time_of_release():
    if os.environ.get("SOURCE_DATE_EPOCH"):
        return int(os.environ["SOURCE_DATE_EPOCH"])
    done = subprocess.run(["git", "-C", str(TOP), "log", "-1", "--format=%ct"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failed("SOURCE_DATE_EPOCH is not set, and there is no commit that has a time")
    return int(done.stdout)


def said_by(program, *words):
    try:
        return subprocess.run([program, *words], capture_output=True, check=True, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}).stdout
    except subprocess.CalledProcessError as error:
        raise Failed(f"'{program} {' '.join(words)}' ended with status {error.returncode}") from error


def runs_here(programs):
    for program in programs.values():
        try:
            subprocess.run([program, "--version"], capture_output=True, check=True)
            return program
        except (OSError, subprocess.CalledProcessError):
            continue
    raise Failed("none of the programs runs here, so none says its manual; pack on x86_64 or aarch64")


def shared_files(program):
    """What the program itself prints, and the pages: all below share/, as `cmake --install` puts them."""
    files = [
        File("share/man/man1/cmigrate.1.gz", gz(said_by(program, "help", "--man"))),
        File("share/bash-completion/completions/cmigrate", said_by(program, "completion", "bash")),
        File("share/zsh/site-functions/_cmigrate", said_by(program, "completion", "zsh")),
        File("share/fish/vendor_completions.d/cmigrate.fish", said_by(program, "completion", "fish")),
        File("share/cmigrate/model.schema.json", said_by(program, "help", "--json-schema", "model")),
        File("share/cmigrate/config.schema.json", said_by(program, "help", "--json-schema", "config")),
    ]
    pages = [TOP / name for name in ("README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "core/api/cmigrate.h")]
    pages += sorted((TOP / "docs").glob("*.md")) + sorted((TOP / "docs/ci").iterdir()) + sorted((TOP / "docs/json").iterdir())
    return files + [File(f"share/doc/cmigrate/{page.relative_to(TOP)}", page.read_bytes()) for page in pages if page.is_file()]


def licenses(folder):
    """The licenses of all that is linked in; without a folder, that of cmigrate alone."""
    if not folder:
        return [File("cmigrate", (TOP / "LICENSE").read_bytes())]
    return [File(path.name, path.read_bytes()) for path in sorted(pathlib.Path(folder).iterdir())]


def arguments(words):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", action="append", required=True, metavar="ARCH=FILE")
    parser.add_argument("--licenses", metavar="FOLDER")
    parser.add_argument("--certificates", metavar="FILE")
    parser.add_argument("out", metavar="OUT")
    given = parser.parse_args(words)
    programs = dict(word.partition("=")[::2] for word in given.program)
    for arch, file in programs.items():
        if arch not in formats.ARCHES:
            raise Failed(f"'{arch}' is not an architecture that is packed ({', '.join(formats.ARCHES)})")
        if not os.access(file, os.X_OK):
            raise Failed(f"--program {arch}={file}: no program there")
    return given, {arch: os.path.abspath(file) for arch, file in sorted(programs.items(), reverse=True)}


def main(words):
    given, programs = arguments(words)
    version, program = declared_version(), runs_here(programs)
    says = said_by(program, "--version").decode().split()
    if version not in says:
        raise Failed(f"{program} says '{' '.join(says)}', and CMakeLists.txt version {version}; build it again")
    release = formats.Release(
        version=version, when=time_of_release(), share=shared_files(program), licenses=licenses(given.licenses),
        programs={arch: pathlib.Path(file).read_bytes() for arch, file in programs.items()},
        readme=(TOP / "README.md").read_bytes(), launcher=(TOP / "cmake/release/npm/cmigrate.js").read_bytes(),
        certificates=pathlib.Path(given.certificates).read_bytes() if given.certificates else None)
    out = pathlib.Path(given.out)
    out.mkdir(parents=True, exist_ok=True)
    made = {}
    for make in (formats.tarballs, formats.debs, formats.rpms, formats.npm_packages, formats.wheels, formats.images):
        made.update(make(release))
    for name, data in made.items():
        (out / name).write_bytes(data)
        print(f"{len(data):>10} {name}")
    (out / "SHA256SUMS").write_text("".join(f"{sha256(data)}  {name}\n" for name, data in sorted(made.items())), encoding="ascii")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (Failed, OSError) as error:
        print(f"pack.py: {error}", file=sys.stderr)
        sys.exit(1)
