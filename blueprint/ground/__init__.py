"""The ground of a fictitious city: what the layers of a demonstration show, drawn from a plan and a seed. Pure.

Owns: `ground.yaml` (positions, sizes, names), drawing coast, streets, blocks, fields and lines, lots for projects.
Does not own: any row; editions are written by layers, sites by siting, stories by the demo.
Before: geometry, whose frame says where the city lies; the pack, which holds the plan.
After: the demo, which has the layers imported and gives each of its projects a plot.
"""
