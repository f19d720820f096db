import pytest

from projects.chains import would_come_back


@pytest.mark.parametrize(
    ("pairs", "task", "first", "comes_back"),
    [
        ([], 1, 2, False),
        ([], 1, 1, True),
        ([(2, 1)], 1, 2, True),
        ([(2, 3), (3, 1)], 1, 2, True),
        ([(2, 3), (3, 4)], 1, 2, False),
        ([(1, 3), (2, 3)], 1, 2, False),
        ([(2, 3), (3, 2)], 1, 2, False),
        ([(2, 3), (2, 4), (3, 5), (4, 5), (5, 1)], 1, 2, True),
    ],
)
def test_a_circle_is_found_however_long(pairs, task, first, comes_back):
    assert would_come_back(pairs, task=task, first=first) is comes_back


def test_a_long_chain_is_no_trouble():
    pairs = [(number, number + 1) for number in range(5000)]
    assert would_come_back(pairs, task=5000, first=0)
