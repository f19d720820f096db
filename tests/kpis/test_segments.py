"""A source over a part of an account: added, pulled, rebuilt, shown, agreed on."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.utils import translation

from kpis.actions import segments, sources
from kpis.actions.kpis import draft_kpi
from kpis.connectors.filters import IS, Condition
from kpis.forms.kpis import measures_of
from kpis.models import Kpi, Point, Source
from kpis.pulling import pull_source
from kpis.recording import differences, unpack
from kpis.terms import content_of, say_term, source_of, term_of
from smmportal.audit import AuditEntry
from smmportal.facts import content_hash
from smmportal.refusals import Refused
from tests.builders import make_kpi, make_source

METRIKA = {"platform": "metrika", "credentials": {"token": "sandbox-oauth"}, "external_id": "77000007"}
SOCIAL = Condition("traffic", IS, "social")
GOAL = Condition("goal", IS, "5001")

pytestmark = pytest.mark.usefixtures("sandbox")


@pytest.fixture
def site(cast) -> Source:
    return sources.connect_source(cast.project, by=cast.manager, **METRIKA)


@pytest.fixture
def social(cast, site) -> Source:
    return segments.add_segment(site, conditions=[SOCIAL], by=cast.manager)


def visits(source: Source) -> list:
    rows = Point.objects.filter(series__source=source, series__metric="visits", value__isnull=False)
    return list(rows.order_by("day").values_list("day", "value"))


# --- Adding one ---


def test_a_segment_is_a_source_of_its_own_on_the_same_access(cast, site, social):
    assert (social.login, social.external_id, social.project) == (site.login, site.external_id, site.project)
    assert social.filter == '[["traffic","is","social"]]'
    assert str(social) == "Обжарка №7 — магазин — only from social networks"
    with translation.override("ru"):
        assert str(social) == "Обжарка №7 — магазин — только из соцсетей"


def test_the_same_part_again_is_the_same_source(cast, site, social):
    narrower = segments.add_segment(social, conditions=[Condition("utm_source", IS, "vk")], by=cast.manager)
    other = segments.add_segment(site, conditions=[Condition("utm_source", IS, "vk"), SOCIAL], by=cast.specialist)
    assert segments.add_segment(site, conditions=[SOCIAL], by=cast.specialist) == social
    assert narrower == other
    assert AuditEntry.objects.filter(verb="source.segment_added").count() == 2


def test_connecting_the_account_again_is_the_whole_not_a_part(cast, site, social):
    assert sources.connect_source(cast.project, by=cast.manager, **METRIKA) == site


def test_a_goal_is_called_as_the_platform_calls_it(cast, site):
    segment = segments.add_segment(site, conditions=[GOAL], by=cast.manager)
    assert (str(segment), segment.told) == ("Обжарка №7 — магазин — goal: Заявка", ("leads", "conversion_rate"))


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        (Condition("goal", IS, "99"), "no-such-value"),
        (Condition("traffic", IS, "television"), "no-such-part"),
        (Condition("colour", IS, "red"), "no-such-part"),
    ],
)
def test_what_is_no_part_is_refused_in_words(cast, site, condition, code):
    with pytest.raises(Refused) as refusal:
        segments.add_segment(site, conditions=[condition], by=cast.manager)
    assert (refusal.value.code, refusal.value.sentence.endswith(".")) == (code, True)
    assert Source.objects.count() == 1


def test_a_platform_without_filters_says_so(cast):
    with pytest.raises(Refused) as refusal:
        segments.add_segment(make_source(cast), conditions=[SOCIAL], by=cast.manager)
    assert refusal.value.code == "no-segments"


def test_a_viewer_only_looks_on(cast, site):
    with pytest.raises(PermissionDenied):
        segments.add_segment(site, conditions=[SOCIAL], by=cast.viewer)


def test_mending_the_access_mends_the_segments_too(cast, site, social):
    sources.reconnect_source(site, credentials={"token": "sandbox-client"}, by=cast.decider)
    logins = Source.objects.values_list("login__organisation", flat=True)
    assert set(logins) == {cast.client.pk}


# --- Its numbers ---


def test_a_segment_is_pulled_and_rebuilt_as_that_part(cast, site, social):
    pull_source(site)
    pull_source(social)
    whole, part = dict(visits(site)), dict(visits(social))
    assert part.keys() == whole.keys()
    assert all(0 < part[day] < whole[day] for day in whole)
    snapshot = social.snapshots.first()
    assert unpack(snapshot)["account"]["filter"] == social.filter
    assert list(differences(social)) == []
    call_command("verify")
    Point.objects.filter(series__source=social, day=max(part)).update(value=1)
    call_command("rebuild_points", write=True)
    assert dict(visits(social)) == part


# --- Where it is seen ---


def test_the_form_of_a_kpi_lists_it_and_the_terms_name_it_in_both_languages(cast, site, social):
    pull_source(social)
    groups = dict(measures_of(cast.project))
    assert [code for code, _words in groups["Обжарка №7 — магазин — only from social networks"]] == [
        f"{social.pk}:{metric}" for metric in ("visits", "visitors", "page_views", "bounce_rate")
    ]
    kpi = make_kpi(cast, source=social, metric="visits", name="")
    assert source_of(social)["filter"] == {
        "conditions": '[["traffic","is","social"]]',
        "says": {"en": "only from social networks", "ru": "только из соцсетей"},
    }
    assert str(kpi) == "Visits, Yandex Metrika (only from social networks)"
    with translation.override("ru"):
        assert "Источник: «Обжарка №7 — магазин — только из соцсетей» (Яндекс Метрика, 77000007)" in (
            say_term(term_of(kpi)).lines
        )


def test_a_guardrail_names_its_part(cast, site, social):
    kpi = make_kpi(cast, guardrail_source=social, guardrail_metric="bounce_rate")
    said = [line for line in say_term(term_of(kpi)).lines if line.startswith("Guardrail")]
    assert said == [
        "Guardrail: “Bounce rate” (Обжарка №7 — магазин — only from social networks) must not get worse than it was on "
        "1\u00a0November 2026"
    ]


def test_a_kpi_of_a_goal_is_drafted_on_its_segment(cast, site):
    segment = segments.add_segment(site, conditions=[GOAL], by=cast.manager)
    pull_source(segment)
    terms = {"kind": Kpi.Kind.STAY_ABOVE, "target": 5, "starts_on": cast.project.starts_on}
    kpi = draft_kpi(cast.project, by=cast.manager, source=segment, metric="leads", due_on=cast.project.ends_on, **terms)
    assert (kpi.metric, kpi.source) == ("leads", segment)


def test_an_agreement_over_a_segment_is_another_than_over_the_whole(cast, site, social):
    kpi = make_kpi(cast, source=site, metric="visits")
    whole = content_of(cast.project, [kpi], number=1, previous_hash="")
    kpi.source = social
    part = content_of(cast.project, [kpi], number=1, previous_hash="")
    assert content_hash(whole) != content_hash(part)


# --- Pages ---


def test_from_the_source_to_a_segment(cast, site, browse):
    browser = browse(cast.specialist)
    assert "Add a segment" in browser.get(f"/sources/{site.pk}/").content.decode()
    page = browser.get(f"/sources/{site.pk}/segments/").content.decode()
    assert "only from social networks" in page
    page = browser.get(f"/sources/{site.pk}/segments/utm_campaign/").content.decode()
    assert '<option value="лето">' in page
    answer = browser.post(
        f"/sources/{site.pk}/segments/utm_campaign/", {"operator": "contains", "value": "осень «7» 'скидка' ☕"}
    )
    segment = Source.objects.exclude(filter="").get()
    assert answer.headers["Location"] == f"/sources/{segment.pk}/"
    page = browser.get(f"/sources/{segment.pk}/").content.decode()
    assert "UTM campaign contains ‘осень «7» &#x27;скидка&#x27; ☕’" in page
    assert "the whole account" in page
    assert browser.get(f"/sources/{segment.pk}/segments/utm_campaign/").status_code == 404


def test_a_value_can_be_typed_while_the_platform_is_down(cast, site, browse, sandbox):
    sandbox.misbehave("metrika", "busy", times=9)
    page = browse(cast.manager).get(f"/sources/{site.pk}/segments/utm_source/").content.decode()
    assert "The platform did not answer properly." in page
    assert 'name="value"' in page
    page = browse(cast.manager).get(f"/sources/{site.pk}/segments/goal/").content.decode()
    assert 'name="value"' not in page


def test_what_was_typed_is_not_lost_on_a_refusal(cast, site, browse):
    page = browse(cast.manager).post(
        f"/sources/{site.pk}/segments/utm_source/", {"operator": "is", "value": "x" * 119 + "\u200b"}
    )
    assert "x" * 119 in page.content.decode()
    assert Source.objects.count() == 1


# --- API ---


def test_through_the_api(cast, site, api):
    client = api(cast.manager)
    filters = client.get(f"/api/v1/sources/{site.pk}/segments/").json()
    assert [one["name"] for one in filters] == [
        "traffic", "utm_source", "utm_medium", "utm_campaign", "landing", "goal",
    ]  # fmt: skip
    values = client.get(f"/api/v1/sources/{site.pk}/segments/goal/values/").json()
    assert values == [{"value": "5001", "title": "Заявка"}, {"value": "5002", "title": "Звонок с сайта"}]
    sent = {"conditions": [{"name": "goal", "operator": "is", "value": "5002"}, {"name": "traffic", "value": "ad"}]}
    answer = client.post(f"/api/v1/sources/{site.pk}/segments/", sent, format="json")
    assert answer.status_code == 201
    assert {name: answer.json()[name] for name in ("title", "name", "conditions")} == {
        "title": "Обжарка №7 — магазин",
        "name": "Обжарка №7 — магазин — goal: Звонок с сайта, only from advertising",
        "conditions": [
            {"name": "goal", "operator": "is", "value": "5002"},
            {"name": "traffic", "operator": "is", "value": "ad"},
        ],
    }


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"conditions": []}, 400),
        ({"conditions": [{"name": "traffic"}]}, 400),
        ({"conditions": [{"name": "traffic", "operator": "or", "value": "ad"}]}, 400),
        ({"conditions": [{"name": "traffic", "value": "radio"}]}, 409),
        ({"conditions": "social"}, 400),
    ],
)
def test_a_crooked_request_is_refused(cast, site, api, sent, status):
    assert api(cast.manager).post(f"/api/v1/sources/{site.pk}/segments/", sent, format="json").status_code == status
