"""Where the watched people live: towns and districts as the demo's address table has them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class District:
    """A stretch of a town: its plaza, whose commissioners look in there, and its numbers."""

    plaza: str
    council: str
    town: str
    first: int
    last: int

    def address(self, number: int) -> str:
        """Return an address there, for any number."""
        block = self.first + number % (self.last - self.first + 1)
        return f"横浜市港北区{self.town}{block}番地"


#: Every plaza has somebody, and every federation of the ward its council of commissioners.
DISTRICTS = (
    District("hiyoshi", "日吉", "日吉本町", 1, 2500),
    District("tarumachi", "樽町", "樽町", 1, 2500),
    District("mamedo", "大倉山", "大豆戸町", 1, 599),
    District("takata", "高田", "高田西", 1, 2500),
    District("shinohara", "篠原", "篠原町", 1, 2500),
    District("nippa", "新羽", "新羽町", 1, 2500),
    District("shinyoshida", "新吉田", "新吉田町", 1, 3000),
    District("kozukue", "城郷", "小机町", 1, 2500),
    District("shimoda", "日吉", "下田町", 1, 2500),
    District("tarumachi", "綱島", "綱島西", 1, 2500),
    District("shinohara", "菊名", "大豆戸町", 600, 2000),
    District("tarumachi", "師岡", "師岡町", 1, 2500),
    District("shinyoshida", "新吉田あすなろ", "新吉田町", 3001, 6000),
    District("tarumachi", "大曽根", "大曽根", 1, 2500),
)
COUNCILS = tuple(dict.fromkeys(each.council for each in DISTRICTS))
