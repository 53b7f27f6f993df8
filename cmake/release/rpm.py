"""An RPM package (format 4) of files: a lead that is history, a header of digests, a header of what is in it, and a cpio of the files."""
import hashlib
import struct

from archives import folders_of, gz, sha256

INT16, INT32, STRING, BINARY, STRINGS, TRANSLATED = 3, 4, 6, 7, 8, 9
ALIGNMENT = {INT16: 2, INT32: 4}
SIGNATURES, IMMUTABLE = 62, 63  # the tags of the two headers' regions
SHA256_ALGORITHM, UP_TO, RPMLIB = 8, 2 | 8, 1 << 24
# What a reader must know, by the version of rpm that learnt it
FEATURES = (("CompressedFileNames", "3.0.4-1"), ("FileDigests", "4.6.0-1"), ("PayloadFilesHavePrefix", "4.0-1"))


def encoded(kind, value):
    """(count, bytes) of a value."""
    if kind in (INT16, INT32):
        return len(value), struct.pack(f">{len(value)}{'H' if kind == INT16 else 'I'}", *value)
    if kind == BINARY:
        return len(value), value
    texts = value if isinstance(value, list) else [value]
    return len(texts), b"".join(text.encode() + b"\0" for text in texts)


def header(region, tags):
    """The tags in order, in a region that says where it ends: {tag: (kind, value)}."""
    index, store = b"", b""
    for tag, (kind, value) in sorted(tags.items()):
        count, data = encoded(kind, value)
        store += b"\0" * (-len(store) % ALIGNMENT.get(kind, 1))
        index += struct.pack(">4I", tag, kind, len(store), count)
        store += data
    entries = len(tags) + 1
    index = struct.pack(">4I", region, BINARY, len(store), 16) + index
    store += struct.pack(">IIiI", region, BINARY, -16 * entries, 16)
    return b"\x8e\xad\xe8\x01\0\0\0\0" + struct.pack(">2I", entries, len(store)) + index + store


def cpio(entries, when):
    """entries: (path, mode, data or None for a folder)."""
    out = b""
    for inode, (path, mode, data) in enumerate(entries + [("TRAILER!!!", 0, b"")], 1):
        name = ("." + path if path.startswith("/") else path).encode() + b"\0"
        last = path == "TRAILER!!!"
        size = len(data or b"")
        fields = (0 if last else inode, mode, 0, 0, 1, 0 if last else when, size, 0, 0, 0, 0, len(name), 0)
        out += b"070701" + b"".join(b"%08x" % field for field in fields) + name
        out += b"\0" * (-len(out) % 4) + (data or b"") + b"\0" * (-size % 4)
    return out


def file_tags(entries, when):
    """The tags that have a value for each file."""
    parts = [path.rpartition("/") for path, _, _ in entries]
    names = sorted({folder + "/" for folder, _, _ in parts})
    count = len(entries)
    return {
        1028: (INT32, [len(data or b"") for _, _, data in entries]),
        1030: (INT16, [mode for _, mode, _ in entries]),
        1033: (INT16, [0] * count),
        1034: (INT32, [when] * count),
        1035: (STRINGS, ["" if data is None else sha256(data) for _, _, data in entries]),
        1036: (STRINGS, [""] * count),
        1037: (INT32, [2 if "/share/doc/" in path or "/share/man/" in path else 0 for path, _, _ in entries]),  # documentation
        1039: (STRINGS, ["root"] * count),
        1040: (STRINGS, ["root"] * count),
        1045: (INT32, [0xFFFFFFFF] * count),
        1095: (INT32, [1] * count),
        1096: (INT32, list(range(1, count + 1))),
        1097: (STRINGS, [""] * count),
        1116: (INT32, [names.index(folder + "/") for folder, _, _ in parts]),
        1117: (STRINGS, [name for _, _, name in parts]),
        1118: (STRINGS, names),
        5011: (INT32, [SHA256_ALGORITHM]),
    }


def package(name, version, arch, summary, text, license_name, files, when):
    """files lie where they are installed, without the first slash. Folders called as the package belong to it."""
    own = [folder for folder in folders_of(files) if name in folder.split("/")]
    entries = [("/" + folder, 0o040755, None) for folder in own] + [("/" + path, 0o100000 | mode, data) for path, data, mode in files]
    entries.sort(key=lambda entry: entry[0])
    plain = cpio(entries, when)
    payload = gz(plain)
    tags = {
        100: (STRINGS, ["C"]), 1000: (STRING, name), 1001: (STRING, version), 1002: (STRING, "1"), 1004: (TRANSLATED, summary),
        1005: (TRANSLATED, text), 1006: (INT32, [when]), 1007: (STRING, "localhost"), 1009: (INT32, [sum(len(file.data) for file in files)]),
        1014: (STRING, license_name), 1016: (TRANSLATED, "Applications/Databases"), 1021: (STRING, "linux"), 1022: (STRING, arch),
        1044: (STRING, f"{name}-{version}-1.src.rpm"),
        1047: (STRINGS, [name]), 1112: (INT32, [8]), 1113: (STRINGS, [f"{version}-1"]),
        1048: (INT32, [UP_TO | RPMLIB] * len(FEATURES)), 1049: (STRINGS, [f"rpmlib({feature})" for feature, _ in FEATURES]),
        1050: (STRINGS, [since for _, since in FEATURES]),
        1124: (STRING, "cpio"), 1125: (STRING, "gzip"), 1126: (STRING, "9"), 5062: (STRING, "utf-8"),
        5092: (STRINGS, [sha256(payload)]), 5093: (INT32, [SHA256_ALGORITHM]), 5097: (STRINGS, [sha256(plain)]),
        **file_tags(entries, when),
    }
    main = header(IMMUTABLE, tags)
    signature = header(SIGNATURES, {
        269: (STRING, hashlib.sha1(main).hexdigest()), 273: (STRING, sha256(main)), 1000: (INT32, [len(main) + len(payload)]),
        1004: (BINARY, hashlib.md5(main + payload).digest()), 1007: (INT32, [len(plain)]),
    })
    lead = struct.pack(">4sBBHH66sHH16s", b"\xed\xab\xee\xdb", 3, 0, 0, 1, f"{name}-{version}-1".encode(), 1, 5, b"")
    return lead + signature + b"\0" * (-len(signature) % 8) + main + payload
