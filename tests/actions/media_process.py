"""A real server on the test's database and a folder of files: `python -m tests.actions.media_process PORT FOLDER MOMENT`.

It kills itself with SIGKILL at the moment of that name, as a machine does: nothing is unwound.
"""

import os
import signal
import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIServer, make_server

import django

django.setup()

from django.conf import settings  # noqa: E402 -- app ready

from actions import files  # noqa: E402 -- app ready
from actions.models import Action  # noqa: E402 -- app ready


def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)


def die_with_the_file_half_named() -> None:
    os.replace = die


def die_with_the_file_stored() -> None:
    Action.close_version = die


def die_once_committed() -> None:
    files._draw = die


def die_between_two_sizes() -> None:
    draw = files.reductions
    files.reductions = lambda file: (size if rank == 0 else die() for rank, size in enumerate(draw(file)))


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


if __name__ == "__main__":
    port, folder, moment = sys.argv[1:]
    settings.MEDIA_ROOT = folder
    if moment != "never":
        globals()[moment]()
    from isic.wsgi import application

    make_server("127.0.0.1", int(port), application, Server).serve_forever()
