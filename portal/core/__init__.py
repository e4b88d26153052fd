"""The ground floor: what every slice stands on and no slice could own.

Owns the clock, the actor, transitions, audit, outbox, sequences, files, PDF, errors and working days.
Does not own any rule about projects, forms, maps or approvals, nor who a user is (accounts).
Before it: nothing. After it: everything.
"""
