"""The city pack: everything local as YAML, read, checked, versioned and applied.

Owns: reading and checking pack directories, pack versions, the registry of sections, the packs themselves.
Does not own: what a section means; the slice that uses a file registers its shape, its rules and how it is applied.
Before: core. After: every slice that takes its names, limits and lists from the city.
A loaded version never changes; what was started under it keeps it.
"""
