import pytest
from django.utils import translation

from kpis import exporting
from kpis.actions.agreements import prepare_agreement, sign_agreement
from kpis.models import Kpi
from tests.builders import make_kpi
from tests.needs import has_pango


@pytest.fixture
def second(cast):
    """An agreement whose first KPI has new terms, whose second is as it was, and whose third is new."""
    kpi = cast.get(Kpi)
    make_kpi(cast, metric="reach", kind="stay_above")
    first = prepare_agreement(cast.project, by=cast.manager)
    for person in (cast.manager, cast.decider):
        sign_agreement(first, by=person, seen_hash=first.content_hash, proof="password")
    make_kpi(cast, replaces=kpi, target=15000, cadence="monthly")
    make_kpi(cast, metric="views", kind="stay_above", target=500, goal=None)
    return prepare_agreement(cast.project, by=cast.manager)


def test_what_changed_is_told_line_by_line(cast, api, second):
    changed, added = api(cast.viewer).get(f"/api/v1/agreements/{second.pk}/changes/").json()
    assert changed == {
        "name": "Followers",
        "before": ["Followers: grow from 10,000 to 12,000 by 1\u00a0March 2027", "Looked at every week"],
        "after": ["Followers: grow from 10,000 to 15,000 by 1\u00a0March 2027", "Looked at every month"],
    }
    assert (added["name"], added["before"], len(added["after"]) > 3) == ("Views", [], True)


def test_the_first_agreement_changes_nothing(cast, api, second):
    first = cast.project.agreements.get(number=1)
    assert api(cast.viewer).get(f"/api/v1/agreements/{first.pk}/changes/").json() == []


def test_the_page_shows_it_to_both_sides(cast, browse, second):
    page = browse(cast.decider).get(second.get_absolute_url()).content.decode()
    wanted = ("What changed since agreement No. 1", "Looked at every week", "Looked at every month", "Added")
    assert [words for words in wanted if words not in page] == []


def test_the_paper_says_it_in_both_languages_the_readers_first(second):
    with translation.override("ru"):
        parts = exporting.paper_of(second)["parts"]
    assert [part["language"] for part in parts] == ["ru", "en"]
    assert ("Соглашение о KPI № 2" in parts[0]["words"], "KPI agreement No. 2" in parts[1]["words"]) == (True, True)


@pytest.mark.skipif(not has_pango(), reason="needs Pango")
def test_the_paper_is_a_pdf_with_a_name(cast, browse, second):
    answer = browse(cast.viewer).get(f"/agreements/{second.pk}/pdf/")
    assert (answer.content[:5], answer["Content-Type"]) == (b"%PDF-", "application/pdf")
    assert answer["Content-Disposition"] == f'attachment; filename="agreement-{cast.project.pk}-2.pdf"'
