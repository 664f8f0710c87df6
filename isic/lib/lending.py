"""Addresses of files lent for an hour: a page that shows somebody thirty photos gives their addresses signed, and nobody asks
again who he is for each. What is signed is one file, in all its sizes; the query of an address goes to no log.
"""

from django.core import signing

#: In seconds. A browser may keep a photo as long.
LENT_FOR = 3600
PARAMETER = "pret"


def lent(file: str) -> str:
    """The query to add to the addresses of this file: its name without its suffix."""
    return f"?{PARAMETER}={_signer().sign(file).removeprefix(f'{file}:')}"


def is_lent(file: str, signature: str) -> bool:
    try:
        _signer().unsign(f"{file}:{signature}", max_age=LENT_FOR)
    except signing.BadSignature:
        return False
    return True


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="isic.lib.lending")
