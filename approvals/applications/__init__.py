"""Applications: one form and one set of materials for all items of a stage.

Owns the application, its answers, material slots, the window's check and its official papers.
Does not own the cases that acceptance opens (review), nor what a field means (oneform, catalogue).
Before it: a stage that may be applied for (review opens it), the project's facts and archive.
After it: review takes over what the window accepted.
"""
