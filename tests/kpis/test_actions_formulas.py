"""Making a formula, changing it into its next version, retiring it; and what signing pins."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from kpis.actions.agreements import prepare_agreement
from kpis.actions.formulas import change_formula, make_formula, retire_formula
from kpis.actions.kpis import draft_kpi
from kpis.forms.kpis import measures_of
from kpis.models import Formula, Source
from kpis.queries.formulas import preview, resolve, resolved_of, versions_of
from kpis.queries.standings import for_standing, standings
from kpis.terms import text_of
from smmportal.audit import AuditEntry
from smmportal.refusals import Refused
from tests.builders import make_formula as built
from tests.builders import make_points, make_series, make_source

DAY = date(2026, 11, 20)
SAID = {"name": "ER", "unit": "percent", "decimals": 2, "direction": "up"}
RATIO = "(likes + comments) / reach * 100"


@pytest.fixture
def source(cast):
    return cast.get(Source)


def numbers(cast, source, **values) -> None:
    for metric, value in values.items():
        make_points(make_series(cast, source=source, metric=metric), [value], last=DAY)


def draft(cast, formula, **fields):
    terms = {"kind": "increase_to", "target": Decimal(9), "starts_on": DAY, "due_on": date(2027, 3, 1)}
    terms |= {"guardrail_waived_because": "We only begin."}
    kpi = {"source": formula.source, "metric": formula.code, "by": cast.manager}
    return draft_kpi(cast.project, **{**terms, **kpi, **fields})


def test_a_formula_says_each_source_in_full(cast, source):
    formula = make_formula(cast.project, by=cast.manager, expression=" (Likes + comments@vk) / reach * 100", **SAID)
    assert (formula.expression, formula.version, formula.source.platform, formula.source.title) == (
        "(likes@vk + comments@vk) / reach@vk * 100",
        1,
        "formula",
        "ER",
    )
    entry = AuditEntry.objects.get(verb="formula.made")
    assert entry.facts == {"name": "ER", "version": 1, "expression": formula.expression}


@pytest.mark.parametrize(
    ("expression", "code", "sentence"),
    [
        ("likes + ", "formula-unfinished", "Character 9: the formula breaks off here."),
        ("loves / reach", "formula-unknown-metric", "Character 1: there is no metric “loves”."),
        ("likes@tiktok", "formula-unknown-source", "Character 1: the project has no source “tiktok”."),
        ("saves@vk", "formula-not-told", "Character 1: “saves” is not given by this source."),
        ("likes", "formula-several-sources", "Character 1: several sources give “likes”."),
        ("shares@vk / engagement_rate@vk", "formula-share-in-formula", "Character 13: “engagement_rate@vk” is itself"),
        ("reach@vk + reach@ok", "formula-people-added", "Character 12: “reach@ok” counts different people"),
        ("__import__('os')", "formula-strange-sign", "Character 12: “'” has no meaning in a formula."),
    ],
)
def test_what_is_wrong_is_said_with_its_place(cast, source, expression, code, sentence):
    make_source(cast, platform="ok")
    with pytest.raises(Refused) as refused:
        make_formula(cast.project, by=cast.manager, expression=expression, **SAID)
    assert refused.value.code == code
    assert refused.value.sentence.startswith(sentence)
    assert (Formula.objects.count(), Source.objects.filter(platform="formula").count()) == (0, 0)


def test_russian_readers_are_told_in_russian(cast, source):
    with translation.override("ru"), pytest.raises(Refused) as refused:
        make_formula(cast.project, by=cast.manager, expression="loves", **SAID)
    assert refused.value.sentence == "Знак 1: нет метрики «loves». Выберите имя из списка."


def test_the_client_makes_no_formulas(cast, source):
    with pytest.raises(PermissionDenied):
        make_formula(cast.project, by=cast.decider, expression="likes", **SAID)


def test_a_change_makes_the_next_version_and_leaves_the_old_one_alone(cast, source):
    numbers(cast, source, likes=30, comments=20, reach=1000)
    first = make_formula(cast.project, by=cast.manager, expression=RATIO, **SAID)
    second = change_formula(first, by=cast.manager, expression="likes / reach * 100")
    assert (second.version, second.previous, second.name, second.source.title) == (2, first, "ER", "ER, v2")
    assert [series.latest_value for row in (first, second) for series in row.source.series.all()] == [5, 3]
    assert versions_of(first) == [second, first]


def test_saying_the_same_again_changes_nothing(cast, source):
    first = make_formula(cast.project, by=cast.manager, expression=RATIO, **SAID)
    assert change_formula(first, by=cast.manager, expression=RATIO, **SAID) == first


@pytest.mark.parametrize(("verb", "code"), [("change", "formula-not-newest"), ("retire", "formula-retired")])
def test_only_the_newest_that_is_not_retired_is_changed(cast, source, verb, code):
    formula = built(cast)
    if verb == "change":
        change_formula(formula, by=cast.manager, name="Another")
    else:
        retire_formula(formula, by=cast.manager)
    with pytest.raises(Refused) as refused:
        change_formula(formula, by=cast.manager, name="A third")
    assert refused.value.code == code


def test_no_new_kpi_is_offered_an_old_version_or_a_retired_formula(cast, source):
    old = built(cast, name="Old")
    change_formula(old, by=cast.manager, name="New")
    retire_formula(built(cast, name="Gone"), by=cast.manager)
    assert [title for title, _options in measures_of(cast.project)] == ["Roast No. 7 on VK", "New, v2"]
    assert "Old" in [title for title, _options in measures_of(cast.project, {old.source_id})]


def test_the_preview_shows_both_sides_of_the_division(cast, source):
    numbers(cast, source, likes=30, comments=20, reach=1000)
    found = preview(resolve(cast.project, RATIO), last=DAY, days=2)
    assert [(row.day, row.outcome.above, row.outcome.below, row.outcome.value, row.sentence) for row in found] == [
        (DAY, 50, 1000, 5, ""),
        (date(2026, 11, 19), None, None, None, "There is no number: Likes (vk), Comments (vk), Reach (vk)."),
    ]


def test_a_kept_formula_reads_like_the_preview(cast, source):
    resolved = resolved_of(built(cast, RATIO))
    assert resolved.words == (
        "“Likes (Roast No. 7 on VK) + Comments (Roast No. 7 on VK)” divided by “Reach (Roast No. 7 on VK)”, "
        "multiplied by 100"
    )
    assert resolved == resolve(cast.project, RATIO)


def test_a_kpi_stands_on_a_formula_like_on_any_number(cast, source):
    numbers(cast, source, likes=30, comments=20, reach=1000)
    kpi = draft(cast, built(cast, RATIO, name="ER", unit="percent"))
    assert (str(kpi), kpi.baseline, kpi.baseline_on) == ("ER", 5, DAY)
    [standing] = standings(for_standing(type(kpi).objects.filter(pk=kpi.pk)))
    assert (standing.current, standing.unit, standing.is_counted) == (5, "percent", True)


def test_a_formula_is_lost_with_any_source_that_it_counts_from(cast, source):
    kpi = draft(cast, built(cast, RATIO), baseline=Decimal(5))
    Source.objects.filter(pk=source.pk).update(error_kind="reauthorise")
    [standing] = standings(for_standing(type(kpi).objects.filter(pk=kpi.pk)))
    assert standing.status == "source_lost"


def test_signed_terms_hold_the_formula_in_words_and_a_newer_version_changes_nothing(cast, source):
    numbers(cast, source, likes=30, comments=20, reach=1000)
    formula = built(cast, RATIO, name="ER", unit="percent", decimals=2)
    draft(cast, formula)
    agreement = prepare_agreement(cast.project, by=cast.manager)
    change_formula(formula, by=cast.manager, expression="likes / reach * 100")
    metric = agreement.content["kpis"][0]["metric"]
    assert (metric["code"], metric["version"], metric["expression"]) == (
        "formula",
        1,
        "(likes@vk + comments@vk) / reach@vk * 100",
    )
    assert [(one["name"], one["metric"]["code"], one["source"]["id"]) for one in metric["operands"]] == [
        ("likes@vk", "likes", source.pk),
        ("comments@vk", "comments", source.pk),
        ("reach@vk", "reach", source.pk),
    ]
    [term] = text_of(agreement.content).terms
    assert term.lines[1:3] == (
        "Formula, version 1: “Likes (Roast No. 7 on VK) + Comments (Roast No. 7 on VK)” divided by “Reach (Roast "
        "No. 7 on VK)”, multiplied by 100",
        "Denominator: Reach (Roast No. 7 on VK)",
    )
    with translation.override("ru"):
        [term] = text_of(agreement.content).terms
    assert term.lines[1:3] == (
        "Формула, версия 1: «Лайки (Roast No. 7 on VK) + Комментарии (Roast No. 7 on VK)» разделить на «Охват (Roast "
        "No. 7 on VK)», умножить на 100",
        "Знаменатель: Охват (Roast No. 7 on VK)",
    )


def test_a_counted_metric_of_the_catalogue_is_pinned_too(cast, source):
    numbers(cast, source, likes=6, comments=3, shares=1, reach=200)
    draft_kpi(
        cast.project,
        by=cast.manager,
        source=source,
        metric="engagement_rate",
        kind="increase_to",
        guardrail_waived_because="We only begin.",
        target=Decimal(7),
        starts_on=DAY,
        due_on=date(2027, 3, 1),
    )
    metric = prepare_agreement(cast.project, by=cast.manager).content["kpis"][0]["metric"]
    assert (metric["version"], metric["expression"]) == (1, "(likes + comments + shares) / reach * 100")


@pytest.mark.parametrize(
    ("expression", "code", "aggregation"),
    [
        ("followers@vk + followers@ok", "formula_stock", "last"),
        ("likes@vk + likes@ok", "formula", "sum"),
        ("likes@vk / followers@vk", "formula", "ratio"),
    ],
)
def test_what_is_there_at_any_moment_is_told_apart_from_what_is_counted_by_day(cast, expression, code, aggregation):
    cast.get(Source), make_source(cast, platform="ok")
    formula = built(cast, expression)
    assert (formula.code, formula.metric.aggregation) == (code, aggregation)


def test_a_formula_too_long_with_its_names_in_full_is_refused(cast, source):
    with pytest.raises(Refused) as refused:
        built(cast, "likes+" * 49 + "likes")
    assert refused.value.code == "formula-too-long"
