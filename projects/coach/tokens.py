"""A sentence as tokens that know where they stood: words with their dictionary forms, numbers, signs."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal

from projects.coach.typos import mend

MARKS = "\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufe0f"
LETTER = "[^\\W\\d_]"
#: One pass over the text, first match wins. Every repetition is bounded or over one class: time grows with length only.
SCANNER = re.compile(
    rf"""
    (?P<address>(?:https?://|www\.)\S{{1,2000}}|[\w.+-]{{1,64}}@[\w-]{{1,63}}\.[\w.-]{{1,63}}|(?<!\w)[@\#]\w{{1,64}})
  | (?P<domain>(?i:\b(?:ok|vk|t|youtube|instagram|facebook|tiktok|x|dzen|max|linkedin)\.(?:ru|com|me)(?:/\S{{0,200}})?))
  | (?P<phone>(?<!\w)(?:\+\d{{1,3}}|8)[\s\u00a0(-]{{1,2}}\d{{1,4}}[\s\u00a0()-]{{1,2}}\d[\d\s\u00a0()-]{{3,14}}\d)
  | (?P<date>(?<!\d)(?:\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}(?P<dot>[./])\d{{1,2}}(?P=dot)(?:\d{{4}}|\d{{2}}))(?!\d))
  | (?P<clock>(?<!\d)\d{{1,2}}:\d{{2}}(?!\d))
  | (?P<number>\d{{1,3}}(?:[ \u00a0\u202f\u2009'’]{{1,2}}\d{{3}})+(?![\d])(?:[.,]\d{{1,3}}(?!\d))?
      |\d+(?:[.,]\d+)*|(?<!\S)\.\d{{1,3}}(?!\d))
  | (?P<word>{LETTER}[{MARKS}]*(?:{LETTER}|[{MARKS}])*(?:['’]{LETTER}{{1,3}}(?!{LETTER}))?)
  | (?P<speech>:\s{{0,3}}[«"“„])
  | (?P<arrow>[-–—−=]{{1,2}}>|[→⟶➡⇒])
  | (?P<sign>[%+\-–—−<>≥≤=$€₽£~≈,;.!?()/×*№\n])
    """,
    re.VERBOSE,
)
DASHES = str.maketrans("–—−", "---")
SKIPPED = re.compile(f"[{MARKS}]")
LONGEST_NUMBER = 15
#: «1,50,000»: lakhs and crores are set off by twos.
INDIAN = re.compile(r"[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}")


Role = Literal["", "past", "present", "future", "order", "infinitive", "noun", "little"]
LITTLE = {"ADVB", "PRCL", "CONJ", "NPRO", "PREP", "PRED", "INTJ", "COMP"}
Case = Literal["", "title", "capitals"]
ROLES: dict[str, Role] = {"past": "past", "pres": "present", "futr": "future"}


@dataclass(frozen=True, slots=True)
class Token:
    """`forms` are the spellings by which a word may be known: as written, and its dictionary forms, with е for ё.

    `role` is what a Russian word is by its ending; `case` how its letters were written.
    """

    kind: str
    text: str
    start: int
    end: int
    forms: frozenset[str] = frozenset()
    value: Decimal | None = None
    role: Role = ""
    case: Case = ""

    def is_any(self, words: frozenset[str] | set[str]) -> bool:
        return not self.forms.isdisjoint(words)


def tokenise(text: str) -> list[Token]:
    return [token for match in SCANNER.finditer(text) if (token := read_token(match, text)) is not None]


def read_token(match: re.Match, text: str) -> Token | None:
    kind, raw, start, end = match.lastgroup, match.group(), match.start(), match.end()
    if kind == "word":
        word = fold(raw)
        return Token("word", word, start, end, forms_of(word), None, role_of(word), case_of(raw)) if word else None
    if kind == "domain":
        word = raw.lower().split("/")[0]
        return Token("word", word, start, end, frozenset([word]))
    if kind == "number":
        return read_number(raw, start, end)
    if kind == "speech":
        return Token("sign", "\n", start, end)  # what is quoted begins anew
    if kind == "sign":
        return read_sign(raw, start, end, text)
    if kind == "address":
        return Token("address", raw.lower(), start, end)
    if kind == "phone" and sum(map(str.isdigit, raw)) < 10:
        return Token("gap", raw, start, end)
    return Token(kind or "gap", raw, start, end)


def read_number(raw: str, start: int, end: int) -> Token:
    value = number_of(raw)
    return Token("gap" if value is None else "number", raw, start, end, value=value)


def number_of(raw: str) -> Decimal | None:
    """«11 800,5», «11,800.5», «1.200.000», «4,5»: groups of three are thousands, a last short group is a fraction."""
    figures = re.sub(r"[ \u00a0\u202f\u2009'’]", "", raw)
    if not figures.isascii():
        figures = "".join(str(unicodedata.digit(sign)) if sign.isdigit() else sign for sign in figures)
    whole, *rest = re.split(r"[.,]", figures)
    if len(figures) > LONGEST_NUMBER:
        return None
    if rest and all(len(group) == 3 for group in rest) and 0 < len(whole) <= 3 and whole != "0":
        return Decimal(whole + "".join(rest))
    if INDIAN.fullmatch(figures):
        return Decimal(figures.replace(",", ""))
    if len(rest) <= 1:
        return Decimal(".".join([whole, *rest]))
    if all(len(group) == 3 for group in rest[:-1]):
        return Decimal(whole + "".join(rest[:-1]) + "." + rest[-1])
    return None


def read_sign(raw: str, start: int, end: int, text: str) -> Token | None:
    sign = raw.translate(DASHES)
    if sign == "-" and text[start - 1 : start].isalpha() and text[end : end + 1].isalpha():
        return None  # «тик-ток», «тг-канал»: two words side by side
    return Token("sign", sign, start, end)


def fold(raw: str) -> str:
    """One spelling for all: lower case, е for ё, й in one piece, no soft hyphens."""
    composed = unicodedata.normalize("NFC", raw).lower().replace("ё", "е").replace("’", "'")
    return SKIPPED.sub("", composed)


@cache
def dictionary():
    """The Russian dictionary: half a second and 30 MB, so only when the first sentence comes."""
    import pymorphy3

    return pymorphy3.MorphAnalyzer(lang="ru")


@lru_cache(maxsize=20_000)
def forms_of(word: str) -> frozenset[str]:
    if len(word) > 40:
        return frozenset([word])
    if any("а" <= letter <= "я" for letter in word):
        return russian_forms(word)
    return english_forms(word)


@lru_cache(maxsize=20_000)
def role_of(word: str) -> Role:
    """Only of words that the dictionary knows: a guess at an ending says too little."""
    if len(word) > 40 or not any("а" <= letter <= "я" for letter in word) or not dictionary().word_is_known(word):
        return ""
    tag = dictionary().parse(word)[0].tag
    if tag.POS == "VERB":
        return "order" if tag.mood == "impr" else ROLES.get(tag.tense or "", "")
    if tag.POS in LITTLE:
        return "little"
    return {"INFN": "infinitive", "NOUN": "noun"}.get(tag.POS or "", "")  # type: ignore[return-value]


def case_of(raw: str) -> Case:
    """«MAX», «OK» in capitals are names, and no everyday words; a title letter may begin a sentence."""
    if raw.isupper():
        return "capitals" if len(raw) > 1 else "title"
    return "title" if raw[:1].isupper() else ""


def russian_forms(word: str) -> frozenset[str]:
    known = dictionary().word_is_known(word)
    parses = [parse.normal_form.replace("ё", "е") for parse in dictionary().parse(word) if known or parse.score > 0.05]
    return frozenset([word, *parses, *([] if known else mend(word))])


def english_forms(word: str) -> frozenset[str]:
    forms = {word, *mend(word)}
    for ending in ("s", "es", "ed", "d", "ing", "'s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            stem = word.removesuffix(ending)
            forms |= {stem, stem + "e"} if ending == "ing" else {stem}
            if len(stem) > 3 and stem[-1] == stem[-2]:
                forms.add(stem[:-1])
    return frozenset(forms)
