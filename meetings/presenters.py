"""Who presents a passage, as the rows of a form, and as they are kept."""

import uuid
from collections.abc import Iterable

from accounts.models import User
from accounts.requests import account_of
from actions.models import Action, TeamMember
from meetings.models import AgendaItem, Presenter
from territories.models import Membership, Territory


def referents(action: Action, by: User | None) -> list[dict]:
    """Who would present it, as rows of the form: by function, and by name those whom this person works with.

    The examples are added by nobody, and by their names.

    Any address may be in a team: a name for each would tell which of them have an account.
    """
    referents = action.team_members.filter(role=TeamMember.Role.REFERENT, user__isnull=False).select_related("user")
    members = [member for member in referents if not member.user.is_closed]
    known = _known_by(by, members)
    role = Presenter.Role.PRESENTER.value
    return [
        {
            "key": str(uuid.uuid4()),
            "name": (member.user_id in known and member.user.full_name) or member.function,
            "function": member.function,
            "role": role,
            "email": member.user.email,
        }
        for member in members
    ]


def _known_by(user: User | None, members: list[TeamMember]) -> set[int]:
    """The accounts of those whom this person works with."""
    everybody = {member.user_id for member in members}
    if user is None or user.is_manager or not members:
        return everybody
    units = Territory.objects.served_by_user(user).values("pk")
    colleagues = Membership.objects.filter(user__in=everybody, territory__in=units)
    return {user.pk, *colleagues.values_list("user", flat=True)}


def presenters_of(item: AgendaItem) -> list[dict]:
    """As rows of the form."""
    people = item.presenters.select_related("user") if item.pk else []
    return [
        {
            "key": str(presenter.key),
            "name": presenter.name,
            "function": presenter.function,
            "role": presenter.role,
            "email": presenter.user.email if presenter.user else "",
        }
        for presenter in people
    ]


def set_presenters(item: AgendaItem, people: list[dict], *, by: User) -> None:
    """In this order; who was there stays the same row, and an address that stays the same account."""
    stored = {row["key"]: row for row in presenters_of(item)}
    presenters = {str(presenter.key): presenter for presenter in item.presenters.select_related("user")}
    item.presenters.exclude(key__in=[row["key"] for row in people]).delete()
    for position, row in enumerate(people):
        presenter = presenters.get(row["key"]) or Presenter(item=item, key=row["key"])
        if row == stored.get(row["key"]) and position == presenter.position:
            continue
        presenter.position = position
        if row != stored.get(row["key"]):
            if row["email"].lower() != (presenter.user.email if presenter.user else ""):
                presenter.user = account_of(row["email"], by=by) if row["email"] else None
            presenter.name, presenter.function, presenter.role = row["name"], row["function"], row["role"]
        presenter.save()


def accounts_of(addresses: Iterable[str]) -> dict[str, User]:
    """Address → account, open or closed, in one query."""
    wanted = {address.strip().lower() for address in addresses} - {""}
    users = User.objects.filter(email__in=wanted) if wanted else ()
    return {user.email: user for user in users if not user.is_asked_for}
