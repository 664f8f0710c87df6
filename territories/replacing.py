"""What replacing a place does besides changing keys: its names live on, and nobody loses a role."""

from django.core.exceptions import ValidationError

from isic.lib.replacing import MOVES
from territories.models import Alias, Membership, Territory


@MOVES.add
def territories(old, new, by) -> None:
    if not isinstance(old, Territory):
        return
    if old.is_home or old.kind != new.kind:
        raise ValidationError(f"Un lieu ne se remplace que par un autre du même type ({old.kind_label}).")
    if old.kind == Territory.Kind.LOCAL_UNIT:
        _keep_roles(old, new)
    else:
        _keep_names(old, new)


def _keep_names(old: Territory, new: Territory) -> None:
    """What people and files go on writing still finds the place."""
    for kind, text in ((Alias.Kind.FORMER_NAME, old.name), (Alias.Kind.OTHER_CODE, old.code)):
        if text:
            Alias.objects.get_or_create(territory=new, kind=kind, text=text)


def _keep_roles(old: Territory, new: Territory) -> None:
    """Who heads one of the two heads the one that is left."""
    heads = Membership.objects.filter(territory=old, role=Membership.Role.HEAD).values("user")
    for membership in Membership.objects.filter(territory=new, user__in=heads):
        membership.role = Membership.Role.HEAD
        membership.save()
