"""Messages inside the portal: what a person, an enterprise or a department should know.

Owns notices and who has read them. Does not own the occasions: handlers of higher slices send.
Does not own legal notices on paper either; those are documents of their slices.
Before it: accounts (who is told). After it: every slice that has something to tell.
"""
