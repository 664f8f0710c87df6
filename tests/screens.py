"""On what a page is looked at."""

import pytest

#: The width of the window and the colours asked for: each value once, each with each in `make test-all`.
WIDTHS_AND_SCHEMES = [
    (320, "light"),
    (1280, "dark"),
    pytest.param(320, "dark", marks=pytest.mark.whole),
    pytest.param(1280, "light", marks=pytest.mark.whole),
]
