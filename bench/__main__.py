"""The catalogue measured as it is served in production, on both engines: `make bench`, or `python -m bench 84 10000`.

Every figure is a ratio to a ready page (`/.well-known/security.txt`) answered by the same server in the same run: absolute times of a
shared machine say little. Loopback only, every loop bounded. Prints Markdown.

« First touch » is the first request of each address, of a visitor: the page is not kept yet. A page of somebody signed in is
never kept; its first touch is that of another sheet or other words than those of visitors.
"""

import http.client
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from tests.postgres import server as postgresql

ROOT = Path(__file__).resolve().parent.parent
READY = "/.well-known/security.txt"
SAMPLES, CLIENTS, THROUGHPUT_SECONDS = 60, 8, 3
WORDS = ("parents", "budget", "rentree", "cuisiner", "association", "confiance")
DOMAINS = ("enfance-pmi-parentalite", "loisirs-culture", "alimentation-gestion-budget")
AUDIENCES = ("parents", "seniors", "familles")
STATES = ("en-cours", "terminee")
SIGNED_IN = ", signed in"


def classes(size: int) -> dict[str, list[str]]:
    """The kinds of request, each with its variants."""
    catalogue = "/actions/"
    return {
        "home": ["/"],
        "catalogue": [catalogue],
        "one facet": [f"{catalogue}?domaine={d}" for d in DOMAINS] + [f"{catalogue}?etat={s}" for s in STATES],
        "three facets": [
            f"{catalogue}?domaine={d}&public={a}&etat={s}" for d in DOMAINS for a in AUDIENCES for s in STATES
        ],
        "one word": [f"{catalogue}?q={word}" for word in WORDS],
        "two words": [f"{catalogue}?q={a}+{b}" for a, b in pairwise(WORDS)],
        "rare word": [f"{catalogue}?q={word}" for word in ("arbigny", "oyonnax", "lagnieu", "chalamont")],
        "word and facet": [f"{catalogue}?q={word}&domaine={DOMAINS[0]}" for word in WORDS],
        "page 5": [f"{catalogue}?page=5"],
        "sheet": [f"/actions/genere-{1 + n * (size - 1) // 11}/" for n in range(12)],
        f"catalogue{SIGNED_IN}": [catalogue],
        f"one facet{SIGNED_IN}": [f"{catalogue}?domaine={d}" for d in DOMAINS],
        f"sheet{SIGNED_IN}": [f"/actions/genere-{2 + n * (size - 2) // 11}/" for n in range(12)],
    }


@contextmanager
def served(url: str, folder: Path, size: int):
    """A server of the catalogue with that many actions; gives its port, its process, and how long it took to be ready."""
    env = {
        **os.environ,
        "DATABASE_URL": url,
        "SECRET_KEY": "only-for-the-bench-" * 3,
        "ALLOWED_HOSTS": "127.0.0.1",
        "MEDIA_ROOT": str(folder),
    }
    manage = [sys.executable, "-W", "ignore", "manage.py"]
    for command in (["migrate", "-v0"], ["start_department", "01"], ["generate_actions", str(size)]):
        subprocess.run([*manage, *command], cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, *f"-m gunicorn isic.wsgi -b 127.0.0.1:{port} -w 2 --log-level error".split()]
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
    try:
        while True:
            try:
                get(http.client.HTTPConnection("127.0.0.1", port, timeout=60), READY)
                break
            except ConnectionError:
                if process.poll() is not None:
                    raise SystemExit("The server did not start.") from None
                time.sleep(0.02)
        yield port, process, time.perf_counter() - began, env
    finally:
        process.terminate()
        process.wait(30)


def get(connection: http.client.HTTPConnection, path: str, cookie: str = "") -> tuple[float, int]:
    """Milliseconds and bytes of one answer."""
    began = time.perf_counter()
    connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    answer = connection.getresponse()
    size = len(answer.read())
    if answer.status != 200:
        raise SystemExit(f"{path} answered {answer.status}.")
    return (time.perf_counter() - began) * 1000, size


