"""The vocabulary: cases, policies, laws and decisions, as Pydantic models."""
