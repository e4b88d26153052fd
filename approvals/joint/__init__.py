"""Departments working together: questions to each other, and meetings, visits and acceptances of many.

Owns: Consultation with its requests and replies; Session with participants, points, results and its conclusion.
Does not own: the hold on a case (review), the clock (deadlines), the filed paper (archive).
Before: review has opened cases; after: certificates verifies the conclusion by its code.
One mechanism, kinds as data (`joint.yaml`): who takes part, how many days, what silence means.
"""
