"""How much: figures and words, multipliers, fractions, percents, points, money, times."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from projects.coach.tokens import Token

Kind = Literal["count", "percent", "points", "money", "times", "fraction", "minutes"]

ONES = {
    word: value
    for value, words in {
        0: "ноль zero",
        1: "один одна одно one",
        2: "два две two двое",
        3: "три three трое",
        4: "четыре four четверо",
        5: "пять five",
        6: "шесть six",
        7: "семь seven",
        8: "восемь eight",
        9: "девять nine",
        10: "десять ten",
        11: "одиннадцать eleven",
        12: "двенадцать twelve",
        13: "тринадцать thirteen",
        14: "четырнадцать fourteen",
        15: "пятнадцать fifteen",
        16: "шестнадцать sixteen",
        17: "семнадцать seventeen",
        18: "восемнадцать eighteen",
        19: "девятнадцать nineteen",
        20: "двадцать twenty",
        30: "тридцать thirty",
        40: "сорок forty",
        50: "пятьдесят fifty",
        60: "шестьдесят sixty",
        70: "семьдесят seventy",
        80: "восемьдесят eighty",
        90: "девяносто ninety",
        100: "сто",
        200: "двести",
        300: "триста",
        400: "четыреста",
        500: "пятьсот",
        600: "шестьсот",
        700: "семьсот",
        800: "восемьсот",
        900: "девятьсот",
    }.items()
    for word in words.split()
}
LOOSE = {"пара": 2, "couple": 2, "dozen": 12, "дюжина": 12, "десяток": 10}
DOZENS = {"dozen": 12, "dozens": 12, "десяток": 10, "дюжина": 12, "score": 20}
MIXED = {"полтора": Decimal("1.5"), "полторы": Decimal("1.5"), "полутора": Decimal("1.5")}
MULTIPLIERS = {
    word: Decimal(value)
    for value, words in {
        100: "сотня hundred",
        1_000: "тысяча тыс тыща тысяч тыщ тысяченка косарь thousand thsd grand",
        100_000: "lakh lakhs lac lacs",
        1_000_000: "миллион млн лям лимон million mln mio",
        10_000_000: "crore crores",
        1_000_000_000: "миллиард млрд billion bln",
    }.items()
    for word in words.split()
}
#: One letter right after the figure: «10к» is ten thousand, «10 к марту» is not.
LETTERS = {"k": 1_000, "к": 1_000, "m": 1_000_000, "м": 1_000_000, "kk": 1_000_000, "кк": 1_000_000, "т": 1_000}
HALVED = {
    "полмиллиона": 500_000,
    "полтысячи": 500,
    "полсотни": 50,
    "полмиллиарда": 500_000_000,
    "полляма": 500_000,
}
FRACTIONS = {
    word: Decimal(percent)
    for percent, words in {
        "50": "половина наполовину половину half",
        "33.3": "треть third",
        "25": "четверть quarter",
        "20": "fifth",
        "10": "tenth",
    }.items()
    for word in words.split()
}
PARTS = {"треть": "thirds", "третья": "thirds", "thirds": "thirds", "четверть": "quarters", "quarters": "quarters"}
TIMES = {
    word: Decimal(value)
    for value, words in {
        "2": "вдвое двукратно двукратный удвоить удваивать удвоение удвоиться удваиваться double doubling doubled"
        " twice twofold",
        "3": "втрое трехкратно трехкратный утроить утроение утроиться triple tripling treble threefold",
        "4": "вчетверо quadruple fourfold",
        "5": "впятеро fivefold",
        "10": "вдесятеро удесятерить tenfold",
    }.items()
    for word in words.split()
}
#: «Double-digit growth», «double meaning»: nothing is doubled.
NOT_DOUBLED = {"digit", "digits", "meaning", "check", "sided", "edged", "decker", "glazing", "glazed", "bed", "room"}
NOTES_OF_MONEY = {"tenner": 10, "fiver": 5, "пятихатка": 500, "сотка": 100}
HALVING = {"halve", "halving", "halved", "уполовинить", "ополовинить", "располовинить", "вполовину"}
PERCENT = {"процент", "percent", "проц", "pct", "процентов"}
RUBLES = {"рубль", "руб", "р", "₽", "rub", "rur"}
MONEY = RUBLES | {
    "доллар",
    "бакс",
    "евро",
    "dollar",
    "dollars",
    "euro",
    "euros",
    "usd",
    "eur",
    "тенге",
    "bucks",
    "pound",
    "pounds",
    "gbp",
    "тг₸",
    "ruble",
    "rubles",
    "roubles",
}
CENTS = {"цент", "cent", "cents", "копейка", "коп", "pence"}
CURRENCY_SIGNS = {"$", "€", "₽", "£"}
MINUTES = {
    "сутки": 1440,
    "минута": 1,
    "мин": 1,
    "minute": 1,
    "min": 1,
    "mins": 1,
    "час": 60,
    "hour": 60,
    "ч": 60,
    "hr": 60,
    "hrs": 60,
}
RAZ = {"раз", "раза"}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit; `start` and `end` count tokens. `is_range` when two were named («10–15 %»)."""

    value: Decimal
    kind: Kind
    start: int
    end: int
    is_range: bool = False
    multiplier: Decimal = Decimal(1)
    is_bare: bool = False


