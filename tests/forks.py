"""Real processes on the database of the test, forked from one that holds the house ready: each is there at once.

They are killed with SIGKILL, by a test or by themselves, as a machine does: nothing is unwound, nothing is answered.
"""

import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import forkserver
from socketserver import ThreadingMixIn
from unittest import mock
from urllib.parse import quote
from wsgiref.simple_server import WSGIServer, make_server

from django.conf import settings
from django.db import connection
from django.test import override_settings

#: In seconds. Nothing here takes one; a deadlock takes for ever.
PATIENCE = 60
_context = multiprocessing.get_context("forkserver")


def environment() -> dict[str, str]:
    """Of a process on the database of this test."""
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_DATABASE_URL": _database_url()}


def _database_url() -> str:
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    host, user = quote(str(values["HOST"]), safe="/"), values["USER"]
    if str(values["HOST"]).startswith("/"):
        return f"postgres://{user}:@/{host}/{values['NAME']}"
    return f"postgres://{user}:{quote(values['PASSWORD'])}@{host}:{values['PORT']}/{values['NAME']}"


def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)


class Fork:
    """A process that runs `target(pipe, …)`, and what is said with it through the pipe."""

    def __init__(self, target: Callable, *args):
        with mock.patch.dict(os.environ, environment()):
            forkserver.set_forkserver_preload(["tests.preloaded"])
            forkserver.ensure_running()
        self.pipe, theirs = _context.Pipe()
        self.process = _context.Process(target=target, args=(theirs, *args), daemon=True)
        self.process.start()
        theirs.close()

    def ask(self, *message) -> None:
        self.pipe.send(message)

    def answer(self):
        """What it says next. EOFError: it died."""
        assert self.pipe.poll(PATIENCE), "no answer: a deadlock?"
        return self.pipe.recv()

    def wait(self) -> int:
        """The code with which it ended; negative, the signal that ended it."""
        self.process.join(PATIENCE)
        return self.process.exitcode

    def kill(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64


def _serve(pipe, port: int, prepare: Callable[[], None] | None, values: dict) -> None:
    # A browser wants scripts and styles too, and the tests collect none.
    override_settings(WHITENOISE_USE_FINDERS=True, WHITENOISE_AUTOREFRESH=True, **values).enable()
    if prepare:
        prepare()
    from isic.wsgi import application  # noqa: PLC0415 -- it reads the catalogue, in this process only

    server = make_server("127.0.0.1", port, application, Server)
    pipe.send(server.server_port)
    server.serve_forever()


def start_server(prepare: Callable[[], None] | None = None, port: int = 0, **values) -> tuple[int, Fork]:
    """The port and the process of a server with these settings, which calls `prepare` before it starts."""
    fork = Fork(_serve, port, prepare, values)
    return fork.answer(), fork


@contextmanager
def serving(prepare: Callable[[], None] | None = None, port: int = 0, **values) -> Iterator[str]:
    """The address of such a server; it is killed at the end."""
    port, fork = start_server(prepare, port, **values)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        fork.kill()


@contextmanager
def gunicorn(workers: int = 1) -> Iterator[tuple[int, subprocess.Popen]]:
    """The port and the process of the server of production, once it answers; it is stopped at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, *f"-m gunicorn isic.wsgi -b 127.0.0.1:{port} -w {workers} --log-level error".split()]
    process = subprocess.Popen(command, env=environment(), cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + PATIENCE
        while not _listens(port):
            assert time.monotonic() < deadline, "the server does not start"
            time.sleep(0.05)
        yield port, process
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0
