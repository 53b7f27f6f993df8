"""The forms in which cmigrate is handed out. Each function takes a Release and gives {name of the file: its bytes}."""
import base64
import hashlib
import json
import time
from collections import namedtuple

import rpm
from archives import File, ar, gz, sha256, tar, zipped

SUMMARY = "Schema migrations for SQLite, PostgreSQL, MySQL and MariaDB"
# What an architecture is called by each
Arch = namedtuple("Arch", "debian node oci")
ARCHES = {"x86_64": Arch("amd64", "x64", "amd64"), "aarch64": Arch("arm64", "arm64", "arm64")}
USER = 65532  # nobody's number, as images without a shell have it

# programs: {arch: bytes}; share: files below share/; licenses: those of all that is linked in, by name; certificates: bytes or None
Release = namedtuple("Release", "version when share licenses programs readme launcher certificates")


def installed(release, arch):
    """All that is installed, as it lies below /usr or /usr/local."""
    notices = [File(f"share/doc/cmigrate/licenses/{file.path}", file.data) for file in release.licenses]
    return [File("bin/cmigrate", release.programs[arch], 0o755)] + release.share + notices


def below(folder, files):
    return [file._replace(path=f"{folder}/{file.path}") for file in files]


def tarballs(release):
    made = {}
    for arch in release.programs:
        name = f"cmigrate-{release.version}-linux-{arch}"
        made[name + ".tar.gz"] = gz(tar(below(name, installed(release, arch)), release.when))
    return made


def debs(release):
    """A package for every Debian and Ubuntu. It needs no other one, and takes the place of the package that is built there."""
    made = {}
    for arch, program in release.programs.items():
        files = [file._replace(path=file.path.replace("share/zsh/site-functions", "share/zsh/vendor-completions")) for file in installed(release, arch)]
        files = below("usr", files)
        files.append(File("usr/share/doc/cmigrate-static/copyright", b"".join(
            f"--- {file.path}\n\n".encode() + file.data + b"\n" for file in release.licenses)))
        control = (f"Package: cmigrate-static\nVersion: {release.version}\nArchitecture: {ARCHES[arch].debian}\n"
                   "Maintainer: cmigrate developers <cmigrate@localhost>\nSection: database\nPriority: optional\n"
                   f"Installed-Size: {sum(len(file.data) for file in files) // 1024 + 1}\n"
                   "Provides: cmigrate\nConflicts: cmigrate\nReplaces: cmigrate\n"
                   f"Description: {SUMMARY[0].lower()}{SUMMARY[1:]}\n"
                   " One static program with all drivers in it, for every release.\n")
        sums = "".join(f"{hashlib.md5(file.data).hexdigest()}  {file.path}\n" for file in sorted(files))
        parts = [File("control", control.encode()), File("md5sums", sums.encode())]
        made[f"cmigrate-static_{release.version}_{ARCHES[arch].debian}.deb"] = ar([
            File("debian-binary", b"2.0\n"),
            File("control.tar.gz", gz(tar(parts, release.when, prefix="./"))),
            File("data.tar.gz", gz(tar(files, release.when, prefix="./"))),
        ], release.when)
    return made


def rpms(release):
    """A package for Fedora and its relatives. It needs no other one."""
    made = {}
    for arch in release.programs:
        made[f"cmigrate-{release.version}-1.{arch}.rpm"] = rpm.package(
            "cmigrate", release.version, arch, SUMMARY, "One static program with all drivers in it.", "MIT",
            below("usr", installed(release, arch)), release.when)
    return made


def npm_packages(release):
    """`cmigrate`, which starts the program, and a package with the program for each architecture, of which npm installs the one that fits."""
    made = {}
    common = {"version": release.version, "description": SUMMARY, "license": "MIT"}
    for arch, program in release.programs.items():
        node = ARCHES[arch].node
        package = {"name": f"@cmigrate/linux-{node}", **common, "os": ["linux"], "cpu": [node], "preferUnplugged": True}
        readme = f"The program for Linux on {arch}, with all drivers in it. Install `cmigrate`, which needs this package.\n"
        files = [File("package.json", as_json(package)), File("README.md", readme.encode()), File("bin/cmigrate", program, 0o755)]
        made[f"cmigrate-linux-{node}-{release.version}.tgz"] = npm_archive(release, files + below("licenses", release.licenses))
    package = {
        "name": "cmigrate", **common, "keywords": ["migration", "schema", "database", "postgresql", "mysql", "mariadb", "sqlite"],
        "bin": {"cmigrate": "bin/cmigrate.js"}, "engines": {"node": ">=14"},
        "optionalDependencies": {f"@cmigrate/linux-{ARCHES[arch].node}": release.version for arch in release.programs},
    }
    schemas = [File(file.path.rpartition("/")[2], file.data) for file in release.share if file.path.endswith(".schema.json")]
    files = [File("package.json", as_json(package)), File("README.md", release.readme), File("bin/cmigrate.js", release.launcher, 0o755)]
    license_text = [File("LICENSE", file.data) for file in release.licenses if file.path == "cmigrate"]
    made[f"cmigrate-{release.version}.tgz"] = npm_archive(release, files + license_text + schemas)
    return made


