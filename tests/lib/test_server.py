"""The real server: clients that dawdle hold up nobody, what it refuses by itself is said in French, a stop cuts no answer."""

import http.client
import socket
from contextlib import ExitStack, closing

import pytest

from isic.lib.server import HEADER_BYTES
from tests.forks import PATIENCE, gunicorn

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]
SLOW_CLIENTS = 200
HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
FORM = b"POST /compte/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\n"


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)


def status(port: int) -> int:
    """What an ordinary client gets; it gives up after PATIENCE."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as client:
        client.request("GET", "/.well-known/security.txt", headers={"Host": "localhost"})
        return client.getresponse().status


def rest_of(client: socket.socket) -> str:
    with client.makefile("rb") as answer:
        return answer.read().decode()


def test_slow_clients_hold_up_nobody_and_a_stop_cuts_no_answer():
    with gunicorn() as (port, process):
        for beginning in (b"", HEAD + b"X-Slow: ", FORM + b"a="):
            with ExitStack() as slow:
                for _ in range(SLOW_CLIENTS):
                    slow.enter_context(closing(connect(port))).sendall(beginning)
                assert status(port) == 200

        with closing(connect(port)) as reader:
            reader.sendall(HEAD + b"Connection: close\r\n\r\n")
            first = reader.recv(1).decode()
            process.terminate()
            assert (first + rest_of(reader)).rstrip().endswith("</html>")
        assert process.wait(PATIENCE) == 0


def test_refusals_of_the_server_are_in_french():
    refused = {
        b"BLAH\r\n\r\n": ("400", "Cette demande n’est pas lisible"),
        (HEAD + b"X: ").ljust(HEADER_BYTES, b"a"): ("431", "Cette demande est trop longue"),
        FORM.replace(b"Length: 9", b"Length: 999999999"): ("413", "C’est trop lourd"),
        HEAD + b"Transfer-Encoding: none\r\n\r\n": ("501", "Cette demande n’est pas lisible"),
    }
    answers = {}

    with gunicorn() as (port, _):
        for request in (*refused, HEAD + b"SCRIPT_NAME: /ailleurs\r\nConnection: close\r\n\r\n"):
            with closing(connect(port)) as client:
                client.sendall(request)
                answers[request] = rest_of(client)

    *refusals, with_header_of_a_proxy = answers.values()
    for answer, (code, heading) in zip(refusals, refused.values(), strict=True):
        assert (answer.split()[1], f"<h1>{heading}</h1>" in answer) == (code, True)
    assert with_header_of_a_proxy.split()[1] == "200"
    assert "/ailleurs" not in with_header_of_a_proxy
