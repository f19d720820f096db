"""What leaves for a spreadsheet. Pure."""

#: A cell that begins with one of these is taken for a formula by spreadsheet programs.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(text: str) -> str:
    """The words of a cell that no spreadsheet program carries out: a quote before what could be a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
