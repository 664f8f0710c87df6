"""Sessions that know whose they are: a person sees and ends them, and they go with the account."""

import datetime as dt

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db

from accounts.models import SignIn


class SessionStore(db.SessionStore):
    @classmethod
    def get_model_class(cls):
        return SignIn

    def create_model_instance(self, data):
        """What the page of one's sign-ins shows is written beside the data (isic.lib.middleware.SessionLimits)."""
        row = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        row.started_at, row.seen_at = (_moment(data.get(name)) for name in ("started_at", "seen_at"))
        row.browser = data.get("browser", "")
        return row


def _moment(seconds: int | None) -> dt.datetime | None:
    return None if seconds is None else dt.datetime.fromtimestamp(seconds, dt.UTC)
