"""An address is lent for an hour, for one file in all its sizes."""

import time

import pytest

from isic.lib.images import stem
from isic.lib.lending import LENT_FOR, PARAMETER, is_lent, lent

PHOTO = "actions/2026/3f1c-22"


def signature(file: str = PHOTO) -> str:
    return lent(file).removeprefix(f"?{PARAMETER}=")


@pytest.mark.parametrize("name", [f"{PHOTO}.jpg", f"{PHOTO}-480.webp", f"{PHOTO}-1600.webp"])
def test_all_sizes_of_a_photo_are_lent_with_it(name):
    assert is_lent(stem(name), signature())


@pytest.mark.parametrize(
    ("file", "signed"), [(PHOTO, signature("actions/2026/other")), (PHOTO, ""), (PHOTO, "a:b"), ("", "x")]
)
def test_another_file_or_a_forged_address_is_not(file, signed):
    assert not is_lent(file, signed)


def test_it_is_given_back_after_an_hour(monkeypatch):
    signed, now = signature(), time.time()

    monkeypatch.setattr(time, "time", lambda: now + LENT_FOR + 1)

    assert not is_lent(PHOTO, signed)
