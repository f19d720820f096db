"""Numbers as people type them. Pure."""

import re


def plain_figure(text: str) -> str:
    """The same number in plain decimal notation; text that is no number comes back for its reader to refuse."""
    text = re.sub(r"[\s\u00a0\u202f\u2009']|%$", "", text.strip()).replace("\u2212", "-").replace("–", "-")
    if "," in text and "." in text:
        thousands = "," if text.rfind(".") > text.rfind(",") else "."
        return text.replace(thousands, "").replace(",", ".")
    return text.replace(",", ".")
