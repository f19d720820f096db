from tests.kpis.doors_board import BOARD_DOORS

DOORS = [*BOARD_DOORS]
