#!/usr/bin/env python3
"""Servers that answer what no server answers: the program says so and ends; it does not crash, hang or write what it was not told.

    rogue.py CMIGRATE mysql|pg15|pg18

A small server of MySQL's protocol answers every statement with OK, with rows of too few columns, with NULLs, with garbage. A proxy
in front of a PostgreSQL server changes cells of its rows: NULL, other numbers, other letters. Both listen on 127.0.0.1 for as
long as one command runs.
"""
import os
import random
import socket
import struct
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit

COMMANDS = (["inspect"], ["check"], ["current"], ["upgrade"], ["migrate", "-m", "x"], ["history"])
MODEL = """
types: {mood: {base: text, check: "VALUE <> ''"}}
tables:
  author: {columns: {id: {type: integer, primary_key: true}, name: {type: string(40), unique: true, comment: who}}}
  book:
    columns:
      id: {type: integer, primary_key: true}
      author_id: {type: integer, references: author.id}
      price: {type: "numeric(10,2)", check: "price > 0"}
    indexes: {ix_book_price: {columns: [price]}}
views: {cheap: "SELECT id FROM book"}
"""


class Listener:
    """Serves each connection with `serve` in a thread, until it is closed, or the peer says nothing for `patience` seconds."""

    def __init__(self, serve, patience=20):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.serve = serve
        self.patience = patience
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                peer, _ = self.socket.accept()
            except OSError:
                return
            peer.settimeout(self.patience)
            threading.Thread(target=self.one, args=(peer,), daemon=True).start()

    def one(self, peer):
        with peer:
            try:
                self.serve(peer)
            except (OSError, EOFError, ValueError):
                pass

    def close(self):
        self.socket.close()


def exactly(peer, n):
    data = b""
    while len(data) < n:
        more = peer.recv(n - len(data))
        if not more:
            raise EOFError
        data += more
    return data


# ---- MySQL

def packet(number, body):
    return struct.pack("<I", len(body))[:3] + bytes([number & 255]) + body


def text(value):
    return b"\xfb" if value is None else bytes([len(value)]) + value


def rows_packets(columns, rows):
    out = [bytes([columns])]
    for i in range(columns):
        out.append(text(b"def") + text(b"") * 3 + text(b"c%d" % i) * 2 + b"\x0c\x2d\x00\xff\x00\x00\x00\xfd\x00\x00\x00\x00\x00")
    out.append(b"\xfe\x00\x00\x02\x00")
    out += [b"".join(text(value) for value in row) for row in rows]
    return out + [b"\xfe\x00\x00\x02\x00"]


GOOD = [b"8.0.40", b"MySQL", b"utf8mb4", b"utf8mb4_bin", b"u@h", b"InnoDB", b"", b"", b"7", b"h:1:1", b"d", b"0", b"SYSTEM", b"NONE"]
OK = [b"\x00\x00\x00\x02\x00\x00\x00"]
ANSWERS = {
    "OK to all": lambda question, dice: OK,
    "one NULL": lambda question, dice: rows_packets(1, [[None]]),
    "no row": lambda question, dice: rows_packets(3, []),
    "as many NULLs": lambda question, dice: rows_packets(len(GOOD), [[None] * len(GOOD)] * 2),
    "then OK": lambda question, dice: rows_packets(len(GOOD), [GOOD]) if b"version()" in question else OK,
    "then NULLs": lambda question, dice: rows_packets(len(GOOD), [GOOD]) if b"version()" in question else rows_packets(7, [[None] * 7] * 3),
    "then one column": lambda question, dice: rows_packets(len(GOOD), [GOOD]) if b"version()" in question else rows_packets(1, [[b"1"]]),
    "garbage": lambda question, dice: [dice.randbytes(dice.randrange(1, 40)) for _ in range(dice.randrange(1, 4))],
    "an error without text": lambda question, dice: [b"\xff\x01\x00"],
    "many columns": lambda question, dice: rows_packets(250, [[b"x"] * 250]),
    "some of each": lambda question, dice: rows_packets(len(GOOD), [GOOD]) if b"version()" in question else
    rows_packets(9, [[dice.choice([None, b"", b"1", b"table", b"trigger", b"\xff\xfe", b"VIEW"]) for _ in range(9)] for _ in range(4)]),
}


def serve_mysql(answer, dice):
    def serve(peer):
        hello = b"\x0a8.0.40\x00" + struct.pack("<I", 7) + b"a" * 8 + b"\x00" + struct.pack("<H", 0xf7ff) + b"\x2d\x02\x00" + \
            struct.pack("<H", 0x0009) + b"\x15" + b"\x00" * 10 + b"b" * 12 + b"\x00mysql_native_password\x00"
        peer.sendall(packet(0, hello))
        head = exactly(peer, 4)
        exactly(peer, int.from_bytes(head[:3], "little"))
        peer.sendall(packet(2, OK[0]))
        while True:
            head = exactly(peer, 4)
            question = exactly(peer, int.from_bytes(head[:3], "little"))
            if question[:1] == b"\x01":
                return
            for number, body in enumerate(answer(question, dice), 1):
                peer.sendall(packet(number, body))
    return serve


