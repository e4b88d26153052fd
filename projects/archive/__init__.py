"""What a project has given and received: documents in versions, who may read them, what may be used again.

Owns documents, their grants to departments, the rules of reuse, the door to the library of e-certificates.
Does not own the contents (core.files), the slots of an application, the making of results (certificates).
Before it: registry, whose projects the documents belong to. After it: applications, review, certificates and push,
which file documents here and read earlier results from here.
"""
