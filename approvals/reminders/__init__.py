"""Who is told of a date before, on and after it: reminders, and the climb of what is late.

Owns occasions (this date of this thing came near or passed), reminders (who is told of it) and their digest per person.
Does not own any date: it reads those of cases, applications, certificates, deliveries and projects; nor the messages.
Before it: every slice that has a date. After it: notices, which carry one message per person and run.
The rules are data (reminders.yaml, metrics.yaml); `plan` is pure, `sources` reads, `operations.sweep` tells.
"""
