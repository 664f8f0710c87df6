"""One factory a model: the least that is valid, and traits for states. A test states every value it asserts."""

import datetime as dt

import factory
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction
from django.utils import timezone

from accounts.models import SignIn, User
from actions.models import (
    Action,
    Audience,
    BudgetLine,
    Criterion,
    Domain,
    Framework,
    Goal,
    Lever,
    Media,
    Partnership,
    PrivacyFlag,
    Quote,
    Replacement,
    Session,
    StaffTime,
    TeamMember,
    Theme,
    Version,
)
from actions.snapshot import snapshot
from catalogue.models import FruitlessSearch, Synonym
from meetings.models import AgendaItem, CalendarKey, Delivery, Letter, Meeting, Member, Minutes, Presenter, Task
from partners.models import Contact, Partner
from territories.models import Alias, Membership, Territory

PASSWORD = "un mot de passe de test"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class HouseFactory(factory.django.DjangoModelFactory):
    """Writes in a transaction, as the house asks of whoever changes a sheet; what it leans on is made in the same one."""

    class Meta:
        abstract = True

    @classmethod
    def _generate(cls, strategy, params):
        if strategy != factory.CREATE_STRATEGY:
            return super()._generate(strategy, params)
        with transaction.atomic():
            return super()._generate(strategy, params)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        many = {f.name: kwargs.pop(f.name) for f in model_class._meta.many_to_many if f.name in kwargs}
        instance = super()._create(model_class, *args, **kwargs)
        for name, rows in many.items():
            getattr(instance, name).set(rows)
        return instance


class UserFactory(HouseFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        manager = factory.Trait(role=User.Role.MANAGER)
        administrator = factory.Trait(role=User.Role.ADMINISTRATOR)

    email = factory.Sequence("agent{}@example.org".format)
    password = PASSWORD

    @classmethod
    def _create(cls, model_class, *args, second_factor=True, **kwargs):
        """With the second factor that the role asks for, unless told otherwise."""
        user = model_class.objects.create_user(*args, **kwargs)
        if second_factor and user.needs_second_factor:
            TOTP.activate(user, TOTP_SECRET)
        return user


class SignInFactory(HouseFactory):
    class Meta:
        model = SignIn

    session_key = factory.Sequence("session{:033}".format)
    session_data = "e30"
    expire_date = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(hours=12))
    user = factory.SubFactory(UserFactory)


class TerritoryFactory(HouseFactory):
    class Meta:
        model = Territory

    class Params:
        home = factory.Trait(kind=Territory.Kind.DEPARTMENT, is_home=True, name="Ain", code="01")
        local_unit = factory.Trait(kind=Territory.Kind.LOCAL_UNIT, name=factory.Sequence("MDS {}".format))
        epci = factory.Trait(kind=Territory.Kind.EPCI, name=factory.Sequence("Intercommunalité {}".format))
        district = factory.Trait(kind=Territory.Kind.DISTRICT, name=factory.Sequence("Quartier {}".format))

    kind = Territory.Kind.COMMUNE
    name = factory.Sequence("Commune {}".format)


class AliasFactory(HouseFactory):
    class Meta:
        model = Alias

    territory = factory.SubFactory(TerritoryFactory)
    text = factory.Sequence("Autre nom {}".format)


