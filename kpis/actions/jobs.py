from django.utils.translation import gettext as _

from kpis import rules
from smmportal.people.models import Organisation, User
from smmportal.refusals import demand


def demand_to_see_jobs(by: User, organisation: Organisation) -> None:
    demand(
        rules.can_see_jobs(by, organisation), _("This page is for the agency's owners and managers; ask one of them.")
    )