def word_at(tokens: Sequence[Token], place: int) -> str:
    return tokens[place].text if 0 <= place < len(tokens) else ""


def find(token: Token, table: dict) -> Decimal | None:
    for form in (token.text, *sorted(token.forms)):
        if form in table:
            return Decimal(table[form])
    return None


def touches(tokens: Sequence[Token], place: int) -> bool:
    return 0 < place < len(tokens) and tokens[place - 1].end == tokens[place].start


def read_count(tokens: Sequence[Token], place: int) -> Quantity | None:
    """The number that begins here, without its unit."""
    if place >= len(tokens):
        return None
    return read_figure(tokens, place) or read_words(tokens, place)


def read_figure(tokens: Sequence[Token], place: int) -> Quantity | None:
    token = tokens[place]
    if token.kind != "number" or token.value is None:
        return None
    value, end = add_half(tokens, token.value, place + 1)
    factor, end = read_multiplier(tokens, end)
    value, end = add_thousands(tokens, value * factor, factor, end)
    return Quantity(value, "count", place, end, multiplier=factor)


def add_thousands(tokens: Sequence[Token], value: Decimal, factor: Decimal, end: int) -> tuple[Decimal, int]:
    """«1 млн 100 тыс.»: a smaller step after a greater one adds to it."""
    if factor < 1_000_000 or end >= len(tokens):
        return value, end
    rest = read_count(tokens, end)
    if rest is None or rest.multiplier != 1000 or rest.value >= factor:
        return value, end
    return value + rest.value, rest.end


def add_half(tokens: Sequence[Token], value: Decimal, end: int) -> tuple[Decimal, int]:
    words = [word_at(tokens, place) for place in range(end, end + 3)]
    if words[:2] == ["с", "половиной"]:
        return value + Decimal("0.5"), end + 2
    if words in (["and", "a", "half"], ["и", "с", "половиной"]):
        return value + Decimal("0.5"), end + 3
    return value, end


def read_multiplier(tokens: Sequence[Token], end: int) -> tuple[Decimal, int]:
    factor = Decimal(1)
    while end < len(tokens) and tokens[end].kind == "word":
        if touches(tokens, end) and tokens[end].text in LETTERS and tokens[end - 1].kind == "number":
            step: Decimal | None = Decimal(LETTERS[tokens[end].text])
        else:
            step = find(tokens[end], MULTIPLIERS)
        if step is None or factor * step > Decimal("1e12"):
            break
        factor, end = factor * step, end + 1
        if word_at(tokens, end) == "." and tokens[end - 1].text in ("тыс", "млн", "млрд"):
            end += not begins_sentence(tokens, end + 1)
    return factor, end


def begins_sentence(tokens: Sequence[Token], place: int) -> bool:
    return place < len(tokens) and tokens[place].case == "title"


def read_words(tokens: Sequence[Token], place: int) -> Quantity | None:
    """«двадцать пять тысяч», «полтора миллиона», «a couple of hundred», «half a million», «тысяч десять»."""
    token = tokens[place]
    if token.kind != "word":
        return None
    if token.text in HALVED:
        return Quantity(Decimal(HALVED[token.text]), "count", place, place + 1, multiplier=Decimal(HALVED[token.text]))
    if token.text == "пол" and (factor := find_multiplier(tokens, place + 1)) is not None:
        return Quantity(factor / 2, "count", place, place + 2, multiplier=factor)
    if (found := read_share_of_multiplier(tokens, place)) is not None:
        return found
    start, end = place, place + (token.text in ("a", "an") and is_countable(tokens, place + 1))
    value, end = read_sum(tokens, end)
    if value is None:
        return read_lone_multiplier(tokens, start, end)
    value, end = add_half(tokens, value, end)
    if word_at(tokens, end) == "of" and find_multiplier(tokens, end + 1):
        end += 1
    factor, end = read_multiplier(tokens, end)
    total = value * factor
    if factor > 1:
        total, end = add_thousands(tokens, total, factor, end)
        rest, after = read_sum(tokens, end)
        if rest is not None and rest < factor and find(tokens[end], MIXED) is None:
            total, end = total + rest, after
    return Quantity(total, "count", start, end, multiplier=factor)


