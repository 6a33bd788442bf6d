"""What DBOS knows about a pilot: names that stand in the databases of today."""

from __future__ import annotations

from dbos._registrations import get_class_info, get_dbos_func_name

from advisor.pilot.running.worker.workflow import PilotWorkflow


def test_a_pilot_under_way_is_found_whatever_the_class_is_called() -> None:
    known = get_class_info(PilotWorkflow)
    assert known is not None and known.registered_name == "Flow"
    assert get_dbos_func_name(PilotWorkflow.pilot) == "pilot"
