"""One file a noun; Django finds its models through this package, so it names them all."""

from meetings.models.agenda import AgendaItem, Presenter, Task
from meetings.models.calendar import CalendarKey
from meetings.models.meeting import Meeting, Member
from meetings.models.minutes import Minutes
from meetings.models.outbox import Delivery, Letter

__all__ = ["AgendaItem", "CalendarKey", "Delivery", "Letter", "Meeting", "Member", "Minutes", "Presenter", "Task"]
