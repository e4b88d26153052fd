"""The combined form: the fields of a stage asked once, known values filled in. Pure, no rows.

Owns which fields an application asks, where their values come from, what is wrong with them, who sees which.
Does not own the answers (applications) nor the meaning and cleaning of one value (catalogue).
Before it: the catalogue of the pack version, the facts and results of the project.
After it: applications keeps the answers; review and window show each department its extract.
"""
