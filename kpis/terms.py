"""What the two sides put their names under: the KPI terms as canonical content, and its text in either language.

The content is plain JSON, made once and never changed. Everything a reader sees is rendered from it alone, so the
text in both languages, the page, the print and the API say the same thing; its hash covers the number of the agreement
and the hash of the one it replaces.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext as _

from kpis.connectors import CONNECTORS
from kpis.metrics import METRICS
from smmportal.formatting import format_day, format_number, format_percent, pick_language

FORMAT = 1
LANGUAGES = ("en", "ru")


@dataclass(frozen=True)
class Term:
    """One KPI of an agreement in the reader's language: its name, what is agreed, and the small print line by line."""

    kpi_id: int
    name: str
    promise: str
    goal: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Text:
    title: str
    opening: str
    terms: tuple[Term, ...]
    closing: tuple[str, ...]


# --- Content --------------------------------------------------------------------------------------------------------


def content_of(project, kpis: Iterable, *, number: int, previous_hash: str, brief_version: int | None = None) -> dict:
    """The canonical content of an agreement over these KPIs (rows with their goal, source and snapshot), resting on
    this version of the brief."""
    return {
        "format": FORMAT,
        "number": number,
        "previous_hash": previous_hash,
        "project": {"id": project.pk, "name": project.name},
        "agency": {"id": project.agency_id, "name": project.agency.name},
        "client": {"id": project.client_id, "name": project.client.name},
        "brief_version": brief_version,
        "kpis": [term_of(kpi) for kpi in sorted(kpis, key=lambda kpi: kpi.pk)],
    }


def term_of(kpi) -> dict:
    return {
        "id": kpi.pk,
        "name": kpi.name,
        "goal": {"id": kpi.goal_id, "statement": kpi.goal.statement} if kpi.goal_id else None,
        "metric": metric_of(kpi.metric),
        "source": source_of(kpi.source),
        "kind": kpi.kind,
        "baseline": baseline_of(kpi),
        "target": plain(kpi.target),
        "weight": kpi.weight,
        "owner": {"id": kpi.owner_id, "name": kpi.owner.name} if kpi.owner_id else None,
        "cadence": kpi.cadence,
        "tolerance": kpi.tolerance,
        "guardrail": guardrail_of(kpi),
        "starts_on": kpi.starts_on.isoformat(),
        "due_on": kpi.due_on.isoformat(),
    }


def source_of(source) -> dict:
    return {
        "id": source.pk,
        "platform": source.platform,
        "external_id": source.external_id,
        "title": source.title,
    }


def guardrail_of(kpi) -> dict | None:
    if not kpi.guardrail_source_id:
        return None
    return {"metric": metric_of(kpi.guardrail_metric), "source": source_of(kpi.guardrail_source)}


def metric_of(code: str) -> dict:
    """The metric with its definition, as it is worded today, in every language: a later wording binds nobody."""
    metric = METRICS[code]
    return {
        "code": code,
        "unit": metric.unit,
        "name": in_every_language(metric.name),
        "definition": in_every_language(metric.definition),
    }


def in_every_language(words: object) -> dict[str, str]:
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = str(words)
    return said


def baseline_of(kpi) -> dict | None:
    if kpi.baseline is None:
        return None
    return {
        "value": plain(kpi.baseline),
        "on": kpi.baseline_on.isoformat() if kpi.baseline_on else None,
        "provenance": kpi.baseline_provenance,
        "snapshot": kpi.baseline_snapshot.content_hash if kpi.baseline_snapshot_id else None,
    }


def plain(value: Decimal | None) -> str | None:
    """The one spelling of a number: no exponent, no trailing zeros."""
    if value is None:
        return None
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def same_terms(content: dict, other: dict) -> bool:
    """Whether two contents promise the same, whatever their numbers and however often the brief was submitted since."""
    chain = {"number", "previous_hash", "brief_version"}
    return {key: content.get(key) for key in content.keys() - chain} == {
        key: other.get(key) for key in other.keys() - chain
    }


# --- Text -----------------------------------------------------------------------------------------------------------


def text_of(content: dict) -> Text:
    """The agreement in the language that is active now."""
    return Text(
        title=_("KPI agreement No. %(number)s") % {"number": content["number"]},
        opening=_(
            "%(client)s (the client) and %(agency)s (the agency) agree that the project “%(project)s” "
            "is judged by these numbers:"
        )
        % {
            "client": content["client"]["name"],
            "agency": content["agency"]["name"],
            "project": content["project"]["name"],
        },
        terms=tuple(say_term(term, weight_beside(term, content)) for term in content["kpis"]),
        closing=tuple(closing_of(content)),
    )


def closing_of(content: dict) -> list[str]:
    sentences = [
        _("The numbers are those that the named source gives; a day it gives nothing for is a gap, not a zero."),
        _("The agreement comes into force with the signatures of both sides. Other terms need another agreement."),
        _("The Russian and the English text are rendered from the same content and mean the same."),
    ]
    if content.get("brief_version"):
        sentence = _("The terms rest on the client’s brief, version %(number)s.")
        sentences.insert(0, sentence % {"number": content["brief_version"]})
    if content["previous_hash"]:
        sentences.insert(-2, _("It takes the place of the agreement that was in force before it."))
    return sentences


