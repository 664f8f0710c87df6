"""The moments at which a server that takes a photo kills itself: what each of these makes ready, before it serves."""

import os

from actions import files
from actions.models import Action
from tests.forks import die


def die_with_the_file_half_named() -> None:
    os.replace = die


def die_with_the_file_stored() -> None:
    Action.close_version = die


def die_once_committed() -> None:
    files._draw = die


def die_between_two_sizes() -> None:
    draw = files.reductions
    files.reductions = lambda file: (size if rank == 0 else die() for rank, size in enumerate(draw(file)))