def npm_archive(release, files):
    return gz(tar(below("package", files), release.when, folders=False))


def wheels(release):
    """The program as the script of a Python package. Static, so it runs with every libc."""
    made = {}
    for arch, program in release.programs.items():
        tags = [f"py3-none-{platform}_{arch}" for platform in ("manylinux2014", "manylinux_2_17", "musllinux_1_1")]
        info = f"cmigrate-{release.version}.dist-info"
        files = [
            File(f"cmigrate-{release.version}.data/scripts/cmigrate", program, 0o755),
            File(f"{info}/METADATA", (
                f"Metadata-Version: 2.1\nName: cmigrate\nVersion: {release.version}\nSummary: {SUMMARY}\nLicense: MIT\n"
                "Requires-Python: >=3.6\nClassifier: Topic :: Database\nClassifier: Operating System :: POSIX :: Linux\n"
                "Description-Content-Type: text/markdown\n\n").encode() + release.readme),
            File(f"{info}/WHEEL", (
                "Wheel-Version: 1.0\nGenerator: cmigrate\nRoot-Is-Purelib: false\n" + "".join(f"Tag: {tag}\n" for tag in tags)).encode()),
        ] + below(f"{info}/licenses", release.licenses)
        record = f"{info}/RECORD"
        lines = [f"{file.path},sha256={unpadded(file.data)},{len(file.data)}\n" for file in files]
        files.append(File(record, "".join(lines + [f"{record},,\n"]).encode()))
        platforms = ".".join(tag.rpartition("-")[2] for tag in tags)
        made[f"cmigrate-{release.version}-py3-none-{platforms}.whl"] = zipped(files, release.when)
    return made


def unpadded(data):
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def images(release):
    """One OCI image for all architectures, from nothing but the program, as a layout in a tar that podman and skopeo read; and docker,
    for which the first architecture is named once more."""
    blobs, manifests, for_docker = {}, [], []

    def blob(data, kind):
        digest = sha256(data)
        blobs[digest] = data
        return {"mediaType": f"application/vnd.oci.image.{kind}", "digest": f"sha256:{digest}", "size": len(data)}

    for arch in release.programs:
        platform = {"architecture": ARCHES[arch].oci, "os": "linux"}
        layer = image_layer(release, arch)
        compressed = blob(gz(layer), "layer.v1.tar+gzip")
        config = blob(as_json({
            "created": utc(release.when), **platform,
            "config": {
                "User": f"{USER}:{USER}", "Env": ["PATH=/usr/local/bin"], "Entrypoint": ["/usr/local/bin/cmigrate"], "WorkingDir": "/work",
                "Labels": {"org.opencontainers.image.title": "cmigrate", "org.opencontainers.image.version": release.version,
                           "org.opencontainers.image.description": SUMMARY, "org.opencontainers.image.licenses": "MIT"},
            },
            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{sha256(layer)}"]},
            "history": [{"created": utc(release.when), "created_by": "cmake/release/pack.py"}],
        }), "config.v1+json")
        manifest = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": config, "layers": [compressed]}
        manifests.append({**blob(as_json(manifest), "manifest.v1+json"), "platform": platform})
        for_docker.append({"Config": blob_path(config), "RepoTags": [f"cmigrate:{release.version}"], "Layers": [blob_path(compressed)]})
    index = blob(as_json({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": manifests}), "index.v1+json")
    index["annotations"] = {"org.opencontainers.image.ref.name": release.version}
    files = [File("oci-layout", as_json({"imageLayoutVersion": "1.0.0"})),
             File("index.json", as_json({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [index]})),
             File("manifest.json", as_json(for_docker[:1]))]
    files += [File(f"blobs/sha256/{digest}", data) for digest, data in sorted(blobs.items())]
    return {f"cmigrate-{release.version}.oci.tar": tar(files, release.when)}


def image_layer(release, arch):
    """The program, a user that is not root, a place for temporary files and one for the project."""
    files = [
        File("usr/local/bin/cmigrate", release.programs[arch], 0o755),
        File("etc/passwd", f"root:x:0:0:root:/:/none\ncmigrate:x:{USER}:{USER}:cmigrate:/work:/none\n".encode()),
        File("etc/group", f"root:x:0:\ncmigrate:x:{USER}:\n".encode()),
    ] + below("usr/local/share/doc/cmigrate/licenses", release.licenses)
    if release.certificates:
        files.append(File("etc/ssl/cert.pem", release.certificates))
    return tar(files, release.when, modes={"tmp": 0o1777, "work": 0o777})


def blob_path(descriptor):
    return "blobs/" + descriptor["digest"].replace(":", "/")


def utc(when):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(when))


def as_json(value):
    return (json.dumps(value, indent=2) + "\n").encode()
