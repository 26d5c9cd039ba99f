from __future__ import annotations

from typing import Any

import pytest

from tests.cases.conftest import office, quick_passwords

__all__ = ["office", "quick_passwords"]


@pytest.fixture
def bureau(office: Any) -> Any:
    """A bureau without accounts."""
    from tests.support.office import NOW, SEEDER
    from zhitong.orgs import services

    return services.create_department(
        by=SEEDER, now=NOW, name="示例税务局", name_en="Tax Bureau", tier="city", local_code="tax",
        parent=office.units["city"], region="", intake=False,
    )  # fmt: skip


@pytest.fixture
def lead(office: Any, bureau: Any) -> Any:
    """A case that the bureau leads, as the district's dispatcher sees it."""
    from tests.support.office import NOW
    from zhitong.cases import services
    from zhitong.replies import queries

    district = office.actor("district")
    case = services.dispatch(by=district, now=NOW, case=office.until("accepted"), lead=bureau)
    return queries.get_matter(district, "lead", case.pk)


@pytest.fixture
def part(office: Any, bureau: Any) -> Any:
    """A part that the bureau was asked for by the industry bureau's handler."""
    from tests.support.office import NOW
    from zhitong.cases import services
    from zhitong.replies import queries

    handler, case = office.actor("handler"), office.until("handling")
    services.ask_help(by=handler, now=NOW, case=case, department=bureau, text="请核实税款。")
    return queries.get_matter(handler, "part", case.assists.get().pk)
