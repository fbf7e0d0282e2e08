"""The first points of a scrambled Sobol sequence in the unit cube.

Standard input: {"dimensions", "count", "seed"}. Standard output: a list of points, each a list of numbers in [0, 1).
"""

import json
import sys
import warnings

from scipy.stats import qmc

wanted = json.load(sys.stdin)
sequence = qmc.Sobol(d=wanted["dimensions"], scramble=True, seed=wanted["seed"])
with warnings.catch_warnings():
    # It says that another number of points than a power of two is less even.
    warnings.simplefilter("ignore")
    points = sequence.random(wanted["count"])
json.dump(points.tolist(), sys.stdout)
