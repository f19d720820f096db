from kpis.kept import Kept


def test_what_is_kept_comes_back_and_what_is_not_is_none():
    kept = Kept(at_most=2)
    kept.put("a", 1)
    assert (kept.get("a"), kept.get("b")) == (1, None)


def test_the_least_used_is_forgotten_first():
    kept = Kept(at_most=2)
    kept.put("a", 1)
    kept.put("b", 2)
    kept.get("a")
    kept.put("c", 3)
    assert [kept.get(key) for key in "abc"] == [1, None, 3]
