"""bin/find-python: the interpreter of `make run` on machines that have another, only shims, or none."""

import hashlib
import json
import platform
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NEEDED = "bash cat dirname env mktemp rm sed".split()


@pytest.fixture
def machine(tmp_path):
    """A clone of the house on a machine with a shell, an empty home, and no Python."""
    for name in ("bin/find-python", "requirements.lock", "requirements-dev.lock", "Makefile"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    for folder in ("home", "path"):
        (tmp_path / folder).mkdir()
    for name in NEEDED:
        (tmp_path / "path" / name).symlink_to(shutil.which(name))
    return tmp_path


def script(path: Path, line: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)
    return path


def python(path: Path) -> Path:
    """A Python that answers."""
    return script(path, f'exec "{sys.executable}" "$@"')


def shim(path: Path) -> Path:
    """A name on the path whose version was not chosen."""
    return script(path, "echo 'pyenv: command not found' >&2; exit 127")


def run(command: str, machine: Path, path: str = "", **environment) -> subprocess.CompletedProcess:
    variables = {"HOME": str(machine / "home"), "PATH": f"{path}:{machine / 'path'}".strip(":"), "PIP_NO_INDEX": "1"}
    return subprocess.run(
        command.split(), cwd=machine, env=variables | environment, capture_output=True, text=True, check=False
    )


def test_python_on_the_path_is_taken(machine):
    python(machine / "path/python3.12")

    assert run("bin/find-python", machine).stdout.strip() == sys.executable


def test_name_that_answers_nothing_hides_no_other(machine):
    """The same name further on the path is tried too."""
    shim(machine / "shims/python3.13")
    python(machine / "path/python3.13")

    assert run("bin/find-python", machine, path=str(machine / "shims")).stdout.strip() == sys.executable


@pytest.mark.parametrize("root", ["versions", "installs/python"], ids=["pyenv", "asdf"])
@pytest.mark.parametrize("version", ["3.12.1", "3.13.0", "3.14.2"])
def test_python_beside_the_shims_is_taken(machine, root, version):
    for name in ("python3", "python3.12", "python3.13"):
        shim(machine / "manager/shims" / name)
    python(machine / f"manager/{root}/{version}/bin/python")

    assert run("bin/find-python", machine, path=str(machine / "manager/shims")).stdout.strip() == sys.executable


@pytest.mark.parametrize("version", ["3.11.9", "3.13.0t", "2.7.18"])
def test_python_of_another_kind_is_left(machine, version):
    python(machine / f"manager/versions/{version}/bin/python")
    (machine / "manager/shims").mkdir()

    assert run("bin/find-python", machine, path=str(machine / "manager/shims")).returncode == 1


def test_python_that_is_too_old_or_not_whole_is_left(machine):
    """What stands there is run as it is, but says an old version, or has lost a module."""
    before = "import sys; sys.version_info = (3, 11, 2)"
    script(machine / "path/python3", f'''[ "$1" = -c ] && exec "{sys.executable}" -c "{before}; $2"; exit 1''')
    script(machine / "path/python3.12", f'''exec "{sys.executable}" -c "import sys; sys.modules['ssl'] = None; $2"''')

    assert run("bin/find-python", machine).returncode == 1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the archive below is that of a Linux")
def test_uv_brings_a_python_where_there_is_none(machine):
    """A real uv, from an archive of this folder: the next call finds what it brought."""
    (machine / "path/uv").symlink_to(Path(sys.executable).with_name("uv"))
    python(machine / "archive/python/bin/python3.13")
    sysconfig = machine / "archive/python/lib/python3.13/_sysconfigdata__linux.py"  # uv writes the new place into it
    sysconfig.parent.mkdir(parents=True)
    sysconfig.write_text("# system configuration generated and used by the sysconfig module\nbuild_time_vars = {}\n")
    with tarfile.open(machine / "python.tar.gz", "w:gz") as archive:
        archive.add(machine / "archive/python", "python")
    arch = {"family": platform.machine(), "variant": None}
    libc = "gnu" if platform.libc_ver()[0] == "glibc" else "musl"
    version = {"name": "cpython", "major": 3, "minor": 13, "patch": 0, "prerelease": "", "variant": None, "build": None}
    digest = hashlib.sha256((machine / "python.tar.gz").read_bytes()).hexdigest()
    source = {"arch": arch, "os": "linux", "libc": libc, "url": (machine / "python.tar.gz").as_uri(), "sha256": digest}
    name = f"cpython-3.13.0-linux-{platform.machine()}-{libc}"
    (machine / "pythons.json").write_text(json.dumps({name: version | source}))

    first = run("bin/find-python", machine, UV_PYTHON_DOWNLOADS_JSON_URL=str(machine / "pythons.json"))
    (machine / "path/uv").unlink()
    second = run("bin/find-python", machine)

    assert (first.stdout.strip(), first.stderr) == (
        sys.executable,
        "Aucun Python 3.12 ou plus récent ici : uv en apporte un…\n",
    )
    assert (second.stdout, second.stderr) == (first.stdout, "")


@pytest.mark.parametrize("has_uv", [True, False])
def test_sentence_in_two_languages_where_nothing_helps(machine, has_uv):
    if has_uv:
        (machine / "path/uv").symlink_to(Path(sys.executable).with_name("uv"))

    answer = run("bin/find-python", machine, UV_OFFLINE="1")

    assert (answer.returncode, answer.stdout) == (1, "")
    french, english = answer.stderr.splitlines()[-2:]
    assert french.startswith("Il faut Python 3.12 ou plus récent")
    assert english.startswith("Python 3.12 or newer is needed")


def test_make_stops_with_the_sentence(machine):
    answer = run(f"{shutil.which('make')} run", machine, UV_OFFLINE="1")

    assert answer.returncode == 2
    assert "\nIl faut Python 3.12" in answer.stderr
    assert not (machine / ".venv").exists()


def test_installation_says_errors_and_no_warning(machine):
    """A place of packages that is not there makes pip warn at each of them."""
    (machine / ".venv/bin").mkdir(parents=True)
    script(machine / ".venv/bin/python", f'exec "{sys.executable}" "$@"')
    (machine / "requirements.lock").write_text(f"absent==1.0 --hash=sha256:{'0' * 64}\n")

    answer = run(f"{shutil.which('make')} .venv/run.stamp", machine, PIP_FIND_LINKS=str(machine / "nowhere"))

    assert "ERROR: No matching distribution found for absent==1.0" in answer.stderr
    assert "WARNING" not in answer.stderr
    assert not (machine / ".venv/run.stamp").exists()
