"""Shapes and figures: what a file of coordinates means, and how large it is. Pure: no rows, no requests.

Owns: reading and writing the exchange formats, coordinate systems, snapping, cleaning, validity, planar areas,
pictures of shapes on paper.
Does not own: layers and their editions (layers), the site of a project (siting), what an overlap means (checks).
Before: nothing; the city's frame (work coordinate system, extent) is given to every function.
After: layers and siting, which keep what was read; checks, which lay shapes over each other.
"""
