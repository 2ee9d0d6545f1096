"""CDISC USDM 4.0: a study's definition as its JSON, written and read back."""
