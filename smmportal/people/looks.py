"""How an agency looks: its colour and its mark, on the pages of its projects, on reports and in letters."""

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from smmportal import uploads
from smmportal.audit import record
from smmportal.people.models import AgencyLogo, Organisation, Role, Side, User, check_accent
from smmportal.people.rules import role_in
from smmportal.pictures import draw_anew
from smmportal.refusals import Refused, demand

#: The mark at twice the size at which it stands on paper.
LARGEST_LOGO = (800, 240)


def can_dress(user: User, agency: Organisation) -> bool:
    return agency.side is Side.AGENCY and role_in(user, agency) in {Role.OWNER, Role.MANAGER}


def demand_dressing(agency: Organisation, *, by: User) -> None:
    if agency.side is not Side.AGENCY:
        raise Refused(_("Only an agency has a look of its own here."), code="not-an-agency")
    demand(can_dress(by, agency), _("Only an owner or a manager of the agency changes its look."))


@transaction.atomic
def set_accent(agency: Organisation, *, accent: str, by: User) -> Organisation:
    """Dress the agency's projects in this colour; «» takes the portal's own again."""
    demand_dressing(agency, by=by)
    accent = accent.strip().lower()
    if accent:
        check_accent(accent)
    if Organisation.objects.filter(pk=agency.pk).exclude(accent=accent).update(accent=accent):
        record("look.coloured", about=agency, by=by, accent=accent)
    agency.accent = accent
    return agency


@transaction.atomic
def put_logo(agency: Organisation, *, file: UploadedFile, by: User) -> AgencyLogo:
    demand_dressing(agency, by=by)
    drawn = draw_anew(file, at_most=LARGEST_LOGO)
    Organisation.objects.select_for_update().get(pk=agency.pk)
    agency.logos.filter(taken_off_at=None).update(taken_off_at=timezone.now())
    kept = uploads.keep(drawn.file)
    logo = agency.logos.create(given_by=by, width=drawn.width, height=drawn.height, **kept)
    record("look.marked", about=agency, by=by, sha256=logo.sha256)
    return logo


@transaction.atomic
def take_logo_off(agency: Organisation, *, by: User) -> None:
    """From now on there is none; what was issued with it keeps it."""
    demand_dressing(agency, by=by)
    if agency.logos.filter(taken_off_at=None).update(taken_off_at=timezone.now()):
        record("look.unmarked", about=agency, by=by)
