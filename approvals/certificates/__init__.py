"""The paper of a decision: printed, sealed, filed, verified, handed over, revoked.

Owns: Certificate and what is printed on it; the public verification page.
Does not own: the number (drawn with the grant, review), the file (archive), who is told (push).
Before: review decides a case; after: push sends what was issued to those whose later items need it.
A refusal is an official paper too and goes the same way, but it is never filed as a result.
"""
