"""What the rules count is the owner's word, within bounds, for all projects of the agency."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from projects.models import Debrief
from smmportal.audit import AuditEntry
from smmportal.refusals import Refused
from smmportal.waterline.actions import set_weights
from smmportal.waterline.models import Weights
from tests.smmportal.waterline.conftest import fresh

BOUNDS = "Each rule counts from 15 to 60 points, so that none of the three is forgotten."


def test_the_owner_weighs_the_rules_of_all_projects(cast, sound):
    Debrief.objects.update(confirmed_at=None)
    before = fresh(sound).had
    set_weights(cast.agency, clarity=60, kpis=25, rhythm=15, by=cast.owner)
    after = fresh(sound)
    assert (str(before), str(after.had), after.weights) == ("97.6", "95.3", (60, 25, 15))
    assert [rule.most for rule in after.rules] == [60, 25, 15]


def test_weighing_is_on_the_trail_once(cast):
    for _again in range(2):
        set_weights(cast.agency, clarity=20, kpis=40, rhythm=40, by=cast.owner)
    entry = AuditEntry.objects.get(verb="waterline.weighed")
    assert entry.facts == {
        "was": {"clarity": 30, "kpis": 40, "rhythm": 30},
        "became": {"clarity": 20, "kpis": 40, "rhythm": 40},
    }


@pytest.mark.parametrize(
    ("weights", "sentence"),
    [
        ((14, 43, 43), BOUNDS),
        ((61, 20, 19), BOUNDS),
        ((-10, 60, 50), BOUNDS),
        ((30, 40, 31), "The three rules make 100 points together; these make 101."),
        ((15, 15, 15), "The three rules make 100 points together; these make 45."),
    ],
)
def test_weights_out_of_bounds_are_refused_in_words(cast, weights, sentence):
    with pytest.raises(Refused) as refusal:
        set_weights(cast.agency, **dict(zip(("clarity", "kpis", "rhythm"), weights, strict=True)), by=cast.owner)
    assert (str(refusal.value.sentence), Weights.objects.count()) == (sentence, 0)


@pytest.mark.parametrize("who", ["manager", "specialist", "decider", "contact", "viewer", "stranger"])
def test_only_the_owner_weighs(cast, who):
    with pytest.raises(PermissionDenied):
        set_weights(cast.agency, clarity=20, kpis=40, rhythm=40, by=getattr(cast, who))


def test_the_database_holds_the_hundred(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        Weights.objects.create(agency=cast.agency, clarity=30, kpis=30, rhythm=30)
