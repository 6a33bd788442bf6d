"""Probe: ask again with one thing changed; what mends a failure tells its cause."""

__all__ = [
    "answer_judging",
    "answerers",
    "conclude",
    "interventions",
    "judge_opinion",
    "probe",
    "probe_cache",
    "probe_chart",
    "probe_job",
    "probe_material",
    "probe_records",
    "probe_terminal",
    "probe_words",
]
