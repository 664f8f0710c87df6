"""What is asked of a rule that must always hold: a French sentence for people, a refusal by the database for the rest."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction


def assert_refused(instance, sentence: str) -> None:
    """A form would show this sentence; code that forgets to ask is stopped by the database."""
    with pytest.raises(ValidationError) as refusal:
        instance.full_clean()
    assert sentence in refusal.value.messages

    with pytest.raises(IntegrityError), transaction.atomic():
        instance.save()
