"""Summaries by a language model: `openai.py` asks it, `model.py` decides when, and what becomes of the answer."""
