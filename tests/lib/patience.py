"""How many times as long as on an ordinary kernel a thing may take.

Set by run.py --patience, for kernels that look at each access and lock: they run
several times as many instructions, and in virtual time each of them counts.
"""
factor = 1
