"""What questions are written with. Pure."""


def words(ru: str, en: str) -> dict[str, str]:
    return {"ru": ru, "en": en}


def choice(value: str, ru: str, en: str) -> dict:
    return {"value": value, "label": words(ru, en)}


def question(key: str, kind: str, label: dict, help_text: dict, *, minutes: int = 2, **more: object) -> dict:
    """A question that may stay without an answer."""
    return {"key": key, "type": kind, "label": label, "help": help_text, "minutes": minutes, "required": False, **more}


def column(key: str, ru: str, en: str, kind: str = "text", **more: object) -> dict:
    return {"key": key, "type": kind, "label": words(ru, en), **more}
