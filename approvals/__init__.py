"""The process: one form, one clock, applications, review, certificates, push and supervision.

Owns: everything that has an approval state.
Does not own: what is built (projects) or where (blueprint).
"""
