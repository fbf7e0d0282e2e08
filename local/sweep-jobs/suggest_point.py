"""Which of some points to try next: the one where a Gaussian process over what was tried expects to improve on the best the most.

Standard input: {"tried": [[number]], "scores": [number], "candidates": [[number]]}; a higher score is better. Standard output: the candidate's index.
"""

import json
import sys
import warnings

import numpy as np
from scipy.stats import norm
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import Matern, WhiteKernel

asked = json.load(sys.stdin)
scores = np.array(asked["scores"])
candidates = np.array(asked["candidates"])
process = GaussianProcessRegressor(
    kernel=Matern(nu=2.5) + WhiteKernel(noise_level=1e-4), normalize_y=True, n_restarts_optimizer=2, random_state=0
)
with warnings.catch_warnings():
    # Few points leave a kernel's scale at its bound.
    warnings.simplefilter("ignore")
    process.fit(np.array(asked["tried"]), scores)
expected, deviation = process.predict(candidates, return_std=True)
deviation = np.maximum(deviation, 1e-12)
gain = (expected - scores.max()) / deviation
improvement = deviation * (gain * norm.cdf(gain) + norm.pdf(gain))
json.dump(int(improvement.argmax()), sys.stdout)
