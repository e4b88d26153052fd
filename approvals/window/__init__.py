"""The clerk's console: queue, check-list, viewer, correction tracking, paper entry, hand-out.

Owns screens only; every act is an operation of the slice that owns the thing.
Does not own states, notices or clocks.
Before it: applications that were handed in; certificates that are ready.
After it: review (acceptance), the applicant (correction), the archive (hand-out).
"""
