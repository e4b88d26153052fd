"""The verbs of whole-city runs and of the settling of their patches."""

from blueprint.citywide.operations.asking import NoEditions, start_run, stop_run
from blueprint.citywide.operations.settling import answer, assign, hand_back, resolve
from blueprint.citywide.operations.working import work

__all__ = ["NoEditions", "answer", "assign", "hand_back", "resolve", "start_run", "stop_run", "work"]
