"""The two models: a linear one and a few shallow trees, averaged. Small on purpose."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.linear_model import LogisticRegression

LINEAR_SHARE = 0.25  # of the success model; outcome.cpp has the same
SUCCESS_TREES = {"n_estimators": 80, "max_depth": 8, "min_samples_leaf": 4, "max_features": 0.4}
BLAME_TREES = {"n_estimators": 60, "max_depth": 5, "min_samples_leaf": 4, "max_features": 0.3}


def logistic(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(x, -40, 40)))


@dataclass
class Linear:
    mean: np.ndarray
    weight: np.ndarray  # scale included
    bias: float

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        return (rows - self.mean) @ self.weight + self.bias


def scale_of(rows: np.ndarray) -> np.ndarray:
    return np.where(rows.std(0) > 1e-9, rows.std(0), np.inf)


def grow(rows: np.ndarray, truth: np.ndarray, shape: dict[str, float]) -> ExtraTreesClassifier:
    trees = ExtraTreesClassifier(**shape, random_state=0, n_jobs=2)
    # Thresholds are compiled as floats: train on the values as floats, too.
    return trees.fit(rows.astype(np.float32), truth)


@dataclass
class Success:
    """The probability that a run succeeded: a quarter linear, the rest trees."""

    linear: Linear
    trees: ExtraTreesClassifier

    @staticmethod
    def fit(rows: np.ndarray, truth: np.ndarray, strength: float = 0.03) -> Success:
        mean, scale = rows.mean(0), scale_of(rows)
        model = LogisticRegression(C=strength, max_iter=5000).fit((rows - mean) / scale, truth)
        linear = Linear(mean, model.coef_[0] / scale, float(model.intercept_[0]))
        return Success(linear, grow(rows, truth, SUCCESS_TREES))

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        trees = self.trees.predict_proba(rows.astype(np.float32))[:, 1]
        return LINEAR_SHARE * logistic(self.linear(rows)) + (1 - LINEAR_SHARE) * trees


@dataclass
class Blame:
    """How likely each step of a failed run is the first decisive error."""

    linear: Linear
    trees: ExtraTreesClassifier

    @staticmethod
    def fit(runs: list[np.ndarray], guilty: list[int], ridge: float = 1.5) -> Blame:
        rows = np.vstack(runs)
        mean, scale = rows.mean(0), scale_of(rows)
        scaled = [(run - mean) / scale for run in runs]
        weight = softmax_weights(scaled, guilty, ridge)
        truth = np.concatenate([np.arange(len(run)) == at for run, at in zip(runs, guilty, strict=True)])
        return Blame(Linear(mean, weight / scale, 0.0), grow(rows, truth, BLAME_TREES))

    def __call__(self, run: np.ndarray) -> np.ndarray:
        trees = self.trees.predict_proba(run.astype(np.float32))[:, 1]
        return (softmax(self.linear(run)) + trees / max(trees.sum(), 1e-9)) / 2


def softmax(x: np.ndarray) -> np.ndarray:
    shifted = np.exp(x - x.max())
    return shifted / shifted.sum()


def softmax_weights(runs: list[np.ndarray], guilty: list[int], ridge: float) -> np.ndarray:
    """Conditional logit: the weights under which the blamed step is the likeliest of its run."""
    weight = np.zeros(runs[0].shape[1])
    first = np.zeros_like(weight)
    second = np.zeros_like(weight)
    for step in range(1, 301):
        slope = ridge * weight
        for run, at in zip(runs, guilty, strict=True):
            slope = slope + (softmax(run @ weight) @ run - run[at]) / len(runs)
        first = 0.9 * first + 0.1 * slope
        second = 0.99 * second + 0.01 * slope * slope
        weight = weight - 0.05 * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
    return weight
