"""A report's content in the reader's language: what page, PDF and spreadsheet show, all from the same JSON.

Names that a footnote is about get their asterisk here, so that it stands everywhere or nowhere.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.safestring import SafeString

from kpis import footnotes, report_pictures
from kpis.report_words import footnote_words, heading, say_age, say_period, title_of
from kpis.terms import say_value
from kpis.wording import guardrail_mark, say_chance
from smmportal.formatting import format_percent, format_signed, pick_language

Star = Callable[[str], str]


@dataclass(frozen=True)
class KpiText:
    """One KPI of a report in words and figures."""

    name: str
    promise: str
    headline: str
    source: str
    provenance: str
    status: str
    shade: str
    signed: bool
    over: str
    why_not: str
    before: str
    change: str
    current: str
    #: Of how many days it is, in words; empty for that of a single day.
    span: str
    current_on: date | None
    final_through: date | None
    target: str
    chance: str
    guardrail: Mapping | None
    days: str
    content: Mapping
    accent: str
    #: What was counted again since the report was issued.
    revised: Sequence[str] = ()

    @property
    def is_daily(self) -> bool:
        """The target is one day's, while the period's number is the sum of its days."""
        return self.content["aggregation"] == "sum" and self.content["target"] is not None

    @property
    def wide(self) -> SafeString:
        return report_pictures.draw(self.content, self.name, report_pictures.WIDE)

    @property
    def narrow(self) -> SafeString:
        return report_pictures.draw(self.content, self.name, report_pictures.NARROW)

    @property
    def on_paper(self) -> SafeString:
        return report_pictures.draw_on_paper(self.content, self.name, self.accent)


@dataclass(frozen=True)
class BlockText:
    """A block: its heading, the agency's words, and what its kind shows (`rows`, by the kind's own template)."""

    key: str
    kind: str
    title: str
    commentary: str
    must_comment: bool
    shown: Mapping = field(default_factory=dict)

    @property
    def template(self) -> str:
        return f"kpis/report_blocks/{self.kind}.html"

    @property
    def is_wordless(self) -> bool:
        return self.must_comment and not self.commentary


@dataclass(frozen=True)
class ReportText:
    title: str
    period: str
    before: str
    made_on: date
    project: str
    agency: str
    client: str
    corrects: int | None
    kpis: Sequence[KpiText]
    blocks: Sequence[BlockText]
    footnotes: Sequence[str]

    @property
    def footer(self) -> str:
        """At the foot of every page on paper, inside a string of the style sheet: nothing there may end the string."""
        line = " ".join(f"{self.agency} · {self.project} · {self.period}".split())
        return "".join(sign for sign in line if sign.isprintable() and sign not in '"\\<>&')


def text_of(content: Mapping, revised: Mapping[int, Sequence[str]] | None = None) -> ReportText:
    """`revised`: by the KPI's id, what its source counted again since."""
    star = footnotes.starred if footnotes.META in content["footnotes"] else str
    accent = content["agency"]["accent"] or report_pictures.ACCENT
    kpis = [kpi_text(kpi, star, accent, (revised or {}).get(kpi["id"], ())) for kpi in content["kpis"]]
    words = footnote_words()
    return ReportText(
        title=title_of(content),
        period=period_words(content["period"]),
        before=period_words(content["before"]),
        made_on=date.fromisoformat(content["made_on"]),
        project=content["project"]["name"],
        agency=content["agency"]["name"],
        client=content["client"]["name"],
        corrects=content["corrects"] and content["corrects"]["number"],
        kpis=kpis,
        blocks=[block_text(block, star) for block in content["blocks"]],
        footnotes=[words[code] for code in content["footnotes"]],
    )


def period_words(period: Mapping) -> str:
    return say_period(date.fromisoformat(period["first"]), date.fromisoformat(period["last"]))


