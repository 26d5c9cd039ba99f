"""Pages of a list that is counted up to a bound: counting a million rows costs more than showing fifty."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.utils.functional import cached_property

COUNTED = 500  # ten pages; nobody turns further, and an export takes more


class BoundedPaginator(Paginator):
    """A paginator over a queryset that counts, and turns pages, up to a bound."""

    @cached_property
    def _counted(self) -> int:
        return int(self.object_list.order_by()[: COUNTED + 1].count())

    @cached_property
    def count(self) -> int:
        """How many rows there are, up to the bound."""
        return min(self._counted, COUNTED)

    @property
    def more(self) -> bool:
        """Whether there are more rows than were counted."""
        return self._counted > COUNTED
