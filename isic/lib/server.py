"""The worker of gunicorn that serves the site: what a client sends slowly, or reads slowly, holds up nobody else.

gunicorn keeps the processes (start, fork, signals); waitress speaks HTTP in each of them. Its loop gathers whole requests and
sends whole answers without a thread; the threads are only for the application.
"""

import os
import time

from gunicorn.workers.base import Worker
from waitress import create_server, wasyncore
from waitress.channel import HTTPChannel
from waitress.task import ErrorTask

from isic.lib.errors import failure

#: Connections that one process keeps open at once, idle ones included.
CONNECTIONS = 1000
#: The longest body: `settings.MAX_BODY_LENGTH`, and as much again for one that is refused with a page of the site.
BODY_BYTES = 200 * 1024**2
#: The longest request line with all headers.
HEADER_BYTES = 64 * 1024


class RefusedRequest(ErrorTask):
    """What waitress refuses before the application sees it, with a page in French."""

    def execute(self):
        status, _, _ = self.request.error.to_response()
        body, content_type = failure(self.request.error.code)
        self.status = status
        self.response_headers.append(("Content-Type", content_type))
        self.set_close_on_finish()
        self.content_length = len(body.encode())
        self.write(body.encode())


class Channel(HTTPChannel):
    error_task_class = RefusedRequest

    @property
    def is_busy(self) -> bool:
        """An answer is being made or sent."""
        return bool(self.requests or self.total_outbufs_len)


class BufferingWorker(Worker):
    """One process: `threads` requests at once in the application, CONNECTIONS clients at once around it."""

    def run(self):
        connections = {}
        server = create_server(
            self.wsgi,
            map=connections,
            sockets=[listener.sock for listener in self.sockets],
            threads=self.cfg.threads,
            channel_timeout=self.cfg.keepalive,
            connection_limit=CONNECTIONS,
            max_request_body_size=BODY_BYTES,
            max_request_header_size=HEADER_BYTES,
            clear_untrusted_proxy_headers=False,  # BEHIND_PROXY decides whether they are believed
            asyncore_use_poll=True,
            ident=None,
        )
        listeners = [each for each in connections.values() if each.accepting]
        for listener in listeners:
            listener.channel_class = Channel

        while self.alive and self.ppid == os.getppid():
            self.turn(connections)
        for listener in listeners:
            listener.accepting = False
        deadline = time.monotonic() + self.cfg.graceful_timeout
        while self.has_work(connections) and time.monotonic() < deadline:
            self.turn(connections)
        server.task_dispatcher.shutdown(timeout=1)

    def turn(self, connections):
        self.notify()
        wasyncore.loop(timeout=0.5, use_poll=True, map=connections, count=1)

    def has_work(self, connections) -> bool:
        return any(each.is_busy for each in connections.values() if isinstance(each, Channel))