def is_countable(tokens: Sequence[Token], place: int) -> bool:
    return place < len(tokens) and (find(tokens[place], LOOSE) or find(tokens[place], MULTIPLIERS)) is not None


def find_multiplier(tokens: Sequence[Token], place: int) -> Decimal | None:
    return find(tokens[place], MULTIPLIERS) if place < len(tokens) else None


def read_share_of_multiplier(tokens: Sequence[Token], place: int) -> Quantity | None:
    """«half a million», «a quarter of a million», «четверть миллиона»."""
    start = place
    if word_at(tokens, place) == "a":
        place += 1
    if place >= len(tokens) or (share := find(tokens[place], FRACTIONS)) is None:
        return None
    place += 1
    while word_at(tokens, place) in ("a", "of"):
        place += 1
    factor = find_multiplier(tokens, place)
    if factor is None or factor < 1000:
        return None
    return Quantity(share * factor / 100, "count", start, place + 1, multiplier=factor)


def read_sum(tokens: Sequence[Token], place: int) -> tuple[Decimal | None, int]:
    """Words that add up: «двести пятьдесят три», «two hundred and fifty»."""
    total: Decimal | None = None
    limit = Decimal(1000)
    while place < len(tokens) and tokens[place].kind == "word":
        one = find(tokens[place], ONES)
        one = find(tokens[place], MIXED) if one is None else one
        one = find(tokens[place], LOOSE) if one is None and total is None else one
        if one is None and word_at(tokens, place) == "and" and total is not None and total >= 100:
            place += 1
            continue
        if one is None or one >= limit:
            break
        total, place = (total or Decimal(0)) + one, place + 1
        limit = Decimal(100) if one >= 100 else Decimal(10) if one >= 20 else Decimal(0)
        if place < len(tokens) and total < 20 and (dozen := find(tokens[place], DOZENS)) is not None:
            return total * dozen, place + 1
        if word_at(tokens, place) == "hundred":
            total, place, limit = total * 100, place + 1, Decimal(100)
    return total, place


def read_lone_multiplier(tokens: Sequence[Token], start: int, place: int) -> Quantity | None:
    """«тысячу», «a hundred»; «тысяч десять» means about ten thousand."""
    if place >= len(tokens) or (factor := find(tokens[place], MULTIPLIERS)) is None:
        return None
    factor, end = read_multiplier(tokens, place)
    if end == place:
        return None
    after, after_end = read_sum(tokens, end)
    if after is None and end < len(tokens) and tokens[end].kind == "number" and tokens[end - 1].text == "тысяч":
        after, after_end = tokens[end].value, end + 1
    if after is not None and tokens[end - 1].text in ("тысяч", "тыщ", "сотен", "сотни", "тысячи"):
        return Quantity(after * factor, "count", start, after_end, multiplier=factor)
    rest, rest_end = read_sum(tokens, end + (word_at(tokens, end) == "and"))
    is_whole = rest is not None and find_multiplier(tokens, rest_end) is None
    if rest is not None and is_whole and rest < factor and find(tokens[rest_end - 1], LOOSE) is None:
        return Quantity(factor + rest, "count", start, rest_end, multiplier=factor)  # «a hundred and forty»
    value, end = add_thousands(tokens, factor, factor, end)
    return Quantity(value, "count", start, end, multiplier=factor)


def read_quantity(tokens: Sequence[Token], place: int) -> Quantity | None:
    """The amount that begins here, with its unit, both ends of a range included."""
    return (
        read_bare_unit(tokens, place)
        or read_times(tokens, place)
        or read_fraction(tokens, place)
        or read_amount(tokens, place)
    )


