"""CDISC ODM: metadata of version 1.3 and 2.0, read as forms with a schedule."""
