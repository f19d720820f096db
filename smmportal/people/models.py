import unicodedata
from datetime import timedelta
from typing import Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.timezone import now as time_now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from smmportal import colours
from smmportal.formatting import format_number
from smmportal.people import links
from smmportal.prepared import Prepared
from smmportal.uploads import KeptFile


class Side(models.TextChoices):
    """The two sides of every project."""

    AGENCY = "agency", _("Agency")
    CLIENT = "client", _("Client")

    @property
    def other(self) -> "Side":
        return Side.CLIENT if self is Side.AGENCY else Side.AGENCY


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    MANAGER = "manager", _("Manager")
    SPECIALIST = "specialist", _("Specialist")
    DECIDER = "decider", _("Decision-maker")
    CONTACT = "contact", _("Daily contact")
    VIEWER = "viewer", _("Viewer")


ROLES_OF = {
    Side.AGENCY: (Role.OWNER, Role.MANAGER, Role.SPECIALIST),
    Side.CLIENT: (Role.DECIDER, Role.CONTACT, Role.VIEWER),
}
#: The role that an organisation can't be left without.
HEAD_OF = {Side.AGENCY: Role.OWNER, Side.CLIENT: Role.DECIDER}


class Proof(models.TextChoices):
    """How a person proved that it is really them (`smmportal.people.proof`)."""

    PASSWORD = "password", _("confirmed by password")
    TOTP = "totp", _("confirmed by an authenticator’s code")
    LETTER = "letter", _("confirmed by a code from a letter")
    #: Of the demo and of rows that a program loads: nobody sat there.
    LOADED = "loaded", _("written in by the portal")


def check_time_zone(value: str) -> None:
    from zoneinfo import available_timezones

    if value not in available_timezones():
        raise ValidationError(_("“%(value)s” is not a time zone."), params={"value": value})


def check_accent(value: str) -> None:
    """A colour that text can be written in: refused with the nearest shade that would do."""
    if not colours.is_colour(value):
        raise ValidationError(_("Write a colour like #0f5c74."))
    if not colours.stands_out(value):
        words = {
            "contrast": format_number(colours.least_contrast(value), 1),
            "needed": format_number(colours.ENOUGH, 1),
            "shade": colours.nearest_fit(value),
        }
        sentence = _(
            "Words in this colour would be hard to read: the contrast is %(contrast)s : 1, and %(needed)s : 1 is "
            "needed. The nearest shade that works is %(shade)s."
        )
        raise ValidationError(sentence, params=words)


def check_plain_name(value: str) -> None:
    """Names stand in other people's letters: one line of words, and no address to lure them to."""
    if "://" in value or any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in value):
        raise ValidationError(_("A name is one line of words, without links."))


class UserManager(BaseUserManager):
    def get(self, *args, **by) -> "User":
        """By their id alone a person is asked for on every request: whoever is logged in."""
        if args or by.keys() != {"pk"} or not isinstance(by["pk"], int):
            return super().get(*args, **by)
        found = BY_ID.first(by["pk"])
        if found is None:
            raise self.model.DoesNotExist
        return found

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email__iexact=email)

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. What they may do is said by their memberships, never by the account itself."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=120, validators=[check_plain_name])
    language = models.CharField(
        _("language"), max_length=8, default="ru", choices=[("ru", "Русский"), ("en", "English")]
    )
    timezone = models.CharField(_("time zone"), max_length=64, default="Europe/Moscow", validators=[check_time_zone])
    is_staff = models.BooleanField(_("may open the administration"), default=False)
    is_active = models.BooleanField(_("may log in"), default=True)
    joined_at = models.DateTimeField(default=time_now)

    objects = UserManager()
    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_account_an_address")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)


BY_ID = Prepared(lambda pk: User.objects.filter(pk=pk).order_by(), int, of=User)


class OrganisationQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """One's own organisations, the clients of one's agency, and the agency of one's client."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        mine = Membership.objects.filter(user=user).values("organisation")
        return self.filter(
            Q(pk__in=mine) | Q(agency__in=mine) | Q(pk__in=Organisation.objects.filter(pk__in=mine).values("agency"))
        )

    def run_by(self, user) -> Self:
        """Where the person may invite, change roles and let go."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        return self.filter(
            Q(memberships__user=user, memberships__role__in=[Role.OWNER, Role.MANAGER, Role.DECIDER])
            | Q(agency__memberships__user=user, agency__memberships__role__in=[Role.OWNER, Role.MANAGER])
        ).distinct()


class Organisation(models.Model):
    name = models.CharField(_("name"), max_length=160, validators=[check_plain_name])
    kind = models.CharField(_("kind"), max_length=8, choices=Side)
    agency = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="clients",
        help_text=_("For a client: the agency that keeps it on its list."),
    )
    #: An agency's own colour, in which its projects' pages, reports and letters are dressed.
    accent = models.CharField(_("colour"), max_length=7, blank=True, validators=[check_accent])
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=Side.AGENCY, agency=None) | Q(kind=Side.CLIENT, agency__isnull=False),
                name="a_client_has_an_agency",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("people:organisation", args=[self.pk])

    @property
    def side(self) -> Side:
        return Side(self.kind)

    @property
    def logo(self) -> "AgencyLogo | None":
        return self.logos.filter(taken_off_at=None).first()

    @property
    def roles(self) -> tuple[Role, ...]:
        return ROLES_OF[self.side]


class AgencyLogoQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """Whoever sees the agency: its people and its clients'."""
        return self.filter(agency__in=Organisation.objects.visible_to(user))


class AgencyLogo(KeptFile):
    """An agency's mark, drawn anew from what was sent. Rows and files stay: reports that were issued show them."""

    agency = models.ForeignKey(Organisation, models.CASCADE, related_name="logos")
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(auto_now_add=True)
    taken_off_at = models.DateTimeField(null=True)

    objects = AgencyLogoQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["agency"], condition=Q(taken_off_at=None), name="one_logo_an_agency")
        ]


class MembershipQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """The people of one's own organisations and of those one runs; the other side's are met in a project."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        mine = Membership.objects.filter(user=user).values("organisation")
        running = Organisation.objects.run_by(user).values("pk")
        return self.filter(Q(organisation__in=mine) | Q(organisation__in=running))


class Membership(models.Model):
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=12, choices=Role)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["user", "organisation"], name="one_membership_a_person")]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation}"


class InvitationQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """An invitation is seen by those who may invite to the same organisation."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        return self.filter(organisation__in=Organisation.objects.run_by(user))

    def open(self) -> Self:
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=time_now())


class Invitation(models.Model):
    LASTS = timedelta(days=7)

    email = models.EmailField(_("e-mail"))
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    role = models.CharField(_("role"), max_length=12, choices=Role)
    language = models.CharField(_("language"), max_length=8, default="ru")
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                "organisation",
                condition=Q(accepted_at=None, revoked_at=None),
                name="one_waiting_invitation_a_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} → {self.organisation}"

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.revoked_at is None and self.expires_at > time_now()


class ApiTokenQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        return self.filter(user=user) if user.is_authenticated and user.is_active else self.none()

    def alive(self) -> Self:
        return self.filter(revoked_at=None)


class ApiToken(models.Model):
    """A personal key to the API. The key itself is shown once; the database keeps its hash."""

    NOTED_EVERY = timedelta(minutes=5)

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("what it is for"), max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = ApiTokenQuerySet.as_manager()
    hash_of = staticmethod(links.hash_of)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name

    def note_use(self) -> None:
        """Remember roughly when the token was last used, at most one write in five minutes."""
        now = time_now()
        if self.used_at is None or now - self.used_at > self.NOTED_EVERY:
            type(self).objects.filter(pk=self.pk).update(used_at=now)
