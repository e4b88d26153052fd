"""The blueprint against itself, over the whole city: where plans contradict each other and control lines have moved.

Owns: whole-city runs as jobs (queue, progress, stop, restart), their statistics and exports, and the settling of
patches: which department has one in hand, what it answers, when it is resolved.
Does not own: the rules, runs and patches as rows (checks), layers (layers), amending a plan (a department's own work).
Before: checks. After: nothing; departments are told by notices.
"""
