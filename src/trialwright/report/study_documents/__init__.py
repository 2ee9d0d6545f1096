"""Documents of a definition, made before anybody takes part: synopsis, case report forms, codebook, checklists.

Every sentence says what it rests on (the registered record, an assumption, an open question) and leads there: to the record's
annotated copy and to the line of the definition, which lie in the same folder.
"""
