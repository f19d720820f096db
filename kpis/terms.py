"""What the two sides put their names under: the KPI terms as canonical content, and its text in either language.

The content is plain JSON, made once and never changed. Everything a reader sees is rendered from it alone, so the
text in both languages, the page, the print and the API say the same thing; its hash covers the number of the agreement
and the hash of the one it replaces.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext as _

from kpis.computing import pinned
from kpis.connectors import CONNECTORS
from kpis.formula_words import say_denominator, say_formula
from kpis.formulas import parse
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
        "metric": metric_of(kpi.metric, kpi.source),
        "source": source_of(kpi.source),
        "kind": kpi.kind,
        **over_of(kpi.over, kpi.source.metric(kpi.metric)),
        "baseline": baseline_of(kpi),
        "target": plain(kpi.target),
        "change": plain(kpi.change),
        "weight": kpi.weight,
        "owner": {"id": kpi.owner_id, "name": kpi.owner.name} if kpi.owner_id else None,
        "cadence": kpi.cadence,
        "tolerance": kpi.tolerance,
        "guardrail": guardrail_of(kpi),
        "guardrail_waived_because": kpi.guardrail_waived_because,
        "bridge": kpi.bridge,
        "starts_on": kpi.starts_on.isoformat(),
        "due_on": kpi.due_on.isoformat(),
    }


def over_of(days: int, metric) -> dict:
    """Of how many days the number is, and how they are put together; of a single day nothing is said."""
    return {"over": {"days": days, "as": "mean" if metric.aggregation == "sum" else "ratio"}} if days > 1 else {}


def source_of(source) -> dict:
    """The source, the part of the account that counts, and, where people type its numbers, which side does."""
    said: dict = {
        "id": source.pk,
        "platform": source.platform,
        "external_id": source.external_id,
        "title": source.title,
    }
    if source.filter:
        said["filter"] = {"conditions": source.filter, "says": said_in_every_language(lambda: source.part)}
    if source.is_typed:
        said["typed_by"] = source.project.side_of(source.typed_by or source.connected_by) or "agency"
    return said


def guardrail_of(kpi) -> dict | None:
    if not kpi.guardrail_source_id:
        return None
    return {
        "metric": metric_of(kpi.guardrail_metric, kpi.guardrail_source),
        "direction": kpi.guardrail_source.metric(kpi.guardrail_metric).direction,
        "source": source_of(kpi.guardrail_source),
        **over_of(kpi.guardrail_over, kpi.guardrail_source.metric(kpi.guardrail_metric)),
        "baseline": guardrail_baseline_of(kpi),
    }


def guardrail_baseline_of(kpi) -> dict | None:
    if kpi.guardrail_baseline is None:
        return None
    return {
        "value": plain(kpi.guardrail_baseline),
        "on": kpi.guardrail_baseline_on.isoformat(),
        "provenance": kpi.guardrail_provenance,
        "snapshot": kpi.guardrail_snapshot.content_hash if kpi.guardrail_snapshot_id else None,
    }


def metric_of(code: str, source) -> dict:
    """The metric with its definition, as it is worded today, in every language: a later wording binds nobody. One that
    is counted from others has its expression and what each name in it stands for; a newer version binds nobody either.
    """
    metric = source.metric(code)
    counted = pinned(source, code) if metric.expressions else None
    return {
        "code": code,
        "version": counted["version"] if counted else metric.version,
        "unit": metric.unit,
        "name": in_every_language(metric.name),
        "definition": in_every_language(metric.definition),
        "expression": counted["expression"] if counted else "",
        "operands": [operand_of(operand) for operand in counted["operands"]] if counted else [],
    }


def operand_of(operand) -> dict:
    return {
        "name": operand.name,
        "metric": {"code": operand.series.metric, "name": in_every_language(METRICS[operand.series.metric].name)},
        "source": source_of(operand.series.source),
    }


def in_every_language(words: object) -> dict[str, str]:
    return said_in_every_language(lambda: str(words))


def said_in_every_language(say: Callable[[], str]) -> dict[str, str]:
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = say()
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


def say_counting(metric: dict) -> list[str]:
    """What is counted; of a metric that is counted from others also how, with its denominator and its version."""
    lines = [_("Counted: %(definition)s") % {"definition": pick_language(metric["definition"])}]
    if not metric.get("expression"):
        return lines
    formula = parse(metric["expression"])
    titles = {
        one["name"]: f"{pick_language(one['metric']['name'])} ({one['source']['title']})" for one in metric["operands"]
    }
    words = {"version": metric["version"], "formula": say_formula(formula, titles)}
    lines.append(_("Formula, version %(version)s: %(formula)s") % words)
    if formula.below:
        lines.append(_("Denominator: %(denominator)s") % {"denominator": say_denominator(formula, titles)})
    return lines


def say_term(term: dict, total_weight: int = 0) -> Term:
    lines = [
        *say_counting(term["metric"]),
        say_source(term["source"]),
        *say_over(term.get("over")),
        say_baseline(term),
        _("From %(first)s to %(last)s")
        % {
            "first": format_day(date.fromisoformat(term["starts_on"])),
            "last": format_day(date.fromisoformat(term["due_on"])),
        },
    ]
    lines += say_bridge(term)
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


def say_over(over: dict | None) -> list[str]:
    """How the number is taken, where a single day says little."""
    if over is None:
        return []
    if over["as"] == "mean":
        return [_("The number is the mean day of the last %(days)s final days, at least five of them known") % over]
    return [_("The number is that of the last %(days)s final days put together, at least five of them known") % over]


def say_source(source: dict) -> str:
    sentences = {
        "agency": _("Source: %(title)s. The agency types its numbers by hand"),
        "client": _("Source: %(title)s. The client types its numbers by hand"),
    }
    sentence = sentences.get(source.get("typed_by"), _("Source: %(title)s (%(platform)s, %(external_id)s)"))
    return sentence % {**source, "title": title_of(source), "platform": platform_name(source["platform"])}


def title_of(source: dict) -> str:
    """What the source is called, with the part of it that counts."""
    part = source.get("filter")
    return f"{source['title']} — {pick_language(part['says'])}" if part else source["title"]


def say_care(term: dict) -> list[str]:
    """Who answers for it, how often it is looked at, what is still on course, and what must not suffer."""
    lines = [CADENCES[term["cadence"]]()]
    if term["owner"]:
        lines.insert(0, _("Answers for it: %(person)s") % {"person": term["owner"]["name"]})
    if term["tolerance"]:
        share = {"share": format_percent(Decimal(term["tolerance"]), 0)}
        lines.append(_("Up to %(share)s worse than planned still counts as on course") % share)
    if term["guardrail"] or grows(term):
        lines.append(say_guardrail(term))
    if term["guardrail"] and term["guardrail"].get("over"):
        lines.append(_("The guardrail’s number is taken over the last 7 final days too, at least five of them known"))
    return lines


def grows(term: dict) -> bool:
    return term["kind"] == "increase_to" or (term["kind"] == "change_by" and Decimal(term["change"]) > 0)


CADENCES = {
    "weekly": lambda: _("Looked at every week"),
    "biweekly": lambda: _("Looked at every two weeks"),
    "monthly": lambda: _("Looked at every month"),
}


def say_guardrail(term: dict) -> str:
    guardrail = term["guardrail"]
    if guardrail is None:
        return say_no_guardrail(term["guardrail_waived_because"])
    baseline, unit = guardrail["baseline"], guardrail["metric"]["unit"]
    words = {
        "metric": pick_language(guardrail["metric"]["name"]),
        "source": title_of(guardrail["source"]),
        "day": format_day(date.fromisoformat(baseline["on"] if baseline else term["starts_on"])),
        "value": say_value(baseline["value"], unit) if baseline else "",
    }
    if baseline is None:
        return _("Guardrail: “%(metric)s” (%(source)s) must not get worse than it was on %(day)s") % words
    if guardrail.get("over"):
        words["span"] = say_span(guardrail["over"], words["day"])
        if guardrail["direction"] == "up":
            return _("Guardrail: “%(metric)s” (%(source)s) must not fall below %(value)s %(span)s") % words
        return _("Guardrail: “%(metric)s” (%(source)s) must not rise above %(value)s %(span)s") % words
    if guardrail["direction"] == "up":
        return _("Guardrail: “%(metric)s” (%(source)s) must not fall below %(value)s, as on %(day)s") % words
    return _("Guardrail: “%(metric)s” (%(source)s) must not rise above %(value)s, as on %(day)s") % words


def say_no_guardrail(reason: str) -> str:
    if not reason:
        return _("Guardrail: none; the sides agree to grow without one")
    return _("Guardrail: none; the sides agree to grow without one, because: %(reason)s") % {"reason": reason}


def platform_name(code: str) -> str:
    if code in CONNECTORS:
        return str(CONNECTORS[code].name)
    names = {"file": _("imported file"), "manual": _("typed by hand"), "formula": _("formula of the project")}
    return names.get(code, code)


def say_promise(term: dict) -> str:
    words = {
        "metric": pick_language(term["metric"]["name"]),
        "target": say_value(term["target"], term["metric"]["unit"]),
        "baseline": say_value(term["baseline"]["value"], term["metric"]["unit"]) if term["baseline"] else "",
        "due": format_day(date.fromisoformat(term["due_on"])),
        "change": format_percent(abs(Decimal(term["change"]))) if term["change"] else "",
    }
    if term["kind"] == "change_by":
        return say_change(term) % words
    sentences = {
        "increase_to": _("%(metric)s: grow from %(baseline)s to %(target)s by %(due)s"),
        "decrease_to": _("%(metric)s: bring down from %(baseline)s to %(target)s by %(due)s"),
        "stay_above": _("%(metric)s: keep at %(target)s or above until %(due)s"),
        "stay_below": _("%(metric)s: keep at %(target)s or below until %(due)s"),
    }
    return sentences[term["kind"]] % words


def say_change(term: dict) -> str:
    if grows(term):
        return _("%(metric)s: grow by %(change)s, from %(baseline)s to %(target)s, by %(due)s")
    return _("%(metric)s: bring down by %(change)s, from %(baseline)s to %(target)s, by %(due)s")


def say_baseline(term: dict) -> str:
    baseline = term["baseline"]
    if baseline is None:
        return _("Baseline: none")
    words = {
        "value": say_value(baseline["value"], term["metric"]["unit"]),
        "day": format_day(date.fromisoformat(baseline["on"])) if baseline["on"] else "—",
    }
    if term.get("over") and baseline["provenance"] in ("measured", "imported"):
        words["span"] = say_span(term["over"], words["day"])
        sentences = {
            "measured": _("Baseline: %(value)s %(span)s, measured by the source"),
            "imported": _("Baseline: %(value)s %(span)s, imported from a file or through the API"),
        }
        return sentences[baseline["provenance"]] % words
    sentences = {
        "measured": _("Baseline: %(value)s on %(day)s, measured by the source"),
        "imported": _("Baseline: %(value)s on %(day)s, imported from a file or through the API"),
        "bridged": _("Baseline: %(value)s on %(day)s, carried over by the bridge"),
    }
    return sentences.get(baseline["provenance"], _("Baseline: %(value)s on %(day)s, typed by hand")) % words


def say_span(over: dict, day: str) -> str:
    """«A day on average over the 7 days to 21 November», «over the 7 days to 21 November»."""
    if over["as"] == "mean":
        return _("a day on average over the %(days)s days to %(day)s") % {**over, "day": day}
    return _("over the %(days)s days to %(day)s") % {**over, "day": day}


def say_bridge(term: dict) -> list[str]:
    """How the terms were carried over from a number that its platform retired, with the sums."""
    bridge = term["bridge"]
    if bridge is None:
        return []
    words = {
        "factor": say_factor(bridge["factor"]),
        "days": bridge["days"],
        "first": format_day(date.fromisoformat(bridge["first"])),
        "last": format_day(date.fromisoformat(bridge["last"])),
        "low": say_factor(bridge["low"]),
        "high": say_factor(bridge["high"]),
        "metric": pick_language(bridge["metric"]["name"]),
        "source": title_of(bridge["source"]),
        "day": format_day(date.fromisoformat(bridge["retired_on"])),
    }
    lines = [
        _("Takes the place of “%(metric)s” (%(source)s), which the platform has not given since %(day)s") % words,
        _("Bridge: ×%(factor)s over %(days)s days from %(first)s to %(last)s; day by day from %(low)s to %(high)s")
        % words,
    ]
    return lines + say_sums(term)


def say_sums(term: dict) -> list[str]:
    return [line for line in (say_sum(term, "baseline"), say_sum(term, "target")) if line]


def say_sum(term: dict, name: str) -> str:
    carried = term["bridge"][name]
    if carried is None:
        return ""
    words = {
        "before": say_value(carried["before"], term["metric"]["unit"]),
        "factor": say_factor(term["bridge"]["factor"]),
        "after": say_value(carried["after"], term["metric"]["unit"]),
    }
    sentence = {
        "baseline": _("Baseline carried over: %(before)s × %(factor)s = %(after)s"),
        "target": _("Target carried over: %(before)s × %(factor)s = %(after)s"),
    }
    return sentence[name] % words


def say_factor(text: str) -> str:
    """All its figures: with them the sums can be checked."""
    return format_number(text, len(text.partition(".")[2]))


def say_value(value: str | Decimal | None, unit: str) -> str:
    """A value with its unit: «20 %», «15 мин», «12 000»."""
    if unit == "percent":
        return format_percent(value)
    text = format_number(value)
    return _("%(number)s min") % {"number": text} if unit == "minutes" else text
