"""Archives that are the same bytes for the same files: names in order, one time, nobody's ids, no names of machines."""
import hashlib
import io
import struct
import tarfile
import time
import zipfile
import zlib
from collections import namedtuple

# path: where it lies in the archive; data: bytes; mode: 0o755 for what is run
File = namedtuple("File", "path data mode", defaults=(0o644,))


def folders_of(files):
    """Every folder that the paths name, parents first."""
    found = set()
    for file in files:
        parts = file.path.split("/")[:-1]
        found.update("/".join(parts[:n]) for n in range(1, len(parts) + 1))
    return sorted(found - {"", "."})


def tar(files, when, folders=True, modes=None, prefix=""):
    """A tar of the files. modes: those of folders that are not 0o755; prefix: in front of each name, as dpkg wants './'."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        entries = [(path, None, 0) for path in folders_of(files) + sorted((modes or {}).keys() - set(folders_of(files)))] if folders else []
        entries += [(file.path, file.data, file.mode) for file in files]
        for path, data, mode in sorted(entries, key=lambda entry: entry[0]):
            info = tarfile.TarInfo(prefix + path)
            info.mtime, info.uname, info.gname = when, "root", "root"
            if data is None:
                info.type, info.mode = tarfile.DIRTYPE, (modes or {}).get(path, 0o755)
                archive.addfile(info)
            else:
                info.size, info.mode = len(data), mode
                archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def gz(data):
    """Compressed without a name, a time or a system: what Python's gzip writes there depends on its version."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = deflate.compress(data) + deflate.flush()
    return b"\x1f\x8b\x08\0\0\0\0\0\x02\xff" + body + struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)


def zipped(files, when):
    """A zip, which has no dates before 1980."""
    date = max(time.gmtime(when)[:6], (1980, 1, 1, 0, 0, 0))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in files:
            info = zipfile.ZipInfo(file.path, date)
            info.create_system, info.external_attr, info.compress_type = 3, (0o100000 | file.mode) << 16, zipfile.ZIP_DEFLATED
            archive.writestr(info, file.data)
    return out.getvalue()


def ar(files, when):
    """The archive of a .deb: names of at most 16 characters, each file on an even byte."""
    out = b"!<arch>\n"
    for file in files:
        out += f"{file.path:<16}{when:<12}{0:<6}{0:<6}{0o100000 | file.mode:<8o}{len(file.data):<10}`\n".encode()
        out += file.data + b"\n" * (len(file.data) % 2)
    return out


def sha256(data):
    return hashlib.sha256(data).hexdigest()