def mysql_that_answers_anything(program, _):
    for name, answer in ANSWERS.items():
        heard = set()
        # a client that garbage makes wait for more waits until the server leaves
        listener = Listener(serve_mysql(lambda question, dice: heard.add(question) or answer(question, dice), random.Random(name)),
                            1 if name == "garbage" else 20)
        project = kit.Project(program, f"mysql://u:p@127.0.0.1:{listener.port}/d?ssl_mode=disabled")
        project.write("schema.yaml", MODEL.replace("types: {mood: {base: text, check: \"VALUE <> ''\"}}\n", ""))
        for words in COMMANDS:
            try:
                project.call(*words)
            except (AssertionError, subprocess.TimeoutExpired) as error:
                raise AssertionError(f"{name}: {error}") from error
        project.close()
        listener.close()
        # a server whose first answer is right is asked on: else none of what follows is tried (GOOD has too few values)
        assert len(heard) > 1 or ANSWERS[name](b"version()", random.Random(1)) != rows_packets(len(GOOD), [GOOD]), \
            f"{name}: nothing was asked after the first answer: {heard}"


def mysql_that_asks_for_a_file(program, _):
    """LOAD DATA LOCAL the other way round: the server answers any statement by asking for a file of this machine. It gets nothing."""
    heard, since, right = [], [0], 0
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as secret:
        secret.write("the secret of this machine\n")
        secret.flush()

        def answer(question, dice):
            heard.append(question)
            since[0] = 0 if b"version()" in question else since[0] + 1
            if b"version()" in question:
                return rows_packets(len(GOOD), [GOOD])
            return OK if since[0] <= right else [b"\xfb" + secret.name.encode()]
        listener = Listener(serve_mysql(answer, random.Random(1)))
        project = kit.Project(program, f"mysql://u:p@127.0.0.1:{listener.port}/d?ssl_mode=disabled&local_infile=1")
        project.write("schema.yaml", "tables: {a: {columns: {id: {type: integer, primary_key: true}}}}\n")
        project.write("migrations/a.sql", "-- cmigrate: revision aaaaaaaaaaaa\n-- cmigrate: parents\n-- cmigrate: message a\n\n"
                      f"-- cmigrate: upgrade\nLOAD DATA LOCAL INFILE '{secret.name}' INTO TABLE a;\n\n-- cmigrate: downgrade\nSELECT 1;\n")
        for right in range(4):  # so many questions after the first are answered as a server would
            for words in COMMANDS:
                project.call(*words)
        project.close()
        listener.close()
    assert len(set(heard)) > 3, f"it was asked nothing after the first answer: {heard}"
    assert not any(b"the secret" in one for one in heard), "the server was given a file of this machine"


# ---- PostgreSQL

def altered(body, dice):
    """A DataRow whose cells are NULL, another number or another letter now and then."""
    count, at, cells = struct.unpack(">h", body[:2])[0], 2, []
    for _ in range(count):
        size = struct.unpack(">i", body[at:at + 4])[0]
        at += 4
        cells.append(None if size < 0 else body[at:at + size])
        at += max(size, 0)
    for i, cell in enumerate(cells):
        if dice.random() < 0.08:
            cells[i] = dice.choice([None, None, b"", b"0", b"1", b"t", b"f", b"r", b"4294967295", b"-1", b"16384", b"{}", b"{a,b}", cell, b"x" * 70])
    return struct.pack(">h", count) + b"".join(struct.pack(">i", -1) if c is None else struct.pack(">i", len(c)) + c for c in cells)


def serve_postgresql(host, port, dice, after):
    def back(server, peer):
        seen = 0
        try:
            while True:
                kind, size = struct.unpack(">cI", exactly(server, 5))
                body = exactly(server, size - 4)
                if kind == b"D":
                    seen += 1
                    body = altered(body, dice) if seen > after else body
                peer.sendall(kind + struct.pack(">I", len(body) + 4) + body)
        except (OSError, EOFError):
            pass
        finally:
            try:
                peer.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def serve(peer):
        with socket.create_connection((host, port), timeout=20) as server:
            threading.Thread(target=back, args=(server, peer), daemon=True).start()
            while True:
                data = peer.recv(65536)
                if not data:
                    return
                server.sendall(data)
    return serve


def postgresql_whose_rows_are_altered(program, engine):
    url = engine.fresh("rogue")
    plain = kit.Project(program, url)
    plain.write("schema.yaml", MODEL)
    plain.call("migrate", "-m", "first", status=0)
    plain.call("upgrade", status=0)
    for seed in range(int(os.environ.get("ROGUE_SEEDS", "40"))):
        dice = random.Random(seed)
        listener = Listener(serve_postgresql(engine.host, engine.port, dice, 0 if seed % 8 == 0 else 1))
        project = kit.Project(program, f"postgresql://{engine.user}@127.0.0.1:{listener.port}/{engine.database}?sslmode=disable&gssencmode=disable")
        project.write("schema.yaml", MODEL.replace("40", "50").replace("price > 0", "price > 1"))
        try:
            project.call(*(["inspect"], ["check"], ["migrate", "-m", "x"], ["diff"], ["current"], ["history"])[seed % 6])
        except AssertionError as error:
            raise AssertionError(f"seed {seed}: {error}") from error
        except subprocess.TimeoutExpired as error:
            raise AssertionError(f"seed {seed}: {error}") from error
        project.close()
        listener.close()
    plain.call("check", status=0)
    plain.close()
    engine.drop()


if __name__ == "__main__":
    if sys.argv[2] == "mysql":
        mysql_that_asks_for_a_file(sys.argv[1], None)
        mysql_that_answers_anything(sys.argv[1], None)
        print("ok MySQL's protocol")
        sys.exit(0)
    sys.exit(kit.run(postgresql_whose_rows_are_altered))
