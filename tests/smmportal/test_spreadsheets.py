import pytest

from smmportal.spreadsheets import harmless


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("Twelve thousand followers", "Twelve thousand followers"),
        ("", ""),
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+20 % подписчиков", "'+20 % подписчиков"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        ("2 = 2", "2 = 2"),
    ],
)
def test_no_cell_is_a_formula(text, cell):
    assert harmless(text) == cell
