from tests.kpis.doors_amendments import AMENDMENT_DOORS
from tests.kpis.doors_board import BOARD_DOORS
from tests.kpis.doors_jobs import JOBS_DOORS
from tests.kpis.doors_links import LINK_DOORS
from tests.kpis.doors_sources import SOURCE_DOORS

DOORS = [*SOURCE_DOORS, *BOARD_DOORS, *AMENDMENT_DOORS, *JOBS_DOORS, *LINK_DOORS]
