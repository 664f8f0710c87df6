"""The meetings: their list, the page of one, who takes part, and its moves from state to state."""

import copy
from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from actions.models import Action
from isic.lib.moves import move_page
from isic.lib.words import counted, listed
from meetings import calendars
from meetings.agenda import clock, duration
from meetings.closing import missing
from meetings.forms.meetings import MeetingForm, PeopleForm
from meetings.forms.year import YearForm
from meetings.letters import without_who_leaves
from meetings.minutes import as_read, to_come
from meetings.models import AgendaItem, Meeting, Member
from meetings.moves import CLOSE, MOVES, MeetingMove
from meetings.sections import sections
from meetings.views.shared import SharedPage
from meetings.workflows import begin, begin_all, changing, merged

PAST_PER_PAGE = 20


def editable(request, pk) -> Meeting:
    """Fetching is authorising: for who does not prepare the meetings, this page of one does not exist."""
    return get_object_or_404(Meeting.objects.editable_by(request.user).select_related("territory"), pk=pk)


@require_safe
def index(request):
    meetings = Meeting.objects.visible_to(request.user).select_related("territory")
    past = Paginator(meetings.past().annotate(passages=Count("items")).order_by("-date", "-pk"), PAST_PER_PAGE)
    context = {
        "coming": meetings.coming().annotate(passages=Count("items")).order_by("date", "starts_at", "pk"),
        "past": past.get_page(request.GET.get("page")),
        "waiting": AgendaItem.objects.waiting().count(),
        "feed": calendars.feed_url(request.user),
    }
    return render(request, "meetings/list.html", context)


@require_safe
def meeting(request, pk):
    """Any signed-in agent reads the agenda; what the service notes is on other pages."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user).select_related("territory"), pk=pk)
    items = list(meeting.items.visible_to(request.user).for_agenda())
    readable = Action.objects.visible_to(request.user).filter(pk__in=[item.action_id for item in items])
    context = {
        **head(request, meeting, "meeting"),
        **sections(meeting, request.user),
        "slots": clock(meeting, items),
        "total": duration(sum(item.minutes for item in items)),
        "members": meeting.members.in_order(),
        "readable": set(readable.order_by().values_list("pk", flat=True)),
    }
    return render(request, "meetings/meeting.html", context)


def head(request, meeting: Meeting, tab: str) -> dict:
    """What every page of a meeting shows above its own."""
    can_prepare = request.user.is_manager
    moves = [move for move in MOVES if move.is_possible(meeting)] if can_prepare else []
    return {"meeting": meeting, "tab": tab, "can_prepare": can_prepare, "moves": moves}


@require_http_methods(["GET", "HEAD", "POST"])
def create(request):
    if not request.user.is_manager:
        raise Http404
    form = MeetingForm(request.POST or None, user=request.user, stored={})
    if request.method == "POST" and form.is_valid():
        created = begin(form.new_meeting())
        messages.success(request, "La réunion est créée. Composez maintenant son ordre du jour.")
        if left := _left_behind(created):
            messages.warning(
                request, f"Compte fermé, ne sont pas repris de la réunion précédente\u00a0: {listed(left)}."
            )
        return HttpResponseRedirect(reverse("meetings:prepare", args=[created.pk]))
    return render(request, "meetings/form.html", {"form": form}, status=422 if form.is_bound else 200)


def _left_behind(created: Meeting) -> list[str]:
    if created.previous is None:
        return []
    return [str(member) for member in created.previous.members.left().exclude(role=Member.Role.GUEST)]


@require_http_methods(["GET", "HEAD", "POST"])
def create_year(request):
    """The meetings of a year at once: the days that the rhythm gives are shown, and chosen, before anything is made."""
    if not request.user.is_manager:
        raise Http404
    form = YearForm(request.POST or None, user=request.user, stored={})
    is_right = request.method == "POST" and form.is_valid()
    if is_right and form.is_chosen:
        created = begin_all(form.new_meetings())
        messages.success(request, f"{counted(len(created), 'réunion')} à l’agenda de l’année.")
        return HttpResponseRedirect(reverse("meetings:list"))
    return render(request, "meetings/year.html", {"form": form}, status=422 if form.is_bound and not is_right else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    meeting = editable(request, pk)
    page = SharedPage(
        request,
        form=MeetingForm,
        kwargs={"instance": copy.copy(meeting), "user": request.user},
        stored=MeetingForm.stored_of(meeting),
        template="meetings/form.html",
        context={**head(request, meeting, "edit"), "head": "meetings/_tabs.html", "title": str(meeting)},
    )
    return page.answer(lambda form, **way: _save_meeting(meeting, form, **way), meeting.get_absolute_url())


def _save_meeting(meeting: Meeting, form: MeetingForm, **way) -> None:
    with changing(meeting.pk) as held:
        stored = MeetingForm.stored_of(held)
        form.write(held, merged(form.mine(), stored, **way), stored)


@require_http_methods(["GET", "HEAD", "POST"])
def people(request, pk):
    meeting = editable(request, pk)
    page = SharedPage(
        request,
        form=PeopleForm,
        stored=PeopleForm.stored_of(meeting),
        template="meetings/people.html",
        context={
            **head(request, meeting, "people"),
            "left": meeting.members.left(),
            "head": "meetings/_tabs.html",
            "title": str(meeting),
        },
    )
    return page.answer(lambda form, **way: _save_people(meeting, form, **way), request.path)


def _save_people(meeting: Meeting, form: PeopleForm, **way) -> None:
    with changing(meeting.pk) as held:
        stored = PeopleForm.stored_of(held)
        values = merged(form.mine(), stored, **way)
        if values:
            with without_who_leaves(held):
                form.write(held, values["members"], stored["members"])


@require_http_methods(["GET", "HEAD", "POST"])
def move(request, pk, move: MeetingMove):
    return move_page(request, move, partial(editable, request, pk), partial(_surroundings, request, move))


def _surroundings(request, move: MeetingMove, meeting: Meeting) -> dict:
    context = {**head(request, meeting, ""), "head": "meetings/_tabs.html"}
    if move == CLOSE and meeting.state == Meeting.State.HELD:
        context |= {"before": "meetings/_closing.html", "aside": "meetings/_closing_minutes.html"}
        context["styles"] = ["css/pages/meeting.css", "css/pages/outcomes.css", "css/pages/secretary.css"]
        context |= {"missing": missing(meeting), "read_minutes": as_read(to_come(meeting), to=request.user)}
    return context