class MembershipFactory(HouseFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    territory = factory.SubFactory(TerritoryFactory, local_unit=True)


class PartnerFactory(HouseFactory):
    class Meta:
        model = Partner

    class Params:
        elsewhere = factory.Trait(is_elsewhere=True, kind=Partner.Kind.COUNTY)

    name = factory.Sequence("Partenaire {}".format)


class ContactFactory(HouseFactory):
    class Meta:
        model = Contact

    class Params:
        named = factory.Trait(
            person_name="Camille Exemple",
            consent_given_on=factory.LazyFunction(timezone.localdate),
            consent_wording="2026-12",
            consent_recorded_by=factory.SubFactory(UserFactory, manager=True),
        )

    label = factory.Sequence("Service {}".format)
    email = factory.Sequence("service{}@example.org".format)


class DomainFactory(HouseFactory):
    class Meta:
        model = Domain

    name = factory.Sequence("Domaine {}".format)


class AudienceFactory(HouseFactory):
    class Meta:
        model = Audience

    name = factory.Sequence("Public {}".format)


class FrameworkFactory(HouseFactory):
    class Meta:
        model = Framework

    name = factory.Sequence("Cadre {}".format)


class ThemeFactory(HouseFactory):
    class Meta:
        model = Theme

    name = factory.Sequence("Thématique {}".format)
    number = factory.Sequence(lambda n: 100 + n)


class LeverFactory(HouseFactory):
    class Meta:
        model = Lever

    name = factory.Sequence("Levier {}".format)


class ActionFactory(HouseFactory):
    """A draft carried by a local unit; `published=True` adds what publishing needs, `elsewhere=True` changes carrier."""

    class Meta:
        model = Action

    class Params:
        published = factory.Trait(
            summary=factory.LazyAttribute("{0.title} : ce qu’on y fait, en une phrase.".format),
            contact=factory.SubFactory(ContactFactory),
            audiences=factory.LazyFunction(lambda: [AudienceFactory()]),
            places=factory.LazyFunction(lambda: [TerritoryFactory()]),
            editorial_state=Action.EditorialState.PUBLISHED,
            published_at=factory.LazyFunction(timezone.now),
        )
        elsewhere = factory.Trait(carrier_unit=None, carrier_partner=factory.SubFactory(PartnerFactory, elsewhere=True))

    title = factory.Sequence("Action {}".format)
    domain = factory.SubFactory(DomainFactory)
    carrier_unit = factory.SubFactory(TerritoryFactory, local_unit=True)


class GoalFactory(HouseFactory):
    class Meta:
        model = Goal

    action = factory.SubFactory(ActionFactory)
    text = "Rompre l’isolement"


class CriterionFactory(HouseFactory):
    class Meta:
        model = Criterion

    action = factory.SubFactory(ActionFactory)
    name = "Assiduité"


class TeamMemberFactory(HouseFactory):
    class Meta:
        model = TeamMember

    action = factory.SubFactory(ActionFactory)
    function = "assistante sociale"


class PartnershipFactory(HouseFactory):
    class Meta:
        model = Partnership

    action = factory.SubFactory(ActionFactory)
    partner = factory.SubFactory(PartnerFactory)


class BudgetLineFactory(HouseFactory):
    class Meta:
        model = BudgetLine

    action = factory.SubFactory(ActionFactory)
    label = "Alimentation"


class StaffTimeFactory(HouseFactory):
    class Meta:
        model = StaffTime

    action = factory.SubFactory(ActionFactory)
    phase = StaffTime.Phase.FACILITATION
    hours = 12


class ReplacementFactory(HouseFactory):
    class Meta:
        model = Replacement

    model = "territories.territory"
    key = factory.Sequence(lambda number: 10_000 + number)
    name = factory.Sequence("Valeur {}".format)
    successor_key = 1
    successor_name = "Autre valeur"


class SessionFactory(HouseFactory):
    class Meta:
        model = Session

    class Params:
        cancelled = factory.Trait(cancellation_reason="Salle indisponible")

    action = factory.SubFactory(ActionFactory)
    date = factory.Sequence(lambda n: dt.date(2026, 3, 4) + dt.timedelta(days=n))


class QuoteFactory(HouseFactory):
    class Meta:
        model = Quote

    action = factory.SubFactory(ActionFactory)
    text = "Ici, on m’écoute."
    has_consent = True


class MediaFactory(HouseFactory):
    """A film to see elsewhere; `image=True` a photo with its rights and its alternative text."""

    class Meta:
        model = Media

    class Params:
        image = factory.Trait(
            kind=Media.Kind.IMAGE,
            url="",
            file=factory.django.ImageField(filename="photo.jpg", width=8, height=6),
            alt="Une table dressée",
            consent="agreed",
        )

    action = factory.SubFactory(ActionFactory)
    kind = Media.Kind.LINK
    title = "Le film"
    url = "https://example.org/film"


class VersionFactory(HouseFactory):
    """A version with the content of its sheet, as it is at that moment."""

    class Meta:
        model = Version

    action = factory.SubFactory(ActionFactory)
    number = factory.Sequence(lambda n: 100 + n)
    kind = Version.Kind.EDITED
    at = factory.LazyFunction(timezone.now)
    content = factory.LazyAttribute(lambda line: snapshot(Action.objects.for_snapshot().get(pk=line.action.pk)))


class PrivacyFlagFactory(HouseFactory):
    class Meta:
        model = PrivacyFlag

    action = factory.SubFactory(ActionFactory)
    field = "context"
    kinds = "téléphone"
    fingerprint = factory.Sequence("empreinte{}".format)
    confirmed_by = factory.SubFactory(UserFactory)


class FruitlessSearchFactory(HouseFactory):
    class Meta:
        model = FruitlessSearch

    day = factory.LazyFunction(timezone.localdate)
    words = factory.Sequence("mot {}".format)


class SynonymFactory(HouseFactory):
    class Meta:
        model = Synonym

    words = factory.Sequence("mot{0}, terme{0}".format)


class MeetingFactory(HouseFactory):
    """A meeting being prepared, in ten days; `held=True`, `closed=True` for later states."""

    class Meta:
        model = Meeting

    class Params:
        held = factory.Trait(state=Meeting.State.HELD, date=dt.date(2026, 3, 12))
        closed = factory.Trait(
            state=Meeting.State.CLOSED,
            date=dt.date(2026, 3, 12),
            closed_at=factory.LazyFunction(timezone.now),
            closed_by=factory.SubFactory(UserFactory, manager=True),
        )

    territory = factory.SubFactory(TerritoryFactory, local_unit=True)
    date = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=10))
    place = "Salle des fêtes"