def times(port: int, paths: list[str], cookie: str = "") -> list[float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    return [get(connection, paths[n % len(paths)], cookie)[0] for n in range(SAMPLES)]


def throughput(port: int, paths: list[str], cookie: str = "") -> float:
    """Answers a second with eight clients, for a few seconds."""
    done = [0] * CLIENTS
    end = time.perf_counter() + THROUGHPUT_SECONDS

    def client(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while time.perf_counter() < end:
            get(connection, paths[(done[number] + number) % len(paths)], cookie)
            done[number] += 1

    threads = [threading.Thread(target=client, args=(n,)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / THROUGHPUT_SECONDS


def run(module: str, env: dict, *arguments: str) -> list[str]:
    """The lines that another program of the bench prints on the same database, its logs apart."""
    command = [sys.executable, "-W", "ignore", "-m", module, *arguments]
    env = {**env, "DJANGO_SETTINGS_MODULE": "isic.settings"}
    done = subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True)
    return [line for line in done.stdout.split("\n") if line and not line.startswith("{")]


def memory(process: subprocess.Popen) -> float:
    """Proportional memory of the server and its workers, in MB."""
    children = subprocess.run(
        ["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False
    ).stdout.split()
    total = 0
    for pid in [process.pid, *children]:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            total += int(line.split()[1]) if line.startswith("Pss:") else 0
    return total / 1024


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def measure(name: str, url: str, folder: Path, size: int) -> dict[str, float]:
    """Print the table of one engine at one size; returns the median ratio of each class."""
    kinds = classes(size)
    with served(url, folder, size) as (port, process, ready_after, env):
        for _ in range(20):
            get(http.client.HTTPConnection("127.0.0.1", port, timeout=60), READY)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        session = run("bench.session", env)[0]
        cookies = {kind: session if kind.endswith(SIGNED_IN) else "" for kind in kinds}
        first = {kind: [get(connection, path, cookies[kind]) for path in paths] for kind, paths in kinds.items()}
        warm, base = {kind: [] for kind in kinds}, []
        for _round in range(3):  # interleaved, so that the noise of the machine falls on all
            base += times(port, [READY])
            for kind, paths in kinds.items():
                warm[kind] += times(port, paths, cookies[kind])
        ready_rate = throughput(port, [READY])
        rates = {kind: throughput(port, paths, cookies[kind]) for kind, paths in kinds.items()}
        used = memory(process)
        numbers = run("bench.queries", env, *(f"{cookies[kind]} {paths[0]}".strip() for kind, paths in kinds.items()))
    ready = statistics.median(base)
    print(f"\n### {size} actions, {name}\n")
    print(f"A ready page takes {ready:.2f} ms here; {ready_rate:.0f} a second with {CLIENTS} clients. ", end="")
    print(f"The server was ready after {ready_after:.1f} s and holds {used:.0f} MB with its two workers.\n")
    print(
        "| | p50 | p95 | first touch | throughput | queries | KB |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    )
    medians = {}
    for (kind, values), queries in zip(warm.items(), numbers, strict=True):
        medians[kind] = statistics.median(values) / ready
        touched = statistics.median(ms for ms, _size in first[kind]) / ready
        print(
            f"| {kind} | {medians[kind]:.1f} | {percentile(values, 0.95) / ready:.1f} | {touched:.1f} "
            f"| {rates[kind] / ready_rate:.2f} | {queries} | {first[kind][0][1] / 1024:.0f} |"
        )
    return medians


def main(sizes: list[int]) -> None:
    print("Ratios to a ready page answered by the same server in the same run.")
    with tempfile.TemporaryDirectory(prefix="isic-bench-") as temporary, postgresql() as postgres_url:
        folder = Path(temporary)
        for size in sizes:
            measure("SQLite", f"sqlite:///{folder / f'{size}.sqlite3'}", folder, size)
            measure("PostgreSQL", database(postgres_url, size), folder, size)


def database(url: str, size: int) -> str:
    """A new database of that server."""
    import psycopg  # noqa: PLC0415 -- slow import

    host = url.partition("@/")[2].removesuffix("/postgres")
    with psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE bench{size}")
    return url.removesuffix("postgres") + f"bench{size}"


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [84, 10_000, 100_000])
