#!/usr/bin/env python3
"""The packages of a release, as those who install read them. A script that calls the program takes the place of the static one.

    packages.py CMIGRATE      0 all hold, 1 some do not

What is asked of node, dpkg and rpm is asked where these are. The programs themselves are tried by released.py.
"""
import base64
import csv
import gzip
import hashlib
import io
import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile

from kit import end, holds, run

TOP = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.path.abspath(sys.argv[1])
WHEN = "1700000000"


def pack(program, out, **env):
    return subprocess.run([sys.executable, TOP / "cmake/release/pack.py", "--program", f"x86_64={program}", "--program", f"aarch64={program}", out],
                          capture_output=True, text=True, env={**os.environ, "SOURCE_DATE_EPOCH": WHEN, **env}, check=False)


def stand_in(path, text):
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)
    return path


def sums(out):
    """SHA256SUMS names every file, and its bytes."""
    lines = dict(reversed(line.split("  ")) for line in (out / "SHA256SUMS").read_text().splitlines())
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in out.iterdir() if path.name != "SHA256SUMS"}
    holds(lines == files, f"SHA256SUMS is not of the files: {lines} {files}")
    return files


def tarball(out, version):
    name = f"cmigrate-{version}-linux-x86_64"
    with tarfile.open(out / f"{name}.tar.gz") as archive:
        members = {member.name: member for member in archive}
        holds(members[f"{name}/bin/cmigrate"].mode == 0o755, "the program of the tarball is not to be run")
        for path in ("share/man/man1/cmigrate.1.gz", "share/zsh/site-functions/_cmigrate", "share/cmigrate/model.schema.json",
                     "share/doc/cmigrate/docs/index.md", "share/doc/cmigrate/licenses/cmigrate"):
            holds(f"{name}/{path}" in members, f"the tarball has no {path}")
        holds({member.mtime for member in members.values()} == {int(WHEN)}, "the tarball has times of this machine")
        holds({(member.uid, member.uname) for member in members.values()} == {(0, "root")}, "the tarball has owners of this machine")


def wheel(out, version):
    path = next(out.glob("*x86_64.whl"))
    with zipfile.ZipFile(path) as archive:
        info = f"cmigrate-{version}.dist-info"
        record = {row[0]: row[1:] for row in csv.reader(io.StringIO(archive.read(f"{info}/RECORD").decode()))}
        holds(set(record) == set(archive.namelist()), "RECORD does not name what is in the wheel")
        for name, (digest, size) in record.items():
            if not name.endswith("RECORD"):
                data = archive.read(name)
                real = "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
                holds((digest, int(size)) == (real, len(data)), f"RECORD says something else of {name}")
        tags = [line[5:] for line in archive.read(f"{info}/WHEEL").decode().splitlines() if line.startswith("Tag: ")]
        platforms = path.stem.split("-")[-1].split(".")
        holds(sorted(tags) == sorted(f"py3-none-{platform}" for platform in platforms), f"the name of the wheel does not say its tags: {tags}")


def npm(out, version, folder):
    with tarfile.open(out / f"cmigrate-{version}.tgz") as archive:
        package = json.load(archive.extractfile("package/package.json"))
    holds(package["optionalDependencies"] == {"@cmigrate/linux-x64": version, "@cmigrate/linux-arm64": version}, "npm's package does not need the programs")
    holds("scripts" not in package, "npm's package runs something when it is installed")
    with tarfile.open(out / f"cmigrate-linux-arm64-{version}.tgz") as archive:
        package = json.load(archive.extractfile("package/package.json"))
    holds((package["os"], package["cpu"]) == (["linux"], ["arm64"]), "the program's package is not for its machine alone")
    if not shutil.which("node") or os.uname().machine != "x86_64":
        return
    modules = folder / "node_modules"  # as npm lays them
    for name in ("cmigrate", "@cmigrate/linux-x64"):
        with tarfile.open(out / f"{name.replace('@cmigrate/', 'cmigrate-')}-{version}.tgz") as archive:
            archive.extractall(folder / "unpacked")
        (modules / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "unpacked/package").rename(modules / name)
    command = modules / "cmigrate/bin/cmigrate.js"
    holds(f"cmigrate {version}" in (run([command, "--version"]) or ""), "the launcher starts another version")
    done = subprocess.run([command, "no-such-command"], capture_output=True, text=True, check=False)
    holds(done.returncode == 2 and "no-such-command" in done.stderr, f"the exit status is lost under node: {done}")
    shutil.rmtree(modules / "@cmigrate")
    done = subprocess.run([command, "--version"], capture_output=True, text=True, check=False)
    holds(done.returncode == 127 and "@cmigrate/linux-x64 is not installed" in done.stderr, f"nothing says that the program is missing: {done}")


