"""Where a project is to be built: its site, drawn or uploaded, version by version.

Owns: the site of a project or of an idea, its versions with their files, what it says of the project.
Does not own: how files are read (geometry), the layers (layers), what overlaps the site (checks).
Before: registry, to which facts are written down; geometry; layers.
After: checks, which hold the site against the blueprint; the review, which shows it beside a case.
"""
