#!/usr/bin/env python3
"""The files that a release hands out, each installed and run: in a root that holds nothing else, by npm, pip, dpkg and rpm.

    released.py OUT      as root; 0 all hold, 1 some do not

In the image's own root the program goes up and down on SQLite, and on each server of CMIGRATE_TEST_PG15, _PG18, _MARIADB and _MYSQL.
"""
import hashlib
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile

from kit import end, holds, run

OUT = pathlib.Path(sys.argv[1]).resolve()
MODEL = """tables:
  person:
    columns:
      id: {type: integer, primary_key: true}
      name: {type: string(80), nullable: false, unique: true}
      born: {type: date}
  pet:
    columns:
      id: {type: integer, primary_key: true}
      person_id: {type: integer, references: person.id}
"""


def unpack_image(folder):
    """The layer of this machine's architecture, and its configuration."""
    machine = {"x86_64": "amd64", "aarch64": "arm64"}[os.uname().machine]
    with tarfile.open(next(OUT.glob("*.oci.tar"))) as archive:
        def blob(descriptor):
            return archive.extractfile("blobs/" + descriptor["digest"].replace(":", "/")).read()

        index = json.loads(blob(json.loads(archive.extractfile("index.json").read())["manifests"][0]))
        manifest = json.loads(blob(next(entry for entry in index["manifests"] if entry["platform"]["architecture"] == machine)))
        with tarfile.open(fileobj=io.BytesIO(blob(manifest["layers"][0]))) as layer:
            layer.extractall(folder, numeric_owner=True)
        return json.loads(blob(manifest["config"]))["config"]


class Container:
    """The image, as a container of it runs: its root, its user, its environment and nothing else."""

    def __init__(self, folder):
        self.folder, self.config = folder, unpack_image(folder)
        self.env = dict(pair.split("=", 1) for pair in self.config["Env"])

    def enter(self):
        os.chroot(self.folder)
        os.chdir(self.config["WorkingDir"])
        user, group = map(int, self.config["User"].split(":"))
        os.setgroups([])
        os.setgid(group)
        os.setuid(user)

    def run(self, *words):
        return run([*self.config["Entrypoint"], *words], env=self.env, preexec_fn=self.enter)

    def write(self, name, text):
        path = self.folder / "work" / name
        path.write_text(text)
        path.chmod(0o644)


def up_and_down(container, url):
    """A project from its first line to its second revision and back."""
    shutil.rmtree(container.folder / "work/migrations", ignore_errors=True)
    for name in ("cmigrate.yaml", "schema.yaml"):
        (container.folder / "work" / name).unlink(missing_ok=True)
    container.run("init")
    container.write("cmigrate.yaml", f"url: {url}\n")
    container.write("schema.yaml", MODEL)
    if not url.startswith("sqlite"):
        container.run("create-database")
    container.run("migrate", "-m", "first")
    container.run("upgrade")
    container.write("schema.yaml", MODEL.replace("born: {type: date}", "born: {type: date}\n      bio: {type: text}"))
    container.run("migrate", "-m", "second")
    container.run("upgrade")
    container.run("check")
    holds("bio" in (container.run("inspect") or ""), f"the column of the second revision is not there: {url.partition(':')[0]}")
    container.run("downgrade", "base")
    container.run("prove") if url.startswith("sqlite") else None


def servers(container):
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
    import sqlclient
    for name in ("PG15", "PG18", "MARIADB", "MYSQL"):
        server = os.environ.get(f"CMIGRATE_TEST_{name}", "").rstrip("/")
        if not server:
            print(f"no CMIGRATE_TEST_{name}; left out")
            continue
        database = f"cmreleased_{os.getpid()}"
        try:
            up_and_down(container, f"{server}/{database}")
        finally:
            sqlclient.of(server).run(f"drop database if exists {database}")


def installers(folder, version):
    machine = os.uname().machine
    if shutil.which("npm"):
        (folder / "npm").mkdir()
        (folder / "npm/package.json").write_text("{}")
        env = {**os.environ, "npm_config_cache": str(folder / "npm-cache"), "npm_config_update_notifier": "false"}
        program = next(OUT.glob(f"cmigrate-linux-{'x64' if machine == 'x86_64' else 'arm64'}-*.tgz"))
        run(["npm", "install", "--offline", "--no-audit", "--no-fund", "--silent", program, OUT / f"cmigrate-{version}.tgz"], cwd=folder / "npm", env=env)
        holds(version in (run(["npx", "--offline", "cmigrate", "--version"], cwd=folder / "npm", env=env) or ""), "npx runs another version")
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0:
        run([sys.executable, "-m", "pip", "install", "-q", "--no-index", "--no-deps", "--disable-pip-version-check", "--target", folder / "pip",
             next(OUT.glob(f"*{machine}.whl"))])
        holds(version in (run([folder / "pip/bin/cmigrate", "--version"]) or ""), "what pip installed is another version")
    debian = next(OUT.glob(f"*_{'amd64' if machine == 'x86_64' else 'arm64'}.deb"))
    if shutil.which("dpkg"):
        root = folder / "dpkg"
        for path in ("updates", "info"):
            (root / "var/lib/dpkg" / path).mkdir(parents=True)
        for path in ("status", "available"):
            (root / "var/lib/dpkg" / path).touch()
        run(["dpkg", "--force-not-root", f"--root={root}", f"--log={folder}/dpkg.log", "-i", debian])
        holds(version in (run(["/usr/bin/cmigrate", "--version"], preexec_fn=lambda: os.chroot(root)) or ""), "what dpkg installed is another version")
    if shutil.which("rpm"):
        database = ["rpm", "--root", folder / "rpm", "--dbpath", "/var/lib/rpm"]
        (folder / "rpm").mkdir()
        run([*database, "-i", next(OUT.glob(f"*.{machine}.rpm"))])
        run([*database, "-V", "cmigrate"])
        holds(version in (run(["/usr/bin/cmigrate", "--version"], preexec_fn=lambda: os.chroot(folder / "rpm")) or ""), "what rpm installed is another version")


def main():
    for line in (OUT / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        holds(hashlib.sha256((OUT / name).read_bytes()).hexdigest() == digest, f"SHA256SUMS says another sum of {name}")
    with tempfile.TemporaryDirectory(prefix="cmigrate-released-") as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)  # the image's user passes through
        container = Container(folder / "image")
        said = container.run("--version")
        if said:
            size = (container.folder / "usr/local/bin/cmigrate").stat().st_size
            print(f"{said.splitlines()[0]}, {size} bytes")
            holds(size < 10_000_000, "the program is larger than 10 MB")
            up_and_down(container, "sqlite:///app.db")
            servers(container)
            installers(folder, said.split()[1])
    end()


main()