def image(out, version):
    """Every descriptor leads to a blob of its digest and size; the layer is what the configuration says it is."""
    with tarfile.open(out / f"cmigrate-{version}.oci.tar") as archive:
        def read(name):
            return archive.extractfile(name).read()

        def blob(descriptor):
            data = read("blobs/" + descriptor["digest"].replace(":", "/"))
            holds((f"sha256:{hashlib.sha256(data).hexdigest()}", len(data)) == (descriptor["digest"], descriptor["size"]), f"a blob is not {descriptor}")
            return data

        holds(json.loads(read("oci-layout")) == {"imageLayoutVersion": "1.0.0"}, "this is no OCI layout")
        index = json.loads(blob(json.loads(read("index.json"))["manifests"][0]))
        holds([entry["platform"]["architecture"] for entry in index["manifests"]] == ["amd64", "arm64"], "the image is not for both architectures")
        manifest = json.loads(blob(index["manifests"][0]))
        config, layer = json.loads(blob(manifest["config"])), tarfile.open(fileobj=io.BytesIO(blob(manifest["layers"][0])))
        digest = hashlib.sha256(gzip.decompress(blob(manifest["layers"][0]))).hexdigest()
        holds(config["rootfs"]["diff_ids"] == [f"sha256:{digest}"], "the configuration is of another layer")
        holds(config["config"]["User"] == "65532:65532", "the image runs as root")
        holds(layer.getmember("tmp").mode == 0o1777 and config["config"]["Entrypoint"][0][1:] in layer.getnames(), "the layer has not what it starts")
        for_docker = json.loads(read("manifest.json"))[0]
        holds(all(name in archive.getnames() for name in [for_docker["Config"], *for_docker["Layers"]]), "docker finds no layer")


def debian(out, version, folder):
    if not shutil.which("dpkg-deb"):
        return
    package = out / f"cmigrate-static_{version}_amd64.deb"
    fields = run(["dpkg-deb", "-f", package]) or ""
    holds(f"Version: {version}\n" in fields and "Depends" not in fields, f"the fields of the .deb: {fields}")
    run(["dpkg-deb", "-x", package, folder / "deb"])
    holds((folder / "deb/usr/share/zsh/vendor-completions/_cmigrate").is_file(), "zsh on Debian finds no completion")
    run(["dpkg-deb", "-e", package, folder / "control"])
    run(["md5sum", "-c", "--quiet", "--strict", folder / "control/md5sums"], cwd=folder / "deb")


def after_header(data, at):
    """Where a header of an .rpm ends that begins at a place."""
    entries, size = struct.unpack_from(">8xII", data, at)
    holds(data[at:at + 4] == b"\x8e\xad\xe8\x01", "a header of the .rpm does not begin as one")
    return at + 16 + 16 * entries + size


def fedora(out, version):
    """Both headers end where they say, and the files follow; rpm itself, where it is, takes all digests for true."""
    path = out / f"cmigrate-{version}-1.x86_64.rpm"
    data = path.read_bytes()
    signature_ends = after_header(data, 96)
    payload = after_header(data, signature_ends + -signature_ends % 8)
    files = gzip.decompress(data[payload:])
    holds(files.startswith(b"070701") and b"./usr/bin/cmigrate\0" in files and b"TRAILER!!!" in files[-16:], "the .rpm does not end with its files")
    if shutil.which("rpm"):
        said = run(["rpm", "-K", "-v", "--nosignature", path]) or ""
        holds(said.count(": OK") >= 3, f"rpm says of the digests: {said}")
        holds("/usr/bin/cmigrate" in (run(["rpm", "-qlp", path]) or "").splitlines(), "rpm finds no program in the package")


def manifest():
    """Every source has a checksum and a place of its own, and the script calls for no other architecture than it knows."""
    seen = set()
    for line in (TOP / "cmake/static/sources").read_text().splitlines():
        if not line.startswith("#"):
            digest, path = line.split(" ")
            holds(len(digest) == 64 and int(digest, 16) and path.startswith("pool/main/") and path not in seen, f"cmake/static/sources: {line}")
            seen.add(path)
    for library in ("musl", "openssl", "sqlite3", "libyaml", "postgresql-15", "mariadb"):
        holds(sum(f"/{library}_" in path and ".orig." in path for path in seen) == 1, f"cmake/static/sources has not one source of {library}")
    done = subprocess.run([TOP / "cmake/static/build.sh", "--arch", "pdp11", "/nowhere"], capture_output=True, text=True, check=False)
    holds(done.returncode == 2 and "pdp11" in done.stderr, f"build.sh takes any architecture: {done}")


def main():
    with tempfile.TemporaryDirectory(prefix="cmigrate-release-") as name:
        folder = pathlib.Path(name)
        program = stand_in(folder / "cmigrate", f"exec '{PROGRAM}' \"$@\"\n")
        version = (run([program, "--version"]) or "cmigrate ?").split()[1]
        out, again = folder / "out", folder / "again"
        for target in (out, again):
            done = pack(program, target)
            holds(done.returncode == 0, done.stderr)
        holds(sums(out) == sums(again), "the same programs make other bytes")
        tarball(out, version)
        wheel(out, version)
        npm(out, version, folder)
        image(out, version)
        debian(out, version, folder)
        fedora(out, version)
        done = pack(stand_in(folder / "old", "echo cmigrate 0.0.0\n"), folder / "old-out")
        holds(done.returncode == 1 and "0.0.0" in done.stderr and not (folder / "old-out").exists(), f"a program of another version is packed: {done}")
        manifest()
    end()


main()
