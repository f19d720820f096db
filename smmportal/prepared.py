"""Queries whose SQL is worked out once in a process, for the few that every request asks.

To put a query together costs Django several times what the database takes to answer it, and to plan it costs PostgreSQL
as much again. A `Prepared` one is put together with marks in place of the values, planned once on each connection, and
asked with the values after that.
"""

from collections.abc import Callable
from functools import cached_property
from itertools import count
from typing import Any

from django.db import DEFAULT_DB_ALIAS, ProgrammingError, connections, models

#: Marks that no row has: ids from here on, and texts that begin so.
FIRST_MARK = 2**62
WORD = "\x01prepared "


NUMBERS = count(1)


class Prepared:
    """`ask` takes one value for each type in `takes` (int or str) and answers a queryset whose rows are tuples
    (`values_list`), or objects of its model when `of` names it."""

    def __init__(self, ask: Callable[..., models.QuerySet], *takes: type, of: type[models.Model] | None = None):
        self.ask = ask
        self.marks: list[Any] = [
            FIRST_MARK + place if kind is int else f"{WORD}{place}" for place, kind in enumerate(takes)
        ]
        self.of = of
        self.name = f"portal_{next(NUMBERS)}"
        self.is_unplanned = False
        self._made: dict[str, tuple] = {}

    def rows(self, *values: object) -> list[tuple]:
        wrapper = connections[DEFAULT_DB_ALIAS]  # looked up once: behind `connection` every attribute is a look-up
        sql, params, compiler, converters = self._made.get(wrapper.vendor) or self._make(wrapper)
        found = self._ask(wrapper, sql, [param if place is None else values[place] for param, place in params])
        return list(compiler.apply_converters(found, converters)) if converters else found

    def _ask(self, wrapper, sql: str, params: list) -> list[tuple]:
        with wrapper.cursor() as cursor:
            if wrapper.vendor != "postgresql" or not self._ask_planned(wrapper, cursor, sql, params):
                cursor.execute(sql, params)
            return cursor.fetchall()

    def _ask_planned(self, wrapper, cursor, sql: str, params: list) -> bool:
        """Whether the connection knew the plan. Behind a pooler it may be another one with every statement: then the
        plan is not there, and this process goes on without."""
        if self.is_unplanned:
            return False
        places = f" ({', '.join(['%s'] * len(params))})" if params else ""
        plans = plans_of(wrapper)
        if self.name not in plans:
            numbered = sql % tuple(f"${place}" for place in range(1, len(params) + 1))
            cursor.execute(f"PREPARE {self.name} AS {numbered}")
            plans.add(self.name)
        try:
            cursor.execute(f"EXECUTE {self.name}{places}", params)
        except ProgrammingError:
            if wrapper.in_atomic_block:
                raise
            self.is_unplanned = True
        return not self.is_unplanned

    def first(self, *values: object) -> Any:
        """The first row, as a tuple or as an object of `of`; None when there is none."""
        found = self.rows(*values)
        if not found:
            return None
        if self.of is None:
            return tuple(found[0])
        return self.of.from_db(DEFAULT_DB_ALIAS, self.names, found[0])

    @cached_property
    def names(self) -> list[str]:
        return [field.attname for field in self.of._meta.concrete_fields] if self.of else []

    def _make(self, wrapper) -> tuple:
        compiler = self.ask(*self.marks).query.get_compiler(connection=wrapper)
        sql, params = compiler.as_sql()
        converters = compiler.get_converters([expression for expression, *_more in compiler.select])
        places = [self.marks.index(param) if is_mark(param) else None for param in params]
        made = sql, list(zip(params, places, strict=True)), compiler, converters
        self._made[wrapper.vendor] = made
        return made


def is_mark(param: object) -> bool:
    if isinstance(param, str):
        return param.startswith(WORD)
    return type(param) is int and param >= FIRST_MARK


def plans_of(wrapper) -> set[str]:
    """The names of the plans that this very connection to the server has."""
    wrapper.ensure_connection()
    held = getattr(wrapper, "_portal_plans", None)
    if held is None or held[0] is not wrapper.connection:
        held = wrapper._portal_plans = (wrapper.connection, set())
    return held[1]
