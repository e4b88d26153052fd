"""How the city's approvals do: what is under way, late, due, paused, stalled, and how long decisions take.

Owns the leader's dashboard, the lists behind its numbers, and the dashboard for machines.
Does not own any row and changes nothing: it counts what review, deadlines and registry have written.
Before it: review, whose cases and clocks it counts. After it: whoever acts on what the numbers show.
"""
