"""What authors run: the build and the bench. Readers need neither."""
