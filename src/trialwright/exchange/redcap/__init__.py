"""REDCap: its data dictionary (CSV), read as forms."""
