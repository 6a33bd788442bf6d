"""Pilots as people see them: estimated, queued, watched, paused, resumed, cancelled."""
