"""Today's spelling: a client."""
from sdk import OpenAI

__all__ = ["OpenAI"]
