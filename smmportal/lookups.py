"""Many values as one parameter, where the database takes arrays.

`filter(pk__among=ids)` is what `in` says; but `in` adapts and writes out every value by itself, which for lists of
hundreds costs more than the query.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from types import NoneType
from typing import Any

from django.db.models import Field, ForeignKey, Lookup

#: What needs no quotes inside an array literal, and bytes, which are written in hexadecimal.
WRITTEN: dict[type, Callable[[Any], str]] = {
    NoneType: lambda _none: "NULL",
    bool: {True: "t", False: "f"}.__getitem__,
    int: str,
    Decimal: str,
    date: date.isoformat,
    datetime: datetime.isoformat,
    bytes: lambda octets: f'"\\\\x{octets.hex()}"',
}


def as_array(values: Iterable[Any]) -> str:
    """A column of values as PostgreSQL's array literal, to be cast by the statement: `%s::bigint[]`.

    Of a list the driver makes an expression of as many parts, which costs both sides several times more.
    """
    column = list(values)
    kinds = set(map(type, column))
    if kinds == {str} and not any(sign in "".join(column) for sign in '"\\'):
        joined = '","'.join(column)
        return f'{{"{joined}"}}'
    written = WRITTEN.get(kinds.pop(), _quoted) if len(kinds) == 1 else _written
    return f"{{{','.join(map(written, column))}}}"


def _written(value: Any) -> str:
    return WRITTEN.get(type(value), _quoted)(value)


def _quoted(value: Any) -> str:
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@ForeignKey.register_lookup
@Field.register_lookup
class Among(Lookup):
    lookup_name = "among"
    prepare_rhs = False

    def as_postgresql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*params, as_array(self.rhs)]

    def as_sql(self, compiler, connection):
        values = list(self.rhs)
        if not values:
            return "1 = 0", []
        column, params = self.process_lhs(compiler, connection)
        return f"{column} IN ({', '.join(['%s'] * len(values))})", [*params, *values]

    def get_db_prep_lookup(self, value, connection):
        return "%s", [value]
