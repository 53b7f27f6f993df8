"""A TCP proxy that goes wrong when it is told to, or behind so many bytes."""
import asyncio
import contextlib
import socket
import struct
import threading


class Proxy:
    """Passes everything on to (host, port), until it breaks, by itself behind `budget` bytes of both directions:

    reset   every connection ends with RST, and new ones are refused so
    close   every connection is closed in order, in the middle of a message
    silent  nothing is passed on any more, nor is anything said: connections stay open, new ones too
    """

    def __init__(self, host, port, budget=None, how="reset"):
        self.upstream, self.budget, self.how = (host, port), budget, how
        self.passed, self.broken, self.pairs = 0, None, []
        self.loop = asyncio.new_event_loop()
        self.loop.set_exception_handler(lambda loop, context: None)  # connections that end are what this is for
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.server = self.wait(asyncio.start_server(self.serve, "127.0.0.1", 0))
        self.port = self.server.sockets[0].getsockname()[1]

    def wait(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(30)

    def break_now(self, how):
        async def do():
            self.broken = how
            self.end_all()
        self.wait(do())

    def end_all(self):
        """What becomes of the connections that are open. The server always sees its side closed, but by `silent`."""
        if self.broken == "silent":
            return
        for client, server in self.pairs:
            if self.broken == "reset":
                client.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.close()
            server.close()
        self.pairs.clear()

    async def serve(self, reader, writer):
        if self.broken in ("reset", "close"):
            writer.close()
            return
        if self.broken:
            self.pairs.append((writer, writer))
            return
        try:
            from_server, to_server = await asyncio.open_connection(*self.upstream)
        except OSError:
            writer.close()
            return
        self.pairs.append((writer, to_server))
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(self.pump(reader, to_server), self.pump(from_server, writer))

    async def pump(self, reader, writer):
        try:
            while data := await reader.read(65536):
                if self.broken:
                    continue  # swallowed
                left = len(data) if self.budget is None else self.budget - self.passed
                data, over = data[:left], len(data) > left
                self.passed += len(data)
                writer.write(data)
                await writer.drain()
                if over:
                    self.broken = self.how
                    self.end_all()
            if not self.broken:
                writer.close()
        except (OSError, asyncio.CancelledError):
            writer.close()

    def close(self):
        """Closes all that is open, as the other side does when it notices that nobody is there."""
        async def do():
            self.broken = "close"
            self.end_all()
            self.server.close()
            others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
        self.wait(do())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()
