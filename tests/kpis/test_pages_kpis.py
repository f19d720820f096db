from datetime import date
from decimal import Decimal

import pytest

from kpis.actions.agreements import prepare_agreement, sign_agreement
from kpis.models import Kpi, Source
from tests.builders import make_goal, make_points, make_series, make_source


@pytest.fixture
def series(cast):
    series = make_series(cast)
    make_points(series, list(range(9901, 10001)), last=date(2026, 11, 22))
    return series


def new(cast) -> str:
    return f"/projects/{cast.project.pk}/kpis/new/"


def typed(cast, **fields) -> dict:
    said = {
        "measure": f"{cast.get(Source).pk}:followers",
        "kind": "increase_to",
        "target": "12 000",
        "starts_on": "2026-11-22",
        "due_on": "2027-03-01",
        "name": "",
        "goal": "",
        "baseline": "",
        "baseline_on": "",
        "guardrail_waived_because": "We only begin.",
    }
    return {**said, **fields}


def test_the_form_offers_every_number_of_every_source_with_its_latest_value(cast, browse, series):
    make_source(cast, platform="file", title="A file")
    form = browse(cast.manager).get(new(cast)).context["form"]
    [(title, options)] = form.fields["measure"].choices
    assert (title, options[0]) == (
        "Roast No. 7 on VK",
        (f"{series.source_id}:followers", "Followers — 10,000 on 22\u00a0Nov"),
    )
    assert (f"{series.source_id}:reach", "Reach — no numbers yet") in options


def test_without_a_source_the_form_says_what_comes_first(cast, browse):
    assert "Connect a source" in browse(cast.manager).get(new(cast)).content.decode()


def test_the_goal_one_comes_from_is_chosen_with_its_deadline(cast, browse, series):
    goal = make_goal(cast)
    form = browse(cast.manager).get(f"{new(cast)}?goal={goal.pk}").context["form"]
    assert (form.initial["goal"], form.initial["due_on"]) == (goal, date(2027, 3, 1))


@pytest.mark.parametrize("goal", ["x", "999999", "9" * 40, "-1"])
def test_a_goal_that_is_none_is_no_goal(cast, browse, series, goal):
    assert browse(cast.manager).get(f"{new(cast)}?goal={goal}").context["form"].initial["goal"] is None


def test_a_draft_is_saved_and_its_baseline_told(cast, browse, series):
    answer = browse(cast.specialist).post(new(cast), typed(cast), follow=True)
    kpi = Kpi.objects.get()
    assert answer.redirect_chain == [(kpi.get_absolute_url(), 302)]
    assert [str(message) for message in answer.context["messages"]] == [
        "Saved. Baseline: 10,000 on 22\u00a0November 2026, measured by Roast No. 7 on VK."
    ]
    assert (kpi.target, kpi.baseline) == (Decimal(12000), Decimal(10000))


def errors(answer) -> dict:
    return {field: list(sentences) for field, sentences in answer.context["form"].errors.items()}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"target": "many"}, {"target": ["Enter a number."]}),
        ({"due_on": "soon"}, {"due_on": ["Enter a valid date."]}),
        ({"due_on": "2026-11-22"}, {"__all__": ["The deadline must come after the first day."]}),
        ({"measure": ""}, {"measure": ["This field is required."]}),
        (
            {"target": "9000"},
            {"__all__": ["To grow, the target must be above the baseline: 9,000 is below 10,000."]},
        ),
        (
            {"baseline": "5"},
            {
                "__all__": [
                    "The source has its own number: 10,000 on 22\u00a0November 2026. Leave the baseline empty and that "
                    "is taken."
                ]
            },
        ),
        ({"target": "1" * 30}, {"target": ["Ensure that there are no more than 24 digits in total."]}),
        ({"name": "a\x00b"}, {"name": ["Null characters are not allowed."]}),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(cast, browse, series, fields, expected):
    answer = browse(cast.manager).post(new(cast), typed(cast, **{"name": "Our readers", **fields}))
    assert (answer.status_code, errors(answer), Kpi.objects.count()) == (200, expected, 0)
    assert 'value="2026-11-22"' in answer.content.decode()


def test_a_number_of_another_projects_source_is_no_choice(cast, browse, series):
    other = type(cast.project).objects.create(
        name="Other", agency=cast.agency, client=cast.other_client, created_by=cast.manager
    )
    foreign = make_source(cast, project=other)
    answer = browse(cast.manager).post(new(cast), typed(cast, measure=f"{foreign.pk}:followers"))
    assert list(errors(answer)) == ["measure"]


def test_editing_shows_what_is_said_and_keeps_it(cast, browse, series):
    browse(cast.manager).post(new(cast), typed(cast))
    kpi = Kpi.objects.get()
    form = browse(cast.manager).get(f"/kpis/{kpi.pk}/edit/").context["form"]
    assert (form.initial["measure"], form.initial["target"]) == (f"{kpi.source_id}:followers", "12000")
    browse(cast.manager).post(f"/kpis/{kpi.pk}/edit/", typed(cast, target="13000", name="Readers"))
    kpi.refresh_from_db()
    assert (kpi.target, str(kpi)) == (Decimal(13000), "Readers")


def test_signed_terms_lead_to_new_terms(cast, browse, series):
    browse(cast.manager).post(new(cast), typed(cast))
    kpi = Kpi.objects.get()
    agreement = prepare_agreement(cast.project, by=cast.manager)
    for person in (cast.manager, cast.decider):
        sign_agreement(agreement, by=person, seen_hash=agreement.content_hash, proof="password")
    refused = browse(cast.manager).get(f"/kpis/{kpi.pk}/edit/")
    assert refused.status_code == 302
    answer = browse(cast.manager).post(f"/kpis/{kpi.pk}/new-terms/", typed(cast, target="15000"))
    newer = Kpi.objects.get(replaces=kpi)
    assert (answer.url, newer.target, newer.is_signed) == (newer.get_absolute_url(), Decimal(15000), False)


def test_a_draft_is_thrown_away(cast, browse, series):
    browse(cast.manager).post(new(cast), typed(cast))
    answer = browse(cast.manager).post(f"/kpis/{Kpi.objects.get().pk}/removal/", follow=True)
    assert ([str(message) for message in answer.context["messages"]], Kpi.objects.count()) == (
        ["The draft “Followers, VK” is thrown away."],
        0,
    )
