"""Translation catalogues without gettext's programs: extract, merge, check, compile.

Each area keeps its own: `<area>/locale/<language>/LC_MESSAGES/django.po`, from its code and its templates.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.template import templatize

AREAS = ("smmportal", "projects", "kpis", "meetings")
LANGUAGES = [code for code, _name in settings.LANGUAGES if code != "en"]
PLURALS = {
    "ru": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
}
#: For each function that marks a string: where its context, singular and plural stand among the arguments.
MARKERS = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
STRING = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
CALL = re.compile(rf"\b(_|n?p?gettext(?:_lazy)?)\(\s*({STRING}(?:\s*,\s*{STRING})*)")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w*\}|%[sd]")


@dataclass(frozen=True)
class Marked:
    text: str
    plural: str | None
    context: str | None


class Command(BaseCommand):
    help = "Brings the catalogues up to date with the sources and compiles them; --check only says what is wrong."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *, check: bool, **_options) -> None:
        troubles = []
        for area in AREAS:
            for language in LANGUAGES:
                path = settings.BASE_DIR / area / "locale" / language / "LC_MESSAGES" / "django.po"
                if not check:
                    update(path, area, language)
                troubles += troubles_of(path, area)
        for trouble in troubles:
            self.stdout.write(trouble)
        if troubles:
            raise CommandError(f"{len(troubles)} strings need a translator.")


def sources_of(area: str) -> Iterator[Path]:
    root = settings.BASE_DIR
    yield from sorted(path for path in (root / area).rglob("*.py") if "migrations" not in path.parts)
    templates = root / "templates"
    others = {templates / other for other in AREAS if other != "smmportal"}
    folder = templates if area == "smmportal" else templates / area
    for path in sorted([*folder.rglob("*.html"), *folder.rglob("*.txt")]):
        if area != "smmportal" or not others & set(path.parents):
            yield path


def marked_in(path: Path) -> Iterator[Marked]:
    text = path.read_text()
    calls = calls_in_python(text) if path.suffix == ".py" else calls_in_template(text, str(path))
    for name, strings in calls:
        at_context, at_text, at_plural = MARKERS[name]
        yield Marked(
            text=strings[at_text],
            plural=strings[at_plural] if at_plural is not None and len(strings) > at_plural else None,
            context=strings[at_context] if at_context is not None else None,
        )


def calls_in_python(text: str) -> Iterator[tuple[str, list[str]]]:
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        strings = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if name in MARKERS and strings:
            yield name, strings


def calls_in_template(text: str, origin: str) -> Iterator[tuple[str, list[str]]]:
    for name, strings in CALL.findall(templatize(text, origin=origin)):
        yield name, [ast.literal_eval(string.removeprefix("u")) for string in re.findall(STRING, strings)]


def wanted_by(area: str) -> dict[tuple[str | None, str], tuple[Marked, set[str]]]:
    wanted: dict[tuple[str | None, str], tuple[Marked, set[str]]] = {}
    for path in sources_of(area):
        for marked in marked_in(path):
            known, places = wanted.setdefault((marked.context, marked.text), (marked, set()))
            places.add(path.relative_to(settings.BASE_DIR).as_posix())
            if marked.plural and not known.plural:
                wanted[marked.context, marked.text] = (marked, places)
    return wanted


def update(path: Path, area: str, language: str) -> None:
    old = {(entry.msgctxt, entry.msgid): entry for entry in polib.pofile(str(path))} if path.exists() else {}
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    for (context, text), (marked, places) in sorted(
        wanted_by(area).items(), key=lambda item: (item[0][1], item[0][0] or "")
    ):
        catalogue.append(merged_entry(marked, sorted(places), old.get((context, text))))
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))
    catalogue.save_as_mofile(str(path.with_suffix(".mo")))


def merged_entry(marked: Marked, places: list[str], old: polib.POEntry | None) -> polib.POEntry:
    entry = polib.POEntry(msgid=marked.text, msgctxt=marked.context, occurrences=[(place, "") for place in places])
    if marked.plural:
        entry.msgid_plural = marked.plural
        entry.msgstr_plural = (old.msgstr_plural if old else None) or {0: "", 1: "", 2: ""}
    else:
        entry.msgstr = old.msgstr if old else ""
    return entry


def troubles_of(path: Path, area: str) -> list[str]:
    if not path.exists():
        return [f"{area}: there is no catalogue yet"]
    entries = {(entry.msgctxt, entry.msgid): entry for entry in polib.pofile(str(path))}
    wanted = wanted_by(area)
    troubles = [f"{area}: not in the catalogue: {text!r}" for context, text in wanted.keys() - entries.keys()]
    troubles += [f"{area}: no longer used: {text!r}" for context, text in entries.keys() - wanted.keys()]
    for entry in entries.values():
        strings = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        troubles += [f"{area}: {fault}: {entry.msgid!r}" for fault in faults_of(entry, strings)]
    compiled = path.with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != polib.pofile(str(path)).to_binary():
        troubles.append(f"{area}: the compiled catalogue is out of date")
    return sorted(troubles)


def faults_of(entry: polib.POEntry, strings: list[str]) -> Iterator[str]:
    if "fuzzy" in entry.flags:
        yield "fuzzy"
    if not all(strings):
        yield "not translated"
        return
    expected = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    # A plural form may leave the number out («один день»); it may not invent a placeholder.
    given = [set(PLACEHOLDER.findall(string)) for string in strings]
    if any(found - expected for found in given) or (not entry.msgid_plural and given[0] != expected):
        yield "placeholders differ"
