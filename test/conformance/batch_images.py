"""An MLflow model that takes images, and two of them, for the batch jobs' tests.

Usage: batch_images.py MODEL_FOLDER IMAGES_FOLDER; the model answers the mean of each channel, whose values the images' names tell.
"""

import sys
from pathlib import Path

import mlflow
import numpy as np
from mlflow.models import ModelSignature
from mlflow.types import Schema, TensorSpec
from PIL import Image


class Means(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return np.asarray(model_input).mean(axis=(1, 2))


def main() -> None:
    inputs = Schema([TensorSpec(np.dtype(np.uint8), (-1, -1, -1, 3))])
    mlflow.pyfunc.save_model(
        sys.argv[1], python_model=Means(), signature=ModelSignature(inputs=inputs), pip_requirements=["pillow"]
    )
    folder = Path(sys.argv[2])
    folder.mkdir(parents=True)
    for color, name, size in (((1, 2, 3), "small.png", (4, 2)), ((200, 100, 50), "large.gif", (30, 20))):
        Image.new("RGB", size, color).save(folder / name)


if __name__ == "__main__":
    main()