def read_amount(tokens: Sequence[Token], place: int) -> Quantity | None:
    start = place
    currency = place < len(tokens) and tokens[place].text in CURRENCY_SIGNS
    first = read_count(tokens, place + currency)
    if first is None:
        return read_bare_unit(tokens, place)
    is_loose = word_at(tokens, start - 1) in ("few", "several", "some", "несколько", "many")
    first = replace(first, start=start, is_range=is_loose)
    found = with_unit(tokens, first, is_money=currency)
    if found.end == first.end and (second := read_second_word(tokens, first)) is not None:
        return replace(with_unit(tokens, second, is_money=currency), start=start, is_range=True)
    if word_at(tokens, found.end) == "-" and found.end + 1 < len(tokens):
        second = read_count(tokens, found.end + 1 + (word_at(tokens, found.end + 1) in CURRENCY_SIGNS))
        if second is not None:
            return replace(with_unit(tokens, replace(second, start=start), is_money=currency), is_range=True)
    return found


def read_second_word(tokens: Sequence[Token], first: Quantity) -> Quantity | None:
    """«Десять-пятнадцать процентов», «пять-семь постов»: two number words that don't add up are a range."""
    if first.end >= len(tokens) or tokens[first.end - 1].kind != "word":
        return None
    second = read_words(tokens, first.end)
    return second if second is not None and second.value > first.value and second.multiplier == 1 else None


def read_bare_unit(tokens: Sequence[Token], place: int) -> Quantity | None:
    """«в течение часа», «within an hour», «полчаса»."""
    if place >= len(tokens):
        return None
    text = tokens[place].text
    if text == "полпроцента":
        return Quantity(Decimal("0.5"), "percent", place, place + 1)
    is_led = text == "a" and word_at(tokens, place + 1) in NOTES_OF_MONEY
    if (note := NOTES_OF_MONEY.get(word_at(tokens, place + is_led))) is not None:
        return Quantity(Decimal(note), "money", place, place + 1 + is_led)
    if text in ("полчаса", "получаса"):
        return Quantity(Decimal(30), "minutes", place, place + 1)
    words = [word_at(tokens, at) for at in range(place, place + 3)]
    if words == ["half", "an", "hour"]:
        return Quantity(Decimal(30), "minutes", place, place + 3)
    if words == ["quarter", "of", "an"] and word_at(tokens, place + 3) == "hour":
        return Quantity(Decimal(15), "minutes", place, place + 4)
    if words[:2] == ["a", "quarter"] and (found := read_bare_unit(tokens, place + 1)) is not None:
        return replace(found, start=place)
    if words[:2] == ["четверть", "часа"]:
        return Quantity(Decimal(15), "minutes", place, place + 2)
    if words in (["a", "percentage", "point"], ["one", "percentage", "point"]):
        return Quantity(Decimal(1), "points", place, place + 3)
    if words[:2] in (["an", "hour"], ["the", "hour"]):
        return Quantity(Decimal(60), "minutes", place, place + 2)
    if text in ("час", "часа", "часу"):
        return Quantity(Decimal(60), "minutes", place, place + 1)
    return None


def with_unit(tokens: Sequence[Token], count: Quantity, *, is_money: bool) -> Quantity:
    end = count.end
    if is_money:
        return replace(count, kind="money")
    if end >= len(tokens):
        return count
    if (points_end := end_of_points(tokens, end)) is not None:
        return replace(count, kind="points", end=points_end)
    end += word_at(tokens, end) == "-" and end + 1 < len(tokens) and tokens[end + 1].is_any(PERCENT)  # «60-percent»
    end += word_at(tokens, end) == "per" and word_at(tokens, end + 1) == "cent"
    unit = tokens[end]
    if unit.text in ("%", "cent") and word_at(tokens, end - 1) == "per":
        return replace(count, kind="percent", end=end + 1)
    if unit.text == "%" or unit.is_any(PERCENT):
        if end + 1 < len(tokens) and tokens[end + 1].is_any({"пункт", "points", "point"}):
            return replace(count, kind="points", end=end + 2)
        return replace(count, kind="percent", end=end + 1)
    if unit.text in CURRENCY_SIGNS or unit.is_any(MONEY):
        return replace(count, kind="money", end=end + 1 + (word_at(tokens, end + 1) == "." and unit.text in RUBLES))
    if unit.is_any(CENTS):
        return replace(count, kind="money", value=count.value / 100, end=end + 1)
    if (minutes := find(unit, MINUTES)) is not None:
        return replace(count, kind="minutes", value=count.value * minutes, end=end + 1)
    return count


