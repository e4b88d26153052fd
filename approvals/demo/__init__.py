"""The demo city: a half year of believable history, written through the same operations that people use.

Owns: the stories of `demo.yaml`, the papers they hand in, and the order in which they are told.
Does not own: any row; every one is written by the slice it belongs to, with its audit, clocks and certificates.
Before: everything. Nothing imports it, and where the demo is switched off it refuses to run.
After: nothing; it is the top of the house.
"""