class MemberFactory(HouseFactory):
    class Meta:
        model = Member

    meeting = factory.SubFactory(MeetingFactory)
    name = factory.Sequence("Personne {}".format)


class CalendarKeyFactory(HouseFactory):
    class Meta:
        model = CalendarKey

    user = factory.SubFactory(UserFactory)


class AgendaItemFactory(HouseFactory):
    """A new action presented; `topic=True` a free topic, `waiting=True` at no meeting yet."""

    class Meta:
        model = AgendaItem

    class Params:
        topic = factory.Trait(kind=AgendaItem.Kind.TOPIC, action=None, title="Échange de pratiques")
        waiting = factory.Trait(meeting=None)

    meeting = factory.SubFactory(MeetingFactory)
    action = factory.SubFactory(ActionFactory, published=True)
    kind = AgendaItem.Kind.NEW


class PresenterFactory(HouseFactory):
    class Meta:
        model = Presenter

    item = factory.SubFactory(AgendaItemFactory)
    name = factory.Sequence("Présentatrice {}".format)


class TaskFactory(HouseFactory):
    class Meta:
        model = Task

    meeting = factory.SubFactory(MeetingFactory)
    what = "Prêter l’exposition au centre social"
    who = "l’équipe"


class MinutesFactory(HouseFactory):
    class Meta:
        model = Minutes

    meeting = factory.SubFactory(MeetingFactory)
    number = 1
    at = factory.LazyFunction(timezone.now)
    content = factory.LazyFunction(lambda: {"items": []})


class LetterFactory(HouseFactory):
    class Meta:
        model = Letter

    meeting = factory.SubFactory(MeetingFactory)
    kind = Letter.Kind.CONVOCATION
    subject = "Convocation"
    body = "Bonjour,"


class DeliveryFactory(HouseFactory):
    class Meta:
        model = Delivery

    letter = factory.SubFactory(LetterFactory)
    address = factory.Sequence("invite{}@example.org".format)