def end_of_points(tokens: Sequence[Token], end: int) -> int | None:
    """«п. п.», «п.п.», «пп», «pp», «p.p.», «процентных пункта», «percentage points»."""
    text = word_at(tokens, end)
    if text in ("пп", "pp", "ppt", "points", "point"):
        return end + 1
    if text == "%" and word_at(tokens, end + 1) in ("п", "пп", "pp"):
        end, text = end + 1, word_at(tokens, end + 1)
        return end + 1 if text in ("пп", "pp") else end_of_points(tokens, end)
    if text in ("п", "p"):
        after = end + 1 + (word_at(tokens, end + 1) == ".")
        if word_at(tokens, after) == text:
            return after + 1 + (word_at(tokens, after + 1) == ".")
        return None
    if tokens[end].is_any({"процентный", "percentage", "процентов"}) and end + 1 < len(tokens):
        return end + 2 if tokens[end + 1].is_any({"пункт", "points", "point"}) else None
    return end + 1 if tokens[end].is_any({"пункт"}) else None


def read_times(tokens: Sequence[Token], place: int) -> Quantity | None:
    """«в 2 раза», «вдвое», «x2», «1.5x», «double», «three times», but not «2 раза в неделю»."""
    token = tokens[place]
    if token.kind == "word" and token.is_any(HALVING):
        return Quantity(Decimal(50), "fraction", place, place + 1)
    if word_at(tokens, place + 1) in NOT_DOUBLED:
        return None
    if token.kind == "word" and (factor := find(token, TIMES)) is not None:
        return Quantity(factor, "times", place, place + 1)
    if token.text in ("x", "х", "×", "*") and touches(tokens, place + 1) and tokens[place + 1].kind == "number":
        return Quantity(tokens[place + 1].value or Decimal(1), "times", place, place + 2)
    if token.text in ("в", "во"):
        return read_v_raz(tokens, place)
    if token.text in RAZ and word_at(tokens, place + 1) == "в" and (after := read_count(tokens, place + 2)):
        return replace(after, kind="times", start=place)  # «раза в два»
    count = read_count(tokens, place)
    if count is None or count.end >= len(tokens):
        return None
    after = tokens[count.end]
    if after.text in ("x", "х", "×") and touches(tokens, count.end):
        return replace(count, kind="times", end=count.end + 1)
    if after.text == "fold" or (after.text == "times" and not is_pace(tokens, count.end + 1, place)):
        return replace(count, kind="times", end=count.end + 1)
    return None


def is_pace(tokens: Sequence[Token], after: int, before: int) -> bool:
    """«Post 3 times a week»; «1.3 times» alone is a multiple."""
    if word_at(tokens, before - 1) == "by" or tokens[before].text.count("."):
        return False
    return word_at(tokens, after) in {"a", "an", "per", "each", "every", "weekly", "daily", "monthly", "in", "/", ""}


def read_v_raz(tokens: Sequence[Token], place: int) -> Quantity | None:
    count = read_count(tokens, place + 1)
    if count is None or count.end >= len(tokens):
        return None
    end = count.end
    is_range = False
    if word_at(tokens, end) == "-" and (second := read_count(tokens, end + 1)) is not None:
        count, end, is_range = second, second.end, True
    if word_at(tokens, end) == "-" and word_at(tokens, end + 1) in ("х", "x"):
        end += 2
    if end < len(tokens) and tokens[end].is_any(RAZ):
        return replace(count, kind="times", start=place, end=end + 1, is_range=is_range)
    return None


def read_fraction(tokens: Sequence[Token], place: int) -> Quantity | None:
    """«треть», «a quarter», «две трети», «two thirds»: a share in percent. «Quarter» and «half» may be a time."""
    start = place
    if read_share_of_multiplier(tokens, place):
        return None
    if word_at(tokens, place) in ("a", "one"):
        place += 1
    if place >= len(tokens) or tokens[place].kind != "word":
        return None
    many = find(tokens[place], ONES)
    if many is not None and place + 1 < len(tokens) and (part := find_part(tokens[place + 1])):
        share = {"thirds": Decimal("33.333"), "quarters": Decimal(25)}[part] * many
        return Quantity(share.quantize(Decimal("0.1")).normalize(), "fraction", start, place + 2)
    share = find(tokens[place], FRACTIONS)
    if word_at(tokens, place - 1) in ("the", "this", "each", "every", "our"):
        return None  # «the third one», «each quarter»
    if share is None or tokens[place].text in ("третьего", "третьему", "третью", "третий", "halves"):
        return None
    return Quantity(share, "fraction", start, place + 1)


def find_part(token: Token) -> str | None:
    return next((PARTS[form] for form in token.forms if form in PARTS), None)
