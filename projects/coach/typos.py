"""One wrong letter in a word that matters: mended only where the dictionary does not know the word as it stands."""

#: What a misspelt word may have meant. Russian ones are stems: whatever follows them is an ending.
RUSSIAN_STEMS = {
    "инстаграм": "инстаграм",
    "инстаграмм": "инстаграм",
    "телеграм": "телеграм",
    "телеграмм": "телеграм",
    "вконтакт": "вконтакте",
    "фейсбук": "фейсбук",
    "ютуб": "ютуб",
    "тикток": "тикток",
    "одноклассник": "одноклассники",
    "пинтерест": "пинтерест",
    "твиттер": "твиттер",
    "линкедин": "линкедин",
    "подписчик": "подписчик",
    "фолловер": "фолловер",
    "вовлеченност": "вовлеченность",
    "вовлеченост": "вовлеченность",
    "вовлечоност": "вовлеченность",
    "коментари": "комментарий",
    "комент": "комментарий",
    "подпищек": "подписчик",
    "подпещик": "подписчик",
    "фоловер": "фолловер",
    "комментари": "комментарий",
    "посещаемост": "посещаемость",
    "конверси": "конверсия",
    "просмотр": "просмотр",
    "сохранени": "сохранение",
    "упоминани": "упоминание",
    "кликабельност": "кликабельность",
    "отписк": "отписка",
    "охват": "охват",
    "репост": "репост",
    "увелич": "увеличить",
    "повыси": "повысить",
    "снизит": "снизить",
    "уменьш": "уменьшить",
    "сократит": "сократить",
    "привлеч": "привлечь",
}
ENGLISH_WORDS = (
    "instagram", "facebook", "telegram", "youtube", "tiktok", "linkedin", "pinterest", "twitter", "vkontakte",
    "followers", "subscribers", "engagement", "impressions", "comments", "mentions", "conversion", "traffic",
    "increase", "reduce", "decrease", "website", "revenue", "response", "percent", "january", "february", "september",
    "october", "november", "december", "august", "applications", "bookings", "channel",
)  # fmt: skip


def mend(word: str) -> list[str]:
    if len(word) < 4 or len(word) > 20:
        return []
    if word.isascii():
        return [right for right in ENGLISH_WORDS if len(word) > 5 and word != right and is_near(word, right)]
    return [meant for stem, meant in RUSSIAN_STEMS.items() if begins_nearly(word, stem)]


def begins_nearly(word: str, stem: str) -> bool:
    """Does the word begin with the stem, give or take one letter, and end like a Russian word?"""
    if word[0] != stem[0] and word[1:2] != stem[1:2]:
        return False
    lengths = {len(stem) - 1, len(stem), len(stem) + 1}
    return any(
        is_near(word[:length], stem) and len(word) - length <= 3 for length in lengths if 3 < length <= len(word)
    )


def is_near(one: str, other: str) -> bool:
    """At most one letter changed, lost, added, or two neighbours swapped."""
    if abs(len(one) - len(other)) > 1:
        return False
    head = 0
    while head < min(len(one), len(other)) and one[head] == other[head]:
        head += 1
    one, other = one[head:], other[head:]
    swapped = one[:2] == other[:2][::-1] and one[2:] == other[2:]
    return one[1:] == other[1:] or one[1:] == other or one == other[1:] or swapped
