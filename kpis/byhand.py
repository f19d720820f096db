"""Numbers that people type: what places are called, when the next number is due, and a pasted column. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from kpis.cells import DMY, MDY, YMD, dates_in, is_nothing

MOST_LINES = 366
#: A day is over before its number is asked for; from then on people have so many days.
PATIENCE = {"daily": 1, "weekly": 7, "monthly": 31}
#: Places as they call themselves, by what people write.
PLACES = {
    name: place
    for place, names in {
        "Дзен": "дзен, яндекс дзен, яндекс.дзен, dzen, zen, yandex zen, dzen.ru",
        "RUTUBE": "rutube, рутуб, рутюб, rutube.ru",
        "VK Видео": "vk видео, вк видео, vk video, vkvideo",
        "Одноклассники": "одноклассники, ок, ok, ok.ru, odnoklassniki",
        "ВКонтакте": "вконтакте, вк, vk, vk.com",
        "Telegram": "telegram, телеграм, телеграмм, тг, tg",
        "Instagram": "instagram, инстаграм, инстаграмм, инста",
        "TikTok": "tiktok, тикток, тик-ток, tik tok",
        "YouTube": "youtube, ютуб, ютюб",
        "WhatsApp": "whatsapp, вотсап, ватсап, вацап",
        "Viber": "viber, вайбер",
        "Pinterest": "pinterest, пинтерест",
        "Threads": "threads, тредс",
        "TenChat": "tenchat, тенчат",
        "Пикабу": "пикабу, pikabu",
        "Авито": "авито, avito",
        "2ГИС": "2гис, 2gis, дубльгис",
        "Яндекс Карты": "яндекс карты, яндекс.карты, yandex maps",
        "Wildberries": "wildberries, вайлдберриз, вб, wb",
        "Ozon": "ozon, озон",
    }.items()
    for name in names.split(", ")
}


def place_name(text: str) -> str:
    """The place as it calls itself, where we know it; else what was written, without the spaces around."""
    plain = " ".join(text.split())
    return PLACES.get(plain.casefold(), plain)


def known_places() -> list[str]:
    return list(dict.fromkeys(PLACES.values()))


def overdue_from(last: date, every: str) -> date:
    """The first day on which the next number is late, after a number of `last`."""
    return last + timedelta(days=PATIENCE[every] + 2)


# --- A column out of a spreadsheet ---


@dataclass
class Column:
    """What was pasted: the text of each day's number, and the lines that could not be placed, with why."""

    cells: dict[date, str] = field(default_factory=dict)
    problems: list[tuple[int, str]] = field(default_factory=list)

    def put(self, line: int, day: date | None, text: str, today: date) -> None:
        if day is None:
            self.problems.append((line, "day"))
        elif day > today:
            self.problems.append((line, "future"))
        elif self.cells.setdefault(day, text) != text:
            self.problems.append((line, "twice"))


def read_column(text: str, *, first: date, today: date) -> Column:
    """Numbers one under another from the day `first` on, or with their days before them. An empty line is a day whose
    number nobody knows; a line of words on top is its heading."""
    lines = [(number, split(line)) for number, line in enumerate(text.rstrip().splitlines(), start=1)]
    if lines and is_heading(lines[0][1]):
        lines = lines[1:]
    column = Column()
    if len(lines) > MOST_LINES:
        column.problems.append((MOST_LINES + 1, "long"))
        return column
    for number, day, cell in placed(lines, first):
        column.put(number, day, "" if is_nothing(cell) else cell, today)
    return column


Line = tuple[int, list[str]]


def placed(lines: list[Line], first: date) -> Iterator[tuple[int, date | None, str]]:
    """Each line with its day: the one it names, or the next in order."""
    if not any(len(cells) > 1 for _number, cells in lines):
        for index, (number, cells) in enumerate(lines):
            yield number, first + timedelta(days=index), cells[0]
        return
    order = order_of([cells[0] for _number, cells in lines])
    for number, cells in lines:
        if any(cells):
            yield number, dates_in(cells[0])[order], cells[1] if len(cells) > 1 else ""


def order_of(days: list[str]) -> str:
    """The order of day and month that fits the most; where two do, day first, as here people write."""
    fits = {order: sum(dates_in(day)[order] is not None for day in days) for order in (YMD, DMY, MDY)}
    return max((YMD, DMY, MDY), key=lambda order: fits[order])


def split(line: str) -> list[str]:
    mark = "\t" if "\t" in line else ";"
    return [cell.strip() for cell in line.split(mark)]


def is_heading(cells: list[str]) -> bool:
    return not any(sign.isdigit() for cell in cells for sign in cell) and any(not is_nothing(cell) for cell in cells)
