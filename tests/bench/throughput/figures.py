"""What was measured of one program and one workload."""

import statistics
from dataclasses import dataclass, field


@dataclass(slots=True)
class Figures:
    """A value for each round."""

    rates: list[float] = field(default_factory=list)
    spent: list[dict[str, float]] = field(default_factory=list)
    """Milliseconds of processor time for each update, by process."""
    times: list[list[float]] = field(default_factory=list)
    """Milliseconds until the reply, at half of the load."""

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)

    @property
    def cost(self) -> dict[str, float]:
        return {name: statistics.median(one[name] for one in self.spent) for name in self.spent[0]}