def kpi_text(kpi: Mapping, star: Star, accent: str, revised: Sequence[str]) -> KpiText:
    def said(words: Mapping | None) -> str:
        return star(pick_language(words)) if words else ""

    unit = kpi["unit"]
    guardrail = kpi["guardrail"]
    return KpiText(
        name=said(kpi["name"]),
        promise=said(kpi["promise"]),
        headline=said(kpi["headline"]),
        source=said(kpi["source"]),
        provenance=said(kpi["provenance"]),
        status=kpi["status"],
        shade=kpi["shade"],
        signed=kpi["signed"],
        over=say_value(kpi["over"]["value"], unit),
        why_not=said(kpi["over"]["reason"]),
        before=say_value(kpi["before"]["value"], unit),
        change=say_change(kpi["change"], kpi["before"]["value"], unit),
        current=say_value(kpi["current"], unit),
        span=said(kpi.get("span")),
        current_on=day_of(kpi["current_on"]),
        final_through=day_of(kpi["final_through"]),
        target=say_value(kpi["target"], unit),
        chance=say_chance(float(kpi["chance"])) if kpi["chance"] else "",
        guardrail=guardrail and guardrail_text(guardrail, said),
        days=f"{kpi['over']['days']} / {kpi['over']['length']}" if kpi["over"]["length"] else "",
        content=kpi,
        accent=accent,
        revised=[star(sentence) for sentence in revised],
    )


def guardrail_text(guardrail: Mapping, said: Callable) -> dict:
    mark, word = guardrail_mark(guardrail["status"])
    return {"mark": mark, "word": word, "sentence": said(guardrail["sentence"])}


def say_change(change: str | None, before: str | None, unit: str) -> str:
    """«+120 (+4 %)»; of a percentage, in points and without the share."""
    if change is None:
        return ""
    text = format_signed(change)
    if unit == "percent" or before is None or not Decimal(before):
        return text
    share = Decimal(change) / abs(Decimal(before)) * 100
    sign = "+" if share > 0 else ""
    return f"{text} ({sign}{format_percent(round(share, 1 if abs(share) < 10 else 0))})"


def day_of(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def block_text(block: Mapping, star: Star) -> BlockText:
    show = SHOWN.get(block["kind"])
    return BlockText(
        key=block["key"],
        kind=block["kind"],
        title=star(heading(block)),
        commentary=star(block["commentary"]),
        must_comment=block["must_comment"],
        shown=show(block, star) if show else {},
    )


# --- The kinds ------------------------------------------------------------------------------------------------------


def readable(row: Mapping, star: Star) -> dict:
    """A row of the content: days as days, words in the reader's language, the rest as it is."""
    return {name: readable_value(name, value, star) for name, value in row.items()}


def readable_value(name: str, value: object, star: Star) -> object:
    if isinstance(value, Mapping):
        return star(pick_language(value))
    if name in DAYS:
        return day_of(value)
    return star(value) if isinstance(value, str) and name not in CODES else value


DAYS = {"day", "until", "first", "last", "on", "due_on"}
CODES = {"status", "unit", "value", "low", "high", "done", "unknown", "side", "url", "platform", "age"}


def rows_of(block: Mapping, name: str, star: Star) -> list[dict]:
    return [readable(row, star) for row in block[name]]


def summary(block: Mapping, star: Star) -> dict:
    return {"status": block["status"], "word": star(pick_language(block["word"]))}


def goals(block: Mapping, star: Star) -> dict:
    return {"goals": [{**row, **figures_of(row)} for row in rows_of(block, "goals", star)]}


def figures_of(goal: Mapping) -> dict:
    return {name: None if goal[name] is None else Decimal(goal[name]) for name in ("done", "unknown")}


def reviews(block: Mapping, star: Star) -> dict:
    return {"reviews": rows_of(block, "reviews", star), "tasks": rows_of(block, "tasks", star)}


def dips(block: Mapping, star: Star) -> dict:
    return {
        "dips": [
            {**row, **{name: say_value(row[name], row["unit"]) for name in ("value", "low", "high")}}
            for row in rows_of(block, "dips", star)
        ]
    }


def posts(block: Mapping, star: Star) -> dict:
    return {
        "age": say_age(block["age"]),
        "sources": [
            {
                **readable({name: row[name] for name in ("source", "metric", "published", "compared")}, star),
                "best": [readable(post, star) for post in row["best"]],
                "worst": [readable(post, star) for post in row["worst"]],
            }
            for row in block["sources"]
        ],
    }


def next_steps(block: Mapping, star: Star) -> dict:
    return {"steps": rows_of(block, "steps", star)}


def sources(block: Mapping, star: Star) -> dict:
    return {"sources": rows_of(block, "sources", star)}


SHOWN: dict[str, Callable[[Mapping, Star], dict]] = {
    "summary": summary,
    "goals": goals,
    "reviews": reviews,
    "dips": dips,
    "posts": posts,
    "next_steps": next_steps,
    "sources": sources,
}
