"""How long everything takes: timers, their events, and the clock that explains itself.

Owns timers with their append-only events, the calibres C1 to C9, due dates, lights and the day-by-day ledger.
Does not own what a timer times (cases, stages, applications own one each), the calendar, nor reminders.
Before it: working days from the ground floor. After it: applications, review, supervision.
"""
