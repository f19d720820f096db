from tests.kpis.doors_sources import SOURCE_DOORS

DOORS = [*SOURCE_DOORS]
