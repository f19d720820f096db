from datetime import date
from typing import Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from smmportal.people.models import Membership, Organisation, Role, Side, User, check_time_zone


class ProjectQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """The client's people see the client's projects; owners and managers see all of their agency's;
        a specialist sees those whose team they are on."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        mine = Membership.objects.filter(user=user)
        running = mine.filter(role__in=[Role.OWNER, Role.MANAGER])
        on_team = Project.team.through.objects.filter(user=user).values("project")
        return self.filter(
            Q(client__in=mine.values("organisation"))
            | Q(agency__in=running.values("organisation"))
            | Q(agency__in=mine.values("organisation"), pk__in=on_team)
        )

    def open(self) -> Self:
        return self.filter(closed_at=None)


class Project(models.Model):
    """One piece of work that a client and an agency do together."""

    project_path = "pk"

    name = models.CharField(_("name"), max_length=160)
    agency = models.ForeignKey(
        Organisation, models.PROTECT, related_name="agency_projects", limit_choices_to={"kind": Side.AGENCY}
    )
    client = models.ForeignKey(
        Organisation, models.PROTECT, related_name="client_projects", limit_choices_to={"kind": Side.CLIENT}
    )
    #: The agency's people who work on it: they are told of things, and a specialist sees nothing without being here.
    team = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="team_projects", blank=True)
    timezone = models.CharField(_("time zone"), max_length=64, default="Europe/Moscow", validators=[check_time_zone])
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    #: Working days, Monday to Friday, after which published minutes that nobody objected to are final.
    minutes_days = models.PositiveSmallIntegerField(
        _("working days to answer the minutes"), default=3, validators=[MinValueValidator(1), MaxValueValidator(30)]
    )
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    #: A project is active once its brief is confirmed by both sides, or when the agency's manager begins without the
    #: client's confirmation; then `activated_by` and the reason say so.
    activated_at = models.DateTimeField(null=True, editable=False)
    activated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    activation_reason = models.CharField(_("reason"), max_length=1000, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("project", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def today(self) -> date:
        """The day it is where the project is."""
        return timezone.localdate(timezone=ZoneInfo(self.timezone))

    def organisation_of(self, side: Side) -> Organisation:
        return self.agency if side is Side.AGENCY else self.client

    def side_of(self, user) -> Side | None:
        """On which side of this project a person stands; nobody stands on both (see accept_invitation)."""
        return self.sides_by_person.get(user.pk)

    @property
    def sides_by_person(self) -> dict[int, Side]:
        if not hasattr(self, "_sides_by_person"):
            self._sides_by_person = {user_id: side for user_id, side, _role in self._memberships}
        return self._sides_by_person

    def role_of(self, user) -> Role | None:
        return {user_id: role for user_id, _side, role in self._memberships}.get(user.pk)

    @property
    def _memberships(self) -> list[tuple[int, Side, Role]]:
        if not hasattr(self, "_membership_rows"):
            rows = Membership.objects.filter(organisation__in=[self.agency_id, self.client_id])
            self._membership_rows = [
                (user_id, Side.AGENCY if organisation_id == self.agency_id else Side.CLIENT, Role(role))
                for user_id, organisation_id, role in rows.values_list("user_id", "organisation_id", "role")
            ]
        return self._membership_rows

    def people_of(self, side: Side) -> list[User]:
        """Whom to tell and whom to ask on this side: the agency's team, or the client's people but its viewers."""
        people = User.objects.filter(is_active=True, memberships__organisation=self.organisation_of(side))
        if side is Side.AGENCY:
            people = people.filter(team_projects=self)
        else:
            viewers = Membership.objects.filter(organisation=self.client_id, role=Role.VIEWER)
            people = people.exclude(pk__in=viewers.values("user"))
        return list(people.distinct().order_by("name", "id"))

    @property
    def people(self) -> list[User]:
        return self.people_of(Side.AGENCY) + self.people_of(Side.CLIENT)
