"""`filter(pk__among=ids)`: what `in` says, with the whole list as one parameter where the database takes arrays.

`in` adapts and writes out every value by itself, which for lists of hundreds costs more than the query.
"""

from django.db.models import Field, ForeignKey, Lookup


@ForeignKey.register_lookup
@Field.register_lookup
class Among(Lookup):
    lookup_name = "among"
    prepare_rhs = False

    def as_postgresql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*params, list(self.rhs)]

    def as_sql(self, compiler, connection):
        values = list(self.rhs)
        if not values:
            return "1 = 0", []
        column, params = self.process_lhs(compiler, connection)
        return f"{column} IN ({', '.join(['%s'] * len(values))})", [*params, *values]

    def get_db_prep_lookup(self, value, connection):
        return "%s", [value]
