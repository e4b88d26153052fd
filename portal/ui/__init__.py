"""Give every page its face: layouts, components, drawings, words for dates and numbers.

Owns: the style sheets, the component partials, the pure renderers, the home page per role and the style guide.
Does not own: any business word, state or threshold - callers hand those in, ready to show.
Before: core (clock, actor, menus), citypack (the city's name) and accounts (who is looking).
After: every slice with a screen.
"""
