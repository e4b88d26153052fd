"""The list of the blueprint's layers: topics, subtopics, layers.

Owns: the catalogue of layers from the city pack and its public list.
Does not own: which layers an item's condition names (catalogue), where a project lies (siting), what overlaps (checks).
Before: citypack, which says what layers there are.
After: siting and checks, which hold a project's red line against them.
"""
