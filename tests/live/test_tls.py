#!/usr/bin/env python3
"""What ssl_mode means on MySQL and MariaDB: servers with and without TLS, wrong certificates and hosts, a proxy that
strips TLS, a server that asks for the password in clear text.

    test_tls.py CMIGRATE [tls|mysql_tls]      the kind of server with TLS, of servers.sh
"""
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
SERVERS = os.path.join(HERE, "..", "support", "servers.sh")
SSL, PLUGINS = 0x800, 0x80000  # capabilities of the protocol
PASSWORD = b"Sw0rdfish-of-the-tests"
folder = tempfile.mkdtemp(prefix="cmlive-tls-")
faults = []


def listen(host, serve):
    """A server of this test's own: serve(connection) for each, in a thread. Its port."""
    s = socket.create_server((host, 0))

    def work():
        while True:
            try:
                one = s.accept()[0]
            except OSError:
                return
            threading.Thread(target=guarded, args=(one,), daemon=True).start()

    def guarded(one):
        with one:
            try:
                one.settimeout(20)
                serve(one)
            except OSError:
                pass

    threading.Thread(target=work, daemon=True).start()
    return s.getsockname()[1]


def packet(connection):
    head = b""
    while len(head) < 4:
        more = connection.recv(4 - len(head))
        if not more:
            raise OSError("gone")
        head += more
    size, body = struct.unpack("<I", head[:3] + b"\0")[0], b""
    while len(body) < size:
        more = connection.recv(size - len(body))
        if not more:
            raise OSError("gone")
        body += more
    return head[3], body


def send(connection, number, body):
    connection.sendall(struct.pack("<I", len(body))[:3] + bytes([number]) + body)


def pump(source, to):
    try:
        while data := source.recv(65536):
            to.sendall(data)
    except OSError:
        pass
    for end in (source, to):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def proxy(port, strips):
    """Before the server at `port`; `strips`: the greeting says that there is no TLS."""

    def serve(client):
        with socket.create_connection(("127.0.0.1", port)) as server:
            number, greeting = packet(server)
            if strips:
                at = greeting.index(b"\0", 1) + 1 + 4 + 8 + 1  # behind version, thread and the first part of the salt
                low = struct.unpack_from("<H", greeting, at)[0] & ~SSL
                greeting = greeting[:at] + struct.pack("<H", low) + greeting[at + 2 :]
            send(client, number, greeting)
            back = threading.Thread(target=pump, args=(server, client), daemon=True)
            back.start()
            pump(client, server)
            back.join(20)

    return serve


def thief(heard, plugin):
    """Offers no TLS and asks for the password by `plugin`; keeps all that it is sent."""

    def serve(client):
        low, high = 0x0200 | 0x8000 | 0x1 | 0x8 | 0x2000, PLUGINS >> 16
        greeting = (b"\x0a8.0.30\0" + struct.pack("<I", 7) + b"12345678\0" + struct.pack("<H", low) + b"\x2d\x02\0" + struct.pack("<H", high)
                    + bytes([21]) + bytes(10) + b"123456789012\0" + b"mysql_native_password\0")
        send(client, 0, greeting)
        number, body = packet(client)
        heard.append(body)
        ask = b"\x04Password: " if plugin == b"dialog" else b""
        send(client, number + 1, b"\xfe" + plugin + b"\0" + ask)
        heard.append(packet(client)[1])

    return serve


def call(program, url, *args):
    env = {k: v for k, v in os.environ.items() if not k.startswith(("CMIGRATE_URL", "MYSQL"))}
    p = subprocess.run([program, "--url", url, *args, "current", "-v"], cwd=folder, capture_output=True, text=True, timeout=60,
                       stdin=subprocess.DEVNULL, env={**env, "HOME": folder})
    return p.returncode, p.stdout + p.stderr


def expect(program, title, url, status, *says):
    code, said = call(program, url)
    if code != status or not all(s in said for s in says):
        faults.append(f"{title}: exit {code}, not {status}, or it does not say {says}\n    {url}\n    {said.strip()}")


