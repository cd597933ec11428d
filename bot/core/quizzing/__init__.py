"""Quizzes as people take them: what happens at each press, and what they see."""
