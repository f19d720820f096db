"""Numbers as people type them. Pure."""

import re

IN_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}(,\d{3})+")


def plain_figure(text: str, *, comma_groups: bool = False) -> str:
    """The same number in plain decimal notation; text that is no number comes back for its reader to refuse.

    `comma_groups` says how to read what two readings fit: “12,000” is twelve thousand, not twelve.
    """
    text = re.sub(r"[\s\u00a0\u202f\u2009']|%$", "", text.strip()).replace("\u2212", "-").replace("–", "-")
    if "," in text and "." in text:
        thousands = "," if text.rfind(".") > text.rfind(",") else "."
        return text.replace(thousands, "").replace(",", ".")
    if IN_THOUSANDS.fullmatch(text) and (comma_groups or text.count(",") > 1):
        return text.replace(",", "")
    return text.replace(",", ".")
