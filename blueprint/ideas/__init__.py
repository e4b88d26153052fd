"""策划生成: a place and a purpose before there is a project, and what departments think of it.

Owns: ideas with their maturity, the opinions asked of departments (working days, silence), the list of conditions,
some of them with a place on the map, and the link to the project an idea becomes.
Does not own: the boundary and its versions (siting), its checks (checks, reports), consultations of a case (joint).
Before: siting, checks. After: the registry, when the idea is registered as a project.
"""
