"""Sending results on: who gets what, when it was sent, who signed for it.

Owns: Delivery, Attempt, the transports, the console of failures.
Does not own: the paper (certificates), the file and who may read it (archive), messages to people (notices).
Before: certificates has issued a paper; after: a receiving case shows it as an earlier result.
A later department gets exactly what its items need, and nothing is typed twice (product.md 9).
"""
