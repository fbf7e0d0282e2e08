"""Scoring script for Microsoft's inference server: what Azure ML runs for an MLflow model deployed without code.

A request is `{"input_data": …, "params": …}`. The model's signature says what `input_data` is: a frame as
`{"columns": […], "index": […], "data": [[…]]}` (index optional), a tensor as nested lists, or `{"name": tensor}`. The answer is the
prediction as bare JSON, a frame as a list of records. What the model folder is, `AZUREML_MODEL_DIR` and `MLFLOW_MODEL_FOLDER` say.
"""

import json
import os
from typing import Any

import numpy as np
import pandas as pd
from inference_schema.parameter_types.abstract_parameter_type import AbstractParameterType
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
from inference_schema.schema_decorators import input_schema, output_schema
from mlflow.models import Model
from mlflow.pyfunc import load_model
from mlflow.types import Schema
from mlflow.utils.proto_json_utils import _get_jsonable_obj

FRAME_KEYS = {"columns", "index", "data"}
folder = os.path.join(os.environ["AZUREML_MODEL_DIR"], os.environ["MLFLOW_MODEL_FOLDER"])


def cast(values: Any, dtype: np.dtype) -> Any:
    """JSON has one kind of number, MLflow refuses an int64 where the signature says float64. Never loses a value."""
    if values.dtype == dtype or values.dtype.kind not in "iuf" or dtype.kind not in "iuf":
        return values
    if dtype.kind == "f":
        return values.astype(dtype)
    if not np.isfinite(values).all():
        return values
    whole = values.astype(dtype)
    return whole if (whole == values).all() else values


def tensor(data: Any, dtype: np.dtype | None = None) -> np.ndarray:
    values = np.asarray(data)
    return values if dtype is None else cast(values, dtype)


def frame(data: Any, dtypes: dict[str, np.dtype]) -> pd.DataFrame:
    if not isinstance(data, dict) or "data" not in data or not set(data) <= FRAME_KEYS:
        raise ValueError('This model takes a frame: "input_data" must be {"columns": […], "index": […], "data": [[…]]}.')
    rows = pd.DataFrame(data["data"], columns=data.get("columns"), index=data.get("index"))
    if not rows.columns.is_unique:
        return rows
    other = [name for name, dtype in rows.dtypes.items() if dtypes.get(name, dtype) != dtype]
    return rows.assign(**{name: cast(rows[name], dtypes[name]) for name in other}) if other else rows


class AnyInput(AbstractParameterType):
    """A model that does not say what it takes: the shape of the request decides."""

    def __init__(self) -> None:
        super().__init__(None)

    def deserialize_input(self, input_data: Any) -> Any:
        if isinstance(input_data, list):
            return tensor(input_data)
        if isinstance(input_data, dict) and {"columns", "data"} <= set(input_data) <= FRAME_KEYS:
            return frame(input_data, {})
        if isinstance(input_data, dict):
            return {name: tensor(value) for name, value in input_data.items()}
        return input_data

    def input_to_swagger(self) -> dict:
        return {"type": "object", "example": {}}


class Params(AnyInput):
    """MLflow itself checks parameters against the signature."""

    def deserialize_input(self, input_data: Any) -> Any:
        return input_data


class FrameInput(PandasParameterType):
    def __init__(self, schema: Schema, sample: pd.DataFrame | None) -> None:
        types = dict(zip(schema.input_names(), schema.pandas_types()))
        self.dtypes = {name: np.dtype(kind) for name, kind in types.items() if isinstance(kind, (type, np.dtype))}
        empty = pd.DataFrame(columns=schema.input_names()).astype(self.dtypes)
        super().__init__(empty if sample is None else sample, enforce_shape=False, orient="split")

    def deserialize_input(self, input_data: Any) -> pd.DataFrame:
        return frame(input_data, self.dtypes)


class TensorInput(NumpyParameterType):
    def __init__(self, spec: Any) -> None:
        super().__init__(np.zeros([max(1, size) for size in spec.shape], dtype=spec.type), enforce_shape=False)

    def deserialize_input(self, input_data: Any) -> np.ndarray:
        if not isinstance(input_data, list):
            raise ValueError('This model takes a tensor: "input_data" must be nested lists.')
        return tensor(input_data, self.sample_input.dtype)


class NamedTensorsInput(StandardPythonParameterType):
    def __init__(self, schema: Schema) -> None:
        super().__init__({spec.name: TensorInput(spec) for spec in schema.inputs})

    def deserialize_input(self, input_data: Any) -> dict[str, np.ndarray]:
        if not isinstance(input_data, dict):
            raise ValueError('This model takes named tensors: "input_data" must be {"name": […], …}.')
        known = self.sample_data_type_map
        return {
            name: known[name].deserialize_input(value) if name in known else tensor(value)
            for name, value in input_data.items()
        }


def example_frame(description: Model) -> pd.DataFrame | None:
    example = description.saved_input_example_info
    if not example or example.get("type") != "dataframe":
        return None
    with open(os.path.join(folder, example["artifact_path"]), encoding="utf-8") as file:
        content = json.load(file)
    return frame(content, {}) if isinstance(content, dict) and set(content) <= FRAME_KEYS else None


def kind_of(schema: Schema | None, sample: pd.DataFrame | None = None) -> AbstractParameterType:
    if not schema or not schema.inputs:
        return AnyInput()
    if not schema.is_tensor_spec():
        return FrameInput(schema, sample) if schema.has_input_names() else AnyInput()
    return NamedTensorsInput(schema) if schema.has_input_names() else TensorInput(schema.inputs[0])


description = Model.load(folder)
signature = description.signature
model = None


def init() -> None:
    global model
    model = load_model(folder)


@input_schema("input_data", kind_of(signature and signature.inputs, example_frame(description)))
@input_schema("params", Params(), optional=True)
@output_schema(kind_of(signature and signature.outputs))
def run(input_data: Any, params: Any = None) -> Any:
    return _get_jsonable_obj(model.predict(input_data, params=params), pandas_orient="records")