def weight_beside(term: dict, content: dict) -> int:
    """What the KPIs of the same goal weigh together; 0 for a KPI that stands alone or under no goal."""
    if not term["goal"]:
        return 0
    weights = [other["weight"] for other in content["kpis"] if (other["goal"] or {}).get("id") == term["goal"]["id"]]
    return sum(weights) if len(weights) > 1 else 0


def say_weight(weight: int, total: int) -> str:
    return _("Weight in its goal: %(weight)s of %(total)s (%(share)s)") % {
        "weight": weight,
        "total": total,
        "share": format_percent(Decimal(100 * weight) / total, 0),
    }


def say_term(term: dict, total_weight: int = 0) -> Term:
    lines = [
        _("Counted: %(definition)s") % {"definition": pick_language(term["metric"]["definition"])},
        _("Source: %(title)s (%(platform)s, %(external_id)s)")
        % {**term["source"], "platform": platform_name(term["source"]["platform"])},
        say_baseline(term),
        _("From %(first)s to %(last)s")
        % {
            "first": format_day(date.fromisoformat(term["starts_on"])),
            "last": format_day(date.fromisoformat(term["due_on"])),
        },
    ]
    lines += say_care(term)
    if total_weight:
        lines.append(say_weight(term["weight"], total_weight))
    return Term(
        kpi_id=term["id"],
        name=term["name"] or pick_language(term["metric"]["name"]),
        promise=say_promise(term),
        goal=term["goal"]["statement"] if term["goal"] else "",
        lines=tuple(lines),
    )


def say_care(term: dict) -> list[str]:
    """Who answers for it, how often it is looked at, what is still on course, and what must not suffer."""
    lines = [CADENCES[term["cadence"]]()]
    if term["owner"]:
        lines.insert(0, _("Answers for it: %(person)s") % {"person": term["owner"]["name"]})
    if term["tolerance"]:
        share = {"share": format_percent(Decimal(term["tolerance"]), 0)}
        lines.append(_("Up to %(share)s worse than planned still counts as on course") % share)
    if term["guardrail"] or term["kind"] == "increase_to":
        lines.append(say_guardrail(term))
    return lines


CADENCES = {
    "weekly": lambda: _("Looked at every week"),
    "biweekly": lambda: _("Looked at every two weeks"),
    "monthly": lambda: _("Looked at every month"),
}


def say_guardrail(term: dict) -> str:
    guardrail = term["guardrail"]
    if guardrail is None:
        return _("Guardrail: none; the sides agree to grow without one")
    words = {
        "metric": pick_language(guardrail["metric"]["name"]),
        "source": guardrail["source"]["title"],
        "day": format_day(date.fromisoformat(term["starts_on"])),
    }
    return _("Guardrail: “%(metric)s” (%(source)s) must not get worse than it was on %(day)s") % words


def platform_name(code: str) -> str:
    if code in CONNECTORS:
        return str(CONNECTORS[code].name)
    return {"file": _("imported file"), "manual": _("typed by hand")}.get(code, code)


def say_promise(term: dict) -> str:
    words = {
        "metric": pick_language(term["metric"]["name"]),
        "target": say_value(term["target"], term["metric"]["unit"]),
        "baseline": say_value(term["baseline"]["value"], term["metric"]["unit"]) if term["baseline"] else "",
        "due": format_day(date.fromisoformat(term["due_on"])),
    }
    sentences = {
        "increase_to": _("%(metric)s: grow from %(baseline)s to %(target)s by %(due)s"),
        "decrease_to": _("%(metric)s: bring down from %(baseline)s to %(target)s by %(due)s"),
        "stay_above": _("%(metric)s: keep at %(target)s or above until %(due)s"),
        "stay_below": _("%(metric)s: keep at %(target)s or below until %(due)s"),
    }
    return sentences[term["kind"]] % words


def say_baseline(term: dict) -> str:
    baseline = term["baseline"]
    if baseline is None:
        return _("Baseline: none")
    words = {
        "value": say_value(baseline["value"], term["metric"]["unit"]),
        "day": format_day(date.fromisoformat(baseline["on"])) if baseline["on"] else "—",
    }
    sentences = {
        "measured": _("Baseline: %(value)s on %(day)s, measured by the source"),
        "imported": _("Baseline: %(value)s on %(day)s, imported from a file or through the API"),
    }
    return sentences.get(baseline["provenance"], _("Baseline: %(value)s on %(day)s, typed by hand")) % words


def say_value(value: str | Decimal | None, unit: str) -> str:
    """A value with its unit: «20 %», «15 мин», «12 000»."""
    if unit == "percent":
        return format_percent(value)
    text = format_number(value)
    return _("%(number)s min") % {"number": text} if unit == "minutes" else text
