from tests.kpis.doors_alerts import ALERT_DOORS
from tests.kpis.doors_amendments import AMENDMENT_DOORS
from tests.kpis.doors_board import BOARD_DOORS
from tests.kpis.doors_consents import CONSENT_DOORS
from tests.kpis.doors_formulas import FORMULA_DOORS
from tests.kpis.doors_jobs import JOBS_DOORS
from tests.kpis.doors_links import LINK_DOORS
from tests.kpis.doors_reports import REPORT_DOORS
from tests.kpis.doors_reviews import REVIEW_DOORS
from tests.kpis.doors_sources import SOURCE_DOORS
from tests.kpis.doors_successors import SUCCESSOR_DOORS

DOORS = [
    *SOURCE_DOORS,
    *BOARD_DOORS,
    *AMENDMENT_DOORS,
    *ALERT_DOORS,
    *JOBS_DOORS,
    *LINK_DOORS,
    *CONSENT_DOORS,
    *FORMULA_DOORS,
    *SUCCESSOR_DOORS,
    *REVIEW_DOORS,
    *REPORT_DOORS,
]
