"""Documents are opened in a process of their own: whatever a hostile one costs, it costs it there, within limits.

`python -m isic.lib.document_files BYTES SECONDS` reads a document, and writes the suffix of its kind, the end of a line, and
what is kept of it; or the sentence that refuses it.
"""

import logging
import os
import resource
import subprocess
import sys
from pathlib import Path
from threading import Lock

from django.core.exceptions import ValidationError

from isic.lib.office_files import BROKEN_DOCUMENT, MB, SWOLLEN, cleaned_archive
from isic.lib.pdf_files import without_authors

#: Of the process: what it may hold, how long it may compute, and how long it may take on a machine that is busy.
MOST_MEMORY, MOST_SECONDS, PATIENCE = 768 * MB, 10, 60
BUSY = "Le site lit déjà d’autres documents\u00a0: recommencez dans une minute, rien n’est perdu."
REFUSED, OUT_OF_MEMORY = 3, 4

_ROOT = Path(__file__).parents[2]
_KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH")
#: One at a time: the memory of a hostile document is counted once a process.
_reading = Lock()
logger = logging.getLogger(__name__)


def cleaned(content: bytes) -> tuple[bytes, str]:
    """The document without its authors, and the suffix of its kind. Raises ValidationError."""
    if not _reading.acquire(timeout=PATIENCE):
        raise ValidationError(BUSY)
    try:
        done = _run(content)
    except subprocess.TimeoutExpired:
        raise ValidationError(SWOLLEN) from None
    finally:
        _reading.release()
    if done.returncode == 0:
        suffix, _, kept = done.stdout.partition(b"\n")
        return kept, suffix.decode()
    if done.returncode == REFUSED:
        raise ValidationError(done.stdout.decode())
    if done.returncode == OUT_OF_MEMORY or done.returncode < 0:  # a signal: the system stopped it at a limit
        raise ValidationError(SWOLLEN)
    # The name of the error alone: its words may be those of the document.
    logger.warning(
        "A document could not be read: %s", done.stderr.rstrip().rpartition(b"\n")[2].partition(b":")[0].decode()
    )
    raise ValidationError(BROKEN_DOCUMENT)


def _run(content: bytes) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", __name__, str(MOST_MEMORY), str(MOST_SECONDS)]
    return subprocess.run(  # noqa: S603
        command, input=content, capture_output=True, cwd=_ROOT, env=_environment(), timeout=PATIENCE
    )


def _environment() -> dict[str, str]:
    """Without the secrets of the site."""
    return {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}


def clean(content: bytes) -> tuple[bytes, str]:
    """The same in this process."""
    return (without_authors(content), "pdf") if content.startswith(b"%PDF-") else cleaned_archive(content)


def main(memory: int, seconds: int) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        kept, suffix = clean(sys.stdin.buffer.read())
    except ValidationError as refusal:
        sys.stdout.write(" ".join(refusal.messages))
        return REFUSED
    except MemoryError:
        return OUT_OF_MEMORY
    sys.stdout.buffer.write(suffix.encode() + b"\n" + kept)
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