def table(program, tls, plain, keys):
    """Each mode on each server: the protection that comes of it, or why there is none."""
    root, other = f"ssl_ca={keys}/root.pem", f"ssl_ca={keys}/other.pem"
    direct, port = f"mysql://root:{PASSWORD.decode()}@", tls.rsplit(":", 1)[1]
    at = lambda host, p, query: f"{direct}{host}:{p}/mysql?{query}"
    strip = listen("127.0.0.1", proxy(int(port), True))
    elsewhere = listen("127.0.0.2", proxy(int(port), False))
    none, some = "Connection: not encrypted", "Connection: TLS"
    unproved, proved = "server certificate not verified", "server certificate verified"
    whole = "server certificate and host name verified"
    rows = [
        ("disabled, a server with TLS", at("127.0.0.1", port, "ssl_mode=disabled"), 0, none),
        ("by default, a server with TLS", at("127.0.0.1", port, ""), 0, some, unproved),
        ("preferred, a server with TLS", at("127.0.0.1", port, "ssl_mode=preferred"), 0, some, unproved),
        ("required, a server with TLS", at("127.0.0.1", port, "ssl_mode=REQUIRED"), 0, some, unproved),
        ("verify_ca, its authority", at("127.0.0.1", port, f"ssl_mode=verify_ca&{root}"), 0, some, proved),
        ("verify_ca, another host", at("127.0.0.2", elsewhere, f"ssl_mode=verify_ca&{root}"), 0, some, proved),
        ("verify_ca, another authority", at("127.0.0.1", port, f"ssl_mode=verify_ca&{other}"), 3, "SSL"),
        ("verify_ca without an authority", at("127.0.0.1", port, "ssl_mode=verify_ca"), 3),
        ("verify_identity, its host", at("127.0.0.1", port, f"ssl_mode=verify_identity&{root}"), 0, some, whole),
        ("verify_identity, another host", at("127.0.0.2", elsewhere, f"ssl_mode=verify_identity&{root}"), 3, "SSL"),
        ("verify_identity, another authority", at("127.0.0.1", port, f"ssl_mode=verify_identity&{other}"), 3, "SSL"),
        ("an authority and no mode", at("127.0.0.1", port, other), 3, "SSL"),
        ("an authority that is not to be asked", at("127.0.0.1", port, f"{other}&ssl_verify_cert=0"), 0, some, unproved),
        ("ssl_verify_cert=1", at("127.0.0.1", port, f"ssl_verify_cert=1&{other}"), 3, "SSL"),
        ("ssl_verify_cert=yes", at("127.0.0.1", port, f"ssl_verify_cert=yes&{root}"), 0, some, proved),
        ("ssl_check_hostname=true", at("127.0.0.2", elsewhere, f"ssl_check_hostname=true&{root}"), 3, "SSL"),
        ("ssl=true", at("127.0.0.1", port, "ssl=true"), 0, some),
        ("ssl_disabled=true", at("127.0.0.1", port, "ssl_disabled=true"), 0, none),
        ("a proxy that strips TLS, preferred", at("127.0.0.1", strip, "ssl_mode=preferred"), 0, none),
        ("a mode that is none", at("127.0.0.1", port, "ssl_mode=maybe"), 2, "invalid value 'maybe' for 'ssl_mode'"),
        ("a switch that is none", at("127.0.0.1", port, "ssl_verify_cert=maybe"), 2, "invalid value 'maybe' for 'ssl_verify_cert'"),
        ("a contradiction", at("127.0.0.1", port, "ssl_mode=disabled&ssl_verify_cert=1"), 2, "contradicts"),
        ("a timeout that is none", at("127.0.0.1", port, "connect_timeout=soon"), 2, "invalid value 'soon' for 'connect_timeout'"),
    ]
    for mode in ("required", f"verify_ca&{root}", f"verify_identity&{root}"):
        rows.append((f"a proxy that strips TLS, {mode[:15]}", at("127.0.0.1", strip, f"ssl_mode={mode}"), 3))
    if plain:
        p = plain.rsplit(":", 1)[1]
        rows.append(("preferred, a server without TLS", at("127.0.0.1", p, "ssl_mode=preferred"), 0, none))
        for mode in ("required", f"verify_ca&{root}", f"verify_identity&{root}"):
            rows.append((f"a server without TLS, {mode[:15]}", at("127.0.0.1", p, f"ssl_mode={mode}"), 3))
    for row in rows:
        expect(program, *row)
    return len(rows)


def thefts(program, keys):
    """What a server without TLS hears: never the password, and nothing made from it where TLS is required."""
    count = 0
    for plugin in (b"mysql_clear_password", b"dialog"):
        for query in ("", "ssl_mode=preferred", "ssl_mode=required", f"ssl_mode=verify_ca&ssl_ca={keys}/root.pem", "ssl_mode=disabled"):
            heard = []
            port = listen("127.0.0.1", thief(heard, plugin))
            code, said = call(program, f"mysql://root:{PASSWORD.decode()}@127.0.0.1:{port}/d?connect_timeout=5&{query}")
            count += 1
            if code != 3 or any(PASSWORD in text for text in heard) or PASSWORD.decode() in said:
                faults.append(f"{plugin.decode()}, {query or 'by default'}: exit {code}, the server heard {heard}\n    {said.strip()}")
            if ("required" in query or "verify" in query) and len(heard) > 1:
                faults.append(f"{plugin.decode()}, {query}: it went on without TLS: {heard}")
    heard = []
    port = listen("127.0.0.1", thief(heard, b"mysql_clear_password"))
    call(program, f"mysql://root:{PASSWORD.decode()}@127.0.0.1:{port}/d?connect_timeout=5&enable_cleartext_plugin=true")
    if not any(PASSWORD in text for text in heard):
        faults.append(f"enable_cleartext_plugin=true sends no password: {heard}")
    return count + 1


def main():
    program = os.path.abspath(sys.argv[1])
    kind = sys.argv[2] if len(sys.argv) > 2 else "tls"
    os.chmod(folder, 0o755)
    if not os.access("/usr/sbin/mariadbd", os.X_OK) or not shutil.which("openssl"):
        return 77
    subprocess.run([SERVERS, "start", folder, kind], check=True, stdout=subprocess.DEVNULL)
    try:
        address = dict(line.strip().split("=", 1) for line in open(os.path.join(folder, "env")))["CMIGRATE_TEST_" + kind.upper()]
        keys = os.path.join(folder, kind, "keys")
        count = table(program, address, os.environ.get("CMIGRATE_TEST_MARIADB") if kind == "tls" else None, keys) + thefts(program, keys)
    finally:
        subprocess.run([SERVERS, "stop", folder], stdout=subprocess.DEVNULL)
        shutil.rmtree(folder, ignore_errors=True)
    for fault in faults:
        print("FAIL " + fault)
    print(f"{count - len(faults)} of {count} hold")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
