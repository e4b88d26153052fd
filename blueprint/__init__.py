"""Where it is being built: layers, sites and checks; the only area that imports GIS.

Owns: maps and geometry.
Does not own: projects (it writes facts down to them) or approvals.
"""
