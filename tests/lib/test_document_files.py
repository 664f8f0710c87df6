"""Documents are opened in a process of their own, which has limits."""

import pytest
from django.core.exceptions import ValidationError

from isic.lib import document_files, office_files, pdf_files
from isic.lib.document_files import cleaned
from isic.lib.office_files import MB
from tests.documents import docx_bytes, pdf_bytes


def refused(content: bytes) -> list[str]:
    with pytest.raises(ValidationError) as refusal:
        cleaned(content)
    return refusal.value.messages


@pytest.mark.parametrize(("content", "suffix"), [(pdf_bytes(author="Secret"), "pdf"), (docx_bytes(), "docx")])
def test_document_comes_back_clean_with_its_kind(content, suffix):
    kept, kind = cleaned(content)

    assert kind == suffix
    assert kept.startswith(content[:4])
    assert b"Secret" not in kept


def test_refusal_comes_back_with_its_sentence():
    assert refused(b"%PDF-1.7") == [pdf_files.BROKEN_PDF]


def test_document_that_fills_the_memory_is_refused_by_the_limit(monkeypatch):
    monkeypatch.setattr(document_files, "MOST_MEMORY", 4 * MB)

    assert refused(pdf_bytes()) == [office_files.SWOLLEN]


def test_document_that_takes_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(document_files, "PATIENCE", 0.01)

    assert refused(pdf_bytes()) == [office_files.SWOLLEN]


def test_one_document_is_read_at_a_time(monkeypatch):
    monkeypatch.setattr(document_files, "PATIENCE", 0.01)

    with document_files._reading:
        assert refused(pdf_bytes()) == [document_files.BUSY]


@pytest.fixture
def broken_reader(monkeypatch, tmp_path):
    """A reader that fails as no test of ours does."""
    module = tmp_path / "isic" / "lib" / "document_files.py"
    module.parent.mkdir(parents=True)
    module.write_text("import os, sys\nraise KeyError('Secret ' + ' '.join(os.environ))")
    monkeypatch.setattr(document_files, "_ROOT", tmp_path)


def test_document_on_which_the_reader_fails_is_refused_and_its_words_are_not_logged(broken_reader, caplog):
    assert refused(pdf_bytes()) == [office_files.BROKEN_DOCUMENT]

    assert caplog.messages == ["A document could not be read: KeyError"]


def test_reader_knows_no_secret_of_the_site(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "secret")

    assert document_files._environment().keys() <= {"PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH"}
