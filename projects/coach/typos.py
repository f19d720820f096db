"""A wrong letter or two in a word that matters: mended only where the dictionary does not know it as it stands."""

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
    "процент": "процент",
    "месяц": "месяц",
    "недел": "неделя",
    "квартал": "квартал",
    "феврал": "февраль",
    "сентябр": "сентябрь",
    "октябр": "октябрь",
    "ноябр": "ноябрь",
    "декабр": "декабрь",
    "январ": "январь",
    "посещени": "посещение",
    "продаж": "продажа",
    "заявк": "заявка",
    "обращени": "обращение",
    "лайк": "лайк",
    "выручк": "выручка",
    "стоимост": "стоимость",
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


#: Words of their own that are near to one of ours.
NO_TYPOS = {"conversation", "conversations", "interest", "interests", "applicants"}
#: From this length on two letters may be wrong: «инстогромм», «subsribres».
LONG = 8


def mend(word: str) -> list[str]:
    if len(word) < 4 or len(word) > 20 or word in NO_TYPOS:
        return []
    if word.isascii():
        found = {right: wrong_letters(word, right) for right in ENGLISH_WORDS if len(word) > 5 and word[0] == right[0]}
    else:
        found = {}
        for stem, meant in RUSSIAN_STEMS.items():
            found[meant] = min(found.get(meant, 3), wrong_in_stem(word, stem))
    least = min(found.values(), default=3)
    nearest = [right for right, wrong in found.items() if wrong == least <= 2 and right != word]
    return nearest if least == 1 or len(nearest) == 1 else []


def wrong_in_stem(word: str, stem: str) -> int:
    """How many letters of the stem are wrong, where the word ends like a Russian one; 3 for too many."""
    if word[0] != stem[0] and word[1:2] != stem[1:2]:
        return 3
    lengths = range(max(4, len(stem) - 1, len(word) - 3), min(len(stem) + 1, len(word)) + 1)
    return max(1, min((wrong_letters(word[:length], stem) for length in lengths), default=3))


def wrong_letters(one: str, other: str) -> int:
    """Letters changed, lost, added, or neighbours swapped: 0, 1, in a long word 2, or 3 for too many."""
    most = 2 if len(other) >= LONG else 1
    return next((wrong for wrong in range(most + 1) if is_near(one, other, wrong)), 3)


def is_near(one: str, other: str, wrong: int) -> bool:
    """Are the words the same but for so many wrong letters?"""
    if abs(len(one) - len(other)) > wrong:
        return False
    head = 0
    while head < min(len(one), len(other)) and one[head] == other[head]:
        head += 1
    one, other = one[head:], other[head:]
    if not wrong or not one or not other:
        return len(one) + len(other) <= wrong
    is_swapped = one[:2] == other[:2][::-1] and is_near(one[2:], other[2:], wrong - 1)
    mended = ((one[1:], other[1:]), (one[1:], other), (one, other[1:]))
    return is_swapped or any(is_near(*rest, wrong - 1) for rest in mended)
