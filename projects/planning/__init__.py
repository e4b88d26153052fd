"""What one project has to do: its own list of items with the reason for each, and when it can be done.

Owns the checklist (pure) and the forecast in working days (pure), and the plan that joins them.
Does not own the facts (registry), the definitions (catalogue), nor what really happened (review and tracking).
Before it: registry, which knows flow and facts. After it: applications, review and tracking, which follow the plan.
It keeps no rows: a plan is computed from facts, so it can never be out of date.
"""
