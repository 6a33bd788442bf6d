"""The worker: takes a pilot from the queue and runs it to its result, whatever dies on the way."""

__all__ = [
    "concluding",
    "early_stopping",
    "live_progress",
    "pilot_session",
    "result_figures",
    "run_sheet",
    "step_runner",
    "stop_reasons",
    "worker_loop",
    "workflow",
]
