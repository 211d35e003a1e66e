"""What loading and working a hundred times costs a host. Nothing else runs beside it, for it compares times."""
import re

from desk import Desk


class Cycles(Desk):
    def test_a_hundred_loads_and_sessions_cost_nothing_that_stays(self):
        said = self.host("cycles").end()
        costs = [tuple(map(int, re.findall(r"\d+", line))) for line in said.splitlines()]
        self.assertEqual([cost[0] for cost in costs], list(range(1, 101)))
        first, last = costs[20:40], costs[80:]
        for what, room in ((2, 1), (3, 256), (4, 256)):
            self.assertLessEqual(max(c[what] for c in last), max(c[what] for c in first) + room, said)
        # The quickest of each: the machine may have other things to do.
        quickest = [min(c[1] for c in part) for part in (first, last)]
        self.assertLessEqual(quickest[1], 2 * quickest[0] + 20, said)
