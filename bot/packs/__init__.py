"""Quiz packs of other programs: bringing theirs in, and writing ours out.

A parser a format turns a file into questions; `build` turns questions into items of our schema.
"""
