"""What a design can and cannot show, as it was computed when the installation was prepared: nothing is computed here."""
