"""The parallel review: stages, cases, steps, opinions, holds, decisions.

Owns: StageRun, Case, ReviewTask, Opinion, Hold, Decision; what opens when, and what concludes a stage.
Does not own: the form and its materials (applications), the clock (deadlines), the paper of a decision (certificates).
Before: the window has an application complete before it; after: certificates prints what was granted, push sends it.
Routing is pure (`routing`): rows in, moves out; `operations` carries the moves out under the locks it documents.
"""
