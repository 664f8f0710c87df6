"""One file a noun; Django finds its models through this package, so it names them all."""

from actions.models.action import Action
from actions.models.action_queryset import ActionQuerySet
from actions.models.flags import PrivacyFlag
from actions.models.replacements import Replacement
from actions.models.rows import (
    BudgetLine,
    Criterion,
    Goal,
    Media,
    Partnership,
    Quote,
    StaffTime,
    TeamMember,
)
from actions.models.sessions import Session
from actions.models.versions import Version
from actions.models.vocabularies import Audience, Domain, Framework, Lever, Theme

__all__ = [
    "Action",
    "ActionQuerySet",
    "Audience",
    "BudgetLine",
    "Criterion",
    "Domain",
    "Framework",
    "Goal",
    "Lever",
    "Media",
    "Partnership",
    "PrivacyFlag",
    "Quote",
    "Replacement",
    "Session",
    "StaffTime",
    "TeamMember",
    "Theme",
    "Version",
]
